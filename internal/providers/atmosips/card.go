package atmosips

import (
	"context"

	"tolov/internal/payment"
	"tolov/internal/saga"
)

// bind links a card (documentation, "Card linking"). The answer tells where its holder passes 3-D Secure. From then on
// the payment's transaction is the card's id.
func (c *Client) bind(ctx context.Context, call saga.Call) payment.Answer {
	var r reply
	a, ok := open(c.send(ctx, pathPay+"/card/bind", bindRequest{
		StoreID: c.store(), PAN: call.Card.Number.Reveal(), Expiry: c.expiry(call.Card),
		CardName: call.Card.Holder.Reveal(), CVC: call.Card.CVC.Reveal(), ClientIP: call.Order.CustomerIP,
		ExtID: call.Payment.ID,
	}, call.SendBy), &r)
	switch {
	case !ok:
		return a
	case !succeeded(a.Code):
		return judged(a, r.Payload)
	default:
		return bound(a, r.Payload, call)
	}
}

// bound reads the transaction by which a card is linked.
func bound(a payment.Answer, t transaction, call saga.Call) payment.Answer {
	a, ours := spoken(a, t, call)
	a.Transaction, a.Amount, a.Amounted = "", 0, false // of the check that the card is good, which is no payment
	card := t.card()
	switch {
	case !ours:
		return a
	case card.ID == "":
		return a.Unclear("no id of the card")
	}
	a.Transaction = string(card.ID)
	a.Refs = map[string]string{refCard: string(card.ID), refTransaction: string(t.ID)}
	switch {
	case card.State == cardVerified:
		return verified(a, card, call)
	case card.State == cardFailed || t.Status.Present && t.Status.Value == isFailed:
		return declines(a, cardNotVerified)
	case t.Redirect == "":
		return a.Unclear("nowhere to pass 3-D Secure")
	}
	a.Outcome = payment.Done
	return sent(a, t)
}

// verified is a card that is linked.
func verified(a payment.Answer, card linkedCard, call saga.Call) payment.Answer {
	a.Outcome, a.Card = payment.Done, card.shown()
	if call.Payment.Card != nil && call.Payment.Card.Masked != "" {
		a.Card.Masked = call.Payment.Card.Masked // of the number itself; some answers show another's
	}
	return a
}

// card asks how a card stands (documentation, "Receiving linked card details"): before a recurring payment, while the
// holder is at 3-D Secure, and, by our own id, when the answer to bind was lost.
func (c *Client) card(ctx context.Context, call saga.Call) payment.Answer {
	switch {
	case !call.Asks:
		return c.usable(ctx, call)
	case call.About == stepBind || call.Transaction == "":
		return c.bindState(ctx, call)
	}
	r, a, ok := c.linked(ctx, call.Transaction)
	switch {
	case !ok:
		return a
	case a.Code == codeNoCard:
		a.Outcome = payment.Absent
		return a
	case !succeeded(a.Code):
		return a
	}
	card := r.Payload.card()
	a.Transaction = string(card.ID)
	switch card.State {
	case cardVerified:
		return verified(a, card, call)
	case cardFailed:
		return declines(a, cardNotVerified)
	default:
		a.Outcome = payment.Absent
		return a
	}
}

// usable lets only a card that has passed 3-D Secure be debited without its holder.
func (c *Client) usable(ctx context.Context, call saga.Call) payment.Answer {
	r, a, ok := c.linked(ctx, call.Card.ID.Reveal())
	card := r.Payload.card()
	switch {
	case !ok:
		return a
	case !succeeded(a.Code):
		return drafted(a)
	case card.State == "":
		return a.Unclear("the card's state is missing")
	case card.State != cardVerified:
		return declines(a, cardNotVerified)
	}
	a.Outcome, a.Card = payment.Done, card.shown()
	return a
}

// bindState finds the card that a bind whose answer was lost has linked.
func (c *Client) bindState(ctx context.Context, call saga.Call) payment.Answer {
	r, a, ok := c.under(ctx, call.Payment.ID)
	switch {
	case !ok:
		return a
	case a.Code == codeNotFound:
		a.Outcome = payment.Absent
		return a
	case !succeeded(a.Code):
		return a
	}
	t := r.Payload
	if t.Redirect == "" && t.ID != "" && t.card().State != cardVerified {
		named, told, ok := c.named(ctx, string(t.ID))
		if !ok || !succeeded(told.Code) {
			return a.Unclear("cannot tell where to pass 3-D Secure")
		}
		t.Redirect = named.Payload.Redirect
	}
	return bound(a, t, call)
}

// bindPage makes the page where the owner links the card (documentation, "Card linking by the owner").
func (c *Client) bindPage(ctx context.Context, call saga.Call) payment.Answer {
	return c.page(ctx, "/card-bind/create", bindPageRequest{
		RequestID: call.Payment.ID, StoreID: c.store(), Account: call.Payment.Account, SuccessURL: call.Order.SuccessURL,
	})
}

// announced asks for a card that ATMOS says its owner linked, when that can be no other page's. What ATMOS itself finds
// under the payment's own ids is better, so it is for a page of which it finds nothing: absent.
func (c *Client) announced(ctx context.Context, call saga.Call, absent payment.Answer) payment.Answer {
	id := call.Walk.Kept[KeptCard]
	if id == "" || call.Walk.Kept[KeptWaiting] != "1" {
		return absent
	}
	r, a, ok := c.linked(ctx, id)
	if !ok || !succeeded(a.Code) {
		return absent
	}
	if a = pageLinked(a, r.Payload.card(), call); a.Outcome != payment.Done {
		return absent
	}
	return a
}

// pageLinked tells whether a card was linked at a page.
func pageLinked(a payment.Answer, card linkedCard, call saga.Call) payment.Answer {
	if card.State != cardVerified || card.ID == "" {
		a.Outcome = payment.Absent
		return a
	}
	a.Transaction, a.Refs = call.Transaction, map[string]string{refCard: string(card.ID)}
	return verified(a, card, call)
}
