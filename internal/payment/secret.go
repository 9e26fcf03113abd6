package payment

import (
	"fmt"
	"io"
	"log/slog"
)

const hidden = "***"

// Secret is a card number, a CVC, a one-time code, a token or a key. It prints as *** wherever a value can be
// printed: fmt, slog, JSON, text. Only Reveal gives the value, and only a provider's request may call it (H73).
//
// The value stands behind a pointer, nil when there is none: fmt does not call Format for %p nor for a field that is
// not exported, and then prints an address.
type Secret struct{ value *string }

// NewSecret wraps a value read from a trusted place, such as a setting.
func NewSecret(value string) Secret {
	if value == "" {
		return Secret{}
	}
	return Secret{&value}
}

// Reveal gives the value to the one request that needs it.
func (s Secret) Reveal() string {
	if s.value == nil {
		return ""
	}
	return *s.value
}

// Forget drops the value from this Secret and from every copy of it: what still holds one has none from now on. Call it
// when nobody else uses a copy.
func (s Secret) Forget() {
	if s.value != nil {
		*s.value = ""
	}
}

// IsZero tells whether there is no value; JSON's omitzero uses it.
func (s Secret) IsZero() bool { return s.value == nil }

// Len tells the number of bytes, so that rules can be checked without revealing the value.
func (s Secret) Len() int { return len(s.Reveal()) }

// Digits tells whether the value is made of digits only.
func (s Secret) Digits() bool {
	for _, r := range s.Reveal() {
		if r < '0' || r > '9' {
			return false
		}
	}
	return !s.IsZero()
}

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

// UnmarshalText takes the value from a command.
func (s *Secret) UnmarshalText(text []byte) error {
	*s = NewSecret(string(text))
	return nil
}
