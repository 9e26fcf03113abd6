package via

import (
	"fmt"
	"net/http"

	"tolov/internal/payment"
	"tolov/internal/providers/rest"
	"tolov/internal/saga"
)

// word is what kind of reply came.
type word int

const (
	silence word = iota // none that can be read: it proves nothing (H8, H9)
	refusal             // an error in the documented form
	told                // what was asked for
)

// Names under which a payment's provider_refs hold what VIA calls it.
const (
	refTransaction = "transaction_id"
	refProcessing  = "processing_transaction_id"
	refFee         = "fee"         // tiyin
	refFeePercent  = "fee_percent" // as VIA writes it
)

type headed interface{ heading() head }

// open starts an answer: what the exchange alone proves.
func open(raw rest.Reply, reply headed) (payment.Answer, word) {
	a := raw.Answer()
	if err := raw.Silent(); err != nil {
		return a.Noted(err.Error()), silence
	}
	if err := raw.Decode(reply); err != nil {
		return a.Noted(err.Error()), silence
	}
	h := reply.heading()
	switch {
	case h.refused():
		return failed(a, h), refusal
	case raw.Status != http.StatusOK:
		return a.Noted(fmt.Sprintf("HTTP status %d without an error", raw.Status)), silence
	default:
		return a, told
	}
}

// failed keeps the error's words, whatever will be concluded from it.
func failed(a payment.Answer, h head) payment.Answer {
	words, code := threeTexts{}, ""
	if f := h.Status.fault; f != nil {
		code = string(f.Code)
		words = threeTexts{f.Message, f.Message, f.Message}
	}
	if h.Error != nil && h.Error.Message != (threeTexts{}) {
		words = h.Error.Message
	}
	a.Code, a.Note = code, "refused"
	a.Failure = failureOf(reasonRefused, code, words)
	return a
}

// judge reads how a transaction stands. Paid is only what says so of itself, with its amount and its transaction (H11).
func judge(a payment.Answer, status string, t transaction, call saga.Call) payment.Answer {
	a.Code, a.Failure, a.Note = status, nil, ""
	a.Transaction = string(t.TransactionID)
	a.Amount, a.Amounted = payment.Money(t.Amount.Value), t.Amount.Present
	outcome, known := outcomeOf(status)
	switch {
	case !known:
		return a.Noted("a status that the documentation does not have")
	case t.ExternalID != "" && string(t.ExternalID) != call.Payment.ID:
		return a.Noted("the answer speaks of another payment")
	case outcome == payment.Done:
		return paid(a, t)
	case call.Transaction != "" && a.Transaction != call.Transaction:
		return a.Noted("the answer speaks of another transaction")
	}
	a.Outcome = outcome
	if outcome == payment.Declined {
		reason := reasonFailed
		if status == statusReject {
			reason = reasonDeclined
		}
		a.Failure = failureOf(reason, "", threeTexts{})
	}
	return a
}

func paid(a payment.Answer, t transaction) payment.Answer {
	switch {
	case a.Transaction == "" || !a.Amounted:
		return a.Noted("a success that does not name its transaction and amount")
	case t.Currency != "" && t.Currency != payment.Currency:
		return a.Noted("a success in another currency")
	}
	a.Outcome = payment.Done
	a.Refs = map[string]string{refTransaction: a.Transaction}
	if id := string(t.ProcessingID); id != "" {
		a.Refs[refProcessing] = id
	}
	if t.Fee.Present {
		a.Refs[refFee] = fmt.Sprint(t.Fee.Value)
	}
	if percent := string(t.FeePercent); percent != "" {
		a.Refs[refFeePercent] = percent
	}
	return a
}
