package events

import (
	"bytes"
	"errors"
	"strings"
	"time"

	"github.com/go-json-experiment/json"
	"github.com/go-json-experiment/json/jsontext"

	"tolov/internal/payment"
	"tolov/internal/saga"
)

// MaxBody is the largest command that is read, in bytes.
const MaxBody = 64 << 10

// Reasons for which a message is dead: no payment could be named.
const (
	DeadNotJSON     = "not_json"
	DeadTooLarge    = "too_large"
	DeadUnknownVerb = "unknown_verb"
	DeadBadExtID    = "bad_ext_id"
)

// Directory knows the merchants and what their providers take.
type Directory interface {
	HasMerchant(merchant string) bool
	HasProvider(merchant, provider string) bool
	Shape(c *payment.Command) (payment.Shape, bool)
}

// Decoder turns messages into commands. All fields are required but Hurry.
type Decoder struct {
	Directory  Directory
	Keys       func(merchant string) payment.Keyring
	SealedOnly bool // refuse card numbers in clear (CARD_DATA=sealed)
	Now        func() time.Time
	Hurry      func() bool // reads the keys again, and tells whether there are others now
}

// Decode reads one command. Either the message is dead, for the reason given, or the input can be handed to the
// engine: a valid command, or one with the rule that it breaks.
func (d *Decoder) Decode(subject string, body []byte, messageID string) (in saga.Input, dead string) {
	verb := verbOf(subject)
	if len(body) > MaxBody {
		return in, DeadTooLarge
	}
	c := &payment.Command{}
	fault := json.Unmarshal(body, c, json.RejectUnknownMembers(true))
	id, ok := identify(body)
	switch {
	case !ok:
		return in, DeadNotJSON
	case !verb.Known():
		return in, DeadUnknownVerb
	case !id.valid():
		return in, DeadBadExtID
	}
	c.Verb, c.Message = verb, messageID
	c.Merchant, c.ExtID, c.CommandID = id.merchant, id.extID, id.commandID
	in = saga.Input{Command: c, Refused: d.refusal(c, body, fault)}
	if in.Refused == nil {
		in.Refused = d.sealPerson(c)
	}
	if in.Refused != nil {
		in.Refused.Field = publicPath(in.Refused.Field)
	}
	in.Print = d.fingerprint(c)
	return in, ""
}

// refusal is the first rule of the contract that the command breaks, or nil.
func (d *Decoder) refusal(c *payment.Command, body []byte, fault error) *payment.Rejection {
	if fault != nil {
		return syntax(c.Verb, fault)
	}
	if field := nullField(body); field != "" {
		return refuse(c.Verb, payment.WrongType, field, "must not be null")
	}
	if !d.Directory.HasMerchant(c.Merchant) {
		return refuse(c.Verb, payment.UnknownMerchant, "merchant", "is not configured")
	}
	shape := payment.ContinuingShape(c.Verb)
	if c.Verb.Opens() {
		switch {
		case c.Provider == "":
			return refuse(c.Verb, payment.MissingField, "provider", "is required")
		case !d.Directory.HasProvider(c.Merchant, c.Provider):
			return refuse(c.Verb, payment.UnknownProvider, "provider", "is not configured for this merchant")
		}
		var ok bool
		if shape, ok = d.Directory.Shape(c); !ok {
			return refuse(c.Verb, payment.Unsupported, "provider", "has no "+string(c.Verb))
		}
	}
	if r := d.openCard(c); r != nil {
		return r
	}
	return c.Check(shape, d.Now())
}

