package atmos

import (
	"fmt"
	"net/http"

	"tolov/internal/payment"
	"tolov/internal/providers/rest"
	"tolov/internal/saga"
)

const (
	codeOK       = "OK"
	codeSent     = "INFO-201" // the customer gets a code
	codeNotFound = "STPIMS-ERR-061"
)

// closed are the codes that ATMOS answers about a transaction that is over, be it paid or not: only its own `confirmed`
// flag tells which (H11).
func closed(code string) bool {
	return code == "STPIMS-ERR-092" || code == "STPIMS-ERR-113" || code == "STPIMS-ERR-114"
}

// ended are the codes by which a read tells that the transaction will never be paid.
func ended(code string) bool {
	return code == "STPIMS-ERR-034" || code == "STPIMS-ERR-064" || code == "STPIMS-ERR-100"
}

// open starts an answer: what the exchange alone proves. Whatever cannot be read is unknown (H8, H9).
func open(raw rest.Reply, reply *payReply) (payment.Answer, bool) {
	a := payment.Answer{Outcome: payment.Unknown, HTTPStatus: raw.Status, RetryAfter: raw.RetryAfter}
	if !raw.Sent {
		a.Outcome = payment.NotSent
	}
	if err := failed(raw); err != nil {
		a.Note = err.Error()
		return a, false
	}
	if err := raw.Decode(reply); err != nil {
		return unreadable(a, err.Error()), false
	}
	a.Code = string(reply.Result.Code)
	if a.Code == "" {
		return unreadable(a, "no result code"), false
	}
	return a, true
}

// failed tells why an exchange has no reply to read.
func failed(raw rest.Reply) error {
	if raw.Status != 0 && raw.Status != http.StatusOK {
		return fmt.Errorf("HTTP status %d", raw.Status)
	}
	return raw.Err
}

func unreadable(a payment.Answer, why string) payment.Answer {
	a.Outcome, a.Note = payment.Unknown, why
	return a
}

// drafted reads the answer to a call that moves nothing: a refusal ends the payment, everything else is worth
// repeating.
func drafted(raw rest.Reply, reply *payReply) payment.Answer {
	a, ok := open(raw, reply)
	if !ok {
		return a
	}
	if a.Code == codeOK {
		a.Outcome = payment.Done
		return a
	}
	v, known := verdictOf(a.Code)
	switch {
	case !known:
		a.Note = "a code that no table knows"
	case v.outcome == payment.Unknown && !v.retry:
		a.Outcome, a.Failure = payment.Declined, failureOf(v, a.Code)
	default:
		a.Outcome, a.Failure = v.outcome, failureOf(v, a.Code)
	}
	return a
}

// applied reads the answer to an apply of the transaction asked. Paid is only what says so of itself, with its amount
// (H11).
func applied(raw rest.Reply, reply *payReply, asked names) payment.Answer {
	a, ok := open(raw, reply)
	if !ok {
		return a
	}
	a = withTransaction(a, reply, asked)
	if a.Code == codeOK || closed(a.Code) {
		return confirmed(a, reply)
	}
	v, known := verdictOf(a.Code)
	switch {
	case !known:
		a.Note = "a code that no table knows"
	case reply.Store.confirmed():
		a.Note = "a refusal of a confirmed transaction"
	case foreign(a, asked.transaction):
		a.Note = noteForeign
	case v.outcome == payment.Declined:
		a.Outcome, a.Failure, a.Wrong = payment.Declined, failureOf(v, a.Code), v.wrong
	case v.outcome == payment.Pending:
		a.Outcome = payment.Pending
	}
	return a
}

const noteForeign = "speaks of another transaction"

// foreign tells whether the answer speaks of another transaction than the one asked about. When it says done, that is a
// contradiction for the engine to judge (H12); anything else it says is not about ours.
func foreign(a payment.Answer, asked string) bool {
	return a.Transaction != "" && a.Transaction != asked
}

func confirmed(a payment.Answer, reply *payReply) payment.Answer {
	switch {
	case !reply.Store.confirmed():
		a.Note = "not confirmed"
	case !a.Amounted || a.Transaction == "":
		a.Note = "confirmed without amount or transaction"
	default:
		a.Outcome, a.Receipts = payment.Done, reply.receipts()
		a.Refs = map[string]string{}
		if id := string(reply.Store.SuccessTransID); id != "" {
			a.Refs["success_trans_id"] = id
		}
	}
	return a
}

// names are the ids under which ATMOS knows one transaction: the one that calls name it by, and the trans_id that its
// create answered beside it. The samples show them equal in one place and different in another.
type names struct{ transaction, transID string }

const refTransID = "trans_id"

func namesOf(call saga.Call) names {
	return names{call.Transaction, call.Payment.ProviderRefs[refTransID]}
}

// withTransaction reads which transaction the answer speaks of, in the terms of the call.
func withTransaction(a payment.Answer, reply *payReply, asked names) payment.Answer {
	a.Transaction = string(reply.Store.TransID)
	if a.Transaction != "" && a.Transaction == asked.transID {
		a.Transaction = asked.transaction
	}
	a.Amount, a.Amounted = reply.Store.amount()
	return a
}

// found reads the answer to a get of the transaction asked. A check that fails says nothing about the payment, so a
// refusal counts only when it speaks of the card or of the transaction's own end.
func found(raw rest.Reply, reply *payReply, asked names) payment.Answer {
	a, ok := open(raw, reply)
	if !ok {
		if a.Outcome == payment.NotSent { // of the question, not of the call that it asks about
			a.Outcome = payment.Unknown
		}
		return a
	}
	a = withTransaction(a, reply, asked)
	v, known := verdictOf(a.Code)
	switch {
	case reply.Store.confirmed():
		if a.Code == codeOK || closed(a.Code) {
			return confirmed(a, reply)
		}
		a.Note = "confirmed, with the code of a refusal"
	case foreign(a, asked.transaction):
		a.Note = noteForeign
	case a.Code == codeOK && reply.Store.unconfirmed():
		a.Outcome = payment.Absent
	case a.Code == codeNotFound:
		a.Outcome = payment.Absent
	case known && v.outcome == payment.Pending:
		a.Outcome = payment.Pending
	case ended(a.Code), known && v.outcome == payment.Declined && !v.wrong && aboutCard(failureOf(v, a.Code)):
		a.Outcome, a.Failure = payment.Declined, failureOf(v, a.Code)
	}
	return a
}

func aboutCard(f *payment.Failure) bool {
	return f.Category == payment.ByCustomer || f.Category == payment.ByIssuer
}
