package client

import (
	"time"

	"tolov/internal/payment"
)

// Payout sends money to a card.
type Payout struct {
	Merchant    string // empty: the default one
	ExtID       string // your idempotency key: [A-Za-z0-9._:-]{1,64}
	Provider    string // "paysys"
	Amount      int64  // tiyin; PaySys takes no less than 100,000
	Card        Card   // the recipient's, by its number alone
	Sender      Sender
	Document    Document // the sender's: wanted from 50 base calculation values on, and refused below
	Description string
	Metadata    map[string]string // comes back in every event; at most 20 keys
	Lang        string            // of the customer: uz, ru or en
	ExpiresIn   time.Duration     // whole seconds; 0: the worker's own limit
}

// Sender is the person who sends a payout. It is personal data: it prints as ***. The JSON names are those of the
// command.
type Sender struct {
	LastName   Secret `json:"last_name"`
	FirstName  Secret `json:"first_name"`
	MiddleName Secret `json:"middle_name,omitempty"` // may be empty
}

// Document is the sender's identity document, personal data as Sender is. The JSON names are those of the command,
// which are the provider's.
type Document struct {
	Nationality  Secret `json:"nationality"` // ISO 3166-1, three digits
	Type         Secret `json:"type"`        // passport
	SeriesNumber Secret `json:"seriesNumber"`
	BirthDate    Secret `json:"birthDate"`     // dd.mm.yyyy
	ValidTo      Secret `json:"validTo"`       // dd.mm.yyyy
	PINFL        Secret `json:"mrz,omitempty"` // 14 digits; may be empty
}

// PaymentID is the id of the payment that the command opens.
func (c Payout) PaymentID() string { return PaymentID(c.Merchant, c.ExtID) }

// Verb is payout.
func (c Payout) Verb() string { return string(payment.VerbPayout) }

func (c Payout) body() body {
	return body{
		ExtID: c.ExtID, Merchant: c.Merchant, Provider: c.Provider, Amount: &c.Amount, Card: c.Card.wire(),
		Sender: c.Sender.wire(), Document: c.Document.wire(), Description: c.Description, Metadata: c.Metadata,
		Lang: c.Lang, ExpiresInS: int64(c.ExpiresIn / time.Second),
	}
}

func (s Sender) wire() wirePerson {
	return disclosed(map[string]Secret{
		"last_name": s.LastName, "first_name": s.FirstName, "middle_name": s.MiddleName,
	})
}

func (d Document) wire() wirePerson {
	return disclosed(map[string]Secret{
		"nationality": d.Nationality, "type": d.Type, "seriesNumber": d.SeriesNumber, "birthDate": d.BirthDate,
		"validTo": d.ValidTo, "mrz": d.PINFL,
	})
}