// openCard puts a sealed card's content in place of the seal.
func (d *Decoder) openCard(c *payment.Command) *payment.Rejection {
	card := c.Card
	switch {
	case card == nil:
		return nil
	case card.Sealed.IsZero():
		if d.SealedOnly && !card.Number.IsZero() {
			return refuse(c.Verb, payment.InvalidValue, "card.number", "must be sealed: numbers in clear are not taken")
		}
		return nil
	case *card != payment.CardInput{Sealed: card.Sealed}:
		return refuse(c.Verb, payment.InvalidValue, "card", "must be sealed or clear, not both")
	}
	clear, err := d.Keys(c.Merchant).Open(card.Sealed, c.PaymentID())
	if errors.Is(err, payment.ErrUnknownKey) && d.Hurry != nil && d.Hurry() {
		clear, err = d.Keys(c.Merchant).Open(card.Sealed, c.PaymentID())
	}
	if err != nil {
		return refuse(c.Verb, payment.InvalidValue, "card.sealed", err.Error())
	}
	opened := &payment.CardInput{}
	if err := json.Unmarshal(clear, opened, json.RejectUnknownMembers(true)); err != nil {
		r := syntax(c.Verb, err)
		r.Field = strings.TrimSuffix("card."+r.Field, ".")
		return r
	}
	if field := nullField(clear); field != "" {
		return refuse(c.Verb, payment.WrongType, "card."+field, "must not be null")
	}
	c.Card = opened
	return nil
}

// sealPerson closes a person's data to the worker's own key: the record keeps it for later calls, never in clear (I8).
// A worker that was given no key of its own takes no such command, and one that has a key can take it later.
func (d *Decoder) sealPerson(c *payment.Command) *payment.Rejection {
	if c.Person == nil {
		return nil
	}
	var err error
	if c.SealedPerson, err = d.Keys(c.Merchant).SealPerson(c.Person, c.PaymentID()); err != nil {
		return refuse(c.Verb, payment.Unsupported, "person", err.Error())
	}
	return nil
}

// fingerprint hashes the decoded content with its defaults filled in. The card goes in by keyed hash only, so clear
// and sealed forms of one card are the same content.
func (d *Decoder) fingerprint(c *payment.Command) payment.Fingerprint {
	plain := *c
	plain.Card = nil
	content, err := json.Marshal(&plain, json.Deterministic(true))
	if err != nil { // a command that was decoded can be encoded, invalid text aside
		content = []byte(err.Error())
	}
	content = append(content, c.Verb...)
	return d.Keys(c.Merchant).Fingerprint(content, c)
}

func refuse(verb payment.Verb, code payment.RefusedBy, field, message string) *payment.Rejection {
	return &payment.Rejection{Verb: verb, Code: code, Field: field, Message: message}
}

// syntax names the field and the rule behind a decoding error, never the value.
func syntax(verb payment.Verb, err error) *payment.Rejection {
	var semantic *json.SemanticError
	var syntactic *jsontext.SyntacticError
	switch {
	case errors.As(err, &semantic) && errors.Is(err, json.ErrUnknownName):
		return refuse(verb, payment.UnknownField, dotted(semantic.JSONPointer), "is not a field of any command")
	case errors.As(err, &semantic):
		return refuse(verb, payment.WrongType, dotted(semantic.JSONPointer), "has the wrong type or is out of range")
	case errors.As(err, &syntactic) && errors.Is(err, jsontext.ErrDuplicateName):
		return refuse(verb, payment.DuplicateField, dotted(syntactic.JSONPointer), "stands twice")
	case errors.As(err, &syntactic):
		return refuse(verb, payment.WrongType, dotted(syntactic.JSONPointer), "is not valid text")
	default:
		return refuse(verb, payment.WrongType, "", "cannot be read")
	}
}

func dotted(pointer jsontext.Pointer) string {
	var parts []string
	for token := range pointer.Tokens() {
		parts = append(parts, token)
	}
	return strings.Join(parts, ".")
}

// nullField is the path of the first null in a valid body, or empty.
func nullField(body []byte) string {
	if !bytes.Contains(body, []byte("null")) {
		return ""
	}
	dec := jsontext.NewDecoder(bytes.NewReader(body))
	for {
		token, err := dec.ReadToken()
		switch {
		case err != nil:
			return ""
		case token.Kind() == 'n':
			return dotted(dec.StackPointer())
		}
	}
}
