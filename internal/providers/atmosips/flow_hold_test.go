package atmosips_test

import (
	"testing"
	"time"

	"tolov/internal/payment"
	"tolov/internal/providers/sandbox"
)

// Operations 45, 46, 48.
func TestHoldIsChargedAndReturned(t *testing.T) {
	h := newHouse(t)
	p := h.send(command(payment.VerbHold, linked(linkedID)))
	h.is(p, payment.Held)
	if left := p.HeldUntil.Sub(h.now); left < 29*24*time.Hour {
		t.Errorf("held for %s", left)
	}
	half := amount / 2
	c := next(payment.VerbCharge)
	c.Amount, c.Message = &half, "half"
	h.is(h.send(c), payment.Held) // only as a whole
	h.moved(0, 0)
	if last := h.events[len(h.events)-1]; last != "rejected" {
		t.Error(h.events)
	}
	h.is(h.send(next(payment.VerbCharge)), payment.Completed)
	h.moved(1, 0)
	h.is(h.send(next(payment.VerbRefund)), payment.Refunded)
	h.moved(1, 1)
}

// Operation 47.
func TestHoldIsReleased(t *testing.T) {
	h := newHouse(t)
	h.is(h.send(command(payment.VerbHold, linked(linkedID))), payment.Held)
	h.fault("hold-cancel", sandbox.ResetAfter)
	h.is(h.send(next(payment.VerbCancel)), payment.InDoubt)
	h.passTime(payment.Cancelled)
	h.moved(0, 0)
	if holds := h.box.Holds(); len(holds) != 1 || holds[0].Released != int64(amount) {
		t.Errorf("%+v", holds)
	}
}

func TestLostAnswerToAChargeNeedsAPerson(t *testing.T) {
	h := newHouse(t)
	h.is(h.send(command(payment.VerbHold, linked(linkedID))), payment.Held)
	h.fault("hold-apply", sandbox.ResetAfter)
	h.is(h.send(next(payment.VerbCharge)), payment.InDoubt)
	h.passTime(payment.NeedsReview)
	h.moved(1, 0)
	if n := h.box.Calls()["atmos-ips.hold-apply"]; n != 1 {
		t.Errorf("%d calls", n)
	}
	c := next(payment.VerbResolve)
	c.Outcome, c.Evidence, c.Actor, c.ApprovedBy = payment.Completed, "statement of the bank", "alisher", "malika"
	h.is(h.send(c), payment.Completed)
}

func TestLostAnswersToHoldAndReturnAreFound(t *testing.T) {
	h := newHouse(t)
	h.fault("hold", sandbox.ResetAfter)
	h.is(h.send(command(payment.VerbHold, linked(linkedID))), payment.InDoubt)
	h.passTime(payment.Held)
	h.is(h.send(next(payment.VerbCharge)), payment.Completed)
	h.fault("hold-return", sandbox.ResetAfter)
	h.is(h.send(next(payment.VerbRefund)), payment.InDoubt)
	h.passTime(payment.Refunded)
	h.moved(1, 1)
	if holds := h.box.Holds(); len(holds) != 1 || holds[0].Freezes != 1 || holds[0].Charged != int64(amount) {
		t.Errorf("%+v", holds)
	}
}
