package saga_test

import (
	"time"

	"tolov/internal/payment"
	"tolov/internal/saga"
)

// bankVerify may send the customer to a page in the middle, where nothing is paid: the debit is a step of ours.
func bankVerify() *saga.Flow {
	return &saga.Flow{
		Name: "bank/verify", Provider: "bank", Kind: payment.Pay, Opens: payment.VerbPay,
		Paths: saga.Paths{
			payment.VerbPay: {Does: saga.Pays, Ends: payment.Completed, Steps: []saga.Step{
				{Name: "create", Class: saga.Money, Check: "get", NeedsCard: true},
				{Name: "page", Class: saga.Page, Check: "get", Await: &saga.Await{
					For: payment.ActionRedirect, Within: time.Hour,
				}},
				{Name: "apply", Class: saga.Money, Check: "get"},
			}},
			payment.VerbCancel: dropping(),
		},
	}
}
