package atmospinfl

import (
	"context"
	"net/http"
	"time"

	"tolov/internal/payment"
	"tolov/internal/providers/gateway"
	"tolov/internal/saga"
)

// Opener opens a person's data that a payment's record keeps sealed: payment.Keyring's OpenPerson.
type Opener func(sealed, paymentID string) (*payment.Person, error)

// Client makes the calls of one merchant.
type Client struct {
	account *gateway.Account
	opener  Opener
}

// New makes a client of a merchant's account at ATMOS's gateway.
func New(account *gateway.Account, opener Opener) *Client { return &Client{account, opener} }

// Close revokes the account's access token.
func (c *Client) Close(ctx context.Context) error { return c.account.Close(ctx) }

// Knows tells whether the documentation has the result code.
func (c *Client) Knows(code string) bool {
	_, known := verdictOf(code)
	return known || code == codeOK
}

// Do makes one call of a flow.
func (c *Client) Do(ctx context.Context, call saga.Call) payment.Answer {
	switch call.Step {
	case stepCreate:
		return c.create(ctx, call)
	case stepConfirm:
		return c.confirm(ctx, call)
	case stepCheck:
		return c.check(ctx, call)
	case stepCancel:
		return c.cancel(ctx, call)
	default:
		return payment.Answer{Outcome: payment.NotSent, Note: "ATMOS has no call " + call.Step}
	}
}

// create makes a draft transaction under the payment's own id (documentation, "Transaction creation (PINFL)"). When the
// person's cards must be looked for first, that is asked for, and the next attempt goes on from there.
func (c *Client) create(ctx context.Context, call saga.Call) payment.Answer {
	person, err := c.opener(call.Order.Person, call.Payment.ID)
	if err != nil {
		return payment.Answer{Outcome: payment.NotSent, Note: err.Error()}
	}
	looked := call.Walk.Kept[keptCards] != ""
	if looked {
		if a := c.cards(ctx, call, person); a.Outcome != payment.Done {
			return a
		}
	}
	var r reply
	a, ok := gateway.Open(c.post(ctx, "/transaction/create", createOf(call, person)), &r, &r.Code)
	switch {
	case !ok:
		return a
	case a.Code == codeOK:
		return created(a, r.Payload, call)
	case a.Code == codeNoCards && !looked:
		return c.updateCards(ctx, call, person)
	case a.Code == codeUsed:
		return c.recover(ctx, call, person)
	default:
		return drafted(a)
	}
}

func createOf(call saga.Call, p *payment.Person) createRequest {
	return createRequest{
		ExtID: call.Payment.ID, FirstName: p.FirstName.Reveal(), LastName: p.LastName.Reveal(),
		MiddleName: p.MiddleName.Reveal(), PINFL: p.PINFL.Reveal(), PassportSeries: p.PassportSeries.Reveal(),
		PassportNumber: p.PassportNumber.Reveal(), ContractNumber: call.Order.ContractNumber, Amount: call.Amount,
		PartialDebit: call.Order.Partial, OFD: call.Order.OFD, Epos: eposOf(call.Order.Epos),
	}
}

// created takes the draft's own word.
func created(a payment.Answer, t transaction, call saga.Call) payment.Answer {
	switch {
	case t.TransactionID == "":
		return a.Unclear("no transaction_id")
	case t.ExtID != "" && string(t.ExtID) != call.Payment.ID:
		return a.Unclear(noteForeign)
	}
	a.Outcome, a.Transaction = payment.Done, string(t.TransactionID)
	a.Refs = map[string]string{refTransaction: a.Transaction}
	a.Amount, a.Amounted = payment.Money(t.Amount.Value), t.Amount.Present
	return a
}

