package atmosips

import (
	"context"

	"tolov/internal/payment"
	"tolov/internal/saga"
)

// get asks what became of a transaction, by the provider's number or, when no answer told that, by our own id. What it
// proves depends on the step that it is asked about.
func (c *Client) get(ctx context.Context, call saga.Call) payment.Answer {
	r, a, ok := c.state(ctx, call)
	switch {
	case !ok:
		return a
	case a.Code == codeNotFound:
		return absentFor(a, call.About)
	case !succeeded(a.Code): // a question that is refused says nothing about the payment
		return a
	}
	t := r.Payload
	switch call.About {
	case stepCreate:
		return c.createState(ctx, a, t, call)
	case stepVerify:
		return c.verifyState(ctx, a, t, call)
	case stepApply:
		return paid(settled(a, t, call, applied(payment.Absent)), t)
	case stepTemplate:
		return paid(settled(a, t, call, atOnce()), t)
	case stepHold:
		return c.frozen(settled(a, t, call, atOnce()))
	case stepHoldApply:
		return settled(a, t, call, chargeState())
	case stepHoldCancel:
		return settled(a, t, call, releaseState())
	case stepHoldReturn:
		return settled(a, t, call, returned(payment.Absent))
	default:
		return a
	}
}

func (c *Client) state(ctx context.Context, call saga.Call) (reply, payment.Answer, bool) {
	if call.Transaction != "" {
		return c.named(ctx, call.Transaction)
	}
	return c.under(ctx, call.Payment.ID)
}

// absentFor is what "not found" means: that a transaction was not made, or nothing about one that was.
func absentFor(a payment.Answer, about string) payment.Answer {
	switch about {
	case stepCreate, stepTemplate, stepHold, stepVerify:
		a.Outcome = payment.Absent
	}
	return a
}

// createState also finds where the customer is to be sent: what is found by our own id does not always tell.
func (c *Client) createState(ctx context.Context, a payment.Answer, t transaction, call saga.Call) payment.Answer {
	open := t.Status.Value == isOpen && t.Card.State != cardVerified
	if a = created(a, t, call, payment.Absent); a.Outcome != payment.Done || a.Action != nil || !open {
		return a
	}
	r, named, ok := c.named(ctx, a.Transaction)
	if !ok || !succeeded(named.Code) {
		return a.Unclear("cannot tell whether 3-D Secure is asked for")
	}
	return sent(a, r.Payload)
}

// verifyState tells whether the customer has passed 3-D Secure. Not every answer tells the card's state.
func (c *Client) verifyState(ctx context.Context, a payment.Answer, t transaction, call saga.Call) payment.Answer {
	a = settled(a, t, call, meanings{
		isNew: means(payment.Absent), isOpen: means(payment.Absent), isOpening: means(payment.Absent),
		isConfirming: means(payment.Done), isDone: {outcome: payment.Done, moved: true},
		isFailed: ends(cardNotVerified), isCancelled: ends(transactionCancelled), isReverted: ends(transactionCancelled),
		isCancelling: means(payment.Pending), isReverting: means(payment.Pending),
	})
	card := t.card()
	if a.Outcome != payment.Absent || card.ID == "" {
		return a
	}
	if card.State == "" {
		r, told, ok := c.linked(ctx, string(card.ID))
		if !ok || !succeeded(told.Code) {
			return a.Unclear("the card's state could not be asked for")
		}
		card = r.Payload.card()
	}
	switch card.State {
	case cardVerified:
		return confirmed(a, t)
	case cardFailed:
		return declines(a, cardNotVerified)
	}
	return a
}

// find asks what the customer did at a page, by the ids under which its transaction may stand. Only what is done
// counts: after a try that failed the page is still open.
func (c *Client) find(ctx context.Context, call saga.Call) payment.Answer {
	var r reply
	var a payment.Answer
	for _, id := range []string{call.Transaction, call.Payment.ID} {
		var ok bool
		if r, a, ok = c.under(ctx, id); !ok {
			return a
		}
		if a.Code != codeNotFound {
			break
		}
	}
	switch {
	case a.Code == codeNotFound && call.Payment.Kind == payment.LinkCard:
		a.Outcome = payment.Absent
		return c.announced(ctx, call, a)
	case a.Code == codeNotFound:
		a.Outcome = payment.Absent
		return a
	case !succeeded(a.Code):
		return a
	case call.Payment.Kind == payment.LinkCard:
		return pageLinked(a, r.Payload.card(), call)
	}
	t := r.Payload
	t.ExternalID = "" // it was compared with the id that was asked for
	asked := call
	asked.Transaction = ""
	a = settled(a, t, asked, meanings{
		isNew: means(payment.Absent), isOpen: means(payment.Absent), isOpening: means(payment.Absent),
		isConfirming: means(payment.Absent), isDone: means(payment.Done), isFailed: means(payment.Absent),
		isCancelled: means(payment.Absent), isReverted: means(payment.Absent), isCancelling: means(payment.Pending),
		isReverting: means(payment.Pending),
	})
	a.Transaction = call.Transaction
	return paid(a, t)
}
