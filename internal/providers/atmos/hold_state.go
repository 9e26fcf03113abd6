package atmos

import (
	"context"
	"net/http"
	"net/url"
	"time"

	"tolov/internal/payment"
	"tolov/internal/saga"
)

// holdGet asks how a hold stands (documentation, "Request for holding operation data"). What that proves depends on
// the step that it is asked about.
func (c *Client) holdGet(ctx context.Context, call saga.Call) payment.Answer {
	return c.holdState(ctx, call, call.Transaction)
}

// holdsGet asks how the holds of all items stand.
func (c *Client) holdsGet(ctx context.Context, call saga.Call) payment.Answer {
	answers := make([]payment.Answer, 0, len(call.Items))
	var last payment.Answer
	var until time.Time
	for i, id := range call.Items {
		last = c.holdState(ctx, call, id)
		switch {
		case last.Outcome == payment.Unknown || last.Outcome == payment.Pending:
			return last
		case last.Amounted && last.Amount != call.Payment.Items[i].Amount:
			last.Amount += call.Amount - call.Payment.Items[i].Amount // a contradiction, which the engine sees by the sum
			return last
		}
		until = earlier(until, last.HeldUntil)
		answers = append(answers, last)
	}
	last = together(last, answers, call.Amount)
	last.HeldUntil = until
	return last
}

func (c *Client) holdState(ctx context.Context, call saga.Call, id string) payment.Answer {
	var reply holdReply
	a, ok := open(c.account.Read(ctx, http.MethodGet, "/hold/"+url.PathEscape(id), nil), &reply)
	if !ok {
		return a.OfQuestion()
	}
	charged := reply.Store.confirmed() && (a.Code == codeOK || closed(a.Code))
	held := a.Code == codeOK && reply.Store.unconfirmed()
	switch call.About {
	case stepHoldCharge:
		return chargeState(a, &reply, charged, held)
	case stepHoldCancel:
		return releaseState(a, charged, held)
	}
	switch {
	case held:
		a.Outcome, a.HeldUntil = payment.Done, c.until(reply.Till)
		a.Amount, a.Amounted = reply.Store.amount()
	case a.Code == codeHoldNotConfirmed || a.Code == codeNotFound:
		a.Outcome = payment.Absent
	case a.Code == codeHoldExpired:
		return declines(a, holdExpired)
	case a.Code == codeHoldCancelled:
		return declines(a, holdCancelled)
	case charged:
		a.Note = "charged, and we did not ask for that"
	}
	return a
}

func chargeState(a payment.Answer, reply *holdReply, charged, held bool) payment.Answer {
	switch {
	case charged:
		return taken(a, reply)
	case held:
		a.Outcome = payment.Absent
	case a.Code == codeHoldExpired:
		return declines(a, holdExpired)
	case a.Code == codeHoldCancelled:
		return declines(a, holdCancelled)
	}
	return a
}

func releaseState(a payment.Answer, charged, held bool) payment.Answer {
	switch {
	case charged:
		a.Note = "charged, and we were letting it go"
	case held:
		a.Outcome = payment.Absent
	case a.Code == codeHoldCancelled || a.Code == codeHoldExpired:
		a.Outcome = payment.Done
	}
	return a
}
