package client

import (
	"fmt"
	"time"

	"tolov/internal/payment"
)

// Payment is a payment as it stands. Amounts are tiyin. A card appears only masked.
type Payment struct {
	ID       string `json:"id"`
	ExtID    string `json:"ext_id"`
	Merchant string `json:"merchant"`
	Provider string `json:"provider"`
	Kind     string `json:"kind"` // pay, hold, withdraw, payout or link_card
	Status   Status `json:"status"`

	Amount         int64  `json:"amount"`
	AmountHeld     int64  `json:"amount_held"`
	AmountCharged  int64  `json:"amount_charged"` // 0 until completed
	AmountRefunded int64  `json:"amount_refunded"`
	Currency       string `json:"currency"`

	Account      string            `json:"account,omitempty"`
	Items        []ItemShown       `json:"items,omitempty"` // the parts, in the order of the opening command
	Card         *CardShown        `json:"card,omitempty"`
	Action       *Action           `json:"action,omitempty"`  // only while the customer must act
	Failure      *Failure          `json:"failure,omitempty"` // only when failed
	CancelReason string            `json:"cancel_reason,omitempty"`
	Receipts     []Receipt         `json:"receipts,omitempty"`
	Refunds      []RefundShown     `json:"refunds,omitempty"`
	ProviderRefs map[string]string `json:"provider_refs,omitempty"`
	Metadata     map[string]string `json:"metadata,omitempty"`
	HeldUntil    time.Time         `json:"held_until,omitzero"`

	Version   int       `json:"version"` // the number of records that led here
	CreatedAt time.Time `json:"created_at"`
	UpdatedAt time.Time `json:"updated_at"`
}

// Status is where a payment stands.
type Status string

// The statuses.
const (
	StatusAccepted          = Status(payment.Accepted)
	StatusProcessing        = Status(payment.Processing)
	StatusActionRequired    = Status(payment.ActionRequired)
	StatusHeld              = Status(payment.Held)
	StatusInDoubt           = Status(payment.InDoubt)
	StatusNeedsReview       = Status(payment.NeedsReview)
	StatusCompleted         = Status(payment.Completed)
	StatusPartiallyRefunded = Status(payment.PartiallyRefunded)
	StatusRefunded          = Status(payment.Refunded)
	StatusFailed            = Status(payment.Failed)
	StatusCancelled         = Status(payment.Cancelled)
	StatusLinked            = Status(payment.Linked)
	StatusRemoved           = Status(payment.Removed)
)

// Final tells whether the payment rests there for good, later refunds aside.
func (s Status) Final() bool { return payment.Status(s).Final() }

// ItemShown is one part of a payment as it stands. Amounts are tiyin.
type ItemShown struct {
	Account       string            `json:"account,omitempty"`
	Card          *CardShown        `json:"card,omitempty"` // of a part that the provider took from a card of its choice
	Amount        int64             `json:"amount"`
	AmountCharged int64             `json:"amount_charged"`
	Details       string            `json:"details,omitempty"`
	TerminalID    string            `json:"terminal_id,omitempty"`
	ProviderRefs  map[string]string `json:"provider_refs,omitempty"`
	Receipts      []Receipt         `json:"receipts,omitempty"`
}

// RefundShown is one refund of a payment as it stands.
type RefundShown struct {
	RefundID string `json:"refund_id"`
	Amount   int64  `json:"amount"` // tiyin; reserved from the moment the refund is recorded
	Status   string `json:"status"` // pending, refunded or failed
	Reason   string `json:"reason,omitempty"`
}

// CardShown is what may be shown of a card. ID, Token and Holder are of a card that this payment linked; the token is a
// credential and stands in the card_linked event alone.
type CardShown struct {
	ID     string `json:"id,omitempty"`
	Token  Secret `json:"token,omitempty"`
	Masked string `json:"masked,omitempty"` // first six and last four digits
	Holder string `json:"holder,omitempty"`
}

