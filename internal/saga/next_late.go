package saga

import (
	"slices"

	"tolov/internal/payment"
)

// stale tells whether the record went on while the call was under way: another worker took the payment over.
func (t *turn) stale(a Answered) bool {
	s := &t.rec.State
	if !t.onWalkOf(a.Call) || s.Step != a.Call.Index || s.Part != a.Call.Part {
		return true
	}
	return a.Call.Attempt > 0 && (s.Intent == nil || s.Intent.Attempt != a.Call.Attempt)
}

// onWalkOf tells whether the walk on which the call was made is the one that the payment is on. A path can be walked
// many times: each refund takes the same one.
func (t *turn) onWalkOf(c Call) bool {
	s := &t.rec.State
	return s.Path == c.Path && s.Began == c.Began
}

// late judges an answer that came after the record went on. Proof that money moved is never thrown away.
func (t *turn) late(a Answered) Decision {
	s, p := &t.rec.State, t.rec.Payment
	switch {
	case a.Answer.Outcome != payment.Done || !t.proves(a.Call) || !t.matters(a.Call):
		return t.lookAgain()
	case s.Review == ReviewByContradiction:
		t.save = true // evidence for the person who looks
		return t.rest()
	case s.Path != "" && !s.dropping() && !t.onWalkOf(a.Call): // asked about when that walk is over
		s.Watch = &Watch{Walk: a.Call.Walk, Until: after(payment.At(t.now), lateFor), Intent: Intent{
			Step: a.Call.Step, Part: a.Call.Part, Attempt: a.Call.Attempt, Transaction: a.Call.Transaction,
			Amount: a.Call.Amount, At: payment.At(a.AskedAt), SendBy: payment.At(a.Call.SendBy),
		}}
		t.save = true
		return t.lookAgain()
	case !t.onWalkOf(a.Call) || s.Part != a.Call.Part:
		s.Walk = a.Call.Walk
		return t.contradiction(a, "the provider confirmed a payment that was given up: "+string(p.Status))
	default:
		s.Step = a.Call.Index
		return t.done(a)
	}
}

// proves tells whether a call that is done says that money moved: one that moves it, or a question about one. A
// question of the very walk that the payment is on is just asked again.
func (t *turn) proves(c Call) bool {
	if c.Asks {
		return !t.onWalkOf(c)
	}
	return c.Attempt > 0
}

// matters tells whether a late confirmation says something that the record does not know: the step that it confirms
// did not come to its end by then.
func (t *turn) matters(c Call) bool {
	s, p := &t.rec.State, t.rec.Payment
	switch {
	case t.onWalkOf(c):
		return s.Step <= c.Index && s.Part <= c.Part
	case t.flow.Paths[c.Path].Does == Charges:
		return p.AmountCharged == 0 && t.flow.step(c.Step).Each != Rest
	case t.flow.Paths[c.Path].Does == Refunds:
		return slices.ContainsFunc(p.Refunds, func(r payment.Refund) bool {
			return r.RefundID == c.Walk.RefundID && r.Status == payment.RefundRefused
		})
	default:
		gone := s.dropping() || p.Status == payment.Failed || p.Status == payment.Cancelled
		return c.Path == t.flow.Opens && gone && p.AmountHeld == 0
	}
}
