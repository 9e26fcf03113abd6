package rest

import (
	"errors"
	"strconv"
	"strings"

	"github.com/go-json-experiment/json"
)

// Text is an id that a provider sends as a string in one place and as a number in another.
type Text string

// UnmarshalJSON takes a string, a number or null.
func (t *Text) UnmarshalJSON(b []byte) error {
	s := string(b)
	switch {
	case s == "null":
		*t = ""
	case len(s) > 1 && s[0] == '"':
		return json.Unmarshal(b, (*string)(t))
	case s != "" && (s[0] == '-' || s[0] >= '0' && s[0] <= '9'):
		*t = Text(s)
	default:
		return errors.New("want a string or a number")
	}
	return nil
}

// MarshalJSON writes what can be an integer as a number, as in the providers' samples, and everything else as a string.
func (t Text) MarshalJSON() ([]byte, error) {
	if n, err := strconv.ParseInt(string(t), 10, 64); err == nil && strconv.FormatInt(n, 10) == string(t) {
		return []byte(t), nil
	}
	return json.Marshal(string(t))
}

// Int is an integer that a provider sends as a number in one place and as a string in another. Present tells a zero
// from a value that was not sent.
type Int struct {
	Value   int64
	Present bool
}

// UnmarshalJSON takes an integer, a string of digits, or null. A fraction other than .0 is an error (H68).
func (n *Int) UnmarshalJSON(b []byte) error {
	s := strings.Trim(string(b), `"`)
	if s == "null" || s == "" {
		*n = Int{}
		return nil
	}
	whole, fraction, _ := strings.Cut(s, ".")
	value, err := strconv.ParseInt(whole, 10, 64)
	if err != nil || strings.Trim(fraction, "0") != "" {
		return errors.New("want an integer")
	}
	*n = Int{Value: value, Present: true}
	return nil
}