// Format hides the token from every verb of fmt. Behind a pointer, and by a verb that fits none, fmt would not ask the
// token itself, and print it.
func (c CardShown) Format(f fmt.State, _ rune) {
	_, _ = fmt.Fprintf(f, "{%s %s %s %s}", c.ID, c.Token, c.Masked, c.Holder)
}

// Action is what the customer must do before the payment goes on.
type Action struct {
	Type         string    `json:"type"`            // otp: enter a code; redirect: visit URL
	Phone        string    `json:"phone,omitempty"` // masked by the provider
	URL          string    `json:"url,omitempty"`
	ExpiresAt    time.Time `json:"expires_at,omitzero"`
	AttemptsLeft int       `json:"attempts_left"`
}

// Failure tells why a payment failed.
type Failure struct {
	Code         string `json:"code"`     // a stable word, such as insufficient_funds
	Category     string `json:"category"` // who can act: customer, issuer, caller, merchant, provider
	ProviderCode string `json:"provider_code"`
	Message      Text   `json:"message"` // for the customer
	Advice       string `json:"advice"`  // a stable word, such as top_up
}

// Text is a message in the three languages of the market.
type Text struct {
	UZ string `json:"uz"`
	RU string `json:"ru"`
	EN string `json:"en"`
}

// Receipt is a fiscal receipt's address.
type Receipt struct {
	Kind string `json:"kind"` // sale or commission
	URL  string `json:"url"`
}

// History is all that is recorded of a payment, oldest first.
type History struct {
	PaymentID string   `json:"payment_id"`
	Records   []Record `json:"records"`
}

// Record is one transition of a payment.
type Record struct {
	At       time.Time  `json:"at"`
	Status   Status     `json:"status,omitempty"` // empty while only refusals were recorded
	Cause    Cause      `json:"cause"`
	Evidence *Evidence  `json:"evidence,omitempty"` // what the provider answered, when that led to the record
	Events   []Told     `json:"events"`
	Intent   *Intent    `json:"intent,omitempty"` // a money call that went out or may have
	Due      *time.Time `json:"due,omitempty"`    // when the payment is looked at again by itself
}

// Cause tells who or what led to a record.
type Cause struct {
	Kind       string `json:"kind"`           // command, answer, provider, notice, books, timer or sweep
	Verb       string `json:"verb,omitempty"` // of the command
	CommandID  string `json:"command_id,omitempty"`
	Step       string `json:"step,omitempty"` // the provider's call that was answered
	Reason     string `json:"reason,omitempty"`
	Actor      string `json:"actor,omitempty"`
	ApprovedBy string `json:"approved_by,omitempty"`
	Evidence   string `json:"evidence,omitempty"`
}

// Evidence is what is kept of a provider's answer.
type Evidence struct {
	Step        string    `json:"step"`
	Outcome     string    `json:"outcome"` // done, declined, not_sent, pending, absent or unknown
	Code        string    `json:"code,omitempty"`
	HTTPStatus  int       `json:"http_status,omitempty"`
	Transaction string    `json:"transaction,omitempty"`
	Amount      int64     `json:"amount,omitempty"` // tiyin, when the answer named an amount
	Note        string    `json:"note,omitempty"`
	AskedAt     time.Time `json:"asked_at"`
}

// Told is an event as the record has it.
type Told struct {
	N           int          `json:"n"` // counts the payment's events from 1
	Type        EventType    `json:"type"`
	Trace       string       `json:"trace,omitempty"`
	Rejection   *Rejection   `json:"rejection,omitempty"`
	Refund      *RefundShown `json:"refund,omitempty"`
	Discrepancy *Discrepancy `json:"discrepancy,omitempty"`
	Review      string       `json:"review,omitempty"`
}

// Intent is a money call, recorded before it was made.
type Intent struct {
	Step        string    `json:"step"`
	Part        int       `json:"part,omitempty"` // which item, of a step that is made for several
	Attempt     int       `json:"attempt"`
	Transaction string    `json:"transaction,omitempty"`
	Amount      int64     `json:"amount"` // tiyin
	At          time.Time `json:"at"`
	SendBy      time.Time `json:"send_by"` // later it is not sent any more
}
