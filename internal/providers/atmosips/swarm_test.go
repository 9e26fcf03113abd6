package atmosips_test

import (
	"fmt"
	"testing"
	"time"

	"tolov/internal/payment"
	"tolov/internal/providers/sandbox"
	"tolov/internal/saga"
)

// I1, I2: whatever goes wrong at a provider that debits again each time it is asked, one payment is debited at most
// once, and the record agrees with the ledger.
func TestNaiveProviderDebitsOnceWhateverGoesWrong(t *testing.T) {
	recurring := command(payment.VerbPay, linked("900005"))
	recurring.Recurring = true
	for name, opening := range map[string]*payment.Command{
		"by number": command(payment.VerbPay, number(cardNo)), "linked": command(payment.VerbPay, linked("900002")),
		"recurring": recurring, "hold": command(payment.VerbHold, linked(linkedID)),
		"declined": command(payment.VerbPay, number("4000000000000051")),
	} {
		for seed := range uint64(12) {
			t.Run(fmt.Sprint(name, " ", seed), func(t *testing.T) {
				h := newHouse(t, func(o *sandbox.Options) { o.Naive, o.Seed = true, seed })
				h.runner.Provider = h.client // no breaker: it would wait by a clock of its own
				h.box.Swarm(map[string]int{
					sandbox.FailBefore: 800, sandbox.FailAfter: 800, sandbox.UnknownCodeAfter: 500, sandbox.ResetAfter: 800,
					sandbox.HTMLAfter: 500, sandbox.TooMany: 300, sandbox.EmptyAfter: 500, sandbox.FlipFlop: 500,
				})
				h.send(opening)
				h.finish()
				h.agrees()
			})
		}
	}
}

// finish goes on until the payment is over or waits for a person: its customer does what is asked, and what is held is
// charged.
func (h *house) finish() {
	h.t.Helper()
	for range 60 {
		p := h.last.Payment
		switch {
		case p.Status.Final() || p.Status == payment.NeedsReview:
			return
		case p.Status == payment.Held:
			h.send(next(payment.VerbCharge))
			continue
		case p.Status == payment.ActionRequired && h.box.PayPage(h.last.State.Transaction) == nil:
		}
		h.now = h.now.Add(30 * time.Second)
		if due := h.last.State.Due; !due.IsZero() && h.now.Before(due.Time) {
			h.now = due.Time
		}
		h.handle(saga.Input{Wake: saga.ByTimer})
	}
	h.t.Errorf("does not end: %s, %+v", h.last.Payment.Status, h.last.State)
}

// agrees compares the record with the ledger.
func (h *house) agrees() {
	h.t.Helper()
	p, debits := h.last.Payment, len(h.box.Debits())
	switch {
	case debits > 1:
		h.t.Errorf("%d debits", debits)
	case p.Status == payment.Completed && debits != 1:
		h.t.Error("completed without a debit")
	case (p.Status == payment.Failed || p.Status == payment.Cancelled) && debits != 0:
		h.t.Errorf("%s (%+v) with a debit", p.Status, p.Failure)
	}
	for _, hold := range h.box.Holds() {
		if hold.Freezes > 1 || hold.Charged > hold.Held {
			h.t.Errorf("%+v", hold)
		}
	}
}
