package payment

import (
	"iter"
	"reflect"
	"strings"
	"sync"
)

// Command asks for something to be done with one payment: the union of the contract's fields. Which of them a verb
// takes is told by a Shape.
type Command struct {
	Verb    Verb   `json:"-"`
	Message string `json:"-"` // the identity of the message that carried it: stable over redeliveries

	ExtID     string `json:"ext_id,omitzero"`
	Merchant  string `json:"merchant,omitzero"`
	CommandID string `json:"command_id,omitzero"`

	Provider    string            `json:"provider,omitzero"`
	Description string            `json:"description,omitzero"`
	Metadata    map[string]string `json:"metadata,omitempty"`
	Lang        string            `json:"lang,omitzero"`
	ExpiresInS  *int64            `json:"expires_in_s,omitzero"`

	Amount     *Money     `json:"amount,omitzero"`
	Account    string     `json:"account,omitzero"`
	Card       *CardInput `json:"card,omitzero"`
	TerminalID string     `json:"terminal_id,omitzero"`
	OFDItems   []OFDItem  `json:"ofd_items,omitempty"`

	Items       []ItemInput `json:"items,omitempty"`
	Hosted      *Hosted     `json:"hosted,omitzero"`
	DurationMin *int64      `json:"duration_min,omitzero"`
	Sender      *Sender     `json:"sender,omitzero"`   // of a payout
	Document    *Document   `json:"document,omitzero"` // the sender's
	RefundID    string      `json:"refund_id,omitzero"`

	CustomerIP string `json:"customer_ip,omitzero"`
	InvoiceID  string `json:"invoice_id,omitzero"`
	Recurring  bool   `json:"recurring,omitzero"` // debit a linked card without its holder

	Person         *Person `json:"person,omitzero"`
	SealedPerson   string  `json:"-"` // Person, closed to the worker's own key by whoever decoded the command
	ContractNumber string  `json:"contract_number,omitzero"`
	Partial        bool    `json:"partial,omitzero"` // less than the amount will do
	OFD            *OFD    `json:"ofd,omitzero"`
	Epos           *Epos   `json:"epos,omitzero"`

	OTP    Secret `json:"otp,omitzero"`
	Reason string `json:"reason,omitzero"`

	Outcome    Status `json:"outcome,omitzero"`
	Evidence   string `json:"evidence,omitzero"`
	Actor      string `json:"actor,omitzero"`
	ApprovedBy string `json:"approved_by,omitzero"`
}

// ItemInput is one part of a payment: of an opening command {account, amount, details, terminal_id}, of a charge
// {index, amount}.
type ItemInput struct {
	Index      *int   `json:"index,omitzero"` // from 0, in the order of the opening command
	Account    string `json:"account,omitzero"`
	Amount     *Money `json:"amount,omitzero"`
	Details    string `json:"details,omitzero"`
	TerminalID string `json:"terminal_id,omitzero"`
}

// Hosted asks for a page of the provider's where the customer pays.
type Hosted struct {
	SuccessURL string       `json:"success_url,omitzero"`
	Items      []HostedItem `json:"items,omitempty"`     // of an invoice
	ExpiresAt  Time         `json:"expires_at,omitzero"` // likewise
}

// HostedItem is one line of a hosted invoice (ATMOS, "Billing (IPS)").
type HostedItem struct {
	ItemsID  string         `json:"items_id,omitzero"`
	Name     string         `json:"name,omitzero"`
	Amount   *Money         `json:"amount,omitzero"`
	Quantity *int64         `json:"quantity,omitzero"`
	Details  *HostedDetails `json:"details,omitzero"`
}

// HostedDetails is a key and value that the page shows beside a line.
type HostedDetails struct {
	Name   string `json:"name,omitzero"`
	Values string `json:"values,omitzero"`
}

// CardInput is a card as a command carries it, in one of its forms: a linked card's token or id, a number with its
// expiry, with or without the holder's name and the CVC, or any of them sealed to the worker's key.
type CardInput struct {
	ID     Secret `json:"id,omitzero"`
	Holder Secret `json:"holder,omitzero"`
	CVC    Secret `json:"cvc,omitzero"` // kept nowhere: it goes into one request
	Token  Secret `json:"token,omitzero"`
	Number Secret `json:"number,omitzero"`
	Expiry Secret `json:"expiry,omitzero"` // YYmm
	Sealed Secret `json:"sealed,omitzero"`
}

// Masked is the first six and last four digits of the number, or empty for a token and for no card.
func (c *CardInput) Masked() string {
	if c == nil {
		return ""
	}
	number := c.Number.Reveal()
	if len(number) < minCardDigits {
		return ""
	}
	return number[:6] + "******" + number[len(number)-4:]
}

