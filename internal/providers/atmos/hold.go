package atmos

import (
	"context"
	"net/http"
	"net/url"
	"slices"
	"strconv"
	"time"

	"tolov/internal/payment"
	"tolov/internal/providers/rest"
	"tolov/internal/saga"
)

type holdRequest struct {
	CardToken  string        `json:"card_token,omitzero"`
	CardNumber string        `json:"card_number,omitzero"`
	CardExpiry string        `json:"card_expiry,omitzero"` // YYmm
	StoreID    rest.Text     `json:"store_id"`
	Account    string        `json:"account"`
	Details    string        `json:"payment_details"`
	Amount     payment.Money `json:"amount"`   // tiyin
	Duration   int64         `json:"duration"` // minutes
}

type holdsRequest struct {
	CardToken  string     `json:"card_token,omitzero"`
	CardNumber string     `json:"card_number,omitzero"`
	CardExpiry string     `json:"card_expiry,omitzero"` // YYmm
	Duration   int64      `json:"duration"`             // minutes
	Items      []holdItem `json:"items"`
}

type holdItem struct {
	StoreID rest.Text     `json:"store_id"`
	Account string        `json:"account"`
	Details string        `json:"payment_details"`
	Amount  payment.Money `json:"amount"` // tiyin
}

type codeRequest struct {
	OTP string `json:"otp"`
}

type chargeRequest struct {
	Amount payment.Money `json:"amount"` // tiyin
}

type cancelRequest struct {
	SendSMS bool `json:"send_cancel_sms"`
}

// holdReply is the answer of every call under /hold, as far as it is read. The card's token is not.
type holdReply struct {
	head
	receiptLinks
	HoldID   rest.Text        `json:"hold_id"`
	Till     string           `json:"hold_till"` // in the merchant's zone, which it does not name
	ParentID rest.Text        `json:"parent_id"`
	Items    []heldItem       `json:"items"`
	Store    storeTransaction `json:"store_transaction"`
}

// heldItem is one item of a multiple hold.
type heldItem struct {
	Result *result   `json:"result"`
	HoldID rest.Text `json:"hold_id"`
	Till   string    `json:"hold_till"`
}

func (i heldItem) holds(id string) bool {
	return i.Result != nil && string(i.Result.Code) == codeOK && string(i.HoldID) == id
}

// until is when a hold ends, the zero time when it cannot be read.
func (c *Client) until(till string) time.Time {
	at, err := time.ParseInLocation("2006-01-02T15:04:05", till, c.settings.Zone) // takes fractions too
	if err != nil {
		return time.Time{}
	}
	return at
}

// holdCreate asks for a hold (documentation, "Create a hold request").
func (c *Client) holdCreate(ctx context.Context, call saga.Call) payment.Answer {
	request := holdRequest{
		StoreID: c.store(), Account: call.Payment.Account, Details: call.Order.Description, Amount: call.Amount,
		Duration: call.Order.DurationMin,
	}
	request.CardToken, request.CardNumber, request.CardExpiry = cardOf(call)
	var reply holdReply
	a := c.draft(ctx, "/hold/create", request, &reply)
	return opened(a, string(reply.HoldID), request.CardNumber != "")
}

// opened takes the id of a hold that was asked for. The customer gets a code when the card was given by number.
func opened(a payment.Answer, id string, byNumber bool) payment.Answer {
	if a.Outcome != payment.Done {
		return a
	}
	if id == "" {
		return a.Unclear("no id of the hold")
	}
	a.Transaction, a.Refs = id, map[string]string{refHold: id}
	if byNumber || a.Code == codeSent {
		a.Action = &payment.Action{Type: payment.ActionCode}
	}
	return a
}

// holdsCreate asks for a hold of several items (documentation, "Create a request for multiple holding").
func (c *Client) holdsCreate(ctx context.Context, call saga.Call) payment.Answer {
	request := holdsRequest{Duration: call.Order.DurationMin}
	request.CardToken, request.CardNumber, request.CardExpiry = cardOf(call)
	for _, item := range call.Payment.Items {
		request.Items = append(request.Items, holdItem{
			StoreID: c.store(), Account: item.Account, Details: item.Details, Amount: item.Amount,
		})
	}
	var reply holdReply
	a := c.draft(ctx, "/hold/multiple/create", request, &reply)
	if a.Outcome != payment.Done {
		return a
	}
	if len(reply.Items) != len(request.Items) {
		return a.Unclear("not one hold for each item")
	}
	for _, item := range reply.Items {
		id := string(item.HoldID)
		if id == "" {
			return a.Unclear("an item without an id")
		}
		a.Parts = append(a.Parts, payment.Part{Transaction: id, Refs: map[string]string{refHold: id}})
	}
	return opened(a, string(reply.ParentID), request.CardNumber != "")
}

