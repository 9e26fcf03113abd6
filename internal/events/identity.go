package events

import (
	"bytes"
	"errors"
	"io"

	"github.com/go-json-experiment/json"
	"github.com/go-json-experiment/json/jsontext"

	"tolov/internal/payment"
)

// identity is what names a command's payment, and the command itself when its sender named it.
type identity struct{ merchant, extID, commandID string }

func (i identity) valid() bool { return payment.IsMerchant(i.merchant) && payment.IsExtID(i.extID) }

// identify reads the identity from a body that need not be valid otherwise. ok is false when the body is not one JSON
// object. A key that stands twice or is no string gives no identity.
func identify(body []byte) (id identity, ok bool) {
	dec := jsontext.NewDecoder(bytes.NewReader(body), jsontext.AllowDuplicateNames(true), jsontext.AllowInvalidUTF8(true))
	if start, err := dec.ReadToken(); err != nil || start.Kind() != '{' {
		return id, false
	}
	id.merchant = payment.DefaultMerchant
	seen := map[string]bool{}
	for dec.PeekKind() != '}' {
		name, err := dec.ReadToken()
		if err != nil {
			return id, false
		}
		key := name.String()
		value, err := dec.ReadValue()
		if err != nil {
			return id, false
		}
		if field := id.field(key); field != nil {
			*field = text(value, seen[key])
			seen[key] = true
		}
	}
	if _, err := dec.ReadToken(); err != nil {
		return id, false
	}
	_, err := dec.ReadToken()
	return id, errors.Is(err, io.EOF)
}

func (i *identity) field(key string) *string {
	switch key {
	case "merchant":
		return &i.merchant
	case "ext_id":
		return &i.extID
	case "command_id":
		return &i.commandID
	default:
		return nil
	}
}

func text(value jsontext.Value, again bool) string {
	var s string
	if again || value.Kind() != '"' || json.Unmarshal(value, &s) != nil {
		return ""
	}
	return s
}

// PaymentOf is the lane of a command: the id of the payment that it is about, or empty when it names none.
func PaymentOf(body []byte) string {
	if len(body) > MaxBody {
		return ""
	}
	id, ok := identify(body)
	if !ok || !id.valid() {
		return ""
	}
	return payment.ID(id.merchant, id.extID)
}
