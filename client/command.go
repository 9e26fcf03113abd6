package client

import (
	"encoding/json"
	"fmt"

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

// Command asks for something to be done with one payment. Pay, Hold, Withdraw, Payout and LinkCard open one;
// Confirm, ResendCode, Charge, Cancel, Refund, RemoveCard, Recheck and Resolve continue one.
type Command interface {
	// PaymentID is the id of the payment that the command is about.
	PaymentID() string
	// Verb is the last token of the command's subject.
	Verb() string
	body() body
}

// body is a command as it travels: the contract's fields.
type body struct {
	ExtID       string            `json:"ext_id"`
	Merchant    string            `json:"merchant,omitempty"`
	CommandID   string            `json:"command_id,omitempty"`
	Provider    string            `json:"provider,omitempty"`
	Amount      *int64            `json:"amount,omitempty"`
	Account     string            `json:"account,omitempty"`
	Items       []wireItem        `json:"items,omitempty"`
	Card        *wireCard         `json:"card,omitempty"`
	Hosted      *wireHosted       `json:"hosted,omitempty"`
	CustomerIP  string            `json:"customer_ip,omitempty"`
	InvoiceID   string            `json:"invoice_id,omitempty"`
	Recurring   bool              `json:"recurring,omitempty"`
	DurationMin int64             `json:"duration_min,omitempty"`
	Description string            `json:"description,omitempty"`
	Metadata    map[string]string `json:"metadata,omitempty"`
	Lang        string            `json:"lang,omitempty"`
	ExpiresInS  int64             `json:"expires_in_s,omitempty"`
	TerminalID  string            `json:"terminal_id,omitempty"`
	OFDItems    []OFDItem         `json:"ofd_items,omitempty"`
	OTP         string            `json:"otp,omitempty"`
	Person      wirePerson        `json:"person,omitempty"`
	Contract    string            `json:"contract_number,omitempty"`
	Partial     bool              `json:"partial,omitempty"`
	OFD         *OFD              `json:"ofd,omitempty"`
	EPOS        *EPOS             `json:"epos,omitempty"`
	Sender      wirePerson        `json:"sender,omitempty"`
	Document    wirePerson        `json:"document,omitempty"`
	RefundID    string            `json:"refund_id,omitempty"`
	Reason      string            `json:"reason,omitempty"`
	Outcome     Status            `json:"outcome,omitempty"`
	Evidence    string            `json:"evidence,omitempty"`
	Actor       string            `json:"actor,omitempty"`
	ApprovedBy  string            `json:"approved_by,omitempty"`
}

// wireItem is an item as a command carries it: of an opening one, or of a charge.
type wireItem struct {
	Index      *int   `json:"index,omitempty"`
	Account    string `json:"account,omitempty"`
	Amount     int64  `json:"amount,omitempty"` // tiyin
	Details    string `json:"details,omitempty"`
	TerminalID string `json:"terminal_id,omitempty"`
}

// some is an amount that may be left out: nil for 0.
func some(amount int64) *int64 {
	if amount == 0 {
		return nil
	}
	return &amount
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
		return nil, fmt.Errorf("%w: %d bytes, at most %d are taken: shorten Metadata, Items or OFDItems",
			ErrInvalid, len(data), maxBody)
	default:
		return data, nil
	}
}
