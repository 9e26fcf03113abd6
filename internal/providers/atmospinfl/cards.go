package atmospinfl

import (
	"bytes"
	"context"
	"net/http"
	"net/url"

	"tolov/internal/payment"
	"tolov/internal/providers/gateway"
	"tolov/internal/providers/rest"
	"tolov/internal/saga"
)

// keptCards tells the next attempts at create that the person's cards are being looked for, and under which id.
const keptCards = "cards_ext_id"

func cardsID(call saga.Call) string { return call.Payment.ID + ".cards" }

// post makes a call that is safe to repeat.
func (c *Client) post(ctx context.Context, path string, body any) rest.Reply {
	return c.account.Read(ctx, http.MethodPost, base+path, body)
}

// updateCards has the person's cards looked for (documentation, "Updating cards by PINFL").
func (c *Client) updateCards(ctx context.Context, call saga.Call, person *payment.Person) payment.Answer {
	raw := c.post(ctx, "/cards/update-cards-list", updateRequest{
		PINFL: person.PINFL.Reveal(), ExtID: cardsID(call), Epos: eposOf(call.Order.Epos),
	})
	var r cardsReply
	a := raw.Answer()
	if err := gateway.Failed(raw); err != nil {
		return a.Noted(err.Error())
	}
	if len(bytes.TrimSpace(raw.Body)) > 0 {
		if err := raw.Decode(&r); err != nil {
			return a.Unclear(err.Error())
		}
	}
	switch a.Code = string(r.Code); a.Code {
	case "", codeOK, codeUsed: // an earlier attempt asked for it
		return looking(a, call)
	default:
		return drafted(a)
	}
}

// looking is the answer of a draft that waits for the cards.
func looking(a payment.Answer, call saga.Call) payment.Answer {
	a.Outcome, a.Note = payment.Pending, "the person's cards are being looked for"
	a.Keep = map[string]string{keptCards: cardsID(call)}
	a.RetryAfter = max(a.RetryAfter, pause)
	return a
}

// cards asks whether the person's cards were found (documentation, "Checking card update status"): done when they were.
func (c *Client) cards(ctx context.Context, call saga.Call, person *payment.Person) payment.Answer {
	var r cardsReply
	a, ok := gateway.Open(c.post(ctx, "/cards/check/"+url.PathEscape(cardsID(call)), nil), &r, &r.Code)
	switch {
	case !ok:
		return a
	case a.Code == codeNotFound: // the request for it was lost
		return c.updateCards(ctx, call, person)
	case a.Code != codeOK:
		return drafted(a)
	case r.Payload.Status != wordSuccessful:
		return looking(a, call)
	default:
		a.Outcome = payment.Done
		return a
	}
}
