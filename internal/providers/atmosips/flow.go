package atmosips

import (
	"time"

	"tolov/internal/payment"
	"tolov/internal/saga"
)

// Name is the provider's name in commands.
const Name = "atmos-ips"

// The provider's calls, as flows and history name them.
const (
	stepPreCreate = "pre-create"
	stepCreate    = "create"
	stepVerify    = "3ds" // a page: no call
	stepApply     = "apply"
	stepTemplate  = "create-template"
	stepGet       = "get"
	stepFind      = "get-ext-id"

	stepInvoice = "invoice-create"
	stepPage    = "page" // likewise

	stepHold       = "hold"
	stepHoldApply  = "hold-apply"
	stepHoldCancel = "hold-cancel"
	stepHoldReturn = "hold-return"

	stepBind     = "card-bind"
	stepBindPage = "card-bind-create"
	stepCard     = "card-get"
)

const (
	verifyLasts = 15 * time.Minute // how long the customer has for 3-D Secure; the documentation does not say
	pageLasts   = 24 * time.Hour   // how long the customer has at a page, when the command names no time
)

// Flows lists what the provider carries out.
func Flows() []*saga.Flow {
	return []*saga.Flow{pay(), payRecurring(), payPage(), hold(), linkCard(), linkCardPage()}
}

// pay is a payment with a card, by number or linked (documentation, "Creating a transaction draft (bind)",
// "Transaction Creation (IPS)"): a draft, the card put to it, 3-D Secure if it is asked for, and the debit.
func pay() *saga.Flow {
	return &saga.Flow{
		Name: Name + "/pay", Provider: Name, Kind: payment.Pay, Opens: payment.VerbPay,
		Takes: taking([]payment.CardForm{payment.CardID, payment.CardFull}, "amount", "account", "card", "customer_ip"),
		Paths: saga.Paths{
			payment.VerbPay: {Does: saga.Pays, Ends: payment.Completed, Steps: []saga.Step{
				{Name: stepPreCreate},
				{Name: stepCreate, Class: saga.Money, Check: stepGet, NeedsCard: true},
				{Name: stepVerify, Class: saga.Page, Check: stepGet, Await: redirect(verifyLasts)},
				{Name: stepApply, Class: saga.Money, Check: stepGet},
			}},
			payment.VerbCancel: dropping(),
		},
	}
}

// payRecurring debits a linked card without its holder (documentation, "Creating a recurring payment (IPS)"), which
// must have passed 3-D Secure when it was linked.
func payRecurring() *saga.Flow {
	return &saga.Flow{
		Name: Name + "/pay-recurring", Provider: Name, Kind: payment.Pay, Opens: payment.VerbPay, Mark: "recurring",
		Takes: taking([]payment.CardForm{payment.CardID}, "amount", "account", "card", "customer_ip", "recurring"),
		Paths: saga.Paths{
			payment.VerbPay: {Does: saga.Pays, Ends: payment.Completed, Steps: []saga.Step{
				{Name: stepCard, NeedsCard: true},
				{Name: stepTemplate, Class: saga.Money, Check: stepGet, NeedsCard: true},
			}},
			payment.VerbCancel: dropping(),
		},
	}
}

// payPage is an invoice that the customer pays at ATMOS's page (documentation, "Billing (IPS)").
func payPage() *saga.Flow {
	return &saga.Flow{
		Name: Name + "/pay-page", Provider: Name, Kind: payment.Pay, Opens: payment.VerbPay, Mark: "hosted",
		Takes: payment.Shape{
			Required: []string{"amount", "account", "hosted"}, Optional: []string{"invoice_id", "customer_ip"},
			Hosted: payment.HostedInvoice,
		},
		Paths: saga.Paths{
			payment.VerbPay: {Does: saga.Pays, Ends: payment.Completed, Steps: []saga.Step{
				{Name: stepInvoice},
				{Name: stepPage, Class: saga.Page, Check: stepFind, Await: redirect(pageLasts)},
			}},
			payment.VerbCancel: dropping(),
		},
	}
}

