package via

import (
	"time"

	"tolov/internal/payment"
	"tolov/internal/saga"
)

// Name is the provider's name in commands.
const Name = "via"

// The provider's calls, as flows and history name them.
const (
	stepPay    = "confirm-pay"
	stepVerify = "verify"
	stepStatus = "transaction"
)

const (
	codeLasts = 5 * time.Minute // how long the customer has for the code; the documentation does not say
	codeTries = 3
)

// Flows lists how VIA carries out each kind of payment.
func Flows() []*saga.Flow { return []*saga.Flow{pay()} }

// pay is a payment with a card: confirm/pay makes a transaction and sends the code, verify takes the code and debits
// the card (documentation, "Method verify").
func pay() *saga.Flow {
	return &saga.Flow{
		Name: Name + "/pay", Provider: Name, Kind: payment.Pay, Opens: payment.VerbPay,
		Takes: payment.Shape{
			Required: []string{"amount", "account", "card"}, Cards: []payment.CardForm{payment.CardNumber},
		},
		Paths: saga.Paths{
			payment.VerbPay: {Does: saga.Pays, Ends: payment.Completed, Steps: []saga.Step{
				{Name: stepPay, NeedsCard: true},
				{Name: stepVerify, Class: saga.Money, Check: stepStatus, Await: &saga.Await{
					For: payment.ActionCode, Within: codeLasts, Attempts: codeTries,
				}},
			}},
			// A transaction that nobody verifies needs no call.
			payment.VerbCancel: {
				From: []payment.Status{payment.Accepted, payment.Processing, payment.ActionRequired},
				Ends: payment.Cancelled,
			},
		},
	}
}
