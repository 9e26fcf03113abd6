package atmosips_test

import (
	"testing"

	"tolov/internal/payment"
	"tolov/internal/providers/sandbox"
)

// paused stops the house's provider, or lets it go on.
func (h *house) paused(yes bool) {
	h.runner.Paused = func(merchant, provider string) bool {
		return yes && merchant == "default" && provider == "atmos-ips"
	}
}

// What would begin at a paused provider leaves no trace, and goes through when it comes again.
func TestNothingBeginsAtAPausedProvider(t *testing.T) {
	h := newHouse(t)
	h.paused(true)
	if p := h.send(command(payment.VerbHold, linked(linkedID))); p != nil || len(h.events) != 0 {
		t.Fatalf("%+v was opened with %v", p, h.events)
	}
	h.paused(false)
	h.is(h.send(command(payment.VerbHold, linked(linkedID))), payment.Held)

	h.paused(true)
	before := h.last.State.Records
	h.is(h.send(next(payment.VerbCharge)), payment.Held)
	if h.last.State.Records != before {
		t.Error("the charge that waits is recorded")
	}
	h.moved(0, 0)
	h.paused(false)
	h.is(h.send(next(payment.VerbCharge)), payment.Completed)
	h.paused(true)
	h.is(h.send(next(payment.VerbRefund)), payment.Completed)
	h.moved(1, 0)
}

// A hold is released all the same: the customer's money is not kept because of us.
func TestPausedProviderReleasesAHold(t *testing.T) {
	h := newHouse(t)
	h.is(h.send(command(payment.VerbHold, linked(linkedID))), payment.Held)
	h.paused(true)
	h.is(h.send(next(payment.VerbCancel)), payment.Cancelled)
	h.moved(0, 0)
}

// What is in doubt is asked about, and what has begun goes on to its end.
func TestPausedProviderIsAskedAboutMoneyUnderWay(t *testing.T) {
	h := newHouse(t)
	h.fault("hold", sandbox.ResetAfter)
	h.is(h.send(command(payment.VerbHold, linked(linkedID))), payment.InDoubt)
	h.paused(true)
	h.passTime(payment.Held)
	if n := h.box.Calls()["atmos-ips.hold"]; n != 1 {
		t.Errorf("%d holds were asked for", n)
	}
}
