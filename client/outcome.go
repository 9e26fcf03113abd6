package client

import (
	"slices"

	"tolov/internal/payment"
)

// settles tells whether after the event there is nothing left to wait for.
func settles(cmd Command, e Event) bool {
	switch e.Type {
	case EventNeedsReview:
		return true
	case EventRejected:
		return refuses(cmd, e)
	default:
		return isOutcome(cmd, e)
	}
}

// refuses tells whether a rejected event is about the command.
func refuses(cmd Command, e Event) bool {
	if e.Rejection == nil {
		return false
	}
	switch c := cmd.(type) {
	case Refund: // one that is recorded was not refused, whatever became of others; a reuse of its id is
		if e.Payment != nil && e.Payment.refund(c.RefundID) && e.Rejection.Code != string(payment.Conflict) {
			return false
		}
	case Resolve: // as failed: the command that was in doubt is told as refused by the provider
		if e.Rejection.Code == string(payment.ByProviderRule) {
			return true
		}
	}
	return e.Rejection.Verb == cmd.Verb()
}

// refund tells whether a refund with this id is recorded.
func (p *Payment) refund(id string) bool {
	return slices.ContainsFunc(p.Refunds, func(r RefundShown) bool { return r.RefundID == id })
}

// isOutcome tells whether an event is what came of the command.
func isOutcome(cmd Command, e Event) bool {
	switch cmd := cmd.(type) {
	case Refund:
		return isRefund(e.Type) && e.Refund != nil && e.Refund.RefundID == cmd.RefundID
	case RemoveCard:
		return e.Type == EventCardRemoved
	case Charge, Cancel:
		return e.Type.Ends()
	case Confirm, ResendCode:
		return e.Type == EventActionRequired || e.Type == EventHeld || e.Type.Ends()
	default:
		return e.Type == EventActionRequired || e.Type == EventHeld || e.Type.Ends() || isRefund(e.Type) ||
			e.Type == EventCardRemoved
	}
}

func isRefund(t EventType) bool { return t == EventRefunded || t == EventRefundFailed }

// standing is the event that answers a command about which the worker is silent, because it repeats one; or the zero
// event, when the command may still be on its way.
func standing(cmd Command, known []Event) Event {
	for _, e := range slices.Backward(known) {
		switch {
		case e.Payment == nil, beside(cmd, e):
			continue
		case opens(cmd) && !sameOrder(cmd, e.Payment), !sameRefund(cmd, e): // a conflict: its rejection is on the way
			return Event{}
		case opens(cmd) && settles(cmd, e), isOutcome(cmd, e) && !begins(cmd, e.Type):
			return e
		}
		return Event{}
	}
	return Event{}
}

// beside tells whether an event is to be passed over in the search for what came of an earlier command.
func beside(cmd Command, e Event) bool {
	switch cmd.(type) {
	case Pay, Hold, Withdraw, Payout, LinkCard, Recheck, Resolve: // they are answered by how the payment stands
		return e.Type == EventReceiptIssued || e.Type == EventRejected || e.Type == EventDiscrepancy ||
			e.Type == EventRefundFailed && opens(cmd)
	default: // they have an outcome of their own, whatever followed it
		return !isOutcome(cmd, e) || begins(cmd, e.Type)
	}
}

// begins tells whether an event may be the one that a Confirm, a ResendCode or a Recheck found.
func begins(cmd Command, t EventType) bool {
	_, rechecks := cmd.(Recheck)
	return t == EventActionRequired || rechecks && t == EventHeld
}

// opens tells whether the command opens a payment.
func opens(cmd Command) bool { return payment.Verb(cmd.Verb()).Opens() }

// sameOrder tells whether a payment may be the one that the command opened. What it does not compare the worker does.
func sameOrder(cmd Command, p *Payment) bool {
	b := cmd.body()
	_, withdraws := cmd.(Withdraw) // whose items are the cards that the provider debited
	if b.Amount != nil && *b.Amount != p.Amount || len(b.Items) != len(p.Items) && !withdraws {
		return false
	}
	return cmd.Verb() == p.Kind && b.Provider == p.Provider && b.Account == p.Account
}

// sameRefund tells whether an event may be about the very refund that the command asks for. One that names no amount
// wants all that was left, which was another amount then.
func sameRefund(cmd Command, e Event) bool {
	c, ok := cmd.(Refund)
	return !ok || e.Refund == nil || c.Amount == 0 || c.Amount == e.Refund.Amount
}
