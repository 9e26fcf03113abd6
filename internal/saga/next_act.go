package saga

import (
	"slices"

	"tolov/internal/payment"
)

// confirm takes the customer's code to the step that waits for it.
func (t *turn) confirm(c *payment.Command) Decision {
	action := t.rec.Payment.Action
	switch {
	case action == nil || action.Type != payment.ActionCode:
		return t.reject(payment.NotAllowed, "", "the payment does not wait for a code")
	case !t.now.Before(action.ExpiresAt.Time):
		return t.reject(payment.NotAllowed, "", "the time for the code has run out")
	}
	t.see()
	t.rec.State.Carrier = c.Message
	return t.run()
}

// resend asks the provider for another code.
func (t *turn) resend() Decision {
	action := t.rec.Payment.Action
	if action == nil || action.Type != payment.ActionCode {
		return t.reject(payment.NotAllowed, "", "the payment does not wait for a code")
	}
	await := t.path().Steps[t.rec.State.Step].Await
	if await.Resend == "" {
		return t.reject(payment.Unsupported, "", "the provider cannot send the code again")
	}
	return t.call(await.Resend)
}

// start lets a command take its path, when the payment stands where that path begins. While another command's path is
// being walked, it is judged by what comes of that.
func (t *turn) start(c *payment.Command, name payment.Verb, walk Walk) Decision {
	s, p := &t.rec.State, t.rec.Payment
	path, ok := t.flow.Paths[name]
	switch {
	case !ok:
		return t.reject(payment.Unsupported, "", "this payment has no such command")
	case t.busy():
		return t.lookAgain()
	case !slices.Contains(path.From, p.Status):
		return t.reject(payment.NotAllowed, "", "not when the payment is "+string(p.Status))
	}
	t.see()
	walk.Path, walk.Came, walk.Began = name, p.Status, s.Records
	s.Carrier, s.Walk = c.Message, walk
	return t.run()
}

// busy tells whether a command other than the opening one is on its way.
func (t *turn) busy() bool { return t.rec.State.Path != "" && !t.opening() }

// cancel drops the payment before its money moved, or releases what is held. After an intent it is refused, so no money
// call can follow it (I10).
func (t *turn) cancel(c *payment.Command) Decision {
	s, p := &t.rec.State, t.rec.Payment
	path, ok := t.flow.Paths[payment.VerbCancel]
	switch {
	case p.Status == payment.Held:
		return t.start(c, Release, Walk{})
	case t.busy():
		return t.lookAgain()
	case !ok || !slices.Contains(path.From, p.Status):
		return t.reject(payment.NotAllowed, "", "a payment that is "+string(p.Status)+" cannot be cancelled")
	}
	t.see()
	s.Carrier = c.Message
	return t.giveUp(CancelByCommand)
}

// charge takes all or some of what is held, never more (H53), and not when the hold may run out under way (H52).
func (t *turn) charge(c *payment.Command) Decision {
	p := t.rec.Payment
	if p.Status != payment.Held || t.busy() {
		return t.start(c, payment.VerbCharge, Walk{})
	}
	if left := p.HeldUntil.Sub(t.now); left < t.policy.SendDeadline()+t.policy.Timeout+sendMargin {
		return t.reject(payment.NotAllowed, "", "the hold is about to run out")
	}
	walk := Walk{Amount: p.AmountHeld}
	if c.Amount != nil {
		walk.Amount = *c.Amount
	}
	switch {
	case walk.Amount > p.AmountHeld:
		return t.reject(payment.InvalidValue, "amount", "is more than is held")
	case len(p.Items) == 0 && len(c.Items) > 0:
		return t.reject(payment.UnknownField, "items", "the hold has no items")
	case len(p.Items) > 0 && c.Amount != nil:
		return t.reject(payment.UnknownField, "amount", "a multiple hold is charged by items")
	}
	if refusal := choose(&walk, p, c.Items); refusal != "" {
		return t.reject(payment.InvalidValue, refusal, "is no item of the hold, or more than the item holds")
	}
	return t.start(c, payment.VerbCharge, walk)
}

// choose notes which items a charge named, all if it named none. It gives the field that is wrong, if one is.
func choose(walk *Walk, p *payment.Payment, named []payment.ItemInput) (wrong string) {
	if len(p.Items) == 0 {
		return ""
	}
	walk.Amount = 0
	if len(named) == 0 {
		for i, item := range p.Items {
			walk.Chosen = append(walk.Chosen, Choice{i, item.Amount})
			walk.Amount += item.Amount
		}
		return ""
	}
	for _, n := range named {
		if *n.Index >= len(p.Items) {
			return "items.index"
		}
		amount := p.Items[*n.Index].Amount
		if n.Amount != nil {
			if *n.Amount > amount {
				return "items.amount"
			}
			amount = *n.Amount
		}
		walk.Chosen = append(walk.Chosen, Choice{*n.Index, amount})
		walk.Amount += amount
	}
	return ""
}

