package rest

import (
	"errors"
	"regexp"
	"strconv"
	"strings"

	"github.com/go-json-experiment/json"
)

// maxText bounds an id, in bytes: what a provider answers is stored with the payment, and must fit a message (H9).
const maxText = 255

// Text is an id that a provider sends as a string in one place and as a number in another.
type Text string

// UnmarshalJSON takes a string, a number or null, of the length of an id.
func (t *Text) UnmarshalJSON(b []byte) error {
	var s string
	switch {
	case len(b) == 0:
		return errNoText
	case string(b) == "null":
	case b[0] == '"':
		if err := json.Unmarshal(b, &s); err != nil {
			return errNoText
		}
	case b[0] == '-' || b[0] >= '0' && b[0] <= '9':
		s = string(b)
	default:
		return errNoText
	}
	if len(s) > maxText {
		return errors.New("too long for an id")
	}
	*t = Text(s)
	return nil
}

var errNoText = errors.New("want a string or a number")

// MarshalJSON writes what can be an integer as a number, as in the providers' samples, and everything else as a string.
func (t Text) MarshalJSON() ([]byte, error) {
	if n, err := strconv.ParseInt(string(t), 10, 64); err == nil && strconv.FormatInt(n, 10) == string(t) {
		return []byte(t), nil
	}
	return json.Marshal(string(t))
}

var (
	integerForm  = regexp.MustCompile(`^-?[0-9]+(\.0+)?$`)
	errNoInteger = errors.New("want an integer")
)

// Int is an integer that a provider sends as a number in one place and as a string in another. Present tells a zero
// from a value that was not sent.
type Int struct {
	Value   int64
	Present bool
}

// UnmarshalJSON takes an integer, a string of digits, an empty string or null. A fraction other than .0 is an error
// (H68).
func (n *Int) UnmarshalJSON(b []byte) error {
	s := string(b)
	if s == "null" || s == `""` {
		*n = Int{}
		return nil
	}
	if quoted := len(s) > 1 && s[0] == '"' && s[len(s)-1] == '"'; quoted {
		s = s[1 : len(s)-1]
	}
	if !integerForm.MatchString(s) {
		return errNoInteger
	}
	whole, _, _ := strings.Cut(s, ".")
	value, err := strconv.ParseInt(whole, 10, 64)
	if err != nil {
		return errNoInteger
	}
	*n = Int{Value: value, Present: true}
	return nil
}
