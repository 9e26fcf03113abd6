package saga

import "tolov/internal/payment"

// doubt records that the outcome of the open intent is unknown: from now on the provider is only asked (law 3).
func (t *turn) doubt(askNow bool) Decision {
	s, p := &t.rec.State, t.rec.Payment
	at := payment.At(t.now)
	s.Doubt = &Doubt{Since: at, Taken: askNow}
	s.Polls, s.Next = 1, after(at, t.policy.Wait(p.ID, 0))
	p.Status = payment.InDoubt
	t.emit(Event{Type: payment.EventInDoubt})
	rest := t.rest()
	if askNow && t.askable() {
		return t.ask()
	}
	return rest
}

// checked takes the answer to a question about a money step.
func (t *turn) checked(a Answered) Decision {
	s, p := &t.rec.State, t.rec.Payment
	switch {
	case s.Review == ReviewByContradiction:
		t.save = true // evidence for the person who looks
		return t.rest()
	case p.Status.Final() || p.Status == payment.Held && s.Watch != nil && s.Ending == "":
		return t.watched(a)
	case a.Answer.Mixed:
		return t.mixed(a)
	case p.Status == payment.Held:
		return t.checkedHold(a)
	}
	switch a.Answer.Outcome {
	case payment.Done:
		s.Step = t.indexOf(t.moneyStep().Name)
		return t.done(a)
	case payment.Declined:
		return t.checkedDeclined(a)
	case payment.Absent:
		return t.absent(a)
	default:
		return t.later(a)
	}
}

func (t *turn) indexOf(name string) int {
	for i, step := range t.path().Steps {
		if step.Name == name {
			return i
		}
	}
	return t.rec.State.Step
}

func (t *turn) checkedDeclined(a Answered) Decision {
	if t.rec.State.Ending != "" {
		return t.drop()
	}
	return t.declined(a)
}

// mixed takes an answer by which some parts took effect and some did not. The provider may still be at it; after the
// quiet period it is a matter for a person, never a guess.
func (t *turn) mixed(a Answered) Decision {
	if t.rec.State.Intent != nil && a.AskedAt.Before(t.quiet().Time) {
		return t.later(a)
	}
	return t.contradiction(a, "some parts took effect and some did not")
}

// checkedHold takes the answer about funds that are held: still held, or gone. Absent says that only when their time is
// over: before that the read lags behind (H6).
func (t *turn) checkedHold(a Answered) Decision {
	s := &t.rec.State
	switch {
	case a.Answer.Outcome == payment.Declined || a.Answer.Outcome == payment.Absent && s.Ending != "":
		if s.Ending == "" {
			s.Ending = CancelHoldExpired
		}
		return t.drop()
	case s.Ending == "":
		return t.rest()
	case s.Ending == CancelHoldExpired && a.Answer.Outcome == payment.Done && t.overheld():
		return t.letGo()
	default:
		t.reschedule(a)
		return t.rest()
	}
}

// overheld tells whether the provider has had time to let go of a hold that ran out, and we may do it.
func (t *turn) overheld() bool {
	_, releases := t.flow.Paths[Release]
	return releases && !t.now.Before(t.rec.Payment.HeldUntil.Add(t.policy.Quiet()))
}

// letGo releases what is held past its time: no hold is without a way out, whatever the provider does by itself.
func (t *turn) letGo() Decision {
	s := &t.rec.State
	s.Ending, s.Carrier, s.Polls, s.Next = "", "", 0, Time{}
	s.Walk = Walk{Path: Release, Came: payment.Held, Reason: CancelHoldExpired, Began: s.Records}
	return t.run()
}

// absent takes the provider's word that it knows of no effect. It settles an intent only when it was asked for after
// the quiet period: before that, our call may still be on its way (H4, H6).
func (t *turn) absent(a Answered) Decision {
	s := &t.rec.State
	switch {
	case s.Intent == nil && s.Ending != "":
		return t.drop()
	case s.Intent == nil && s.Watch != nil:
		return t.watched(a)
	case s.Intent == nil:
		return t.later(a)
	case a.AskedAt.Before(t.quiet().Time):
		return t.later(a)
	case s.Asked == nil && s.Lost >= maxLost: // something is wrong that another attempt will not cure
		return t.later(a)
	}
	s.Lost++
	s.Watch = &Watch{Intent: *s.Intent, Until: after(s.Intent.At, lateFor), Walk: s.Walk}
	t.forget()
	s.Polls, s.Next = 1, payment.At(t.now.Add(t.policy.Wait(t.rec.Payment.ID, 0)))
	t.rec.Payment.Status = payment.Processing
	t.save = true
	return t.run()
}

