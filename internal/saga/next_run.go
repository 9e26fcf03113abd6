package saga

import "tolov/internal/payment"

// run goes on with the path from the step that stands next.
func (t *turn) run() Decision {
	step, ok := t.step()
	if !ok {
		return t.finish()
	}
	s := &t.rec.State
	switch {
	case t.overdue():
		return t.giveUp(CancelExpired)
	case step.Class == Page && s.Asked == nil: // the provider asked the customer for nothing
		t.onward()
		return t.run()
	case step.Await != nil && s.Asked != nil && !t.hasCode():
		return t.await(step)
	case step.NeedsCard && !t.hasCard():
		return t.wantCard(step)
	case step.Class == Told:
		return t.listen(step)
	case step.Class == Money:
		return t.intend(step)
	default:
		return t.call(step.Name)
	}
}

// step is the step that stands next, past those whose items are all done.
func (t *turn) step() (Step, bool) {
	s := &t.rec.State
	for steps := t.path().Steps; s.Step < len(steps); s.Step, s.Part = s.Step+1, 0 {
		step := steps[s.Step]
		if step.Each == Once || s.Part < len(t.parts(step.Each)) {
			return step, true
		}
	}
	return Step{}, false
}

// onward goes past the step, or past the item for which it was made.
func (t *turn) onward() {
	s := &t.rec.State
	s.Sends, s.Lost = 0, 0
	if s.Step < len(t.path().Steps) && t.path().Steps[s.Step].Each != Once {
		s.Part++
		return
	}
	s.Step++
}

// parts are the items for which a step is made, with the amount for each. A payment without items has one part of its
// own, at index -1.
func (t *turn) parts(each Each) []Choice {
	s, p := &t.rec.State, t.rec.Payment
	if len(p.Items) == 0 {
		if each == Rest {
			return nil
		}
		return []Choice{{Index: -1, Amount: t.amount()}}
	}
	var parts []Choice
	for i, item := range p.Items {
		chosen := chosenAmount(s.Chosen, i)
		switch {
		case t.path().Does == Refunds:
			if item.AmountCharged > 0 {
				parts = append(parts, Choice{Index: i, Amount: item.AmountCharged})
			}
		case each == All:
			parts = append(parts, Choice{Index: i, Amount: item.Amount})
		case each == Chosen && chosen > 0:
			parts = append(parts, Choice{Index: i, Amount: chosen})
		case each == Rest && item.AmountCharged == 0:
			parts = append(parts, Choice{Index: i, Amount: item.Amount})
		}
	}
	return parts
}

func chosenAmount(chosen []Choice, index int) payment.Money {
	for _, c := range chosen {
		if c.Index == index {
			return c.Amount
		}
	}
	return 0
}

// amount is what the path moves: the payment's, or what its command named.
func (t *turn) amount() payment.Money {
	if amount := t.rec.State.Amount; amount > 0 {
		return amount
	}
	return t.rec.Payment.Amount
}

// intend records the intent of a money call, and only then lets it be made (I9, H2).
func (t *turn) intend(step Step) Decision {
	s := &t.rec.State
	s.Sends++
	d := t.call(step.Name)
	s.Intent = &Intent{
		Step: step.Name, Part: s.Part, Attempt: s.Sends, Transaction: d.Call.Transaction, Amount: d.Call.Amount,
		At: payment.At(t.now), SendBy: payment.At(t.now.Add(t.policy.SendDeadline())),
	}
	s.Polls, s.Next = 0, Time{}
	s.Due = payment.At(t.now.Add(t.policy.SendDeadline() + t.policy.Timeout + sendMargin))
	t.rec.Payment.Status = payment.Processing
	t.rec.Payment.Action = nil
	t.save = true
	d.Call.Attempt = s.Sends
	d.Call.SendBy = t.now.Add(t.policy.SendDeadline()) // with the reading that no step of the clock changes (H67)
	return d
}

// call makes a provider call of the current step.
func (t *turn) call(name string) Decision {
	s := &t.rec.State
	c := &Call{
		Step: name, Path: s.Path, Began: s.Began, Index: s.Step, Part: s.Part,
		Payment: t.rec.Payment, Order: s.Order, Walk: s.Walk, Items: s.Items,
		Transaction: s.Transaction, Amount: t.amount(),
	}
	if steps := t.path().Steps; s.Step < len(steps) && steps[s.Step].Each != Once {
		t.forItem(c, steps[s.Step].Each)
	}
	if t.in.Command != nil {
		c.Card, c.Sender, c.Document = t.in.Command.Card, t.in.Command.Sender, t.in.Command.Document
		if t.carries() {
			c.Code = t.in.Command.OTP
		}
	}
	return Decision{Call: c}
}

// forItem narrows a call to the item whose turn it is.
func (t *turn) forItem(c *Call, each Each) {
	parts := t.parts(each)
	if c.Part >= len(parts) {
		return
	}
	part := parts[c.Part]
	c.Amount = part.Amount
	if part.Index < 0 {
		return
	}
	c.Item = &t.rec.Payment.Items[part.Index]
	if part.Index < len(c.Items) {
		c.Transaction = c.Items[part.Index]
	}
}

// ask reads what became of the money step that is in doubt, watched, or next.
func (t *turn) ask() Decision {
	s := &t.rec.State
	step := t.moneyStep()
	d := t.askOn(step.Check)
	d.Call.Asks, d.Call.About = true, step.Name
	switch {
	case s.Intent != nil:
		d.Call.Attempt, d.Call.Amount, d.Call.Transaction = s.Intent.Attempt, s.Intent.Amount, s.Intent.Transaction
	case s.Watch != nil:
		d.Call.Amount, d.Call.Transaction = s.Watch.Intent.Amount, s.Watch.Intent.Transaction
	}
	return d
}

// askOn makes the call of a read, on the walk that it is about: a watched call was made on one that may be over.
func (t *turn) askOn(check string) Decision {
	s := &t.rec.State
	if s.Intent != nil || s.Watch == nil || s.Path != "" {
		return t.call(check)
	}
	here := s.Walk
	s.Walk = s.Watch.Walk
	d := t.call(check)
	s.Walk = here
	d.Call.Path, d.Call.Began, d.Call.Index, d.Call.Part = here.Path, here.Began, here.Step, here.Part
	return d
}

// moneyStep is the step that a read speaks of: the one in doubt, the one that is watched, the next that moves money, or
// the one that froze the funds.
func (t *turn) moneyStep() Step {
	s := &t.rec.State
	switch {
	case s.Intent != nil:
		return t.flow.step(s.Intent.Step)
	case s.Watch != nil:
		return t.flow.step(s.Watch.Intent.Step)
	case s.Path == "":
		return t.flow.opening().moneyFrom(0)
	default:
		return t.path().moneyFrom(s.Step)
	}
}

// askable tells whether the provider can be asked: it gave a transaction that a read can name.
func (t *turn) askable() bool {
	return t.rec.State.Transaction != "" && t.moneyStep().Check != ""
}
