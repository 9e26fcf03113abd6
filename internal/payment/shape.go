package payment

import "slices"

// Shape tells which fields a command takes beside those that every command of its class takes. A flow declares the
// shape of the command that opens it; the continuing verbs have the contract's own.
type Shape struct {
	Required []string
	Optional []string
	Cards    []CardForm // the forms of card that are taken, when card is

	Hosted HostedForm // what hosted holds, when it is taken

	AmountFrom   Money // the smallest amount; 0: any
	DocumentFrom Money // the sender's document is required from this amount and refused below it; 0: no such rule
}

// CardForm names one way to name a card.
type CardForm string

// The forms.
const (
	CardToken  CardForm = "token"
	CardNumber CardForm = "number"
	CardBare   CardForm = "bare number" // of a recipient: without an expiry
	CardID     CardForm = "id"          // of a linked card
	CardFull   CardForm = "full number" // with expiry, holder and CVC
)

// HostedForm names what the provider's page wants to be told.
type HostedForm string

// The forms.
const (
	HostedPage    HostedForm = ""        // success_url, if there is one
	HostedCard    HostedForm = "card"    // success_url: a card is linked there
	HostedInvoice HostedForm = "invoice" // success_url, items, and expires_at if there is one
)

func openingFields() []string {
	return []string{"ext_id", "merchant", "provider", "description", "metadata", "lang", "expires_in_s"}
}

func continuingFields() []string { return []string{"ext_id", "merchant", "command_id"} }

// ContinuingShape is the shape of a verb that continues a payment.
func ContinuingShape(verb Verb) Shape {
	switch verb {
	case VerbConfirm:
		return Shape{Required: []string{"otp"}}
	case VerbCancel:
		return Shape{Optional: []string{"reason"}}
	case VerbCharge:
		return Shape{Optional: []string{"amount", "items"}}
	case VerbRefund:
		return Shape{Required: []string{"refund_id"}, Optional: []string{"amount", "reason", "ofd_items"}}
	case VerbResolve:
		return Shape{Required: []string{"outcome", "evidence", "actor", "approved_by"}}
	default:
		return Shape{}
	}
}

// check refuses the first field that is missing or that the verb does not take.
func (s Shape) check(c *Command) *Rejection {
	common := continuingFields()
	if c.Verb.Opens() {
		common = openingFields()
	}
	present := slices.Collect(c.fields())
	for _, name := range s.Required {
		if !slices.Contains(present, name) {
			return c.refuse(MissingField, name, "is required for "+string(c.Verb))
		}
	}
	for _, name := range present {
		if !slices.Contains(common, name) && !slices.Contains(s.Required, name) && !slices.Contains(s.Optional, name) {
			return c.refuse(UnknownField, name, "is not a field of this "+string(c.Verb))
		}
	}
	return nil
}

func (c *Command) refuse(code RefusedBy, field, message string) *Rejection {
	return &Rejection{Verb: c.Verb, Code: code, Field: field, Message: message}
}
