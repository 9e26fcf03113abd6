package uzum

import (
	"time"

	"tolov/internal/payment"
	"tolov/internal/saga"
)

// Name is the provider's name in payments.
const Name = "uzum"

// confirmWithin is how long the bank has from create to confirm. The documentation does not say; what it asks again
// after a fault is over in minutes.
const confirmWithin = 24 * time.Hour

// Flows lists how Uzum Bank carries out each kind of payment.
func Flows() []*saga.Flow { return []*saga.Flow{pay()} }

// pay is a payment in the bank's application. The bank debits the payer between create and confirm (documentation,
// "Quick start"), so confirm tells that the money has moved; reverse cancels before it and refunds after it.
func pay() *saga.Flow {
	return &saga.Flow{
		Name: Name + "/pay", Provider: Name, Kind: payment.Pay, Opens: payment.VerbPay,
		Takes: payment.Shape{Required: []string{"amount", "account"}},
		Paths: saga.Paths{
			payment.VerbPay: {Does: saga.Pays, Ends: payment.Completed, Steps: []saga.Step{
				{Name: string(Confirm), Class: saga.Told, Await: &saga.Await{Within: confirmWithin}},
			}},
			payment.VerbCancel: {From: []payment.Status{payment.Accepted}, Ends: payment.Cancelled},
			payment.VerbRefund: {
				From: []payment.Status{payment.Completed}, Does: saga.Refunds, Ends: payment.Refunded,
			},
		},
	}
}
