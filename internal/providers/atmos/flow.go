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

	stepBulkCreate   = "bulk-create"
	stepBulkPreApply = "bulk-pre-apply"
	stepBulkApply    = "bulk-apply"
	stepBulkGet      = "bulk-get"

	stepPageCreate = "page-create"
	stepPage       = "page"

	stepReverse        = "reverse"
	stepPartialCreate  = "create-reverse-partial"
	stepPartialConfirm = "confirm-reverse-partial"
	stepPartialGet     = "get-reverse-partial"

	stepHoldCreate  = "hold-create"
	stepHoldApply   = "hold-apply"
	stepHoldsCreate = "hold-multiple-create"
	stepHoldsApply  = "hold-multiple-apply"
	stepHoldsGet    = "hold-multiple-get"
	stepHoldCharge  = "hold-charge"
	stepHoldCancel  = "hold-cancel"
	stepHoldGet     = "hold-get"

	stepBindInit    = "bind-init"
	stepBindConfirm = "bind-confirm"
	stepListCards   = "list-cards"
	stepRemoveCard  = "remove-card"

	stepStanding = "standing" // of no flow: the books
)

const (
	codeLasts = 5 * time.Minute // how long the customer has for the code; the documentation does not say
	pageLasts = 24 * time.Hour  // how long the customer has at the payment page, when the command names no time
)

// Flows lists how ATMOS carries out each kind of payment.
func Flows() []*saga.Flow {
	return []*saga.Flow{pay(), payBulk(), payPage(), hold(), holdItems(), linkCard()}
}

// pay is a payment with a card: create a transaction, bind the card to it, apply it. With a card number the customer
// gets a code at pre-apply, and apply waits for it; with a token it does not (documentation, "Payments").
func pay() *saga.Flow {
	return &saga.Flow{
		Name: Name + "/pay", Provider: Name, Kind: payment.Pay, Opens: payment.VerbPay,
		Takes: taking("amount", "account", "card"),
		Paths: saga.Paths{
			payment.VerbPay: {Does: saga.Pays, Ends: payment.Completed, Steps: []saga.Step{
				{Name: stepCreate},
				{Name: stepPreApply, NeedsCard: true},
				{Name: stepApply, Class: saga.Money, Check: stepGet, Await: code(stepResend)},
			}},
			payment.VerbCancel: dropping(),
			payment.VerbRefund: reversing(saga.Once),
			saga.PartialRefund: reversingPartly(),
		},
	}
}

// payBulk is a payment in parts, each a transaction of its own: one code, one debit (documentation,
// "Multitransaction"). It is refunded as a whole.
func payBulk() *saga.Flow {
	return &saga.Flow{
		Name: Name + "/pay-bulk", Provider: Name, Kind: payment.Pay, Opens: payment.VerbPay, Mark: "items",
		Takes: taking("amount", "items", "card"),
		Paths: saga.Paths{
			payment.VerbPay: {Does: saga.Pays, Ends: payment.Completed, Steps: []saga.Step{
				{Name: stepBulkCreate},
				{Name: stepBulkPreApply, NeedsCard: true},
				{Name: stepBulkApply, Class: saga.Money, Check: stepBulkGet, Await: code(stepResend)},
			}},
			payment.VerbCancel: dropping(),
			payment.VerbRefund: reversing(saga.All),
		},
	}
}

// payPage is a payment that the customer makes at ATMOS's page (documentation, "Payment page").
func payPage() *saga.Flow {
	takes := taking("amount", "account", "hosted")
	takes.Cards = nil
	return &saga.Flow{
		Name: Name + "/pay-page", Provider: Name, Kind: payment.Pay, Opens: payment.VerbPay, Mark: "hosted",
		Takes: takes,
		Paths: saga.Paths{
			payment.VerbPay: {Does: saga.Pays, Ends: payment.Completed, Steps: []saga.Step{
				{Name: stepPageCreate},
				{Name: stepPage, Class: saga.Page, Check: stepGet, Await: &saga.Await{
					For: payment.ActionRedirect, Within: pageLasts,
				}},
			}},
			payment.VerbCancel: dropping(),
			payment.VerbRefund: reversing(saga.Once),
			saga.PartialRefund: reversingPartly(),
		},
	}
}

// hold freezes funds, and later takes all or some of them or lets them go (documentation, "Holding").
func hold() *saga.Flow {
	return &saga.Flow{
		Name: Name + "/hold", Provider: Name, Kind: payment.Hold, Opens: payment.VerbHold,
		Takes: taking("amount", "account", "card", "duration_min"),
		Paths: saga.Paths{
			payment.VerbHold: {Does: saga.Holds, Ends: payment.Held, Steps: []saga.Step{
				{Name: stepHoldCreate, NeedsCard: true},
				{Name: stepHoldApply, Class: saga.Money, Check: stepHoldGet, Await: code("")},
			}},
			payment.VerbCharge: charging(),
			saga.Release:       releasing(),
			payment.VerbCancel: dropping(),
			payment.VerbRefund: reversing(saga.Once),
			saga.PartialRefund: reversingPartly(),
		},
	}
}