// Forget drops the card's secrets when the command has been dealt with: none outlives the request that needed it.
func (c *Command) Forget() {
	c.OTP.Forget()
	if c.Card == nil {
		return
	}
	for _, s := range []Secret{
		c.Card.ID, c.Card.Holder, c.Card.CVC, c.Card.Token, c.Card.Number, c.Card.Expiry, c.Card.Sealed,
	} {
		s.Forget()
	}
}

// OFDItem is one line of a fiscal receipt (ATMOS, "Confirming a Partial Reversal"; ids as text).
type OFDItem struct {
	Name    string `json:"name,omitzero"`
	OFDCode string `json:"ofd_code,omitzero"`
	Amount  *Money `json:"amount,omitzero"`

	ItemsID  string `json:"items_id,omitzero"` // of Visa and Mastercard acquiring; empty: its place
	Quantity *int64 `json:"quantity,omitzero"` // likewise; nil: one

	Details []OFDDetail `json:"details,omitempty"`
}

// OFDDetail is a key and value that the fiscal operator keeps beside a line.
type OFDDetail struct {
	Key         string `json:"key,omitzero"`
	Value       string `json:"value,omitzero"`
	Description string `json:"description,omitzero"`
	Status      *int   `json:"status,omitzero"`
	Type        *int   `json:"type,omitzero"`
}

// PaymentID is the id of the payment that the command is about.
func (c *Command) PaymentID() string { return ID(c.Merchant, c.ExtID) }

// Identity is what makes a repeat a repeat: the caller's command_id, or else the message itself. It is kept with the
// payment, so a command_id that is not well-formed, for which the command is refused, identifies nothing.
func (c *Command) Identity() string {
	if IsExtID(c.CommandID) {
		return c.CommandID
	}
	return c.Message
}

// Order is what the provider's calls need of an opening command long after it was acknowledged. It holds no secret
// in clear.
type Order struct {
	Description string    `json:"description,omitzero"`
	Lang        string    `json:"lang,omitzero"`
	TerminalID  string    `json:"terminal_id,omitzero"`
	OFDItems    []OFDItem `json:"ofd_items,omitempty"`
	SuccessURL  string    `json:"success_url,omitzero"`
	DurationMin int64     `json:"duration_min,omitzero"`

	CustomerIP  string       `json:"customer_ip,omitzero"`
	InvoiceID   string       `json:"invoice_id,omitzero"`
	HostedItems []HostedItem `json:"hosted_items,omitempty"`
	ExpiresAt   Time         `json:"expires_at,omitzero"` // of a hosted invoice

	Person         string `json:"person,omitzero"` // sealed: Keyring.OpenPerson
	ContractNumber string `json:"contract_number,omitzero"`
	Partial        bool   `json:"partial,omitzero"` // the provider may take less than the amount
	OFD            *OFD   `json:"ofd,omitzero"`
	Epos           *Epos  `json:"epos,omitzero"`
}

// Order takes the lasting part of an opening command.
func (c *Command) Order() Order {
	o := Order{
		Description: c.Description, Lang: c.Lang, TerminalID: c.TerminalID, OFDItems: c.OFDItems,
		CustomerIP: c.CustomerIP, InvoiceID: c.InvoiceID,
		Person: c.SealedPerson, ContractNumber: c.ContractNumber, Partial: c.Partial, OFD: c.OFD, Epos: c.Epos,
	}
	if c.Hosted != nil {
		o.SuccessURL, o.HostedItems, o.ExpiresAt = c.Hosted.SuccessURL, c.Hosted.Items, c.Hosted.ExpiresAt
	}
	if c.DurationMin != nil {
		o.DurationMin = *c.DurationMin
	}
	return o
}

// Has tells whether the command carries the field of this JSON name.
func (c *Command) Has(field string) bool {
	for name := range c.fields() {
		if name == field {
			return true
		}
	}
	return false
}

// fields are the JSON names of the fields that the command carries.
func (c *Command) fields() iter.Seq[string] {
	value := reflect.ValueOf(c).Elem()
	return func(yield func(string) bool) {
		for i, name := range commandFields() {
			if name != "-" && !value.Field(i).IsZero() && !yield(name) {
				return
			}
		}
	}
}

// commandFields are the JSON names of a command's fields, in their order. Reading them from the type takes longer than
// all the rest of a command's rules.
var commandFields = sync.OnceValue(func() []string {
	var names []string
	for field := range reflect.TypeFor[Command]().Fields() {
		name, _, _ := strings.Cut(field.Tag.Get("json"), ",")
		names = append(names, name)
	}
	return names
})
