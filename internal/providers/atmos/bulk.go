package atmos

import (
	"context"
	"net/http"
	"slices"

	"tolov/internal/payment"
	"tolov/internal/providers/rest"
	"tolov/internal/saga"
)

type bulkCreateRequest struct {
	StoreID rest.Text   `json:"store_id"`
	Lang    string      `json:"lang,omitzero"`
	Params  []bulkParam `json:"params"`
}

type bulkParam struct {
	Account    string        `json:"account"`
	Amount     payment.Money `json:"amount"` // tiyin
	Details    string        `json:"details,omitzero"`
	TerminalID string        `json:"terminal_id,omitzero"`
}

type bulkPreApplyRequest struct {
	CardToken     string      `json:"card_token,omitzero"`
	CardNumber    string      `json:"card_number,omitzero"`
	Expiry        string      `json:"expiry,omitzero"` // YYmm
	StoreID       rest.Text   `json:"store_id"`
	TransactionID []rest.Text `json:"transaction_id"`
}

type bulkApplyRequest struct {
	OTP           string      `json:"otp"`
	StoreID       rest.Text   `json:"store_id"`
	TransactionID []rest.Text `json:"transaction_id"`
}

type bulkReply struct {
	head
	TransactionID []rest.Text `json:"transaction_id"`
	Parts         []bulkPart  `json:"store_transaction"`
}

type bulkPart struct {
	storeTransaction
	receiptLinks
}

// bulkCreate makes a draft transaction for each item (documentation, "Multitransaction creating").
func (c *Client) bulkCreate(ctx context.Context, call saga.Call) payment.Answer {
	request := bulkCreateRequest{StoreID: c.store(), Lang: call.Order.Lang}
	for _, item := range call.Payment.Items {
		request.Params = append(request.Params, bulkParam{
			Account: item.Account, Amount: item.Amount, Details: item.Details,
			TerminalID: c.terminal(firstOf(item.TerminalID, call.Order.TerminalID)),
		})
	}
	var reply bulkReply
	answer := c.draft(ctx, "/merchant/bulk/pay/create", request, &reply)
	switch {
	case answer.Outcome != payment.Done:
		return answer
	case len(reply.TransactionID) != len(request.Params):
		return answer.Unclear("not one transaction_id for each item")
	}
	for _, id := range reply.TransactionID {
		if id == "" {
			return answer.Unclear("an empty transaction_id")
		}
		answer.Parts = append(answer.Parts, payment.Part{
			Transaction: string(id), Refs: map[string]string{refTransaction: string(id)},
		})
	}
	answer.Transaction = answer.Parts[0].Transaction
	answer.Refs = map[string]string{refTransaction: answer.Transaction}
	return answer
}

func firstOf(a, b string) string {
	if a != "" {
		return a
	}
	return b
}

// bulkPreApply binds the card to all the transactions (documentation, "Pre-confirmation of a multi-transaction").
func (c *Client) bulkPreApply(ctx context.Context, call saga.Call) payment.Answer {
	request := bulkPreApplyRequest{StoreID: c.store(), TransactionID: idsOf(call)}
	request.CardToken, request.CardNumber, request.Expiry = cardOf(call)
	var reply bulkReply
	answer := c.draft(ctx, "/merchant/bulk/pay/pre-apply", request, &reply)
	if answer.Outcome == payment.Done && (request.CardNumber != "" || answer.Code == codeSent) {
		answer.Action = &payment.Action{Type: payment.ActionCode}
	}
	return answer
}

