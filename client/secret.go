package client

import (
	"fmt"
	"io"
	"log/slog"
)

const hidden = "***"

// Secret is a card number, an expiry, a token, a code or personal data. It prints as *** by every verb of fmt, by slog
// and as JSON or text; string(s) is the value.
//
// No method can help against %v of a struct that has it in a field that is not exported, nor against %s of one that has
// a pointer to a command in a field: fmt does not call methods there.
type Secret string

// String hides the value.
func (s Secret) String() string { return hidden }

// GoString hides the value from %#v.
func (s Secret) GoString() string { return hidden }

// Format hides the value from every verb of fmt.
func (s Secret) Format(f fmt.State, _ rune) { _, _ = io.WriteString(f, hidden) }

// LogValue hides the value from slog.
func (s Secret) LogValue() slog.Value { return slog.StringValue(hidden) }

// MarshalText hides the value from JSON and every other text form.
func (s Secret) MarshalText() ([]byte, error) { return []byte(hidden), nil }

// Envelope is a CloudEvent as it was published. A card_linked event holds the card's token, so it prints as ***;
// string(e) is the text.
type Envelope []byte

// Format hides the text from every verb of fmt.
func (e Envelope) Format(f fmt.State, _ rune) { _, _ = io.WriteString(f, hidden) }

// LogValue hides the text from slog.
func (e Envelope) LogValue() slog.Value { return slog.StringValue(hidden) }

// MarshalText hides the text from JSON and every other text form.
func (e Envelope) MarshalText() ([]byte, error) { return []byte(hidden), nil }

// Card is a card in one of its forms: a linked card's Token or, at atmos-ips, its ID; a Number with its Expiry and, at
// atmos-ips, with Holder and CVC; or any of them Sealed.
type Card struct {
	Token  Secret
	ID     Secret
	Number Secret
	Expiry Secret // YYmm
	Holder Secret // the name on the card
	CVC    Secret // 3 or 4 digits; the worker keeps it nowhere
	Sealed Secret // what Seal makes
}

// Masked is the first six and last four digits of the number, or empty when there is none.
func (c Card) Masked() string {
	if len(c.Number) < 13 {
		return ""
	}
	return string(c.Number[:6]) + "******" + string(c.Number[len(c.Number)-4:])
}

// wireCard is a card as a command carries it, and as it is sealed.
type wireCard struct {
	Token  string `json:"token,omitempty"`
	ID     string `json:"id,omitempty"`
	Number string `json:"number,omitempty"`
	Expiry string `json:"expiry,omitempty"`
	Holder string `json:"holder,omitempty"`
	CVC    string `json:"cvc,omitempty"`
	Sealed string `json:"sealed,omitempty"`
}

// wire is nil when there is no card.
func (c Card) wire() *wireCard {
	if c == (Card{}) {
		return nil
	}
	return &wireCard{
		Token: string(c.Token), ID: string(c.ID), Number: string(c.Number), Expiry: string(c.Expiry),
		Holder: string(c.Holder), CVC: string(c.CVC), Sealed: string(c.Sealed),
	}
}
