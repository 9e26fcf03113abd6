package atmospinfl

import (
	"tolov/internal/payment"
	"tolov/internal/saga"
)

// Name is the provider's name in commands.
const Name = "atmos-pinfl"

// The provider's calls, as flows and history name them.
const (
	stepCreate  = "create"
	stepConfirm = "confirm"
	stepCheck   = "check"
	stepCancel  = "cancel"
)

// Flows lists what the provider carries out.
func Flows() []*saga.Flow { return []*saga.Flow{withdraw()} }

// withdraw takes what a person owes from the person's cards (documentation, "Withdrawal by TIN(PINFL)"): create a
// transaction, confirm it. When ATMOS knows no cards of the person yet, create has it look for them first. A draft that
// was given up is cancelled at ATMOS's too.
func withdraw() *saga.Flow {
	return &saga.Flow{
		Name: Name + "/withdraw", Provider: Name, Kind: payment.Withdraw, Opens: payment.VerbWithdraw,
		Takes: payment.Shape{
			Required: []string{"amount", "person", "contract_number"}, Optional: []string{"partial", "ofd", "epos"},
		},
		Paths: saga.Paths{
			payment.VerbWithdraw: {Does: saga.Pays, Ends: payment.Completed, Steps: []saga.Step{
				{Name: stepCreate},
				{Name: stepConfirm, Class: saga.Money, Check: stepCheck},
			}},
			payment.VerbCancel: {
				From: []payment.Status{payment.Accepted, payment.Processing}, Ends: payment.Cancelled,
				Steps: []saga.Step{{Name: stepCancel}},
			},
		},
	}
}
