package atmosips_test

import (
	"slices"
	"testing"

	"tolov/internal/payment"
	"tolov/internal/providers/sandbox"
)

// Operations 34, 36, 43: linked when its holder has passed 3-D Secure, also when the answer to bind is lost.
func TestCardIsLinked(t *testing.T) {
	for _, lost := range []bool{false, true} {
		h := newHouse(t)
		if lost {
			h.fault("card-bind", sandbox.ResetAfter)
		}
		h.send(command(payment.VerbLinkCard, number(cardNo)))
		h.passTime(payment.ActionRequired)
		h.atPage()
		p := h.passTime(payment.Linked)
		cards := h.box.Cards()
		if len(cards) != 1 || p.Card.ID != cards[0].ID || p.Card.Masked != "427831******5430" || p.Card.Token != "" {
			t.Errorf("%+v, ledger %+v", p.Card, cards)
		}
		if !slices.Contains(h.events, "card_linked") || h.box.Calls()["atmos-ips.card-bind"] != 1 {
			t.Error(h.events)
		}
	}
}

func TestCardWhose3DSecureFailsOrIsAbandonedIsNotLinked(t *testing.T) {
	h := newHouse(t)
	h.is(h.send(command(payment.VerbLinkCard, number("4000000000003220"))), payment.ActionRequired)
	h.atPage()
	if p := h.passTime(payment.Failed); p.Failure.Code != "card_not_verified" {
		t.Errorf("%+v", p.Failure)
	}
	h = newHouse(t)
	h.is(h.send(command(payment.VerbLinkCard, number(cardNo))), payment.ActionRequired)
	h.must(h.box.AbandonPage(h.last.State.Transaction))
	h.passTime(payment.Cancelled)
	if cards := h.box.Cards(); len(cards) != 0 {
		t.Errorf("%+v", cards)
	}
}

// Operation 35.
func TestOwnerLinksACardAtThePage(t *testing.T) {
	h := newHouse(t)
	c := command(payment.VerbLinkCard, nil)
	c.Account, c.Hosted = "DFSDF", &payment.Hosted{SuccessURL: "https://shop.uz/done"}
	h.is(h.send(c), payment.ActionRequired)
	h.atPage()
	p := h.passTime(payment.Linked)
	if cards := h.box.Cards(); len(cards) != 1 || p.Card == nil || p.Card.ID != cards[0].ID {
		t.Errorf("%+v, ledger %+v", p.Card, cards)
	}
}
