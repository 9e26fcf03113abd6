package saga_test

import (
	"time"

	"tolov/internal/payment"
	"tolov/internal/saga"
)

// The bank of the plays: flows of the shapes that real providers have.

func code() *saga.Await {
	return &saga.Await{For: payment.ActionCode, Within: 5 * time.Minute, Attempts: 3, Resend: "resend"}
}

func dropping() saga.Path {
	return saga.Path{
		From: []payment.Status{payment.Accepted, payment.Processing, payment.ActionRequired}, Ends: payment.Cancelled,
	}
}

// bank is a payment: two drafts, then a money step that may wait for a code; refunds of all and of parts.
func bank() *saga.Flow {
	paid := []payment.Status{payment.Completed, payment.PartiallyRefunded}
	return &saga.Flow{
		Name: "bank/pay", Provider: "bank", Kind: payment.Pay, Opens: payment.VerbPay,
		Paths: saga.Paths{
			payment.VerbPay: {Does: saga.Pays, Ends: payment.Completed, Steps: []saga.Step{
				{Name: "create"},
				{Name: "bind", NeedsCard: true},
				{Name: "apply", Class: saga.Money, Check: "get", Await: code()},
			}},
			payment.VerbCancel: dropping(),
			payment.VerbRefund: {From: paid, Does: saga.Refunds, Ends: payment.Refunded, Steps: []saga.Step{
				{Name: "reverse", Class: saga.Money, Check: "get"},
			}},
			saga.PartialRefund: {From: paid, Does: saga.Refunds, Ends: payment.PartiallyRefunded, Steps: []saga.Step{
				{Name: "create-part"},
				{Name: "confirm-part", Class: saga.Money, Check: "get-part"},
			}},
		},
	}
}

// bankHold freezes funds, whole or by items, and charges or frees them.
func bankHold() *saga.Flow {
	held := []payment.Status{payment.Held}
	return &saga.Flow{
		Name: "bank/hold", Provider: "bank", Kind: payment.Hold, Opens: payment.VerbHold,
		Paths: saga.Paths{
			payment.VerbHold: {Does: saga.Holds, Ends: payment.Held, Steps: []saga.Step{
				{Name: "create", NeedsCard: true},
				{Name: "freeze", Class: saga.Money, Check: "hold", Await: code()},
			}},
			payment.VerbCharge: {From: held, Does: saga.Charges, Ends: payment.Completed, Steps: []saga.Step{
				{Name: "charge", Class: saga.Money, Check: "hold", Each: saga.Chosen},
				{Name: "free", Class: saga.Money, Check: "hold", Each: saga.Rest},
			}},
			saga.Release: {From: held, Does: saga.Releases, Ends: payment.Cancelled, Steps: []saga.Step{
				{Name: "free", Class: saga.Money, Check: "hold", Each: saga.All},
			}},
			payment.VerbCancel: dropping(),
		},
	}
}

// bankPage lets the customer pay at a page of the bank's.
func bankPage() *saga.Flow {
	return &saga.Flow{
		Name: "bank/page", Provider: "bank", Kind: payment.Pay, Opens: payment.VerbPay, Mark: "hosted",
		Paths: saga.Paths{
			payment.VerbPay: {Does: saga.Pays, Ends: payment.Completed, Steps: []saga.Step{
				{Name: "create"},
				{Name: "page", Class: saga.Page, Check: "get", Await: &saga.Await{
					For: payment.ActionRedirect, Within: time.Hour,
				}},
			}},
			payment.VerbCancel: dropping(),
		},
	}
}

// bankTold is a payment that the bank drives: it calls us.
func bankTold() *saga.Flow {
	return &saga.Flow{
		Name: "bank/told", Provider: "bank", Kind: payment.Pay, Opens: payment.VerbPay,
		Paths: saga.Paths{
			payment.VerbPay: {Does: saga.Pays, Ends: payment.Completed, Steps: []saga.Step{
				{Name: "confirm", Class: saga.Told, Await: &saga.Await{Within: time.Hour}},
			}},
			payment.VerbCancel: dropping(),
			payment.VerbRefund: {
				From: []payment.Status{payment.Completed}, Does: saga.Refunds, Ends: payment.Refunded,
			},
		},
	}
}

// bankLink links a card and removes it.
func bankLink() *saga.Flow {
	return &saga.Flow{
		Name: "bank/link", Provider: "bank", Kind: payment.LinkCard, Opens: payment.VerbLinkCard,
		Paths: saga.Paths{
			payment.VerbLinkCard: {Does: saga.Links, Ends: payment.Linked, Steps: []saga.Step{
				{Name: "init", NeedsCard: true},
				{Name: "link", Class: saga.Money, Check: "list", Await: code()},
			}},
			payment.VerbRemoveCard: {
				From: []payment.Status{payment.Linked}, Does: saga.Unlinks, Ends: payment.Removed,
				Steps: []saga.Step{{Name: "remove", Class: saga.Money, Check: "list"}},
			},
			payment.VerbCancel: dropping(),
		},
	}
}
