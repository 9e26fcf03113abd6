package client

import "time"

// Hosted asks for a page of the provider's where the customer pays, or links a card: its address comes in the
// action_required event.
type Hosted struct {
	SuccessURL string       // where the page sends the customer afterwards; required at atmos-ips
	Items      []HostedItem // at atmos-ips, of a Pay, required: the lines of the invoice
	ExpiresAt  time.Time    // at atmos-ips, of a Pay: until when it can be paid; zero: a day
}

// HostedItem is one line of an invoice. The JSON names are those of the command.
type HostedItem struct {
	ItemsID  string         `json:"items_id"` // your number of the line
	Name     string         `json:"name"`
	Amount   int64          `json:"amount"`             // tiyin
	Quantity int64          `json:"quantity,omitempty"` // 0: the provider's own default
	Details  *HostedDetails `json:"details,omitempty"`
}

// HostedDetails is a key and value that the page shows beside a line.
type HostedDetails struct {
	Name   string `json:"name,omitempty"`
	Values string `json:"values,omitempty"`
}

// wireHosted is a page as a command carries it.
type wireHosted struct {
	SuccessURL string       `json:"success_url,omitempty"`
	Items      []HostedItem `json:"items,omitempty"`
	ExpiresAt  time.Time    `json:"expires_at,omitzero"`
}

// wire is nil when no page is wanted.
func (h *Hosted) wire() *wireHosted {
	if h == nil {
		return nil
	}
	return &wireHosted{SuccessURL: h.SuccessURL, Items: h.Items, ExpiresAt: h.ExpiresAt}
}