// recover finds the draft that an earlier attempt made, whose answer was lost: our id is used, and another one is never
// tried (law 6).
func (c *Client) recover(ctx context.Context, call saga.Call, person *payment.Person) payment.Answer {
	r, a, ok := c.ask(ctx, call, person)
	if !ok {
		return a
	}
	switch a.Code {
	case codeOK:
	case codeFailed:
		return declines(a, transactionFailed)
	case codeMismatch: // the id belongs to somebody else's transaction, so none is ours
		return declines(a, externalIDUsed)
	default:
		return a
	}
	found := settled(a, r.Payload, call, payment.Absent)
	switch found.Outcome {
	case payment.Absent:
		return created(a, r.Payload, call)
	case payment.Done: // confirmed, and not by this payment: a person must look
		found.Moved = true
	}
	return found
}

// confirm moves the money (documentation, "Transaction confirmation (PINFL)").
func (c *Client) confirm(ctx context.Context, call saga.Call) payment.Answer {
	var r reply
	a, ok := gateway.Open(c.account.Send(ctx, http.MethodPost, base+"/transaction/confirm", namedRequest{
		ExtID: call.Payment.ID, TransactionID: call.Transaction,
	}, call.SendBy), &r, &r.Code)
	switch {
	case !ok:
		return a
	case a.Code == codeOK:
		return settled(a, r.Payload, call, payment.Unknown)
	default:
		return judged(a)
	}
}

// check asks what became of a transaction (documentation, "Transaction data request"). A question that is refused says
// nothing about it, but that it failed or is not there.
func (c *Client) check(ctx context.Context, call saga.Call) payment.Answer {
	person, err := c.opener(call.Order.Person, call.Payment.ID)
	if err != nil {
		return payment.Answer{Outcome: payment.Unknown, Note: err.Error()}
	}
	r, a, ok := c.ask(ctx, call, person)
	switch {
	case !ok:
		return a.OfQuestion()
	case a.Code == codeOK:
		return settled(a, r.Payload, call, payment.Absent)
	case a.Code == codeFailed:
		return declines(a, transactionFailed)
	case a.Code == codeNotFound:
		a.Outcome = payment.Absent
	}
	return a
}

func (c *Client) ask(ctx context.Context, call saga.Call, p *payment.Person) (r reply, a payment.Answer, ok bool) {
	a, ok = gateway.Open(c.post(ctx, "/transaction/check", checkRequest{
		ExtID: call.Payment.ID, PINFL: p.PINFL.Reveal(), PassportSeries: p.PassportSeries.Reveal(),
		PassportNumber: p.PassportNumber.Reveal(), ContractNumber: call.Order.ContractNumber, Amount: call.Payment.Amount,
	}), &r, &r.Code)
	return r, a, ok
}

// cancel drops a draft (documentation, "Transaction cancellation (PINFL)"). A draft whose answer was lost is looked for
// first. What was not confirmed moves nothing, so a refusal of the cancellation is no hindrance.
func (c *Client) cancel(ctx context.Context, call saga.Call) payment.Answer {
	if call.Transaction == "" {
		a := c.check(ctx, call)
		switch {
		case a.Outcome == payment.Done:
			a.Moved = true
			return a
		case a.Outcome == payment.Declined || a.Code == codeNotFound || a.Code == codeMismatch:
			return dropped(a)
		case a.Outcome != payment.Absent || a.Transaction == "":
			return a
		}
		call.Transaction = a.Transaction
	}
	var r reply
	a, ok := gateway.Open(c.post(ctx, "/transaction/cancel", namedRequest{
		ExtID: call.Payment.ID, TransactionID: call.Transaction,
	}), &r, &r.Code)
	v, known := verdictOf(a.Code)
	switch {
	case !ok:
		return a
	case a.Code == codeOK && r.Payload.Status == wordSuccess: // confirmed, and not by this payment: a person must look
		a = settled(a, r.Payload, call, payment.Unknown)
		a.Moved = a.Outcome == payment.Done
		return a
	case a.Code == codeOK && r.Payload.Status.cancelled(), known && !v.retry:
		return dropped(a)
	default:
		return a
	}
}

func dropped(a payment.Answer) payment.Answer {
	return payment.Answer{Outcome: payment.Done, Code: a.Code, HTTPStatus: a.HTTPStatus, Note: "no draft is left"}
}

// base is where the API hangs under the gateway.
const base = "/ppa"

// pause is how soon to look again whether a person's cards were found.
const pause = 2 * time.Second
