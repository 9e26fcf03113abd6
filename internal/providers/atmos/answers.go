package atmos

import (
	"tolov/internal/payment"
	"tolov/internal/providers/gateway"
	"tolov/internal/providers/rest"
	"tolov/internal/saga"
)

const (
	codeOK       = "OK"
	codeSent     = "INFO-201" // the customer gets a code
	codeNotFound = "STPIMS-ERR-061"

	codeReversed    = "STPIMS-ERR-100" // was cancelled before
	codeNotReversed = "STPIMS-ERR-101"
	codeCancelled   = "STPIMS-ERR-064" // was given up before

	codeHoldNotConfirmed = "STPIMS-ERR-142"
	codeHoldNotRemoved   = "STPIMS-ERR-143"
	codeHoldExpired      = "STPIMS-ERR-144"
	codeHoldCancelled    = "STPIMS-ERR-145"
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

// coded is a reply that carries a result code, as every one of ATMOS's does.
type coded interface{ code() *rest.Text }

// open starts an answer from a reply.
func open(raw rest.Reply, into coded) (payment.Answer, bool) {
	return gateway.Open(raw, into, into.code())
}

// drafted reads the answer to a call that moves nothing: a refusal ends the payment, everything else is worth
// repeating.
func drafted(raw rest.Reply, reply coded) payment.Answer {
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
	switch _, known := verdictOf(a.Code); {
	case known && reply.Store.confirmed():
		a.Note = "a refusal of a confirmed transaction"
	case known && foreign(a, asked.transaction):
		a.Note = noteForeign
	default:
		return judged(a)
	}
	return a
}

// judged reads the result code of a money call that did not confirm, by the table alone.
func judged(a payment.Answer) payment.Answer {
	v, known := verdictOf(a.Code)
	switch {
	case !known:
		a.Note = "a code that no table knows"
	case v.outcome == payment.Declined:
		a.Outcome, a.Failure, a.Wrong = payment.Declined, failureOf(v, a.Code), v.wrong
	case v.outcome == payment.Pending:
		a.Outcome = payment.Pending
	}
	return a
}

// declines says that the call was refused for a reason that the table alone does not give: it depends on the call.
func declines(a payment.Answer, why reason) payment.Answer {
	a.Outcome, a.Failure = payment.Declined, failureOf(refused(why), a.Code)
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
		a.Refs = refsOf(reply.Store, "")
	}
	return a
}

// names are the ids under which ATMOS knows one transaction: the one that calls name it by, and the trans_id that its
// create answered beside it. The samples show them equal in one place and different in another.
type names struct{ transaction, transID string }

// What provider_refs calls them.
const (
	refTransaction = "transaction_id"
	refTransID     = "trans_id"
	refSuccess     = "success_trans_id"
	refHold        = "hold_id"
)

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
		return a.OfQuestion()
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
