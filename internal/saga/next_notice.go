package saga

import "tolov/internal/payment"

// noticed takes what the provider told by itself. It proves nothing about the outcome (H59): it is kept as evidence,
// and the provider is asked now. What comes of a notice is as true when it comes twice, late or never (H60, H61).
//
// After one that was heeded the next is only after a pause of the poll schedule, a longer one each time: so a flood of
// notices makes no more records and questions than polling does (H63).
func (t *turn) noticed() Decision {
	s, p := &t.rec.State, t.rec.Payment
	switch {
	case p == nil || p.Status.Final():
		return Decision{}
	case s.open() && t.now.Before(s.Due.Time): // our own call is under way, and its answer says more
		return Decision{Back: busyFor}
	case t.in.Disputed != "" && s.Review != ReviewByContradiction:
		told := payment.Answer{Outcome: payment.Unknown, Transaction: t.in.Notice.Transaction}
		return t.contradiction(Answered{Answer: told}, t.in.Disputed)
	case t.now.Before(s.Heed.Time) && !t.news():
		return Decision{}
	}
	merge(&s.Kept, t.in.Named)
	s.Heed = after(payment.At(t.now), t.policy.Wait(p.ID, s.Notices))
	s.Notices++
	t.save = true
	switch {
	case s.open(): // nobody came back from the call in time
		return t.doubt(true)
	case !t.askable():
		return t.rest()
	case s.Doubt != nil || t.onPage(): // what it announces is about to happen: look often again
		s.Polls = 0
	}
	return t.ask()
}

// news tells whether the notice named an id that is not known here.
func (t *turn) news() bool {
	for name, id := range t.in.Named {
		if t.rec.State.Kept[name] != id {
			return true
		}
	}
	return false
}
