package atmosips

import (
	"tolov/internal/payment"
	"tolov/internal/providers/gateway"
	"tolov/internal/providers/rest"
	"tolov/internal/saga"
)

// What provider_refs calls the ids, and what the path of a payment keeps of its draft.
const (
	refTransaction = "transaction_id"
	refRRN         = "rrn"
	refCard        = "card_id"
	refPage        = "payment_id"

	keptDraft = "draft_id"
)

// What a notice about a card that its owner linked at a page names: the card, and how many pages wait for one. Only a
// card that can be no other page's is taken (facts, "Where the documents are silent").
const (
	KeptCard    = "announced_card"
	KeptWaiting = "pages_waiting"
)

// The statuses of a transaction (documentation, "System status (IPS)", "Transaction status (status)").
const (
	isNew = iota
	isOpen
	isOpening
	isConfirming
	isDone
	isFailed
	isCancelled
	isReverted
	isCancelling
	isReverting
)

// coded is a reply that carries a result code, as every one of ATMOS's does.
type coded interface{ code() *rest.Text }

func (r *reply) code() *rest.Text     { return &r.Status.Code }
func (r *pageReply) code() *rest.Text { return &r.Status.Code }

// open starts an answer from a reply.
func open(raw rest.Reply, into coded) (payment.Answer, bool) {
	return gateway.Open(raw, into, into.code())
}

const (
	noteStrange = "a code that no table knows"
	noteForeign = "speaks of another transaction"
	noteStatus  = "a status that says nothing here"
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

// judged reads the refusal of a money call: only what the table calls definite counts, and only when the transaction
// that comes with it does not say otherwise.
func judged(a payment.Answer, t transaction) payment.Answer {
	v, known := verdictOf(a.Code)
	switch {
	case !known:
		a.Note = noteStrange
	case t.Status.Present && t.Status.Value != isNew && t.Status.Value != isOpen && t.Status.Value != isFailed:
		a.Note = "a refusal of a transaction that went on"
	case v.outcome == payment.Declined:
		return declines(a, v.reason)
	}
	return a
}

func declines(a payment.Answer, why reason) payment.Answer {
	a.Outcome, a.Failure = payment.Declined, failureOf(why, a.Code)
	return a
}

// spoken reads which transaction an answer speaks of. It is false when that is not ours, by our own id.
func spoken(a payment.Answer, t transaction, call saga.Call) (payment.Answer, bool) {
	if t.ExternalID != "" && string(t.ExternalID) != call.Payment.ID {
		return a.Unclear(noteForeign), false
	}
	a.Transaction = string(t.ID)
	a.Amount, a.Amounted = payment.Money(t.Amount.Value), t.Amount.Present
	return a, true
}

// foreign tells whether an answer speaks of another transaction than the call, by the provider's number. When it says
// done, that is a contradiction for the engine to judge (H12); anything else it says is not about ours.
func foreign(a payment.Answer, call saga.Call) bool {
	return a.Transaction != "" && call.Transaction != "" && a.Transaction != call.Transaction
}

// confirmed takes a status that says done, with the amount (H11).
func confirmed(a payment.Answer, t transaction) payment.Answer {
	if !a.Amounted || a.Transaction == "" {
		return a.Unclear("confirmed without amount or transaction")
	}
	a.Outcome, a.Refs = payment.Done, refsOf(t)
	return a
}

func refsOf(t transaction) map[string]string {
	refs := map[string]string{refTransaction: string(t.ID)}
	if t.RRN != "" {
		refs[refRRN] = string(t.RRN)
	}
	if id := t.card().ID; id != "" {
		refs[refCard] = string(id)
	}
	return refs
}

// meanings tell what a status proves about one call. A status that is missing proves nothing.
type meanings map[int64]meaning

type meaning struct {
	outcome payment.Outcome
	reason  reason // of Declined
	moved   bool   // of Done: and nobody asked for it
}

func means(outcome payment.Outcome) meaning { return meaning{outcome: outcome} }
func ends(why reason) meaning               { return meaning{outcome: payment.Declined, reason: why} }

// settled reads the transaction of an answer by what its status means to the call.
func settled(a payment.Answer, t transaction, call saga.Call, by meanings) payment.Answer {
	a, ours := spoken(a, t, call)
	m, known := by[t.Status.Value]
	switch {
	case !ours:
	case !t.Status.Present || !known:
		return a.Unclear(noteStatus)
	case m.outcome == payment.Done:
		a = confirmed(a, t)
		a.Moved = m.moved && a.Outcome == payment.Done
	case foreign(a, call):
		return a.Unclear(noteForeign)
	case m.outcome == payment.Declined:
		return declines(a, m.reason)
	default:
		a.Outcome = m.outcome
	}
	return a
}