// bulkApply moves the money of all parts at once (documentation, "Multi-transaction verification").
func (c *Client) bulkApply(ctx context.Context, call saga.Call) payment.Answer {
	var reply bulkReply
	a, ok := open(c.account.Send(ctx, http.MethodPost, "/merchant/bulk/pay/apply", bulkApplyRequest{
		OTP: codeOf(call), StoreID: c.store(), TransactionID: idsOf(call),
	}, call.SendBy), &reply)
	if !ok {
		return a
	}
	answers := make([]payment.Answer, 0, len(call.Items))
	for i, id := range call.Items {
		part, ok := partOf(reply.Parts, id)
		if !ok {
			break
		}
		answers = append(answers, partAnswer(a, part, call.Payment.Items[i].Amount))
	}
	switch {
	case a.Code == codeOK && len(answers) == len(call.Items):
		if a = together(a, answers, call.Amount); a.Outcome == payment.Absent {
			a.Outcome, a.Note = payment.Unknown, "not confirmed" // only get tells that a part is not paid
		}
		return a
	case a.Code == codeOK || closed(a.Code):
		a.Note = "not every part is told of"
		return a
	case slices.ContainsFunc(reply.Parts, func(part bulkPart) bool { return part.confirmed() }):
		a.Note = "a refusal of a confirmed transaction"
		return a
	default:
		return judged(a)
	}
}

// bulkGet asks what became of each part (documentation, "Retrieving transaction information").
func (c *Client) bulkGet(ctx context.Context, call saga.Call) payment.Answer {
	var last payment.Answer
	answers := make([]payment.Answer, 0, len(call.Items))
	for i, id := range call.Items {
		var reply payReply
		last = found(c.ask(ctx, call, id), &reply, names{id, ""})
		want := call.Payment.Items[i].Amount
		switch {
		case last.Outcome == payment.Done && last.Amount != want:
			last.Amount += call.Amount - want // a contradiction, which the engine sees by the sum
			return last
		case last.Outcome == payment.Done && foreign(last, id):
			return last // likewise: one part's amount is not the whole, or the transaction is not the call's
		}
		if last.Outcome == payment.Unknown || last.Outcome == payment.Pending {
			last.Transaction, last.Amounted = "", false
			return last
		}
		answers = append(answers, last)
	}
	last.Failure = nil
	return together(last, answers, call.Amount)
}

// together sums up the answers about the parts: all did, none did, or some.
func together(a payment.Answer, parts []payment.Answer, amount payment.Money) payment.Answer {
	a.Transaction, a.Amount, a.Amounted, a.Refs, a.Receipts = "", 0, false, nil, nil
	done, declined := 0, 0
	for _, part := range parts {
		switch part.Outcome {
		case payment.Done:
			done++
		case payment.Declined:
			declined++
			a.Failure = part.Failure
		}
		a.Parts = append(a.Parts, payment.Part{Refs: part.Refs, Receipts: part.Receipts})
	}
	switch {
	case done == len(parts):
		a.Outcome, a.Amount, a.Amounted, a.Failure = payment.Done, amount, true, nil
	case done > 0:
		a.Outcome, a.Mixed, a.Failure = payment.Unknown, true, nil
		a.Note = "some parts are done and some are not"
	case declined == len(parts):
		a.Outcome = payment.Declined
	default:
		a.Outcome, a.Failure = payment.Absent, nil
	}
	return a
}

func partOf(parts []bulkPart, id string) (bulkPart, bool) {
	for _, part := range parts {
		if string(part.TransID) == id {
			return part, true
		}
	}
	return bulkPart{}, false
}

// partAnswer reads what an apply says of one part. A part that is not confirmed proves nothing here: only get tells.
func partAnswer(a payment.Answer, part bulkPart, want payment.Money) payment.Answer {
	got, told := part.amount()
	if !part.confirmed() || !told || got != want {
		a.Outcome = payment.Unknown
		return a
	}
	a.Outcome, a.Receipts = payment.Done, part.receipts()
	a.Refs = refsOf(part.storeTransaction, "")
	return a
}

func idsOf(call saga.Call) []rest.Text {
	ids := make([]rest.Text, len(call.Items))
	for i, id := range call.Items {
		ids[i] = rest.Text(id)
	}
	return ids
}
