package saga_test

import (
	"strconv"
	"testing"

	"tolov/internal/payment"
	"tolov/internal/saga"
)

// stated is what the provider's books say, in the words of a play: done, declined, absent or unknown with tx and
// amount; nothing of these: the books do not have the payment. A stranger is a line of no payment of ours.
func (s *stage) stated(o map[string]string) *saga.Stated {
	s.t.Helper()
	b := &saga.Stated{Merchant: "default", Provider: "bank", By: "statement", AskedAt: s.now}
	if o["says"] != "" {
		amount, err := strconv.ParseInt(o["amount"], 10, 64)
		if err != nil {
			s.t.Fatal(err)
		}
		b.Line = &payment.Line{
			Outcome: payment.Outcome(o["says"]), Transaction: o["tx"], Amount: payment.Money(amount), Amounted: amount != 0,
		}
	}
	if o["stranger"] != "" {
		b.PaymentID = saga.Stranger("default", "bank", payment.Line{Transaction: o["stranger"]})
	}
	return b
}

// H46: no caller can spell an ext_id that leads to a stranger's id, and different lines have different ids.
func TestIDOfAStrangerIsNobodys(t *testing.T) {
	seen := map[string]bool{}
	for _, line := range []payment.Line{{Transaction: "1"}, {Transaction: "2"}, {Key: "1"}, {Transaction: "?1"}} {
		seen[saga.Stranger("default", "paysys", line)] = true
	}
	seen[saga.Stranger("other", "paysys", payment.Line{Transaction: "1"})] = true
	seen[saga.Stranger("default", "via", payment.Line{Transaction: "1"})] = true
	for id := range seen {
		if !payment.IsID(id) {
			t.Errorf("%s has not the form of an id", id)
		}
	}
	if len(seen) < 5 {
		t.Errorf("only %d of 6 ids differ", len(seen))
	}
	if payment.IsExtID("/paysys/1") {
		t.Error("a caller can spell it")
	}
}
