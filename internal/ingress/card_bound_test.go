package ingress_test

import (
	"fmt"
	"strings"
	"testing"

	"tolov/internal/payment"
)

// linkAtPage opens a link whose customer is at ATMOS's page.
func (h *house) linkAtPage(extID string) string {
	h.t.Helper()
	id := h.do("link_card", extID,
		`,"provider":"atmos-ips","account":"`+order+`","hosted":{"success_url":"https://shop.uz/done"}`)
	h.reach(id, payment.ActionRequired)
	return id
}

// linked gives the id of a card that is linked at ATMOS, of which no page knows.
func (h *house) linked() string {
	h.t.Helper()
	id := h.do("link_card", "by-number", `,"provider":"atmos-ips","customer_ip":"10.0.0.1",`+
		`"card":{"number":"4278310021875430","expiry":"4908","holder":"TEST","cvc":"680"}`)
	h.reach(id, payment.ActionRequired)
	h.must(h.box.PayPage(h.record(id).State.Transaction))
	h.do("recheck", "by-number", "")
	h.reach(id, payment.Linked)
	return h.record(id).Payment.Card.ID
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
	card, page := h.linked(), h.linkAtPage("mine")
	h.bound("999999") // no card of ATMOS's
	if p := h.record(page).Payment; p.Status != payment.ActionRequired {
		t.Fatalf("%s by a card that does not exist", p.Status)
	}
	h.bound(card)
	h.reach(page, payment.Linked)
	if p := h.record(page).Payment; p.Card == nil || p.Card.ID != card || p.Card.Masked != "427831******5430" {
		t.Errorf("%+v", p.Card)
	}
	h.bound(card) // once more: nobody waits
}

// With more than one page it is a guess whose the card is: a person is called, with the card's id as evidence.
func TestTheCardOfABindCallbackIsDisputedWhenTwoPagesWait(t *testing.T) {
	h := newHouse(t, never, "ATMOS_IPS_STORE_ID=3")
	card, one, other := h.linked(), h.linkAtPage("one"), h.linkAtPage("other")
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

// A page that ATMOS itself names the card of needs nobody's decision, whoever else waits.
func TestTheCardOfABindCallbackGoesToThePageThatHasIt(t *testing.T) {
	h := newHouse(t, never, "ATMOS_IPS_STORE_ID=3")
	one, other := h.linkAtPage("one"), h.linkAtPage("other")
	h.must(h.box.PayPage(strings.TrimPrefix(h.record(one).State.Transaction, "checkout_")))
	var card string
	for _, c := range h.box.Cards() {
		card = c.ID
	}
	h.bound(card)
	h.reach(one, payment.Linked)
	if p := h.record(other).Payment; p.Status != payment.ActionRequired {
		t.Errorf("the other page is %s", p.Status)
	}
}
