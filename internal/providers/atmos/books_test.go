package atmos_test

import (
	"fmt"
	"testing"

	"tolov/internal/payment"
	"tolov/internal/saga"
)

// standing asks how a payment stands.
func standing(status payment.Status, charged payment.Money) saga.Call {
	c := call("standing")
	c.Asks, c.Payment = true, &payment.Payment{ID: "pay_x", Kind: payment.Pay, Status: status, AmountCharged: charged}
	return c
}

// line tells a line in one word each, and nothing of none.
func line(a payment.Answer) string {
	if len(a.Lines) == 0 {
		return string(a.Outcome)
	}
	l := a.Lines[0]
	return fmt.Sprintf("%s: %s %s %d of %s", a.Outcome, l.Outcome, l.Code, l.Amount, l.Transaction)
}

// Operation 12, H58: what pay/get says of a payment is a line of ATMOS's books. What it does not say is none.
func TestPayGetIsALineOfTheBooks(t *testing.T) {
	for name, r := range map[string]struct {
		reply said
		want  string
	}{
		"092, confirmed":         {says("STPIMS-ERR-092", paid), "done: done STPIMS-ERR-092 5000000 of 202072"},
		"OK, confirmed":          {says("OK", paid), "done: done OK 5000000 of 202072"},
		"another amount":         {says("OK", store("202072", "5000001", "true")), "done: done OK 5000001 of 202072"},
		"another transaction":    {says("OK", elsewhere), "done: done OK 5000000 of 202073"},
		"100, not confirmed":     {says("STPIMS-ERR-100", unpaid), "done: declined STPIMS-ERR-100 5000000 of 202072"},
		"OK, not confirmed":      {says("OK", unpaid), "done: absent OK 5000000 of 202072"},
		"not found":              {says("STPIMS-ERR-061"), "done"},
		"in process":             {says("INFO-202", unpaid), "pending"},
		"a refused question":     {says("STPIMS-ERR-037"), "unknown"},
		"a code of no table":     {says("STPIMS-ERR-999", paid), "unknown"},
		"HTML":                   {said{kind: "text/html", body: "<html>"}, "unknown"},
		"another, not paid":      {says("OK", store("202073", "5000000", "false")), "unknown"},
		"100 and yet it is paid": {says("STPIMS-ERR-100", paid), "unknown"},
	} {
		if got := line(reads(t, standing(payment.Completed, amount), r.reply)); got != r.want {
			t.Errorf("12 get, %s: %s, want %s", name, got, r.want)
		}
	}
}

// A payment in parts is in the books when all of its parts stand alike. Parts that do not cannot be summed up.
func TestPartsOfAPaymentAreOneLine(t *testing.T) {
	charged := func() saga.Call {
		c := bulkCall("standing")
		c.Asks, c.Payment.Kind, c.Payment.Status, c.Payment.AmountCharged = true, payment.Pay, payment.Completed, bulkAmount
		c.Payment.Items[0].AmountCharged, c.Payment.Items[1].AmountCharged = 50_000, 100_000
		return c
	}
	good, bad := says("OK", first("true")), says("STPIMS-ERR-100", second("false"))
	for name, r := range map[string]struct {
		second said
		want   string
	}{
		"all":            {says("OK", second("true")), "done: done OK 150000 of 111111"},
		"one reversed":   {bad, "done: unknown STPIMS-ERR-100 150000 of 111111"},
		"one not there":  {says("STPIMS-ERR-061"), "done: unknown STPIMS-ERR-061 50000 of 111111"},
		"one not told":   {says("STPIMS-ERR-001"), "unknown"},
		"another is one": {says("OK", store("333333", "100000", "true")), "done: done OK 150000 of 333333"},
	} {
		if got := line(reads(t, charged(), good, r.second)); got != r.want {
			t.Errorf("12 get, %s: %s, want %s", name, got, r.want)
		}
	}
}

// Only what took money, or might have, is asked about; and what pay/get cannot tell is not concluded from it.
func TestOnlyWhatPayGetCanTellIsAskedOfIt(t *testing.T) {
	never := said{status: 500, body: "nobody was to ask"}
	refunded := standing(payment.Refunded, amount)
	refunded.Payment.Refunds = []payment.Refund{{Amount: amount - 1}, {Amount: 1}}
	unopened := standing(payment.Failed, 0)
	unopened.Transaction = ""
	released := standing(payment.Cancelled, 0)
	released.Payment.Kind = payment.Hold
	lost := standing(payment.Completed, amount)
	lost.Payment.Kind = payment.Hold
	for name, r := range map[string]struct {
		call saga.Call
		want string
	}{
		"refunded in parts": {refunded, "pending"}, "never opened there": {unopened, "done"},
		"a hold that was released": {released, "done"}, "a charge without its transaction": {lost, "pending"},
	} {
		if got := line(reads(t, r.call, never)); got != r.want {
			t.Errorf("%s: %s, want %s", name, got, r.want)
		}
	}
	lost.Payment.ProviderRefs = map[string]string{"transaction_id": "202073"}
	if got := line(reads(t, lost, says("OK", elsewhere))); got != "done: done OK 5000000 of 202072" {
		t.Errorf("a charged hold: %s", got)
	}
}
