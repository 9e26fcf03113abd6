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

// DeadReasons lists why a message can be dead.
func DeadReasons() []string {
	return []string{DeadNotJSON, DeadTooLarge, DeadUnknownVerb, DeadBadExtID}
}

const (
	deadHidden    = `"***"`
	hiddenName    = "***"
	maxNameBytes  = 32
	maxValueBytes = 128
)

// deadLetter is what may be kept of a message that nobody could use.
func deadLetter(d *Delivery, body []byte, reason string) *message.Message {
	m := message.NewMessage("", redact(body))
	m.Metadata.Set(HeaderReason, reason)
	m.Metadata.Set(HeaderSubject, d.Subject)
	m.Metadata.Set(HeaderSequence, strconv.FormatUint(d.Sequence, 10))
	m.UUID = d.Subject + "/" + d.ID()
	return m
}

// redact keeps the names of a JSON object's fields and the values of those that are known to be harmless. Of anything
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
		key := harmlessName(name.String())
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

// harmlessName is a field's name, or *** when it is not one that a programmer would give: the name may be the secret.
func harmlessName(name string) string {
	for _, r := range name {
		if r != '_' && (r < 'a' || r > 'z') && (r < 'A' || r > 'Z') {
			return hiddenName
		}
	}
	if len(name) > maxNameBytes {
		return hiddenName
	}
	return name
}

// harmless tells whether a value is a short text or a number that cannot be a card number, however it is written.
func harmless(value jsontext.Value) bool {
	content := string(value)
	if value.Kind() == '"' {
		unquoted, err := jsontext.AppendUnquote(nil, value)
		if err != nil {
			return false
		}
		content = string(unquoted)
	}
	return (value.Kind() == '"' || value.Kind() == '0') && len(content) <= maxValueBytes && !cardLike(content)
}
