package client

import (
	"time"

	"tolov/internal/payment"
)

// Pay debits a card, or has the customer pay at the provider's page.
type Pay struct {
	Merchant    string  // empty: the default one
	ExtID       string  // your idempotency key: [A-Za-z0-9._:-]{1,64}
	Provider    string  // "atmos", "atmos-ips" for Visa and Mastercard, or "via" with an Account and a card's number
	Amount      int64   // tiyin, more than 0
	Account     string  // whom or what is paid for, as the provider knows it; empty with Items
	Items       []Item  // instead of Account: what is paid for in one go; Amount is their sum
	Card        Card    // none with Hosted
	Hosted      *Hosted // instead of Card: the payment page
	CustomerIP  string  // at atmos-ips, required with a card: where the customer is
	InvoiceID   string  // at atmos-ips: your invoice, as the provider shows it
	Recurring   bool    // at atmos-ips, with Card.ID: debit a linked card without its holder
	Description string
	Metadata    map[string]string // comes back in every event; at most 20 keys
	Lang        string            // of the customer: uz, ru or en
	ExpiresIn   time.Duration     // whole seconds; 0: the worker's own limit
	TerminalID  string
	OFDItems    []OFDItem // lines of the fiscal receipt
}

// Hold freezes an amount on a card. A Charge takes all or some of it later, a Cancel lets it go, and so does time.
type Hold struct {
	Merchant    string // empty: the default one
	ExtID       string // your idempotency key: [A-Za-z0-9._:-]{1,64}
	Provider    string // "atmos", or "atmos-ips" with Card.ID, a CustomerIP and OFDItems
	Amount      int64  // tiyin, more than 0
	Account     string // whom or what is paid for, as the provider knows it; empty with Items
	Items       []Item // instead of Account: each can be charged for itself; Amount is their sum
	Card        Card
	CustomerIP  string        // at atmos-ips, required: where the customer is
	InvoiceID   string        // at atmos-ips: your invoice, as the provider shows it
	Duration    time.Duration // at atmos: how long it stays frozen, whole minutes, at most 30 days; elsewhere none
	Description string
	Metadata    map[string]string // comes back in every event; at most 20 keys
	Lang        string            // of the customer: uz, ru or en
	ExpiresIn   time.Duration     // until it must be confirmed: whole seconds; 0: the worker's own limit
	TerminalID  string
	OFDItems    []OFDItem // lines of the fiscal receipt
}

// LinkCard links a card, whose owner receives a code or passes 3-D Secure. The card_linked event brings what it is
// debited by from then on, in Payment.Card: at atmos a token, which stands in that event alone and must be kept, at
// atmos-ips an ID.
type LinkCard struct {
	Merchant    string  // empty: the default one
	ExtID       string  // your idempotency key: [A-Za-z0-9._:-]{1,64}
	Provider    string  // "atmos", or "atmos-ips" for Visa and Mastercard
	Card        Card    // by its number; none with Hosted
	CustomerIP  string  // at atmos-ips, required with a card: where its owner is
	Hosted      *Hosted // at atmos-ips, instead of Card: the owner links it at the provider's page
	Account     string  // at atmos-ips, with Hosted: whose card it is, as you know them
	Description string
	Metadata    map[string]string // comes back in every event; at most 20 keys
	Lang        string            // of the customer: uz, ru or en
	ExpiresIn   time.Duration     // whole seconds; 0: the worker's own limit
}

// Item is one part of a payment that is about to be opened.
type Item struct {
	Account    string // whom or what is paid for
	Amount     int64  // tiyin, more than 0
	Details    string
	TerminalID string
}

// OFDItem is one line of a fiscal receipt.
type OFDItem struct {
	Name    string      `json:"name"`
	OFDCode string      `json:"ofd_code"`
	Amount  int64       `json:"amount"` // tiyin
	Details []OFDDetail `json:"details,omitempty"`

	ItemsID  string `json:"items_id,omitzero"` // Visa and Mastercard acquiring
	Quantity int64  `json:"quantity,omitzero"` // likewise; 0: one
}

// OFDDetail is a key and value that the fiscal operator keeps beside a line.
type OFDDetail struct {
	Key         string `json:"key,omitempty"`
	Value       string `json:"value,omitempty"`
	Description string `json:"description,omitempty"`
	Status      int    `json:"status"`
	Type        int    `json:"type"`
}

// PaymentID is the id of the payment that the command opens.
func (c Pay) PaymentID() string { return PaymentID(c.Merchant, c.ExtID) }

// Verb is pay.
func (c Pay) Verb() string { return string(payment.VerbPay) }

func (c Pay) body() body {
	return body{
		ExtID: c.ExtID, Merchant: c.Merchant, Provider: c.Provider, Amount: &c.Amount, Account: c.Account,
		Items: wireItems(c.Items), Card: c.Card.wire(), Hosted: c.Hosted.wire(), CustomerIP: c.CustomerIP,
		InvoiceID: c.InvoiceID, Recurring: c.Recurring, Description: c.Description, Metadata: c.Metadata, Lang: c.Lang,
		ExpiresInS: int64(c.ExpiresIn / time.Second), TerminalID: c.TerminalID, OFDItems: c.OFDItems,
	}
}

// PaymentID is the id of the payment that the command opens.
func (c Hold) PaymentID() string { return PaymentID(c.Merchant, c.ExtID) }

// Verb is hold.
func (c Hold) Verb() string { return string(payment.VerbHold) }

func (c Hold) body() body {
	return body{
		ExtID: c.ExtID, Merchant: c.Merchant, Provider: c.Provider, Amount: &c.Amount, Account: c.Account,
		Items: wireItems(c.Items), Card: c.Card.wire(), CustomerIP: c.CustomerIP, InvoiceID: c.InvoiceID,
		DurationMin: int64(c.Duration / time.Minute),
		Description: c.Description, Metadata: c.Metadata, Lang: c.Lang, ExpiresInS: int64(c.ExpiresIn / time.Second),
		TerminalID: c.TerminalID, OFDItems: c.OFDItems,
	}
}

// PaymentID is the id of the payment that the command opens: a link has one like every other.
func (c LinkCard) PaymentID() string { return PaymentID(c.Merchant, c.ExtID) }

// Verb is link_card.
func (c LinkCard) Verb() string { return string(payment.VerbLinkCard) }

func (c LinkCard) body() body {
	return body{
		ExtID: c.ExtID, Merchant: c.Merchant, Provider: c.Provider, Card: c.Card.wire(), CustomerIP: c.CustomerIP,
		Hosted: c.Hosted.wire(), Account: c.Account, Description: c.Description, Metadata: c.Metadata, Lang: c.Lang,
		ExpiresInS: int64(c.ExpiresIn / time.Second),
	}
}

func wireItems(items []Item) []wireItem {
	var wire []wireItem
	for _, item := range items {
		wire = append(wire, wireItem{
			Account: item.Account, Amount: item.Amount, Details: item.Details, TerminalID: item.TerminalID,
		})
	}
	return wire
}
