package payment

import (
	"maps"
	"slices"
)

// Payment is one payment as the outside world sees it: the whole of `data.payment` in every event.
// Amounts are tiyin. It never holds a card number, a code, or a credential; the token of a linked card, which its
// owner asked for, is the one exception.
type Payment struct {
	ID       string `json:"id"`
	ExtID    string `json:"ext_id"`
	Merchant string `json:"merchant"`
	Provider string `json:"provider"`
	Kind     Kind   `json:"kind"`
	Status   Status `json:"status"`

	Amount         Money  `json:"amount"`
	AmountHeld     Money  `json:"amount_held"`
	AmountCharged  Money  `json:"amount_charged"` // 0 until completed
	AmountRefunded Money  `json:"amount_refunded"`
	Currency       string `json:"currency"`

	Account      string            `json:"account,omitzero"`
	Items        []Item            `json:"items,omitempty"` // the parts, in the order of the opening command
	Card         *Card             `json:"card,omitzero"`
	Action       *Action           `json:"action,omitzero"`  // only while the customer must act
	Failure      *Failure          `json:"failure,omitzero"` // only when failed
	CancelReason string            `json:"cancel_reason,omitzero"`
	Receipts     []Receipt         `json:"receipts,omitempty"`
	Refunds      []Refund          `json:"refunds,omitempty"`
	ProviderRefs map[string]string `json:"provider_refs,omitempty"` // the provider's ids, as text
	Metadata     map[string]string `json:"metadata,omitempty"`
	HeldUntil    Time              `json:"held_until,omitzero"`

	Version   int  `json:"version"` // the number of records that led here
	CreatedAt Time `json:"created_at"`
	UpdatedAt Time `json:"updated_at"`
}

// Item is one part of a payment: one that the opening command named, or, when the provider chose the cards, what it
// took from one of them.
type Item struct {
	Account       string            `json:"account,omitzero"`
	Card          *Card             `json:"card,omitzero"`
	Amount        Money             `json:"amount"`
	AmountCharged Money             `json:"amount_charged"`
	Details       string            `json:"details,omitzero"`
	TerminalID    string            `json:"terminal_id,omitzero"`
	ProviderRefs  map[string]string `json:"provider_refs,omitempty"`
	Receipts      []Receipt         `json:"receipts,omitempty"`
}

// Refund is one refund of a payment. Its amount counts from the moment it is recorded, before any call (H54).
type Refund struct {
	RefundID string       `json:"refund_id"`
	Amount   Money        `json:"amount"`
	Status   RefundStatus `json:"status"`
	Reason   string       `json:"reason,omitzero"`
}

// RefundStatus is where a refund stands.
type RefundStatus string

// The statuses of a refund.
const (
	RefundPending RefundStatus = "pending"
	RefundDone    RefundStatus = "refunded"
	RefundRefused RefundStatus = "failed"
)

// Card is what may be shown of a card. The token of a linked card is a credential: it stands in the payment's own
// card_linked event and nowhere else.
type Card struct {
	ID     string `json:"id,omitzero"`
	Token  string `json:"token,omitzero"`
	Masked string `json:"masked,omitzero"` // first six and last four digits
	Holder string `json:"holder,omitzero"`
}

// ActionType tells what the customer must do.
type ActionType string

// The actions of the contract.
const (
	ActionCode     ActionType = "otp"
	ActionRedirect ActionType = "redirect"
)

// Action is what the customer must do before the payment goes on.
type Action struct {
	Type         ActionType `json:"type"`
	Phone        string     `json:"phone,omitzero"` // masked by the provider
	URL          string     `json:"url,omitzero"`
	ExpiresAt    Time       `json:"expires_at,omitzero"`
	AttemptsLeft int        `json:"attempts_left"` // of a code; 0 at a page, where none is entered
}

// Receipt is a fiscal receipt's address.
type Receipt struct {
	Kind string `json:"kind"` // sale or commission
	URL  string `json:"url"`
}

// Clone copies the payment and all it points to, so that a decision never changes what it decides on.
func (p *Payment) Clone() *Payment {
	if p == nil {
		return nil
	}
	c := *p
	c.Card = clonePointer(p.Card)
	c.Action = clonePointer(p.Action)
	c.Failure = clonePointer(p.Failure)
	c.Receipts = slices.Clone(p.Receipts)
	c.Refunds = slices.Clone(p.Refunds)
	c.Items = slices.Clone(p.Items)
	for i := range c.Items {
		c.Items[i].Card = clonePointer(p.Items[i].Card)
		c.Items[i].ProviderRefs = maps.Clone(p.Items[i].ProviderRefs)
		c.Items[i].Receipts = slices.Clone(p.Items[i].Receipts)
	}
	c.ProviderRefs = maps.Clone(p.ProviderRefs)
	c.Metadata = maps.Clone(p.Metadata)
	return &c
}

func clonePointer[T any](p *T) *T {
	if p == nil {
		return nil
	}
	c := *p
	return &c
}
