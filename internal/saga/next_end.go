package saga

import (
	"cmp"

	"tolov/internal/payment"
)

// Reasons for which a payment is cancelled, in payment.cancel_reason.
const (
	CancelByCommand     = "by_command"
	CancelExpired       = "expired"
	CancelHoldExpired   = "hold_expired"
	CancelChargeRefused = "charge_refused"
	CancelResolved      = "resolved"
)

// finish ends the path as its flow says.
func (t *turn) finish() Decision {
	s, p := &t.rec.State, t.rec.Payment
	path := t.path()
	switch path.Does {
	case Pays:
		p.AmountCharged = t.amount()
		for i := range p.Items {
			p.Items[i].AmountCharged = p.Items[i].Amount
		}
		return t.settle(path.Ends, payment.EventCompleted)
	case Charges:
		return t.charged(path.Ends)
	case Holds:
		return t.held()
	case Refunds:
		return t.refunded()
	case Links:
		return t.settle(path.Ends, payment.EventCardLinked)
	case Unlinks:
		return t.settle(path.Ends, payment.EventCardRemoved)
	case Releases:
		p.CancelReason, s.Ending = cmp.Or(s.Reason, CancelByCommand), ""
		return t.settle(path.Ends, payment.EventCancelled)
	default:
		p.CancelReason, s.Ending = s.Ending, ""
		return t.settle(path.Ends, payment.EventCancelled)
	}
}

// charged ends a charge: what was charged is what its items were charged, if it has items.
func (t *turn) charged(ends payment.Status) Decision {
	p := t.rec.Payment
	p.AmountCharged = t.amount()
	if len(p.Items) > 0 {
		p.AmountCharged = 0
		for _, item := range p.Items {
			p.AmountCharged += item.AmountCharged
		}
	}
	if p.AmountCharged == 0 { // the provider refused every item, and what was held is free again
		p.CancelReason = CancelChargeRefused
		return t.settle(payment.Cancelled, payment.EventCancelled)
	}
	return t.settle(ends, payment.EventCompleted)
}

// held rests with the funds frozen.
func (t *turn) held() Decision {
	s, p := &t.rec.State, t.rec.Payment
	p.Status, p.AmountHeld = payment.Held, p.Amount
	if p.HeldUntil.IsZero() {
		p.HeldUntil = after(payment.At(t.now), minutesOf(s.Order.DurationMin))
	}
	t.leave()
	t.emit(Event{Type: payment.EventHeld})
	return t.rest()
}

// refunded ends a refund.
func (t *turn) refunded() Decision {
	p := t.rec.Payment
	refund := t.refund(payment.RefundDone)
	p.AmountRefunded += refund.Amount
	p.Status = payment.PartiallyRefunded
	if p.AmountRefunded >= p.AmountCharged {
		p.Status = payment.Refunded
	}
	t.leave()
	t.emit(Event{Type: payment.EventRefunded, Refund: refund})
	return t.rest()
}

// refund puts the refund of this path in a status.
func (t *turn) refund(status payment.RefundStatus) *payment.Refund {
	p := t.rec.Payment
	for i := range p.Refunds {
		if p.Refunds[i].RefundID == t.rec.State.RefundID {
			p.Refunds[i].Status = status
			return clonePointer(&p.Refunds[i])
		}
	}
	return &payment.Refund{RefundID: t.rec.State.RefundID, Amount: t.amount(), Status: status}
}

// settle puts the payment in a final status.
func (t *turn) settle(status payment.Status, event payment.EventType) Decision {
	s, p := &t.rec.State, t.rec.Payment
	p.Status, p.Action = status, nil
	s.Intent, s.Doubt, s.Asked, s.Review = nil, nil, nil, ""
	t.leave()
	t.gatherReceipts()
	t.emit(Event{Type: event})
	if status == payment.Completed && len(p.Receipts) > 0 {
		t.emit(Event{Type: payment.EventReceiptIssued})
	}
	return t.rest()
}

// leave ends the walk. A lost call that may still land is watched from now on.
func (t *turn) leave() {
	s := &t.rec.State
	s.Walk, s.Polls, s.Next = Walk{}, 0, Time{}
	if s.Watch != nil {
		s.Polls, s.Next = 1, payment.At(t.now.Add(t.policy.Wait(t.rec.Payment.ID, 0)))
	}
}

