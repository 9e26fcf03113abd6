package client

import (
	"encoding/json"
	"fmt"
	"time"

	"tolov/internal/payment"
)

// DefaultMerchant is whose account is used by a command that names no merchant.
const DefaultMerchant = payment.DefaultMerchant

// maxBody is the largest command that the worker reads, in bytes.
const maxBody = 64 << 10

// PaymentID is the id of the payment that a merchant's ExtID stands for, whether or not it exists. No merchant means
// the default one.
func PaymentID(merchant, extID string) string {
	if merchant == "" {
		merchant = DefaultMerchant
	}
	return payment.ID(merchant, extID)
}

// IsPaymentID tells whether s has the form of a payment id.
func IsPaymentID(s string) bool { return payment.IsID(s) }

// Command is one of Pay, Confirm, ResendCode, Cancel, Recheck and Resolve.
type Command interface {
	// PaymentID is the id of the payment that the command is about.
	PaymentID() string
	// Verb is the last token of the command's subject.
	Verb() string
	body() body
}

// Pay debits a card.
type Pay struct {
	Merchant    string // empty: the default one
	ExtID       string // your idempotency key: [A-Za-z0-9._:-]{1,64}
	Provider    string // "atmos"
	Amount      int64  // tiyin, more than 0
	Account     string // whom or what is paid for, as the provider knows it
	Card        Card
	Description string
	Metadata    map[string]string // comes back in every event; at most 20 keys
	Lang        string            // of the customer: uz, ru or en
	ExpiresIn   time.Duration     // whole seconds; 0: the worker's own limit
	TerminalID  string
	OFDItems    []OFDItem // lines of the fiscal receipt
}

// OFDItem is one line of a fiscal receipt.
type OFDItem struct {
	Name    string      `json:"name"`
	OFDCode string      `json:"ofd_code"`
	Amount  int64       `json:"amount"` // tiyin
	Details []OFDDetail `json:"details,omitempty"`
}

// OFDDetail is a key and value that the fiscal operator keeps beside a line.
type OFDDetail struct {
	Key         string `json:"key,omitempty"`
	Value       string `json:"value,omitempty"`
	Description string `json:"description,omitempty"`
	Status      int    `json:"status,omitempty"`
	Type        int    `json:"type,omitempty"`
}

// Confirm gives the code that the customer received. Allowed while the payment is action_required.
type Confirm struct {
	Merchant  string
	ExtID     string
	CommandID string // makes a repeat of this very command a no-op; may be empty
	Code      Secret
}

// ResendCode asks for another code. Allowed while the payment is action_required.
type ResendCode struct {
	Merchant  string
	ExtID     string
	CommandID string
}

// Cancel drops a payment before its money moved.
type Cancel struct {
	Merchant  string
	ExtID     string
	CommandID string
	Reason    string
}

// Recheck asks the provider now how a payment that is not final stands. An event follows only when something changed.
type Recheck struct {
	Merchant  string
	ExtID     string
	CommandID string
}

// Resolve ends a review by the word of two persons. Allowed while the payment is needs_review.
type Resolve struct {
	Merchant   string
	ExtID      string
	CommandID  string
	Outcome    Status // completed, failed or cancelled
	Evidence   string // what was seen, and where
	Actor      string
	ApprovedBy string // another person
}

// body is a command as it travels: the contract's fields.
type body struct {
	ExtID       string            `json:"ext_id"`
	Merchant    string            `json:"merchant,omitempty"`
	CommandID   string            `json:"command_id,omitempty"`
	Provider    string            `json:"provider,omitempty"`
	Amount      *int64            `json:"amount,omitempty"`
	Account     string            `json:"account,omitempty"`
	Card        *wireCard         `json:"card,omitempty"`
	Description string            `json:"description,omitempty"`
	Metadata    map[string]string `json:"metadata,omitempty"`
	Lang        string            `json:"lang,omitempty"`
	ExpiresInS  int64             `json:"expires_in_s,omitempty"`
	TerminalID  string            `json:"terminal_id,omitempty"`
	OFDItems    []OFDItem         `json:"ofd_items,omitempty"`
	OTP         string            `json:"otp,omitempty"`
	Reason      string            `json:"reason,omitempty"`
	Outcome     Status            `json:"outcome,omitempty"`
	Evidence    string            `json:"evidence,omitempty"`
	Actor       string            `json:"actor,omitempty"`
	ApprovedBy  string            `json:"approved_by,omitempty"`
}