// holdApply freezes the funds (documentation, "Confirm holding request").
func (c *Client) holdApply(ctx context.Context, call saga.Call) payment.Answer {
	var reply holdReply
	a, ok := open(c.account.Send(ctx, http.MethodPut, "/hold/apply/"+url.PathEscape(call.Transaction),
		codeRequest{codeOf(call)}, call.SendBy), &reply)
	switch {
	case !ok:
		return a
	case reply.HoldID != "" && string(reply.HoldID) != call.Transaction:
		a.Note = noteForeign
	case a.Code == codeOK:
		a.Outcome, a.HeldUntil = payment.Done, c.until(reply.Till)
	default:
		return overHold(a)
	}
	return a
}

// overHold reads a refusal by a hold that is over.
func overHold(a payment.Answer) payment.Answer {
	if a.Code == codeHoldCancelled {
		return declines(a, holdCancelled)
	}
	return judged(a)
}

// holdsApply freezes the funds of all items (documentation, "Confirm application for multiple holding"). Each item has
// a result of its own: when they differ, only asking tells.
func (c *Client) holdsApply(ctx context.Context, call saga.Call) payment.Answer {
	var reply holdReply
	a, ok := open(c.account.Send(ctx, http.MethodPut, "/hold/multiple/apply/"+url.PathEscape(call.Transaction),
		codeRequest{codeOf(call)}, call.SendBy), &reply)
	switch {
	case !ok:
		return a
	case a.Code != codeOK && len(reply.Items) == 0:
		return overHold(a)
	case len(reply.Items) != len(call.Items):
		a.Note = "not one result for each item"
		return a
	}
	held := 0
	for _, id := range call.Items {
		if i := slices.IndexFunc(reply.Items, func(item heldItem) bool { return item.holds(id) }); i >= 0 {
			held++
			a.HeldUntil = earlier(a.HeldUntil, c.until(reply.Items[i].Till))
		}
	}
	switch {
	case a.Code == codeOK && held == len(call.Items):
		a.Outcome = payment.Done
	case held > 0 || a.Code == codeOK:
		a.Note = strconv.Itoa(held) + " of the items are held"
	default:
		return overHold(a)
	}
	return a
}

func earlier(a, b time.Time) time.Time {
	if a.IsZero() || !b.IsZero() && b.Before(a) {
		return b
	}
	return a
}

// holdCharge takes what was held, or less (documentation, "Withdraw the held amount").
func (c *Client) holdCharge(ctx context.Context, call saga.Call) payment.Answer {
	var reply holdReply
	a, ok := open(c.account.Send(ctx, http.MethodPost, holdPath(call), chargeRequest{call.Amount}, call.SendBy), &reply)
	switch {
	case !ok:
		return a
	case a.Code == codeOK || closed(a.Code):
		return taken(a, &reply)
	case reply.Store.confirmed():
		a.Note = "a refusal of a confirmed transaction"
		return a
	case a.Code == codeHoldNotConfirmed:
		return declines(a, holdNotConfirmed)
	default:
		return overHold(a)
	}
}

// taken takes an explicit confirmation of a charge, with its amount (H11). The transaction is not the hold's.
func taken(a payment.Answer, reply *holdReply) payment.Answer {
	amount, told := reply.Store.amount()
	switch {
	case !reply.Store.confirmed():
		a.Note = "not confirmed"
	case !told || reply.Store.TransID == "": // a refund names the transaction, and must not take the hold's id for it
		a.Note = "confirmed without amount or transaction"
	default:
		a.Outcome, a.Amount, a.Amounted = payment.Done, amount, true
		a.Refs, a.Receipts = refsOf(reply.Store, string(reply.Store.TransID)), reply.receipts()
	}
	return a
}

// holdCancel lets go of what is held (documentation, "Holding cancellation"). STPIMS-ERR-145 says that it is cancelled:
// that is success. So is a hold whose time was over, or that was never confirmed: nothing is frozen.
func (c *Client) holdCancel(ctx context.Context, call saga.Call) payment.Answer {
	var reply holdReply
	raw := c.account.Send(ctx, http.MethodDelete, holdPath(call), cancelRequest{SendSMS: true}, call.SendBy)
	a, ok := open(raw, &reply)
	if !ok {
		return a
	}
	if reply.Store.confirmed() {
		a.Note = "charged, and we were letting it go"
		return a
	}
	switch a.Code {
	case codeCancelled, codeReversed: // perhaps by an earlier call of ours: only get tells
		return a
	case codeOK, codeHoldCancelled, codeHoldExpired, codeHoldNotConfirmed:
		a.Outcome = payment.Done
		return a
	case codeHoldNotRemoved:
		return declines(a, cancellationFailed)
	default:
		return judged(a)
	}
}

func holdPath(call saga.Call) string { return "/hold/" + url.PathEscape(call.Transaction) }