// startRefund gives back all that is left, or a part of it. The amount is in the record before any call, so refunds
// that race can never give back more than was charged (H54).
func (t *turn) startRefund(c *payment.Command) Decision {
	s, p := &t.rec.State, t.rec.Payment
	if seen := s.find(refundKey(c)); seen != nil {
		return t.repeatedRefund(c, seen)
	}
	if slices.ContainsFunc(p.Refunds, func(r payment.Refund) bool { return r.RefundID == c.RefundID }) {
		return t.reject(payment.Conflict, "refund_id", "was used by a refund long ago")
	}
	left := p.AmountCharged - p.AmountRefunded
	amount, name := left, payment.VerbRefund
	if c.Amount != nil {
		amount = *c.Amount
	}
	if amount < p.AmountCharged {
		name = PartialRefund
	}
	_, partly := t.flow.Paths[PartialRefund]
	path, refunds := t.flow.Paths[payment.VerbRefund]
	switch {
	case !refunds || t.busy() || !slices.Contains(path.From, p.Status):
		return t.start(c, payment.VerbRefund, Walk{})
	case amount > left:
		return t.reject(payment.InvalidValue, "amount", "is more than is left to refund")
	case len(p.Refunds) >= maxRefunds:
		return t.reject(payment.NotAllowed, "refund_id", "the payment has as many refunds as its record holds")
	case name == PartialRefund && !partly:
		return t.reject(payment.InvalidValue, "amount", "only the whole amount can be refunded here")
	}
	s.see(refundKey(c), t.in.Print)
	p.Refunds = append(p.Refunds, payment.Refund{
		RefundID: c.RefundID, Amount: amount, Status: payment.RefundPending, Reason: c.Reason,
	})
	return t.start(c, name, Walk{Amount: amount, RefundID: c.RefundID, Reason: c.Reason, OFDItems: c.OFDItems})
}

func refundKey(c *payment.Command) string { return "refund/" + c.RefundID }

// repeatedRefund recognises a refund_id that was used. Nothing but its own content may repeat it.
func (t *turn) repeatedRefund(c *payment.Command, seen *Seen) Decision {
	if !t.in.Print.Same(seen.Print) {
		return t.reject(payment.Conflict, "refund_id", "was used by a refund with other content")
	}
	if c.CommandID != "" {
		t.see()
	}
	return t.rest()
}

// recheck asks the provider now.
func (t *turn) recheck() Decision {
	if t.rec.Payment.Status.Final() {
		return t.reject(payment.NotAllowed, "", "the payment is final")
	}
	t.see()
	if !t.askable() {
		return t.rest()
	}
	return t.ask()
}

// resolve ends a review by the word of two persons (H74).
func (t *turn) resolve(c *payment.Command) Decision {
	s, p := &t.rec.State, t.rec.Payment
	if p.Status != payment.NeedsReview {
		return t.reject(payment.NotAllowed, "", "only a payment that needs review can be resolved")
	}
	t.see()
	t.forget()
	s.Watch, s.Ending = nil, CancelResolved
	path := t.path()
	dropping := s.Path == payment.VerbCancel // the word is about the payment, not about its draft
	happened := c.Outcome == payment.Completed || c.Outcome == payment.Cancelled && path.Does == Releases
	switch {
	case happened && s.Path != "" && !dropping:
		return t.asIfDone()
	case happened:
		p.AmountCharged = p.Amount
		s.Ending = ""
		return t.settle(payment.Completed, payment.EventCompleted)
	case s.Path != "" && !t.opening() && !dropping:
		s.Ending = ""
		return t.refuse(resolvedAsFailed())
	case c.Outcome == payment.Cancelled:
		p.CancelReason, s.Ending = s.Ending, ""
		return t.settle(payment.Cancelled, payment.EventCancelled)
	default:
		return t.fail(resolvedAsFailed())
	}
}

// asIfDone ends the path as if its money step had been confirmed.
func (t *turn) asIfDone() Decision {
	s, p := &t.rec.State, t.rec.Payment
	if t.path().Does == Charges {
		for _, c := range s.Chosen {
			p.Items[c.Index].AmountCharged = c.Amount
		}
	}
	s.Ending = ""
	return t.finish()
}

func resolvedAsFailed() *payment.Failure {
	return &payment.Failure{
		Code: "resolved_as_failed", Category: payment.ByProvider, Advice: payment.ContactProvider,
		Message: payment.Text{
			UZ: "To‘lov tekshiruvdan so‘ng bekor deb topildi",
			RU: "После проверки платёж признан несостоявшимся",
			EN: "After a review the payment was found not to have taken place",
		},
	}
}