// PaymentID is the id of the payment that the command opens.
func (c Pay) PaymentID() string { return PaymentID(c.Merchant, c.ExtID) }

// Verb is pay.
func (c Pay) Verb() string { return string(payment.VerbPay) }

func (c Pay) body() body {
	b := body{
		ExtID: c.ExtID, Merchant: c.Merchant, Provider: c.Provider, Amount: &c.Amount, Account: c.Account,
		Description: c.Description, Metadata: c.Metadata, Lang: c.Lang, ExpiresInS: int64(c.ExpiresIn / time.Second),
		TerminalID: c.TerminalID, OFDItems: c.OFDItems,
	}
	if c.Card != (Card{}) {
		b.Card = c.Card.wire()
	}
	return b
}

// PaymentID is the id of the payment to confirm.
func (c Confirm) PaymentID() string { return PaymentID(c.Merchant, c.ExtID) }

// Verb is confirm.
func (c Confirm) Verb() string { return string(payment.VerbConfirm) }

func (c Confirm) body() body {
	return body{ExtID: c.ExtID, Merchant: c.Merchant, CommandID: c.CommandID, OTP: string(c.Code)}
}

// PaymentID is the id of the payment that waits for a code.
func (c ResendCode) PaymentID() string { return PaymentID(c.Merchant, c.ExtID) }

// Verb is resend_code.
func (c ResendCode) Verb() string { return string(payment.VerbResendCode) }

func (c ResendCode) body() body {
	return body{ExtID: c.ExtID, Merchant: c.Merchant, CommandID: c.CommandID}
}

// PaymentID is the id of the payment to cancel.
func (c Cancel) PaymentID() string { return PaymentID(c.Merchant, c.ExtID) }

// Verb is cancel.
func (c Cancel) Verb() string { return string(payment.VerbCancel) }

func (c Cancel) body() body {
	return body{ExtID: c.ExtID, Merchant: c.Merchant, CommandID: c.CommandID, Reason: c.Reason}
}

// PaymentID is the id of the payment to ask about.
func (c Recheck) PaymentID() string { return PaymentID(c.Merchant, c.ExtID) }

// Verb is recheck.
func (c Recheck) Verb() string { return string(payment.VerbRecheck) }

func (c Recheck) body() body {
	return body{ExtID: c.ExtID, Merchant: c.Merchant, CommandID: c.CommandID}
}

// PaymentID is the id of the payment under review.
func (c Resolve) PaymentID() string { return PaymentID(c.Merchant, c.ExtID) }

// Verb is resolve.
func (c Resolve) Verb() string { return string(payment.VerbResolve) }

func (c Resolve) body() body {
	return body{
		ExtID: c.ExtID, Merchant: c.Merchant, CommandID: c.CommandID,
		Outcome: c.Outcome, Evidence: c.Evidence, Actor: c.Actor, ApprovedBy: c.ApprovedBy,
	}
}

// encode writes a command. What would make it a dead letter, which nobody hears of, is refused here; every other fault
// is the worker's to name, in a rejected event.
func encode(cmd Command) ([]byte, error) {
	b := cmd.body()
	switch {
	case !payment.IsExtID(b.ExtID):
		return nil, fmt.Errorf("%w: ExtID must be 1 to 64 of the characters A-Z a-z 0-9 . _ : -", ErrInvalid)
	case b.Merchant != "" && !payment.IsMerchant(b.Merchant):
		return nil, fmt.Errorf("%w: Merchant must be 1 to 32 of the characters a-z 0-9 -", ErrInvalid)
	}
	data, err := json.Marshal(b)
	switch {
	case err != nil:
		return nil, fmt.Errorf("%w: it cannot be written as JSON", ErrInvalid) // the reason might repeat a secret
	case len(data) > maxBody:
		return nil, fmt.Errorf("%w: %d bytes, at most %d are taken: shorten Metadata or OFDItems",
			ErrInvalid, len(data), maxBody)
	default:
		return data, nil
	}
}
