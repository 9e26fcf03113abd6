package payment

// Status is where a payment stands, as the outside world sees it.
type Status string

// The statuses of the contract.
const (
	Accepted          Status = "accepted"
	Processing        Status = "processing"
	ActionRequired    Status = "action_required"
	Held              Status = "held"
	InDoubt           Status = "in_doubt"
	NeedsReview       Status = "needs_review"
	Completed         Status = "completed"
	PartiallyRefunded Status = "partially_refunded"
	Refunded          Status = "refunded"
	Failed            Status = "failed"
	Cancelled         Status = "cancelled"
	Linked            Status = "linked"
	Removed           Status = "removed"
)

// Statuses lists every status, in the order a payment usually meets them.
func Statuses() []Status {
	return []Status{
		Accepted, Processing, ActionRequired, Held, InDoubt, NeedsReview, Completed,
		PartiallyRefunded, Refunded, Failed, Cancelled, Linked, Removed,
	}
}

// Final tells whether the payment rests there for good, later commands (a refund, a removal) aside.
func (s Status) Final() bool {
	switch s {
	case Completed, PartiallyRefunded, Refunded, Failed, Cancelled, Linked, Removed:
		return true
	default:
		return false
	}
}

// Kind is what a payment does with money.
type Kind string

// The kinds of the contract.
const (
	Pay      Kind = "pay"
	Hold     Kind = "hold"
	Payout   Kind = "payout"
	Withdraw Kind = "withdraw"
	LinkCard Kind = "link_card"
)

// Verb is the last token of a command's subject.
type Verb string

// The verbs of the contract: the first five open a payment, the others continue one.
const (
	VerbPay        Verb = "pay"
	VerbHold       Verb = "hold"
	VerbPayout     Verb = "payout"
	VerbWithdraw   Verb = "withdraw"
	VerbLinkCard   Verb = "link_card"
	VerbConfirm    Verb = "confirm"
	VerbResendCode Verb = "resend_code"
	VerbCharge     Verb = "charge"
	VerbCancel     Verb = "cancel"
	VerbRefund     Verb = "refund"
	VerbRemoveCard Verb = "remove_card"
	VerbRecheck    Verb = "recheck"
	VerbResolve    Verb = "resolve"
)

// Verbs lists every verb, the opening ones first.
func Verbs() []Verb {
	return []Verb{
		VerbPay, VerbHold, VerbPayout, VerbWithdraw, VerbLinkCard,
		VerbConfirm, VerbResendCode, VerbCharge, VerbCancel, VerbRefund, VerbRemoveCard, VerbRecheck, VerbResolve,
	}
}

// Opens tells whether the verb opens a payment.
func (v Verb) Opens() bool {
	switch v {
	case VerbPay, VerbHold, VerbPayout, VerbWithdraw, VerbLinkCard:
		return true
	default:
		return false
	}
}

// Known tells whether the contract has the verb.
func (v Verb) Known() bool {
	switch v {
	case VerbConfirm, VerbResendCode, VerbCharge, VerbCancel, VerbRefund, VerbRemoveCard, VerbRecheck, VerbResolve:
		return true
	default:
		return v.Opens()
	}
}

// EventType names what a domain event tells.
type EventType string

// The events of the contract.
const (
	EventAccepted       EventType = "accepted"
	EventRejected       EventType = "rejected"
	EventActionRequired EventType = "action_required"
	EventHeld           EventType = "held"
	EventInDoubt        EventType = "in_doubt"
	EventCompleted      EventType = "completed"
	EventFailed         EventType = "failed"
	EventCancelled      EventType = "cancelled"
	EventRefunded       EventType = "refunded"
	EventRefundFailed   EventType = "refund_failed"
	EventReceiptIssued  EventType = "receipt_issued"
	EventNeedsReview    EventType = "needs_review"
	EventCardLinked     EventType = "card_linked"
	EventCardRemoved    EventType = "card_removed"
	EventDiscrepancy    EventType = "discrepancy"
)
