package saga

import (
	"time"

	"tolov/internal/payment"
)

// answered decides on what came of a call.
func (t *turn) answered(a Answered) Decision {
	s := &t.rec.State
	switch {
	case t.stale(a):
		return t.late(a)
	case a.Call.Asks:
		t.asked = true
		return t.checked(a)
	case a.Call.Attempt > 0:
		return t.moved(a)
	case s.Step < len(t.path().Steps) && a.Call.Step == t.path().Steps[s.Step].Name:
		return t.drafted(a)
	default:
		return t.resent(a)
	}
}

// stale tells whether the record went on while the call was under way: another worker took the payment over.
func (t *turn) stale(a Answered) bool {
	s := &t.rec.State
	if s.Path != a.Call.Path || s.Step != a.Call.Index {
		return true
	}
	return a.Call.Attempt > 0 && (s.Intent == nil || s.Intent.Attempt != a.Call.Attempt)
}

// late judges an answer that came after the record went on. Proof that money moved is never thrown away.
func (t *turn) late(a Answered) Decision {
	s, p := &t.rec.State, t.rec.Payment
	switch {
	case a.Call.Attempt == 0 || a.Answer.Outcome != payment.Done || p.AmountCharged > 0:
		return t.lookAgain()
	case s.Review == ReviewByContradiction:
		t.save = true // evidence for the person who looks
		return t.rest()
	case p.Status.Final() || s.Path != a.Call.Path:
		return t.contradiction(a, "the provider confirmed a payment that was given up: "+string(p.Status))
	default:
		s.Step = a.Call.Index
		return t.done(a)
	}
}

// lookAgain leaves a payment that another worker took over: the message in hand, if any, is judged afresh later.
func (t *turn) lookAgain() Decision {
	if t.in.Command == nil {
		return t.rest()
	}
	return Decision{Back: busyFor}
}

// drafted goes on after a call that is safe to repeat.
func (t *turn) drafted(a Answered) Decision {
	s := &t.rec.State
	switch a.Answer.Outcome {
	case payment.Done:
		if why := t.disagrees(a); why != "" {
			return t.contradiction(a, why)
		}
		t.remember(a.Answer)
		s.Step++
		s.Polls = 0
		return t.run()
	case payment.Declined:
		return t.fail(a.Answer.Failure)
	default:
		return t.again(a)
	}
}

// again comes back to a call that was not made, or that is safe to repeat.
func (t *turn) again(a Answered) Decision {
	s := &t.rec.State
	wait := max(t.policy.Wait(t.rec.Payment.ID, s.Polls), a.Answer.RetryAfter)
	s.Polls++
	t.save = true
	if !t.drives() {
		s.Next = payment.At(t.now.Add(wait))
		return t.rest()
	}
	s.Next = Time{}
	return Decision{Back: wait}
}

// drives tells whether the message in hand takes the path on when it comes again.
func (t *turn) drives() bool { return t.carries() || t.in.Command != nil && t.in.Command.Verb.Opens() }

// remember keeps what the provider told about itself.
func (t *turn) remember(a payment.Answer) {
	s, p := &t.rec.State, t.rec.Payment
	if a.Transaction != "" {
		s.Transaction = a.Transaction
	}
	if len(a.Refs) > 0 && p.ProviderRefs == nil {
		p.ProviderRefs = make(map[string]string, len(a.Refs))
	}
	for name, value := range a.Refs {
		p.ProviderRefs[name] = value
	}
	if a.Action != nil {
		s.Asked = clonePointer(a.Action)
	}
	if len(a.Receipts) > 0 {
		p.Receipts = a.Receipts
	}
}

// disagrees tells how the answer contradicts what we asked for (H12), or nothing.
func (t *turn) disagrees(a Answered) string {
	switch {
	case a.Answer.Amounted && a.Answer.Amount != a.Call.Amount:
		return "the provider names another amount"
	case a.Call.Transaction != "" && a.Answer.Transaction != "" && a.Answer.Transaction != a.Call.Transaction:
		return "the provider names another transaction"
	default:
		return ""
	}
}

