package events_test

import (
	"bytes"
	"slices"
	"strings"
	"testing"
	"time"

	"tolov/internal/events"
	"tolov/internal/payment"
)

// catalogue is a directory of two merchants, of whom one has an account at ATMOS.
type catalogue struct{}

func (catalogue) HasMerchant(merchant string) bool {
	return merchant == "default" || merchant == "shop-7"
}

func (c catalogue) HasProvider(merchant, provider string) bool {
	return c.HasMerchant(merchant) && provider == "atmos" || merchant == "shop-7" && provider == "via"
}

func (catalogue) Shape(c *payment.Command) (payment.Shape, bool) {
	return payment.Shape{
		Required: []string{"amount", "account", "card"}, Optional: []string{"terminal_id", "ofd_items"},
		Cards: []payment.CardForm{payment.CardToken, payment.CardNumber},
	}, c.Verb == payment.VerbPay
}

func workerKey() payment.Key {
	key, err := payment.NewKey("k1", bytes.Repeat([]byte{1}, 32))
	if err != nil {
		panic(err)
	}
	return key
}

func decoder() *events.Decoder {
	ring := payment.Keyring{workerKey()}
	return &events.Decoder{
		Directory: catalogue{}, Keys: func(string) payment.Keyring { return ring },
		Now: func() time.Time { return time.Date(2026, time.March, 1, 0, 0, 0, 0, time.UTC) },
	}
}

// sealed is a card sealed to the worker for the payment order-1 of the default merchant, as a JSON value.
func sealed(tb testing.TB, card string) string {
	tb.Helper()
	key := workerKey()
	text, err := payment.Seal(key.ID, key.Public(), payment.ID("default", "order-1"), []byte(card))
	if err != nil {
		tb.Fatal(err)
	}
	return `{"sealed":"` + text + `"}`
}

// body is a command as its sender writes it: names and values are raw JSON, in order.
type body []member

type member struct{ name, value string }

func payBody() body {
	return body{
		{`"ext_id"`, `"order-1"`}, {`"provider"`, `"atmos"`}, {`"amount"`, `5000000`}, {`"account"`, `"998901234567"`},
		{`"card"`, `{"number":"8600490000003347","expiry":"2712"}`},
	}
}

func confirmBody() body {
	return body{{`"ext_id"`, `"order-1"`}, {`"otp"`, `"123456"`}}
}

func resolveBody() body {
	return body{
		{`"ext_id"`, `"order-1"`}, {`"outcome"`, `"completed"`}, {`"evidence"`, `"statement"`}, {`"actor"`, `"alisher"`},
		{`"approved_by"`, `"malika"`},
	}
}

// with sets a field's value, or removes the field when the value is empty.
func (b body) with(name, value string) body {
	b, name = slices.Clone(b), `"`+name+`"`
	at := slices.IndexFunc(b, func(m member) bool { return m.name == name })
	switch {
	case at < 0 && value == "":
		return b
	case at < 0:
		return append(b, member{name, value})
	case value == "":
		return slices.Delete(b, at, at+1)
	default:
		b[at].value = value
		return b
	}
}

// and adds a field, even one that is there already.
func (b body) and(name, value string) body {
	return append(slices.Clone(b), member{`"` + name + `"`, value})
}

func (b body) String() string { return b.join("", "") }

// join writes the body with something before every token and a separator's blank.
func (b body) join(before, after string) string {
	var members []string
	for _, m := range b {
		members = append(members, before+m.name+after+":"+before+m.value+after)
	}
	return before + "{" + strings.Join(members, ",") + after + "}"
}
