package paysys

import (
	"tolov/internal/payment"
	"tolov/internal/saga"
)

// Name is the provider's name in commands.
const Name = "paysys"

// The provider's calls, as flows and history name them.
const (
	stepPrepare = "prepare"
	stepConfirm = "confirm"
	stepCheck   = "check"
	stepCancel  = "cancel"

	stepStatement = "statement" // of no flow: the books
)

// leastAmount is the smallest payout, in tiyin (documentation, "Payouts preparation").
const leastAmount payment.Money = 100_000

// documentFrom is from how many base calculation values on the document is mandatory (likewise, doc).
const documentFrom = 50

// Flows lists how PaySys carries out each kind of payment.
func Flows() []*saga.Flow { return []*saga.Flow{payout()} }

// payout prepares a payout and confirms it (documentation, "Payouts for UzCard/HUMO"). One that is given up before it
// was confirmed is cancelled there.
func payout() *saga.Flow {
	return &saga.Flow{
		Name: Name + "/payout", Provider: Name, Kind: payment.Payout, Opens: payment.VerbPayout,
		Takes: payment.Shape{
			Required: []string{"amount", "card", "sender"}, Optional: []string{"document"},
			Cards: []payment.CardForm{payment.CardBare}, AmountFrom: leastAmount,
		},
		Paths: saga.Paths{
			payment.VerbPayout: {Does: saga.Pays, Ends: payment.Completed, Steps: []saga.Step{
				{Name: stepPrepare, NeedsCard: true},
				{Name: stepConfirm, Class: saga.Money, Check: stepCheck},
			}},
			payment.VerbCancel: {
				From: []payment.Status{payment.Accepted, payment.Processing}, Ends: payment.Cancelled,
				Steps: []saga.Step{{Name: stepCancel}},
			},
		},
	}
}
