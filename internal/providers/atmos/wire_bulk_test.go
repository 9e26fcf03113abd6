package atmos_test

import (
	"testing"

	"github.com/google/go-cmp/cmp"

	"tolov/internal/payment"
	"tolov/internal/saga"
)

const bulkAmount = payment.Money(150_000)

// bulkCall is one step of a payment of two parts, whose drafts are the transactions 111111 and 222222.
func bulkCall(step string) saga.Call {
	c := call(step)
	c.Amount, c.Payment = bulkAmount, inTwo()
	c.Transaction, c.Items = "111111", []string{"111111", "222222"}
	return c
}

// inTwo is the payment of the documented samples.
func inTwo() *payment.Payment {
	return &payment.Payment{ID: "pay_x", Items: []payment.Item{
		{Account: "user_1", Amount: 50_000, Details: "Для услуги 1"},
		{Account: "user_2", Amount: 100_000, Details: "Для услуги 2", TerminalID: "7777777"},
	}}
}

func bulkExchanges() map[string]exchange {
	create := bulkCall("bulk-create")
	create.Transaction, create.Items = "", nil
	created := answered(payment.Done, "OK")
	created.Transaction = "111111"
	created.Refs = map[string]string{"transaction_id": "111111"}
	created.Parts = []payment.Part{
		{Transaction: "111111", Refs: map[string]string{"transaction_id": "111111"}},
		{Transaction: "222222", Refs: map[string]string{"transaction_id": "222222"}},
	}
	withToken, withNumber := bulkCall("bulk-pre-apply"), bulkCall("bulk-pre-apply")
	withToken.Card, withNumber.Card = byToken(), byNumber()
	asked := answered(payment.Done, "OK")
	asked.Action = &payment.Action{Type: payment.ActionCode}
	paid := answered(payment.Done, "OK")
	paid.Amount, paid.Amounted = bulkAmount, true
	paid.Parts = []payment.Part{
		{Refs: map[string]string{"success_trans_id": "2728805"}}, {Refs: map[string]string{"success_trans_id": "2728806"}},
	}
	return map[string]exchange{
		"7 bulk-create":           {create, created},
		"8 bulk-pre-apply-token":  {withToken, answered(payment.Done, "OK")},
		"8 bulk-pre-apply-number": {withNumber, asked},
		"9 bulk-apply":            {bulkCall("bulk-apply"), paid},
	}
}

// Each part is a transaction like any other, and is asked about as one.
func TestEachPartIsAskedAboutForItself(t *testing.T) {
	g, client, _ := documented(t, "get-confirmed")
	c := bulkCall("bulk-get")
	c.Asks, c.About, c.Items = true, "bulk-apply", []string{"202072", "202072"}
	c.Payment.Items[0].Amount, c.Payment.Items[1].Amount, c.Amount = amount, amount, 2*amount
	a := client.Do(t.Context(), c)
	if a.Outcome != payment.Done || a.Amount != 2*amount || len(a.Parts) != 2 || len(g.asked) != 3 {
		t.Errorf("9 bulk-get: %+v after %d requests", a, len(g.asked))
	}
	for _, asked := range g.asked[1:] {
		if diff := cmp.Diff(wanted(t, "get-confirmed"), asked); diff != "" {
			t.Errorf("9 bulk-get is sent otherwise (-want +got):\n%s", diff)
		}
	}
}
