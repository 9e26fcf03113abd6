package client

import "tolov/internal/payment"

// Confirm gives the code that the customer received. Allowed while the payment is action_required.
type Confirm struct {
	Merchant  string
	ExtID     string
	CommandID string // makes a repeat of this very command a no-op; may be empty
	Code      Secret
}

// ResendCode asks for another code. Allowed while the payment is action_required.
type ResendCode struct {
	Merchant  string
	ExtID     string
	CommandID string
}

// Charge takes what is held, or some of it; the rest is released. Allowed while the payment is held.
type Charge struct {
	Merchant  string
	ExtID     string
	CommandID string
	Amount    int64        // tiyin; 0: all that is held
	Items     []ChargeItem // of a hold with items, instead of Amount; none: all of them
}

// ChargeItem names an item of a hold. Items that a Charge does not name are released.
type ChargeItem struct {
	Index  int   // from 0, in the order of the Hold
	Amount int64 // tiyin; 0: all that the item holds
}

// Cancel drops a payment before its money moved, and releases what is held.
type Cancel struct {
	Merchant  string
	ExtID     string
	CommandID string
	Reason    string
}

// Refund gives back what was paid, or some of it. Allowed while the payment is completed or partially_refunded. The
// same RefundID never gives back twice; after a refund_failed event another attempt wants another one.
type Refund struct {
	Merchant  string
	ExtID     string
	CommandID string
	RefundID  string // your key of this refund, of the form of an ExtID; required
	Amount    int64  // tiyin; 0: all that is left
	Reason    string
	OFDItems  []OFDItem // lines of the fiscal receipt, of a refund that is not the whole payment
}

// RemoveCard takes a card's link away: its token pays nothing any more. ExtID is that of the LinkCard. Allowed while
// the payment is linked.
type RemoveCard struct {
	Merchant  string
	ExtID     string
	CommandID string
}

// Recheck asks the provider now how a payment that is not final stands. An event follows only when something changed.
type Recheck struct {
	Merchant  string
	ExtID     string
	CommandID string
}

// Resolve ends a review by the word of two persons. Allowed while the payment is needs_review.
type Resolve struct {
	Merchant   string
	ExtID      string
	CommandID  string
	Outcome    Status // completed, failed or cancelled
	Evidence   string // what was seen, and where
	Actor      string
	ApprovedBy string // another person
}

// PaymentID is the id of the payment to confirm.
func (c Confirm) PaymentID() string { return PaymentID(c.Merchant, c.ExtID) }

// Verb is confirm.
func (c Confirm) Verb() string { return string(payment.VerbConfirm) }

func (c Confirm) body() body {
	return body{ExtID: c.ExtID, Merchant: c.Merchant, CommandID: c.CommandID, OTP: string(c.Code)}
}

// PaymentID is the id of the payment that waits for a code.
func (c ResendCode) PaymentID() string { return PaymentID(c.Merchant, c.ExtID) }

// Verb is resend_code.
func (c ResendCode) Verb() string { return string(payment.VerbResendCode) }

func (c ResendCode) body() body {
	return body{ExtID: c.ExtID, Merchant: c.Merchant, CommandID: c.CommandID}
}

// PaymentID is the id of the payment that holds the amount.
func (c Charge) PaymentID() string { return PaymentID(c.Merchant, c.ExtID) }

// Verb is charge.
func (c Charge) Verb() string { return string(payment.VerbCharge) }

func (c Charge) body() body {
	b := body{ExtID: c.ExtID, Merchant: c.Merchant, CommandID: c.CommandID, Amount: some(c.Amount)}
	for _, item := range c.Items {
		b.Items = append(b.Items, wireItem{Index: &item.Index, Amount: item.Amount})
	}
	return b
}

// PaymentID is the id of the payment to cancel.
func (c Cancel) PaymentID() string { return PaymentID(c.Merchant, c.ExtID) }

// Verb is cancel.
func (c Cancel) Verb() string { return string(payment.VerbCancel) }

func (c Cancel) body() body {
	return body{ExtID: c.ExtID, Merchant: c.Merchant, CommandID: c.CommandID, Reason: c.Reason}
}

// PaymentID is the id of the payment to give back.
func (c Refund) PaymentID() string { return PaymentID(c.Merchant, c.ExtID) }

// Verb is refund.
func (c Refund) Verb() string { return string(payment.VerbRefund) }

func (c Refund) body() body {
	return body{
		ExtID: c.ExtID, Merchant: c.Merchant, CommandID: c.CommandID, RefundID: c.RefundID, Amount: some(c.Amount),
		Reason: c.Reason, OFDItems: c.OFDItems,
	}
}

// PaymentID is the id of the payment that linked the card.
func (c RemoveCard) PaymentID() string { return PaymentID(c.Merchant, c.ExtID) }

// Verb is remove_card.
func (c RemoveCard) Verb() string { return string(payment.VerbRemoveCard) }

func (c RemoveCard) body() body {
	return body{ExtID: c.ExtID, Merchant: c.Merchant, CommandID: c.CommandID}
}

// PaymentID is the id of the payment to ask about.
func (c Recheck) PaymentID() string { return PaymentID(c.Merchant, c.ExtID) }

// Verb is recheck.
func (c Recheck) Verb() string { return string(payment.VerbRecheck) }

func (c Recheck) body() body {
	return body{ExtID: c.ExtID, Merchant: c.Merchant, CommandID: c.CommandID}
}

// PaymentID is the id of the payment under review.
func (c Resolve) PaymentID() string { return PaymentID(c.Merchant, c.ExtID) }

// Verb is resolve.
func (c Resolve) Verb() string { return string(payment.VerbResolve) }

func (c Resolve) body() body {
	return body{
		ExtID: c.ExtID, Merchant: c.Merchant, CommandID: c.CommandID,
		Outcome: c.Outcome, Evidence: c.Evidence, Actor: c.Actor, ApprovedBy: c.ApprovedBy,
	}
}
