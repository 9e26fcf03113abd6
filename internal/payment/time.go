package payment

import (
	"fmt"
	"time"
)

const timeForm = "2006-01-02T15:04:05.000Z"

// Time is an instant as the contract writes it: RFC 3339, UTC, milliseconds.
type Time struct{ time.Time }

// At cuts t to the contract's precision, so that a value equals itself after a round trip.
func At(t time.Time) Time { return Time{t.UTC().Truncate(time.Millisecond)} }

// AppendText writes the contract's form.
func (t Time) AppendText(b []byte) ([]byte, error) { return t.UTC().AppendFormat(b, timeForm), nil }

// MarshalText writes the contract's form.
func (t Time) MarshalText() ([]byte, error) { return t.AppendText(nil) }

// UnmarshalText reads any RFC 3339 instant.
func (t *Time) UnmarshalText(text []byte) error {
	parsed, err := time.Parse(time.RFC3339Nano, string(text))
	if err != nil {
		return fmt.Errorf("time: want RFC 3339: %w", err)
	}
	*t = At(parsed)
	return nil
}

// MarshalJSON writes the contract's form. Without it the embedded time's own would be taken, which drops zeros and
// keeps nanoseconds.
func (t Time) MarshalJSON() ([]byte, error) { return t.UTC().AppendFormat(nil, `"`+timeForm+`"`), nil }

// UnmarshalJSON reads any RFC 3339 instant.
func (t *Time) UnmarshalJSON(text []byte) error {
	if len(text) < 2 || text[0] != '"' {
		return fmt.Errorf("time: want a string")
	}
	return t.UnmarshalText(text[1 : len(text)-1])
}

// String is the contract's form, for people and tables.
func (t Time) String() string { return t.UTC().Format(timeForm) }
