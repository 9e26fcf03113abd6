package atmos

import (
	"context"
	"net/http"
	"strings"

	"tolov/internal/payment"
	"tolov/internal/providers/rest"
	"tolov/internal/saga"
)

type reverseRequest struct {
	TransactionID rest.Text `json:"transaction_id"`
	Reason        string    `json:"reason,omitzero"`
}

type partialRequest struct {
	TransactionID rest.Text         `json:"transaction_id"`
	PartialID     rest.Text         `json:"transaction_partial_reverse_id,omitzero"`
	StoreID       rest.Text         `json:"store_id"`
	Amount        payment.Money     `json:"amount,omitzero"` // tiyin
	Reason        string            `json:"reason,omitzero"`
	OFDItems      []payment.OFDItem `json:"ofd_items,omitempty"`
	RequestID     string            `json:"request_id,omitzero"`
	Lang          string            `json:"lang,omitzero"`
}

type partialReply struct {
	head
	TransactionID rest.Text `json:"transaction_id"`
	PartialID     rest.Text `json:"transaction_partial_reverse_id"`
	Reverted      rest.Int  `json:"transaction_reverted_amount"` // tiyin
}

const keptPartial = "transaction_partial_reverse_id"

// paidAs is the transaction by which the money was taken. A hold has an id of its own, and its charge made another.
func paidAs(call saga.Call) string {
	refs := call.Payment.ProviderRefs
	if call.Item != nil {
		refs = call.Item.ProviderRefs
	}
	if id := refs[refTransaction]; id != "" {
		return id
	}
	return call.Transaction
}

// reverse gives everything back (documentation, "Transaction cancellation"). A transaction that was reversed before is
// what we want, whoever did it.
func (c *Client) reverse(ctx context.Context, call saga.Call) payment.Answer {
	var reply payReply
	id := paidAs(call)
	a, ok := open(c.account.Send(ctx, http.MethodPost, "/merchant/pay/reverse", reverseRequest{
		TransactionID: rest.Text(id), Reason: call.Walk.Reason,
	}, call.SendBy), &reply)
	other := reply.TransactionID != "" && string(reply.TransactionID) != id
	switch {
	case !ok:
		return a
	case other:
		a.Note = noteForeign
		return a
	case a.Code == codeOK, a.Code == codeReversed:
		a.Outcome = payment.Done
		return a
	case a.Code == codeCancelled: // perhaps by an earlier call of ours: only get tells
		return a
	case a.Code == codeNotReversed:
		return declines(a, cancellationFailed)
	default:
		return judged(a)
	}
}

// reversed asks whether a transaction was reversed. It is when it says so and is not confirmed any more.
func (c *Client) reversed(ctx context.Context, call saga.Call) payment.Answer {
	var reply payReply
	id := paidAs(call)
	a, ok := open(c.ask(ctx, call, id), &reply)
	if !ok {
		return a.OfQuestion()
	}
	other := reply.Store.TransID != "" && string(reply.Store.TransID) != id &&
		string(reply.Store.TransID) != call.Payment.ProviderRefs[refTransID]
	switch {
	case other:
		a.Note = noteForeign
	case a.Code == codeReversed && !reply.Store.confirmed():
		a.Outcome = payment.Done
		a.Amount, a.Amounted = reply.Store.amount()
	case reply.Store.confirmed() && (a.Code == codeOK || closed(a.Code)):
		a.Outcome = payment.Absent
	}
	return a
}

// partialCreate makes a draft of a partial reversal (documentation, "Creating a Partial Reversal").
func (c *Client) partialCreate(ctx context.Context, call saga.Call) payment.Answer {
	request := c.partial(call)
	request.Amount, request.Reason = call.Amount, call.Walk.Reason
	var reply partialReply
	a := c.draft(ctx, "/merchant/pay/create-reverse-partial", request, &reply)
	switch {
	case a.Outcome != payment.Done:
		return a
	case reply.PartialID == "":
		return a.Unclear("no transaction_partial_reverse_id")
	}
	a.Keep = map[string]string{keptPartial: string(reply.PartialID)}
	return a
}

// partialConfirm gives a part back (documentation, "Confirming a Partial Reversal").
func (c *Client) partialConfirm(ctx context.Context, call saga.Call) payment.Answer {
	request := c.partial(call)
	if request.OFDItems = call.Walk.OFDItems; len(request.OFDItems) == 0 {
		request.OFDItems = []payment.OFDItem{c.ofdItem(call)}
	}
	var reply partialReply
	raw := c.account.Send(ctx, http.MethodPost, "/merchant/pay/confirm-reverse-partial", request, call.SendBy)
	a, ok := open(raw, &reply)
	switch {
	case !ok:
		return a
	case a.Code == codeOK:
		return givenBack(a, &reply, request)
	case a.Code == codeNotReversed:
		return declines(a, cancellationFailed)
	default:
		return judged(a)
	}
}

// partialGet asks what became of a partial reversal (documentation, "Retrieving Partial Reversal Information").
func (c *Client) partialGet(ctx context.Context, call saga.Call) payment.Answer {
	request := c.partial(call)
	request.RequestID = ""
	var reply partialReply
	a, ok := open(c.account.Read(ctx, http.MethodPost, "/merchant/pay/get-reverse-partial", request), &reply)
	switch {
	case !ok:
		return a.OfQuestion()
	case a.Code != codeOK:
		return a
	case reply.Reverted.Present && reply.Reverted.Value == 0 && reply.PartialID == request.PartialID:
		a.Outcome = payment.Absent
		return a
	default:
		return givenBack(a, &reply, request)
	}
}

// givenBack takes an explicit word that money went back, with its amount (H11).
func givenBack(a payment.Answer, reply *partialReply, asked partialRequest) payment.Answer {
	switch {
	case reply.PartialID != "" && reply.PartialID != asked.PartialID,
		reply.TransactionID != "" && reply.TransactionID != asked.TransactionID:
		a.Note = noteForeign
	case !reply.Reverted.Present || reply.Reverted.Value == 0:
		a.Note = "reversed without an amount"
	default:
		a.Outcome, a.Amount, a.Amounted = payment.Done, payment.Money(reply.Reverted.Value), true
	}
	return a
}

func (c *Client) partial(call saga.Call) partialRequest {
	return partialRequest{
		TransactionID: rest.Text(paidAs(call)), PartialID: rest.Text(call.Walk.Kept[keptPartial]), StoreID: c.store(),
		RequestID: call.Payment.ID + "/" + call.Walk.RefundID, Lang: strings.ToUpper(call.Order.Lang),
	}
}

// ofdItem is the one line of a receipt whose command brings none: the call wants at least one.
func (c *Client) ofdItem(call saga.Call) payment.OFDItem {
	amount := call.Amount
	return payment.OFDItem{
		Name: firstOf(call.Order.Description, call.Payment.Account), OFDCode: c.settings.OFDCode, Amount: &amount,
	}
}