// holdItems freezes funds for several items, each of which can be charged for itself (documentation, "Create a request
// for multiple holding").
func holdItems() *saga.Flow {
	return &saga.Flow{
		Name: Name + "/hold-items", Provider: Name, Kind: payment.Hold, Opens: payment.VerbHold, Mark: "items",
		Takes: taking("amount", "items", "card", "duration_min"),
		Paths: saga.Paths{
			payment.VerbHold: {Does: saga.Holds, Ends: payment.Held, Steps: []saga.Step{
				{Name: stepHoldsCreate, NeedsCard: true},
				{Name: stepHoldsApply, Class: saga.Money, Check: stepHoldsGet, Await: code("")},
			}},
			payment.VerbCharge: charging(),
			saga.Release:       releasing(),
			payment.VerbCancel: dropping(),
			payment.VerbRefund: reversing(saga.All),
		},
	}
}

// linkCard links a card, so that it can be debited by token (documentation, "Card linking"). The cards that are linked
// before are noted first: only so can the list tell, when the answer is lost, which card is the new one.
func linkCard() *saga.Flow {
	return &saga.Flow{
		Name: Name + "/link-card", Provider: Name, Kind: payment.LinkCard, Opens: payment.VerbLinkCard,
		Takes: payment.Shape{Required: []string{"card"}, Cards: []payment.CardForm{payment.CardNumber}},
		Paths: saga.Paths{
			payment.VerbLinkCard: {Does: saga.Links, Ends: payment.Linked, Steps: []saga.Step{
				{Name: stepListCards},
				{Name: stepBindInit, NeedsCard: true},
				{Name: stepBindConfirm, Class: saga.Money, Check: stepListCards, Await: code("")},
			}},
			payment.VerbRemoveCard: {
				From: []payment.Status{payment.Linked}, Does: saga.Unlinks, Ends: payment.Removed,
				Steps: []saga.Step{{Name: stepRemoveCard, Class: saga.Money, Check: stepListCards}},
			},
			payment.VerbCancel: dropping(),
		},
	}
}

func taking(required ...string) payment.Shape {
	return payment.Shape{
		Required: required, Optional: []string{"terminal_id", "ofd_items"},
		Cards: []payment.CardForm{payment.CardToken, payment.CardNumber},
	}
}

func code(resend string) *saga.Await {
	return &saga.Await{For: payment.ActionCode, Within: codeLasts, Attempts: 3, Resend: resend}
}

// dropping is the way out before the money step. A draft that nobody applies needs no call.
func dropping() saga.Path {
	return saga.Path{
		From: []payment.Status{payment.Accepted, payment.Processing, payment.ActionRequired}, Ends: payment.Cancelled,
	}
}

func paid() []payment.Status { return []payment.Status{payment.Completed, payment.PartiallyRefunded} }

// reversing gives everything back (documentation, "Transaction cancellation").
func reversing(each saga.Each) saga.Path {
	return saga.Path{From: paid(), Does: saga.Refunds, Ends: payment.Refunded, Steps: []saga.Step{
		{Name: stepReverse, Class: saga.Money, Check: stepGet, Each: each},
	}}
}

// reversingPartly gives a part back (documentation, "Partial Reversal").
func reversingPartly() saga.Path {
	return saga.Path{From: paid(), Does: saga.Refunds, Ends: payment.PartiallyRefunded, Steps: []saga.Step{
		{Name: stepPartialCreate},
		{Name: stepPartialConfirm, Class: saga.Money, Check: stepPartialGet},
	}}
}

// charging takes what was chosen and lets the rest go.
func charging() saga.Path {
	return saga.Path{From: []payment.Status{payment.Held}, Does: saga.Charges, Ends: payment.Completed,
		Steps: []saga.Step{
			{Name: stepHoldCharge, Class: saga.Money, Check: stepHoldGet, Each: saga.Chosen},
			{Name: stepHoldCancel, Class: saga.Money, Check: stepHoldGet, Each: saga.Rest},
		}}
}

func releasing() saga.Path {
	return saga.Path{From: []payment.Status{payment.Held}, Does: saga.Releases, Ends: payment.Cancelled,
		Steps: []saga.Step{{Name: stepHoldCancel, Class: saga.Money, Check: stepHoldGet, Each: saga.All}}}
}