// quiet is from when on absent settles the open intent. A worker that took the payment over reads the time of the
// intent from another's clock, which may be behind its own: it counts from when it came itself (H67).
func (t *turn) quiet() Time {
	s := &t.rec.State
	from := s.Intent.At
	if d := s.Doubt; d != nil && d.Taken && d.Since.After(from.Time) {
		from = d.Since
	}
	return after(from, t.policy.Quiet())
}

// later asks again at the next time of the schedule, and calls a person when it has taken too long. Asking goes on
// all the same: nothing ever turns unknown into failed by waiting.
func (t *turn) later(a Answered) Decision {
	s, p := &t.rec.State, t.rec.Payment
	if s.Doubt == nil && s.Ending == "" && s.Watch == nil && !t.onPage() { // a recheck of a payment that waits
		return t.rest()
	}
	t.reschedule(a)
	if s.Doubt != nil && s.Review == "" && !t.now.Before(s.Doubt.Since.Add(t.policy.ReviewAfter)) {
		s.Review = ReviewByTime
		p.Status = payment.NeedsReview
		t.emit(Event{Type: payment.EventNeedsReview, Review: s.Review})
	}
	return t.rest()
}

// onPage tells whether the customer is at the provider's page.
func (t *turn) onPage() bool {
	s := &t.rec.State
	steps := t.path().Steps
	return s.Step < len(steps) && steps[s.Step].Class == Page
}

func (t *turn) reschedule(a Answered) {
	s := &t.rec.State
	wait := max(t.policy.Wait(t.rec.Payment.ID, s.Polls), a.Answer.RetryAfter)
	s.Polls++
	s.Next = payment.At(t.now.Add(wait))
	if s.Intent != nil { // the moment from which absent counts is worth a look of its own
		if quiet := t.quiet(); t.now.Before(quiet.Time) {
			s.Next = earliest(s.Next, quiet)
		}
	}
	t.save = true
}

// watched keeps an eye on a call that seemed absent, until it cannot land any more (H5). When it lands after the
// payment ended without it, a person must look.
func (t *turn) watched(a Answered) Decision {
	s, p := &t.rec.State, t.rec.Payment
	if s.Watch == nil {
		return t.rest()
	}
	if a.Answer.Outcome == payment.Done && s.Path == "" {
		s.Walk = s.Watch.Walk
		return t.contradiction(a, "the provider carried out a call that had been given up; the payment is "+string(p.Status))
	}
	t.reschedule(a)
	if !s.Next.Before(s.Watch.Until.Time) {
		s.Watch, s.Next = nil, Time{}
	}
	return t.rest()
}

// woken decides on a timer that fired or a sweep that found the payment due. Both are hints (H38).
func (t *turn) woken() Decision {
	s, p := &t.rec.State, t.rec.Payment
	switch {
	case p == nil || s.Due.IsZero() || t.now.Before(s.Due.Time):
		return Decision{Arm: s.Timed}
	case p.Status.Final() && s.Watch == nil && s.Path == "":
		return t.rest()
	case s.open(): // nobody came back from the call in time
		return t.doubt(true)
	case s.dropping():
		return t.run()
	case s.Doubt != nil || s.Ending != "":
		return t.ask()
	case p.Action != nil && !t.now.Before(p.Action.ExpiresAt.Time):
		return t.giveUp(CancelExpired)
	case p.Status == payment.Held && s.Path == "" && !t.now.Before(p.HeldUntil.Time):
		s.Ending, s.Watch = CancelHoldExpired, nil
		return t.ask()
	case p.Status == payment.Held && s.Path == "" && s.Watch == nil:
		return t.rest()
	case s.Watch != nil && s.Path == "":
		return t.ask()
	case t.onPage() && p.Action != nil, s.Watch != nil && (p.Status.Final() || p.Action != nil):
		return t.ask()
	default:
		return t.run()
	}
}
