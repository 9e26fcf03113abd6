package saga

import "tolov/internal/payment"

// stamp completes a record that is about to be saved.
func (t *turn) stamp(r *Record) {
	r.State.Records++
	r.At = payment.At(t.now)
	r.Cause = t.cause()
	if c := t.in.Command; r.PaymentID == "" && c != nil {
		r.PaymentID, r.Merchant = c.PaymentID(), c.Merchant
	}
	if b := t.in.Stated; b != nil && r.PaymentID == "" {
		r.PaymentID, r.Merchant = b.PaymentID, b.Merchant
	}
	r.Evidence = t.in.Notice
	if t.in.Stated != nil {
		r.Evidence = t.in.Stated.evidence()
	}
	if a := t.in.Answer; a != nil {
		r.Evidence = evidence(*a)
	}
	if r.Payment != nil {
		r.Payment.Version = r.State.Records
		r.Payment.UpdatedAt = r.At
	}
}

func (t *turn) cause() Cause {
	c := t.in.Command
	switch {
	case t.in.Answer != nil:
		return Cause{Kind: ByAnswer, Step: t.in.Answer.Call.Step}
	case c != nil:
		kind := ByCommand
		if t.in.Word != nil {
			kind = ByProvider
		}
		return Cause{
			Kind: kind, Verb: c.Verb, CommandID: c.CommandID, Reason: c.Reason,
			Actor: c.Actor, ApprovedBy: c.ApprovedBy, Evidence: c.Evidence,
		}
	case t.in.Notice != nil:
		return Cause{Kind: ByNotice, Step: t.in.Notice.Step}
	case t.in.Stated != nil:
		return Cause{Kind: ByBooks, Step: t.in.Stated.By}
	default:
		return Cause{Kind: t.in.Wake}
	}
}

func evidence(a Answered) *payment.Evidence {
	return &payment.Evidence{
		Step: a.Call.Step, Outcome: a.Answer.Outcome, Code: a.Answer.Code, HTTPStatus: a.Answer.HTTPStatus,
		Transaction: a.Answer.Transaction, Amount: a.Answer.Amount, Note: a.Answer.Note, AskedAt: payment.At(a.AskedAt),
	}
}

// emit adds an event to the record.
func (t *turn) emit(e Event) {
	t.rec.State.Events++
	e.N = t.rec.State.Events
	t.rec.Events = append(t.rec.Events, e)
	t.save = true
}

// rest leaves the payment until its next due time, if it has one.
func (t *turn) rest() Decision {
	s := &t.rec.State
	due := t.due()
	if timed := !due.IsZero(); timed != s.Timed || !due.Equal(s.Due.Time) {
		s.Due, s.Timed, t.save = due, timed, true
	}
	return Decision{Arm: s.Timed}
}

// due is the earliest time at which something must happen by itself.
func (t *turn) due() Time {
	s, p := &t.rec.State, t.rec.Payment
	switch {
	case p == nil || s.Review == ReviewByContradiction:
		return Time{}
	case s.dropping() && s.Next.IsZero(): // a message has it in hand
		return payment.At(t.now.Add(carriedFor))
	case p.Status.Final() && s.Path == "" || s.Ending != "":
		return s.Next
	case s.open():
		return s.Due
	case s.Doubt != nil && s.Review == "":
		return earliest(s.Next, after(s.Doubt.Since, t.policy.ReviewAfter))
	case s.Doubt != nil:
		return s.Next
	case p.Action != nil:
		return earliest(s.Next, p.Action.ExpiresAt)
	case p.Status == payment.Held:
		return earliest(s.Next, p.HeldUntil)
	case t.opening():
		return earliest(s.Next, s.Deadline)
	case s.Next.IsZero():
		return payment.At(t.now.Add(carriedFor))
	default:
		return s.Next
	}
}

// await rests until the customer has acted.
func (t *turn) await(step Step) Decision {
	s := &t.rec.State
	asked := *s.Asked
	asked.AttemptsLeft = max(step.Await.Attempts-s.WrongCodes, 0)
	if asked.ExpiresAt.IsZero() || !t.now.Before(asked.ExpiresAt.Time) {
		asked.ExpiresAt = payment.At(t.now.Add(step.Await.Within))
	}
	asked.ExpiresAt = earliest(asked.ExpiresAt, s.Deadline)
	s.Asked = &asked
	t.rec.Payment.Action = clonePointer(&asked)
	t.rec.Payment.Status = payment.ActionRequired
	s.Review = ""
	if step.Class == Page { // only asking tells when the customer has paid
		s.Polls, s.Next = 1, payment.At(t.now.Add(t.policy.Wait(t.rec.Payment.ID, 0)))
	}
	t.emit(Event{Type: payment.EventActionRequired})
	return t.rest()
}

// wantCard stops at a step whose card is not in hand. A draft waits for the opening command to come again; a money
// step cannot be tried again, and certainly nothing was charged.
func (t *turn) wantCard(step Step) Decision {
	if step.Class == Money {
		return t.fail(&payment.Failure{
			Code: "card_needed_again", Category: payment.ByCaller, Advice: payment.StartAgain,
			Message: payment.Text{
				UZ: "To‘lov amalga oshmadi, karta ma’lumotlari qayta kerak",
				RU: "Платёж не прошёл, данные карты нужны снова",
				EN: "The payment did not go through, the card is needed again",
			},
		})
	}
	return t.rest()
}