// hold freezes funds on a linked card, and later takes them or lets them go, as a whole (documentation, "Holding
// (IPS)").
func hold() *saga.Flow {
	held := []payment.Status{payment.Held}
	paid := []payment.Status{payment.Completed}
	return &saga.Flow{
		Name: Name + "/hold", Provider: Name, Kind: payment.Hold, Opens: payment.VerbHold,
		Takes: payment.Shape{
			Required: []string{"amount", "account", "card", "customer_ip", "ofd_items"}, Optional: []string{"invoice_id"},
			Cards: []payment.CardForm{payment.CardID},
		},
		Paths: saga.Paths{
			payment.VerbHold: {Does: saga.Holds, Ends: payment.Held, Steps: []saga.Step{
				{Name: stepHold, Class: saga.Money, Check: stepGet, NeedsCard: true},
			}},
			payment.VerbCharge: {From: held, Does: saga.Charges, Ends: payment.Completed, Steps: []saga.Step{
				{Name: stepHoldApply, Class: saga.Money, Check: stepGet},
			}},
			saga.Release: {From: held, Does: saga.Releases, Ends: payment.Cancelled, Steps: []saga.Step{
				{Name: stepHoldCancel, Class: saga.Money, Check: stepGet},
			}},
			payment.VerbCancel: dropping(),
			payment.VerbRefund: {From: paid, Does: saga.Refunds, Ends: payment.Refunded, Steps: []saga.Step{
				{Name: stepHoldReturn, Class: saga.Money, Check: stepGet},
			}},
		},
	}
}

// linkCard links a card by its number, so that it can be debited by its id (documentation, "Card linking").
func linkCard() *saga.Flow {
	return &saga.Flow{
		Name: Name + "/link-card", Provider: Name, Kind: payment.LinkCard, Opens: payment.VerbLinkCard,
		Takes: payment.Shape{
			Required: []string{"card", "customer_ip"}, Cards: []payment.CardForm{payment.CardFull},
		},
		Paths: saga.Paths{
			payment.VerbLinkCard: {Does: saga.Links, Ends: payment.Linked, Steps: []saga.Step{
				{Name: stepBind, Class: saga.Money, Check: stepCard, NeedsCard: true},
				{Name: stepVerify, Class: saga.Page, Check: stepCard, Await: redirect(verifyLasts)},
			}},
			payment.VerbCancel: dropping(),
		},
	}
}

// linkCardPage has the owner link the card at ATMOS's page (documentation, "Card linking by the owner").
func linkCardPage() *saga.Flow {
	return &saga.Flow{
		Name: Name + "/link-card-page", Provider: Name, Kind: payment.LinkCard, Opens: payment.VerbLinkCard, Mark: "hosted",
		Takes: payment.Shape{
			Required: []string{"hosted", "account"}, Optional: []string{"customer_ip"}, Hosted: payment.HostedCard,
		},
		Paths: saga.Paths{
			payment.VerbLinkCard: {Does: saga.Links, Ends: payment.Linked, Steps: []saga.Step{
				{Name: stepBindPage},
				{Name: stepPage, Class: saga.Page, Check: stepFind, Await: redirect(pageLasts)},
			}},
			payment.VerbCancel: dropping(),
		},
	}
}

func taking(cards []payment.CardForm, required ...string) payment.Shape {
	return payment.Shape{Required: required, Optional: []string{"invoice_id", "ofd_items"}, Cards: cards}
}

func redirect(lasts time.Duration) *saga.Await {
	return &saga.Await{For: payment.ActionRedirect, Within: lasts}
}

// dropping is the way out before the money step. A draft that nobody applies needs no call.
func dropping() saga.Path {
	return saga.Path{
		From: []payment.Status{payment.Accepted, payment.Processing, payment.ActionRequired}, Ends: payment.Cancelled,
	}
}
