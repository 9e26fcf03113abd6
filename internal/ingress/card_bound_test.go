package ingress_test

import (
	"fmt"
	"strings"
	"testing"

	"tolov/internal/payment"
)

// unnamed is an account whose page ATMOS finds under none of our ids.
const unnamed = "unnamed"

// linkAtPage opens a link whose customer is at ATMOS's page.
func (h *house) linkAtPage(extID, account string) string {
	h.t.Helper()
	id := h.do("link_card", extID,
		`,"provider":"atmos-ips","account":"`+account+`","hosted":{"success_url":"https://shop.uz/done"}`)
	h.reach(id, payment.ActionRequired)
	return id
}

// atPage has the customer link a card, and gives its id.
func (h *house) atPage(id string) string {
	h.t.Helper()
	h.must(h.box.PayPage(h.record(id).State.Transaction))
	cards := h.box.Cards()
	return cards[len(cards)-1].ID
}

func (h *house) bound(card string) {
	h.t.Helper()
	h.says(card, h.post("/atmos/card-bind", fmt.Sprintf(`{"api_key":%q,"card_id":%s}`, apiKey, card)), yes())
	h.quiet()
}

// Operation 50: ATMOS names a card and no payment. The only page that waits for a card is the one where it was linked,
// and ATMOS is asked about the card before it is believed (H59).
func TestTheCardOfABindCallbackIsThatOfTheOnlyPageThatWaits(t *testing.T) {
	h := newHouse(t, never, "ATMOS_IPS_STORE_ID=3")
	page := h.linkAtPage("mine", unnamed)
	h.bound("999999") // no card of ATMOS's
	if p := h.record(page).Payment; p.Status != payment.ActionRequired {
		t.Fatalf("%s by a card that does not exist", p.Status)
	}
	card := h.atPage(page)
	h.bound(card)
	h.reach(page, payment.Linked)
	if p := h.record(page).Payment; p.Card == nil || p.Card.ID != card || p.Card.Masked != "427831******5430" {
		t.Errorf("%+v", p.Card)
	}
	h.bound(card) // once more: nobody waits
}

// H60: the callback about a card that was linked already comes late, or again, while another customer is at a page.
// That page does not get the card: it would be debited for somebody else.
func TestALateBindCallbackGivesNobodyElsesCard(t *testing.T) {
	h := newHouse(t, never, "ATMOS_IPS_STORE_ID=3")
	first := h.linkAtPage("first", order)
	card := h.atPage(first)
	h.do("recheck", "first", "")
	h.reach(first, payment.Linked)
	other := h.linkAtPage("other", unnamed)
	h.bound(card)
	if p := h.record(other).Payment; p.Status != payment.ActionRequired || p.Card != nil {
		t.Errorf("the other page is %s with %+v", p.Status, p.Card)
	}
}

// With more than one page it is a guess whose the card is: a person is called, with the card's id as evidence.
func TestTheCardOfABindCallbackIsDisputedWhenTwoPagesWait(t *testing.T) {
	h := newHouse(t, never, "ATMOS_IPS_STORE_ID=3")
	one, other := h.linkAtPage("one", unnamed), h.linkAtPage("other", order)
	card := h.atPage(one)
	h.bound(card)
	for _, id := range []string{one, other} {
		h.reach(id, payment.NeedsReview)
		told := h.record(id)
		if told.Payment.Card != nil || told.Evidence == nil || told.Evidence.Transaction != card {
			t.Errorf("%+v, evidence %+v", told.Payment, told.Evidence)
		}
		if d := told.Events[0].Discrepancy; d == nil || !strings.Contains(d.Why, "more than one page") {
			t.Errorf("%+v", told.Events)
		}
	}
}

// A page that was given up may still be open: the card may be its, so the one that waits does not simply get it.
func TestTheCardOfABindCallbackMayBeThatOfAPageThatWasGivenUp(t *testing.T) {
	h := newHouse(t, never, "ATMOS_IPS_STORE_ID=3")
	gone, other := h.linkAtPage("gone", unnamed), h.linkAtPage("other", order)
	h.do("cancel", "gone", "")
	h.reach(gone, payment.Cancelled)
	h.bound(h.atPage(gone))
	h.reach(other, payment.NeedsReview)
	if p := h.record(other).Payment; p.Card != nil {
		t.Errorf("it was given %+v", p.Card)
	}
}

// A page that ATMOS itself names the card of needs nobody's decision, whoever else waits.
func TestTheCardOfABindCallbackGoesToThePageThatHasIt(t *testing.T) {
	h := newHouse(t, never, "ATMOS_IPS_STORE_ID=3")
	one, other := h.linkAtPage("one", order), h.linkAtPage("other", order)
	h.bound(h.atPage(one))
	h.reach(one, payment.Linked)
	if p := h.record(other).Payment; p.Status != payment.ActionRequired {
		t.Errorf("the other page is %s", p.Status)
	}
}
