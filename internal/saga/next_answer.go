package saga

import (
	"maps"
	"time"

	"tolov/internal/payment"
)

// answered decides on what came of a call.
func (t *turn) answered(a Answered) Decision {
	s := &t.rec.State
	steps := t.path().Steps
	switch {
	case t.stale(a):
		return t.late(a)
	case a.Call.Asks:
		t.asked = true
		return t.checked(a)
	case a.Call.Attempt > 0:
		return t.moved(a)
	case s.Step < len(steps) && a.Call.Step == steps[s.Step].Name:
		return t.drafted(a)
	default:
		return t.resent(a)
	}
}

// drafted goes on after a call that is safe to repeat.
func (t *turn) drafted(a Answered) Decision {
	s := &t.rec.State
	switch a.Answer.Outcome {
	case payment.Done:
		if why := t.disagrees(a); why != "" {
			return t.contradiction(a, why)
		}
		t.remember(a)
		t.onward()
		s.Polls = 0
		return t.run()
	case payment.Declined:
		if s.dropping() { // the end waits until the draft is gone
			return t.again(a)
		}
		return t.refuse(a.Answer.Failure)
	default:
		merge(&s.Kept, a.Answer.Keep) // how far the provider is, for the next attempt
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
	s.Next, s.Due = Time{}, s.Deadline
	if !t.opening() {
		s.Due = payment.At(t.now.Add(carriedFor))
	}
	return Decision{Back: wait}
}

// remember keeps what the provider told about itself.
func (t *turn) remember(answered Answered) {
	s, p, a := &t.rec.State, t.rec.Payment, answered.Answer
	refs, receipts := &p.ProviderRefs, &p.Receipts
	if item := t.itemOf(answered.Call); item != nil {
		refs, receipts = &item.ProviderRefs, &item.Receipts
	} else if a.Transaction != "" && t.opening() {
		s.Transaction = a.Transaction
	}
	merge(refs, a.Refs)
	merge(&s.Kept, a.Keep)
	if len(a.Receipts) > 0 {
		*receipts = a.Receipts
	}
	if a.Action != nil {
		s.Asked = clonePointer(a.Action)
	}
	if !a.HeldUntil.IsZero() {
		p.HeldUntil = payment.At(a.HeldUntil)
	}
	if a.Card != nil {
		p.Card = clonePointer(a.Card)
	}
	t.rememberParts(a.Parts)
}

func (t *turn) rememberParts(parts []payment.Part) {
	s, p := &t.rec.State, t.rec.Payment
	if len(p.Items) == 0 {
		p.Items = chosenCards(parts)
		return
	}
	for i, part := range parts {
		if i >= len(p.Items) {
			return
		}
		if part.Transaction != "" {
			for len(s.Items) < len(p.Items) {
				s.Items = append(s.Items, "")
			}
			s.Items[i] = part.Transaction
		}
		merge(&p.Items[i].ProviderRefs, part.Refs)
		if len(part.Receipts) > 0 {
			p.Items[i].Receipts = part.Receipts
		}
	}
}

// itemOf is the item that a call was made for, nil when it was for the whole payment.
func (t *turn) itemOf(c Call) *payment.Item {
	steps := t.path().Steps
	if c.Item == nil || c.Index >= len(steps) {
		return nil
	}
	if parts := t.parts(steps[c.Index].Each); c.Part < len(parts) && parts[c.Part].Index >= 0 {
		return &t.rec.Payment.Items[parts[c.Part].Index]
	}
	return nil
}

func merge(into *map[string]string, from map[string]string) {
	if len(from) > 0 && *into == nil {
		*into = make(map[string]string, len(from))
	}
	maps.Copy(*into, from)
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
	if t.lessWillDo(a) {
		t.rec.State.Amount = a.Answer.Amount
	}
	t.rec.State.Asked = nil
	t.remember(a)
	if item := t.itemOf(a.Call); item != nil && t.path().Does == Charges && t.path().Steps[a.Call.Index].Each == Chosen {
		item.AmountCharged = a.Call.Amount
	}
	t.forget()
	s := &t.rec.State
	if s.Ending = ""; s.Watch != nil && s.Watch.Walk.Began == s.Began {
		s.Watch = nil
	}
	t.onward()
	t.save = true
	return t.run()
}

// declined takes the provider's explicit refusal: certainly nothing moved.
func (t *turn) declined(a Answered) Decision {
	s := &t.rec.State
	step := t.path().Steps[s.Step]
	item := t.itemOf(a.Call)
	t.forget()
	if a.Answer.Wrong && step.Await != nil && s.Asked != nil {
		s.WrongCodes++
		if s.WrongCodes < step.Await.Attempts {
			return t.await(step)
		}
	}
	switch {
	case item != nil && step.Each == Chosen: // the other items can still be charged; this one is released with the rest
		t.onward()
		t.save = true
		return t.run()
	case item != nil && t.path().Does == Charges:
		return t.contradiction(a, "an item that was not charged could not be released")
	case s.Part > 0:
		return t.contradiction(a, "some parts took effect and some did not")
	case t.path().Does == Charges && a.Answer.Failure.Code == CancelHoldExpired:
		t.rec.Payment.CancelReason = CancelHoldExpired
		return t.settle(payment.Cancelled, payment.EventCancelled)
	default:
		return t.refuse(a.Answer.Failure)
	}
}

// forget closes the intent and everything that hung on its outcome.
func (t *turn) forget() {
	s := &t.rec.State
	s.Intent, s.Doubt = nil, nil
	s.Review, s.Polls, s.Next = "", 0, Time{}
}

// resent takes the answer to a request for another code.
func (t *turn) resent(a Answered) Decision {
	s := &t.rec.State
	switch a.Answer.Outcome {
	case payment.Done:
		t.see()
		s.Asked.ExpiresAt = Time{}
		return t.await(t.path().Steps[s.Step])
	case payment.Declined:
		return t.reject(payment.ByProviderRule, "", "the provider refused: "+a.Answer.Failure.Message.EN)
	default:
		if s.Polls++; s.Polls > maxResends {
			s.Polls = 0
			return t.reject(payment.ByProviderRule, "", "the provider could not be reached")
		}
		t.save = true
		return Decision{Back: max(t.policy.Wait(t.rec.Payment.ID, s.Polls-1), a.Answer.RetryAfter)}
	}
}

// contradiction stops everything: a person must look (law 8).
func (t *turn) contradiction(a Answered, why string) Decision {
	s, p := &t.rec.State, t.rec.Payment
	ours := payment.Side{Status: string(p.Status), Amount: a.Call.Amount, Transaction: a.Call.Transaction}
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

func minutesOf(n int64) time.Duration { return time.Duration(n) * time.Minute }