// gatherReceipts lists the receipts of the items as the payment's own too, for who asks no further.
func (t *turn) gatherReceipts() {
	p := t.rec.Payment
	if len(p.Receipts) > 0 {
		return
	}
	for _, item := range p.Items {
		p.Receipts = append(p.Receipts, item.Receipts...)
	}
}

// fail ends the payment: certainly nothing was charged.
func (t *turn) fail(why *payment.Failure) Decision {
	t.rec.Payment.Failure = why
	t.rec.State.Ending = ""
	return t.settle(payment.Failed, payment.EventFailed)
}

// refuse ends a path by the provider's refusal: certainly its step did not happen. The opening path fails; another one
// leaves the payment where it came from.
func (t *turn) refuse(why *payment.Failure) Decision {
	s, p := &t.rec.State, t.rec.Payment
	if t.opening() {
		return t.fail(why)
	}
	does, verb := t.path().Does, commandOf(s.Path)
	p.Status, p.Action, s.Asked = s.Came, nil, nil
	if does == Releases && s.Reason == CancelHoldExpired {
		return t.keptOn()
	}
	event := Event{Type: payment.EventRejected, Rejection: &payment.Rejection{
		Verb: verb, Code: payment.ByProviderRule, Message: "the provider refused: " + why.Message.EN,
	}}
	if does == Refunds {
		event = Event{Type: payment.EventRefundFailed, Refund: t.refund(payment.RefundRefused)}
	}
	t.leave()
	t.emit(event)
	return t.rest()
}

// keptOn rests with a hold that ran out and that the provider will not let go of. No command asked for that, so nobody
// is told; it is tried again after the longest pause (H57).
func (t *turn) keptOn() Decision {
	s := &t.rec.State
	t.leave()
	s.Ending, s.Polls = CancelHoldExpired, len(t.policy.Schedule)
	s.Next = payment.At(t.now.Add(t.policy.Wait(t.rec.Payment.ID, s.Polls)))
	t.save = true
	return t.rest()
}

// commandOf is the verb of the command that starts a path.
func commandOf(path payment.Verb) payment.Verb {
	switch path {
	case Release:
		return payment.VerbCancel
	case PartialRefund:
		return payment.VerbRefund
	default:
		return path
	}
}

// giveUp ends a payment that was not paid. When the money step might have taken effect without an answer of ours,
// the provider is asked first.
func (t *turn) giveUp(reason string) Decision {
	s := &t.rec.State
	s.Ending = reason
	step := t.moneyStep()
	if !t.asked && t.askable() && (reason == CancelExpired || s.Watch != nil || t.settles(step)) {
		return t.ask()
	}
	return t.drop()
}

// settles tells whether the customer settles the payment at the page: no call of ours that moves money comes after it.
func (t *turn) settles(page Step) bool {
	return page.Class == Page && t.path().moneyFrom(t.indexOf(page.Name)+1).Name == ""
}

// drop takes the path that drops the draft. A page where the customer settles the payment may still be open: it is
// watched until it closes, and as long after that as a call may land late.
func (t *turn) drop() Decision {
	s, p := &t.rec.State, t.rec.Payment
	if p.Status == payment.Held {
		p.CancelReason, s.Ending = s.Ending, ""
		return t.settle(payment.Cancelled, payment.EventCancelled)
	}
	if step := t.moneyStep(); t.settles(step) && s.Transaction != "" {
		at := payment.At(t.now)
		closes := at
		if s.Asked != nil && s.Asked.ExpiresAt.After(at.Time) {
			closes = s.Asked.ExpiresAt
		}
		s.Watch = &Watch{Walk: s.Walk, Until: after(closes, lateFor), Intent: Intent{
			Step: step.Name, Transaction: s.Transaction, Amount: p.Amount, At: at,
		}}
	}
	s.Walk = Walk{Path: payment.VerbCancel, Came: p.Status, Began: s.Records}
	s.Polls, s.Next = 0, Time{}
	p.Action = nil
	return t.run()
}
