package atmos

import (
	"time"

	"tolov/internal/payment"
	"tolov/internal/saga"
)

// Name is the provider's name in commands.
const Name = "atmos"

// The provider's calls, as flows and history name them.
const (
	stepCreate   = "create"
	stepPreApply = "pre-apply"
	stepApply    = "apply"
	stepResend   = "otp-resend"
	stepGet      = "get"
)

// codeLasts is how long a customer has to enter the code; the documentation does not say how long it is good.
const codeLasts = 5 * time.Minute

// Flows lists how ATMOS carries out each kind of payment.
func Flows() []*saga.Flow { return []*saga.Flow{Pay()} }

// Pay is a payment with a card: create a transaction, bind the card to it, apply it. With a card number the customer
// gets a code at pre-apply, and apply waits for it; with a token it does not (documentation, "Payments").
func Pay() *saga.Flow {
	return &saga.Flow{
		Name: Name + "/pay", Provider: Name, Kind: payment.Pay, Opens: payment.VerbPay,
		Takes: payment.Shape{
			Required: []string{"amount", "account", "card"},
			Optional: []string{"terminal_id", "ofd_items"},
			Cards:    []payment.CardForm{payment.CardToken, payment.CardNumber},
		},
		Paths: saga.Paths{
			payment.VerbPay: {
				Does: saga.Pays, Ends: payment.Completed,
				Steps: []saga.Step{
					{Name: stepCreate},
					{Name: stepPreApply, NeedsCard: true},
					{Name: stepApply, Class: saga.Money, Check: stepGet, Await: &saga.Await{
						For: payment.ActionCode, Within: codeLasts, Attempts: 3, Resend: stepResend,
					}},
				},
			},
			payment.VerbCancel: {
				From: []payment.Status{payment.Accepted, payment.Processing, payment.ActionRequired},
				Ends: payment.Cancelled,
			},
		},
	}
}
