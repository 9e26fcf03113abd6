package payment_test

import (
	"slices"
	"testing"

	"tolov/internal/payment"
)

// Contract: recheck is for any non-final state; after a final one nothing more happens by itself.
func TestFinalStatuses(t *testing.T) {
	open := []payment.Status{
		payment.Accepted, payment.Processing, payment.ActionRequired, payment.Held, payment.InDoubt, payment.NeedsReview,
	}
	for _, s := range payment.Statuses() {
		if s.Final() == slices.Contains(open, s) {
			t.Errorf("%s.Final() = %t", s, s.Final())
		}
	}
	if payment.Status("").Final() || payment.Status("paid").Final() {
		t.Error("a status that the contract does not have is final")
	}
}

func TestStatusesAreTheContracts(t *testing.T) {
	want := []payment.Status{
		"accepted", "processing", "action_required", "held", "in_doubt", "needs_review", "completed",
		"partially_refunded", "refunded", "failed", "cancelled", "linked", "removed",
	}
	if got := payment.Statuses(); !slices.Equal(got, want) {
		t.Errorf("%q", got)
	}
}

func TestVerbsAreTheContracts(t *testing.T) {
	opening := []payment.Verb{"pay", "hold", "payout", "withdraw", "link_card"}
	continuing := []payment.Verb{
		"confirm", "resend_code", "charge", "cancel", "refund", "remove_card", "recheck", "resolve",
	}
	if got := payment.Verbs(); !slices.Equal(got, append(opening, continuing...)) {
		t.Errorf("%q", got)
	}
	for _, v := range payment.Verbs() {
		if !v.Known() || v.Opens() != slices.Contains(opening, v) {
			t.Errorf("%s: known %t, opens %t", v, v.Known(), v.Opens())
		}
	}
	for _, v := range []payment.Verb{"", "Pay", "pay.x", "pays"} {
		if v.Known() || v.Opens() {
			t.Errorf("%q is a verb", v)
		}
	}
}
