package atmos_test

import (
	"testing"

	"tolov/internal/payment"
	"tolov/internal/saga"
)

const part = payment.Money(100_000)

// reverseCall gives transaction 202072 back.
func reverseCall() saga.Call {
	c := call("reverse")
	c.Walk = saga.Walk{RefundID: "r1", Reason: "Something"}
	return c
}

// partialCall is one step of a partial reversal, number 3, of transaction 202072.
func partialCall(step string) saga.Call {
	c := call(step)
	c.Amount = part
	c.Walk = saga.Walk{
		RefundID: "r1", Reason: "Test", Kept: map[string]string{"transaction_partial_reverse_id": "3"},
	}
	return c
}

func refundExchanges() map[string]exchange {
	create := partialCall("create-reverse-partial")
	create.Walk.Kept = nil
	created := answered(payment.Done, "OK")
	created.Keep = map[string]string{"transaction_partial_reverse_id": "3"}
	withLines := partialCall("confirm-reverse-partial")
	status, kind := 1, 0
	withLines.Walk.OFDItems = []payment.OFDItem{{
		Name: "stringName", OFDCode: "stringCode", Amount: tiyin(part),
		Details: []payment.OFDDetail{{
			Key: "stringKey", Value: "stringValue", Description: "stringDesc", Status: &status, Type: &kind,
		}},
	}}
	given := answered(payment.Done, "OK")
	given.Amount, given.Amounted = part, true
	return map[string]exchange{
		"11 reverse":                          {reverseCall(), answered(payment.Done, "OK")},
		"13 create-reverse-partial":           {create, created},
		"14 confirm-reverse-partial":          {withLines, given},
		"14 confirm-reverse-partial-own-line": {partialCall("confirm-reverse-partial"), given},
		"15 get-reverse-partial":              {partialCall("get-reverse-partial"), given},
	}
}

// A hold has an id of its own: what is given back is the transaction that its charge made.
func TestRefundNamesTheTransactionThatTookTheMoney(t *testing.T) {
	refs := map[string]string{"hold_id": "1173", "transaction_id": "202072"}
	for operation, c := range map[string]saga.Call{
		"reverse": reverseCall(), "create-reverse-partial": refundExchanges()["13 create-reverse-partial"].call,
		"confirm-reverse-partial": refundExchanges()["14 confirm-reverse-partial"].call,
		"get-reverse-partial":     partialCall("get-reverse-partial"), "get-confirmed": about(call("get"), "reverse"),
	} {
		c.Transaction, c.Payment.ProviderRefs = "1173", refs
		g, client, _ := documented(t, operation)
		client.Do(t.Context(), c)
		g.sent(operation)

		c.Payment.ProviderRefs, c.Item = map[string]string{"transaction_id": "1"}, &payment.Item{ProviderRefs: refs}
		client.Do(t.Context(), c)
		g.sent(operation)
	}
}

// about makes a question out of a call.
func about(c saga.Call, step string) saga.Call {
	c.Asks, c.About = true, step
	return c
}