// moved goes on after the call of a money step.
func (t *turn) moved(a Answered) Decision {
	s := &t.rec.State
	switch a.Answer.Outcome {
	case payment.Done:
		return t.done(a)
	case payment.Declined:
		return t.declined(a)
	case payment.NotSent:
		if s.Doubt != nil { // someone took over meanwhile; nothing of ours went out
			return t.lookAgain()
		}
		s.Intent = nil
		s.Due = s.Deadline
		return t.again(a)
	default:
		if s.Doubt != nil {
			return t.rest()
		}
		return t.doubt(false)
	}
}

// done takes the provider's explicit confirmation, if it agrees with ours (H11, H12).
func (t *turn) done(a Answered) Decision {
	if why := t.disagrees(a); why != "" {
		return t.contradiction(a, why)
	}
	t.remember(a.Answer)
	t.forget()
	s := &t.rec.State
	s.Watch, s.Ending, s.Asked, s.Sends, s.Lost = nil, "", nil, 0, 0
	s.Step++
	t.save = true
	return t.run()
}

// declined takes the provider's explicit refusal: certainly nothing moved.
func (t *turn) declined(a Answered) Decision {
	s := &t.rec.State
	step := t.path().Steps[s.Step]
	t.forget()
	if a.Answer.Wrong && step.Await != nil && s.Asked != nil {
		s.WrongCodes++
		if s.WrongCodes < step.Await.Attempts {
			return t.await(step)
		}
	}
	return t.fail(a.Answer.Failure)
}

// forget closes the intent and everything that hung on its outcome.
func (t *turn) forget() {
	s := &t.rec.State
	s.Intent, s.Doubt = nil, nil
	s.Review, s.Polls, s.Next = "", 0, Time{}
}

// resent takes the answer to a request for another code.
func (t *turn) resent(a Answered) Decision {
	switch a.Answer.Outcome {
	case payment.Done:
		t.see()
		s := &t.rec.State
		s.Asked.ExpiresAt = Time{}
		return t.await(t.path().Steps[s.Step])
	case payment.Declined:
		return t.reject(payment.ByProviderRule, "", "the provider refused: "+a.Answer.Failure.Message.EN)
	default:
		if t.rec.State.Polls++; t.rec.State.Polls > maxResends {
			t.rec.State.Polls = 0
			return t.reject(payment.ByProviderRule, "", "the provider could not be reached")
		}
		t.save = true
		return Decision{Back: max(t.policy.Wait(t.rec.Payment.ID, t.rec.State.Polls-1), a.Answer.RetryAfter)}
	}
}

// contradiction stops everything: a person must look (law 8).
func (t *turn) contradiction(a Answered, why string) Decision {
	s, p := &t.rec.State, t.rec.Payment
	ours := payment.Side{Status: string(p.Status), Amount: a.Call.Amount, Transaction: s.Transaction}
	if ours.Transaction == "" {
		ours.Transaction = a.Call.Transaction
	}
	t.forget()
	s.Watch, s.Ending = nil, ""
	s.Review = ReviewByContradiction
	p.Status, p.Action, p.Failure, p.CancelReason = payment.NeedsReview, nil, nil, ""
	t.emit(Event{Type: payment.EventDiscrepancy, Discrepancy: &payment.Discrepancy{
		Why: why, Ours: ours,
		Theirs: payment.Side{
			Status: string(a.Answer.Outcome), Amount: a.Answer.Amount, Transaction: a.Answer.Transaction,
		},
	}})
	t.emit(Event{Type: payment.EventNeedsReview, Review: s.Review})
	return t.rest()
}

func secondsOf(n int64) time.Duration { return time.Duration(n) * time.Second }
