package atmospinfl

import (
	"tolov/internal/payment"
	"tolov/internal/saga"
)

// What provider_refs calls the ids.
const (
	refTransaction = "transaction_id"
	refCommission  = "upper_commission" // of an item
)

const (
	noteStrange = "a code that no table knows"
	noteForeign = "speaks of another transaction"
)

// drafted reads the refusal of a call that moves nothing: it ends the payment, unless the fault is a passing one.
func drafted(a payment.Answer) payment.Answer {
	v, known := verdictOf(a.Code)
	switch {
	case !known:
		a.Note = noteStrange
	case !v.retry:
		return declines(a, v.reason)
	}
	return a
}

// judged reads the refusal of the call that moves the money: only what the table calls definite counts.
func judged(a payment.Answer) payment.Answer {
	v, known := verdictOf(a.Code)
	switch {
	case !known:
		a.Note = noteStrange
	case v.outcome == payment.Declined:
		return declines(a, v.reason)
	}
	return a
}

func declines(a payment.Answer, why reason) payment.Answer {
	a.Outcome, a.Failure = payment.Declined, failureOf(why, a.Code)
	return a
}

// settled reads a transaction as it stands. absent is what an unconfirmed one means to the call that asked.
func settled(a payment.Answer, t transaction, call saga.Call, absent payment.Outcome) payment.Answer {
	a.Transaction = string(t.TransactionID)
	foreign := t.ExtID != "" && string(t.ExtID) != call.Payment.ID ||
		a.Transaction != "" && call.Transaction != "" && a.Transaction != call.Transaction
	switch {
	case t.Status == wordSuccess: // of another transaction: the engine sees the contradiction (H12)
		return taken(a, t, call)
	case foreign:
		a.Note = noteForeign
	case t.Status == wordCreated:
		a.Outcome, a.Note = absent, "not confirmed"
	case t.Status.cancelled():
		return declines(a, transactionCancelled)
	case t.Status.working():
		a.Outcome = payment.Pending
	default:
		a.Note = "a status that no table knows"
	}
	return a
}

// taken adds up what was taken from each card (H11). While a card is still under way the sum is not final, and a word
// that no table knows may stand for money.
func taken(a payment.Answer, t transaction, call saga.Call) payment.Answer {
	var sum payment.Money
	a.Outcome = payment.Done
	for _, d := range t.Details {
		amount := payment.Money(d.Amount.Value)
		switch {
		case d.Status == wordSuccess && (amount <= 0 || amount > payment.MaxMoney-sum):
			return a.Unclear("a card was debited without an amount")
		case d.Status == wordSuccess:
			sum += amount
			a.Parts = append(a.Parts, part(d))
		case d.Status.working():
			a.Outcome, a.Note = payment.Pending, "a card is still under way"
		case !d.Status.nothing():
			a.Outcome, a.Note = payment.Unknown, "a card's status that no table knows"
		}
	}
	switch {
	case sum == 0 || a.Transaction == "":
		return a.Unclear("success without an amount or a transaction")
	case t.ExtID != "" && string(t.ExtID) != call.Payment.ID:
		return a.Unclear(noteForeign)
	case a.Outcome != payment.Done:
		a.Parts = nil
		return a
	}
	a.Amount, a.Amounted, a.Receipts = sum, true, t.receipts()
	return a
}

func part(d detail) payment.Part {
	p := payment.Part{Card: masked(string(d.PAN)), Amount: payment.Money(d.Amount.Value)}
	if d.Commission != "" && d.Commission != "0" {
		p.Refs = map[string]string{refCommission: string(d.Commission)}
	}
	return p
}
