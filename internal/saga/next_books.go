package saga

import (
	"time"

	"tolov/internal/payment"
)

// Stated is what the provider's books say of a payment, or of something that is no payment of ours.
type Stated struct {
	PaymentID string // of a line without a payment of ours: see Stranger
	Merchant  string
	Provider  string
	By        string        // the provider's call that gave the books
	Line      *payment.Line // nil: the books do not have it
	AskedAt   time.Time     // when they were asked for
}

// Difference is a discrepancy between our record and the provider's books that is still open.
type Difference struct {
	payment.Discrepancy
	Provider string `json:"provider"`
	On       Time   `json:"on"` // the moment that says in which period's books it shows
}

// Stranger is the id under which a line of the provider's books is recorded that no payment of ours is found for. It
// has the form of a payment's id and is nobody's: no ext_id can be spelled that leads to it.
func Stranger(merchant, provider string, line payment.Line) string {
	name := line.Transaction
	if name == "" {
		name = "?" + line.Key
	}
	return payment.ID(merchant, "/"+provider+"/"+name)
}

// Comparable tells whether the record can be held against books that were asked for at a moment: it is at rest, and was
// so for long enough that no call of ours was still on its way to the provider then (H6).
func (r Record) Comparable(askedAt time.Time, policy Policy) bool {
	if r.Payment == nil {
		return true
	}
	atRest := r.Payment.Status.Final() && r.State.Path == ""
	return atRest && (r.Cause.Kind == ByBooks || !askedAt.Before(r.At.Add(policy.Quiet())))
}

// stated compares our record with the provider's books. What differs becomes a discrepancy that stays open until both
// sides agree; nothing else of the payment changes, for a final status absorbs (law 8, H58).
func (t *turn) stated(b Stated) Decision {
	s := &t.rec.State
	if !t.rec.Comparable(b.AskedAt, t.policy) {
		return Decision{}
	}
	now := t.sides(b)
	switch {
	case now.Why == "" && s.Differs == nil, s.Differs != nil && now.Same(s.Differs.Discrepancy):
		return Decision{}
	case now.Why == "":
		now.Why, now.Closed, s.Differs = payment.AgreesAgain, true, nil
	default:
		s.Differs = &Difference{Discrepancy: now, Provider: b.Provider, On: t.shownOn(b.Line)}
	}
	t.emit(Event{Type: payment.EventDiscrepancy, Discrepancy: &now})
	return Decision{}
}

// sides puts both sides next to each other, and why they differ if they do.
func (t *turn) sides(b Stated) payment.Discrepancy {
	s, p := &t.rec.State, t.rec.Payment
	d := payment.Discrepancy{
		By: b.By, Ours: payment.Side{Status: payment.Missing}, Theirs: payment.Side{Status: payment.Missing},
	}
	if b.Line != nil {
		d.Theirs = b.Line.Side()
	}
	switch {
	case p != nil:
		d.Why, d.Ours = p.Differs(s.Transaction, b.Line), p.Side(s.Transaction)
	case b.Line != nil:
		d.Why = payment.NotOurs
	}
	return d
}

// shownOn is when the provider began the payment, or, when it does not tell, when we did.
func (t *turn) shownOn(line *payment.Line) Time {
	switch {
	case line != nil && !line.At.IsZero():
		return line.At
	case t.rec.Payment != nil:
		return t.rec.Payment.CreatedAt
	default:
		return payment.At(t.now)
	}
}

func (b *Stated) evidence() *payment.Evidence {
	e := &payment.Evidence{Step: b.By, Outcome: payment.Absent, AskedAt: payment.At(b.AskedAt), Note: payment.NotInBooks}
	if l := b.Line; l != nil {
		e.Outcome, e.Code, e.Transaction, e.Amount, e.Note = l.Outcome, l.Code, l.Transaction, l.Amount, ""
	}
	return e
}
