package client

import (
	"time"

	"tolov/internal/payment"
)

// Withdraw takes what a person owes under a contract from whatever cards the provider knows of that person. There is no
// code and no card in the command: Payment.Items of the completed event tells how much came from which card.
type Withdraw struct {
	Merchant       string // empty: the default one
	ExtID          string // your idempotency key: [A-Za-z0-9._:-]{1,64}
	Provider       string // "atmos-pinfl"
	Amount         int64  // tiyin, more than 0
	Person         Person
	ContractNumber string // under which the person owes; at most 255 characters
	Partial        bool   // less than Amount will do: AmountCharged tells how much it was
	OFD            *OFD   // what the fiscal receipt says; nil: nothing of yours
	EPOS           *EPOS  // your branch; nil: only cards that the provider knows already are debited
	Description    string
	Metadata       map[string]string // comes back in every event; at most 20 keys
	Lang           string            // of the customer: uz, ru or en
	ExpiresIn      time.Duration     // whole seconds; 0: the worker's own limit
}

// Person is whose cards are debited. All of it is required, and all of it is personal data: it prints as ***, and only
// the command on its way to the worker has it in clear. The JSON names are those of the command.
type Person struct {
	FirstName      Secret `json:"first_name"`
	LastName       Secret `json:"last_name"`
	MiddleName     Secret `json:"middle_name"`
	PINFL          Secret `json:"pinfl"`           // 14 digits
	PassportSeries Secret `json:"passport_series"` // two capital letters
	PassportNumber Secret `json:"passport_number"` // 7 to 9 digits
}

// OFD is what a withdrawal's fiscal receipt says.
type OFD struct {
	OFDCode     string `json:"ofd_code,omitempty"`
	PackageCode string `json:"package_code,omitempty"` // marking code
	TIN         string `json:"tin,omitempty"`          // 9 digits
}

// EPOS is the merchant's branch from which a withdrawal is made, and by which unknown cards of a person are looked for
// first. Both are required.
type EPOS struct {
	BranchID        string `json:"branch_id,omitempty"`
	TerminalGroupID string `json:"terminal_group_id,omitempty"`
}

// PaymentID is the id of the payment that the command opens.
func (c Withdraw) PaymentID() string { return PaymentID(c.Merchant, c.ExtID) }

// Verb is withdraw.
func (c Withdraw) Verb() string { return string(payment.VerbWithdraw) }

func (c Withdraw) body() body {
	return body{
		ExtID: c.ExtID, Merchant: c.Merchant, Provider: c.Provider, Amount: &c.Amount, Person: c.Person.wire(),
		Contract: c.ContractNumber, Partial: c.Partial, OFD: c.OFD, EPOS: c.EPOS,
		Description: c.Description, Metadata: c.Metadata, Lang: c.Lang, ExpiresInS: int64(c.ExpiresIn / time.Second),
	}
}

func (p Person) wire() wirePerson {
	return disclosed(map[string]Secret{
		"first_name": p.FirstName, "last_name": p.LastName, "middle_name": p.MiddleName, "pinfl": p.PINFL,
		"passport_series": p.PassportSeries, "passport_number": p.PassportNumber,
	})
}

// wirePerson is personal data as a command carries it, by the command's names: nil when there is none.
type wirePerson map[string]string

// disclosed gives the values that there are. What is missing the worker names.
func disclosed(fields map[string]Secret) wirePerson {
	var data wirePerson
	for name, value := range fields {
		if value == "" {
			continue
		}
		if data == nil {
			data = wirePerson{}
		}
		data[name] = string(value)
	}
	return data
}
