package events

import (
	"bytes"
	"slices"
	"strconv"

	"github.com/ThreeDotsLabs/watermill/message"
	"github.com/go-json-experiment/json"
	"github.com/go-json-experiment/json/jsontext"
)

// deadKeep lists the top-level fields whose values a dead letter keeps: names and amounts, never anything that could
// be a card, a code or a person (I8). Other fields are named, their values hidden.
func deadKeep() []string {
	return []string{"ext_id", "merchant", "provider", "amount", "command_id", "refund_id", "lang", "expires_in_s"}
}

const deadHidden = `"***"`

// deadLetter is what may be kept of a message that nobody could use.
func deadLetter(d *Delivery, body []byte, reason string) *message.Message {
	m := message.NewMessage("", redact(body))
	m.Metadata.Set(HeaderReason, reason)
	m.Metadata.Set(HeaderSubject, d.Subject)
	m.Metadata.Set(HeaderSequence, strconv.FormatUint(d.Sequence, 10))
	m.UUID = d.Subject + "/" + d.ID()
	return m
}

// redact keeps the shape of a JSON object and the values of the fields that are known to be harmless. Of anything
// that is not an object only the size is kept.
func redact(body []byte) []byte {
	sizeOnly := []byte(`{"bytes":` + strconv.Itoa(len(body)) + `}`)
	if len(body) > MaxBody {
		return sizeOnly
	}
	dec := jsontext.NewDecoder(bytes.NewReader(body), jsontext.AllowDuplicateNames(true))
	if start, err := dec.ReadToken(); err != nil || start.Kind() != '{' {
		return sizeOnly
	}
	kept := map[string]jsontext.Value{}
	for dec.PeekKind() == '"' {
		name, err := dec.ReadToken()
		if err != nil {
			return sizeOnly
		}
		key := name.String()
		value, err := dec.ReadValue()
		if err != nil {
			return sizeOnly
		}
		kept[key] = jsontext.Value(deadHidden)
		if slices.Contains(deadKeep(), key) && harmless(value) {
			kept[key] = value.Clone()
		}
	}
	out, err := json.Marshal(kept, json.Deterministic(true))
	if err != nil || dec.PeekKind() != '}' {
		return sizeOnly
	}
	return out
}

// harmless tells whether a value cannot be a card number: short, or not a run of digits.
func harmless(value jsontext.Value) bool {
	run := 0
	for _, b := range value {
		if b >= '0' && b <= '9' {
			if run++; run >= 12 {
				return false
			}
		} else if b != ' ' && b != '-' {
			run = 0
		}
	}
	return value.Kind() == '"' || value.Kind() == '0'
}
