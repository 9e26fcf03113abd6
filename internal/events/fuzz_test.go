package events_test

import (
	"bytes"
	"reflect"
	"strings"
	"testing"
	"unicode"

	"github.com/go-json-experiment/json/jsontext"
	"pgregory.net/rapid"

	"tolov/internal/events"
	"tolov/internal/payment"
	"tolov/internal/saga"
)

// Whatever comes, decoding does not panic, says the same again, and gives a payment that can be named or none.
func FuzzDecode(f *testing.F) {
	for _, b := range badMessages() {
		f.Add(b.verb, []byte(b.body))
	}
	f.Add("pay", []byte(payBody().String()))
	f.Add("pay", []byte(payBody().with("card", sealed(f, `{"token":"t"}`)).String()))
	f.Add("confirm", []byte(confirmBody().String()))
	f.Add("resolve", []byte(resolveBody().String()))
	f.Fuzz(func(t *testing.T, verb string, body []byte) {
		subject := "payments.commands." + verb
		in, dead := decoder().Decode(subject, body, "m:1")
		again, deadAgain := decoder().Decode(subject, bytes.Clone(body), "m:1")
		if dead != deadAgain || !reflect.DeepEqual(in, again) {
			t.Fatalf("%s: %+v, then %+v", body, in, again)
		}
		if dead != "" {
			if in.Command != nil {
				t.Fatalf("%s: dead and a command", body)
			}
			return
		}
		hasIdentity(t, verb, body, in)
		conceals(t, body, in)
	})
}

func hasIdentity(t *testing.T, verb string, body []byte, in saga.Input) {
	t.Helper()
	c := in.Command
	switch {
	case c.Verb != payment.Verb(verb) || !c.Verb.Known():
		t.Fatalf("verb %q of %q", c.Verb, verb)
	case !payment.IsMerchant(c.Merchant) || !payment.IsExtID(c.ExtID):
		t.Fatalf("merchant %q, ext_id %q", c.Merchant, c.ExtID)
	case events.PaymentOf(body) != c.PaymentID():
		t.Fatalf("lane %q of payment %q", events.PaymentOf(body), c.PaymentID())
	case len(c.Identity()) > 64 || c.Identity() == "":
		t.Fatalf("identity %q", c.Identity())
	}
}

// conceals wants no value of the body in a rejection (I8).
func conceals(t *testing.T, body []byte, in saga.Input) {
	t.Helper()
	r := in.Refused
	if r == nil {
		return
	}
	if len(r.Field) > 600 || len(r.Message) > 200 {
		t.Fatalf("%s: long rejection %+v", body, r)
	}
	for _, value := range telling(body) {
		if strings.Contains(r.Message, value) || strings.Contains(r.Field, value) && !namesA(body, value) {
			t.Fatalf("%s: %+v repeats %q", body, r, value)
		}
	}
}

// telling lists the texts in a body that no rule's message could hold by chance.
func telling(body []byte) (values []string) {
	each(body, func(text string, name bool) {
		if !name && len(text) >= 8 && strings.ContainsFunc(text, unicode.IsDigit) {
			values = append(values, text)
		}
	})
	return values
}

// namesA tells whether a field's name holds the text.
func namesA(body []byte, text string) (found bool) {
	each(body, func(s string, name bool) { found = found || name && strings.Contains(s, text) })
	return found
}

// each gives every text of a body.
func each(body []byte, do func(text string, name bool)) {
	dec := jsontext.NewDecoder(bytes.NewReader(body), jsontext.AllowDuplicateNames(true), jsontext.AllowInvalidUTF8(true))
	for {
		token, err := dec.ReadToken()
		if err != nil {
			return
		}
		kind, length := dec.StackIndex(dec.StackDepth())
		if token.Kind() == '"' {
			do(token.String(), kind == '{' && length%2 == 1)
		}
	}
}

// A rejection never repeats the wrong value, whichever field it is of.
func TestARejectionNeverRepeatsTheWrongValue(t *testing.T) {
	const marker = "MARKER8600490000003347"
	values := []string{
		`"` + marker + `"`, `{"` + "k" + `":"` + marker + `"}`, `["` + marker + `"]`, `"` + strings.Repeat(marker, 200) + `"`,
		`[{"name":"` + marker + `"}]`, `[{"name":"n","ofd_code":"` + marker + `"}]`,
		`{"number":"` + marker + `","expiry":"2712"}`, `{"number":"8600490000003347","expiry":"` + marker + `"}`,
		`{"sealed":"` + marker + `"}`, `{"sealed":"k1.` + marker + `"}`, `{"token":"` + marker + `","number":"1"}`,
	}
	bodies := map[string]body{
		"pay": payBody(), "confirm": confirmBody(), "resolve": resolveBody(), "cancel": confirmBody(),
	}
	fields := []string{
		"ext_id", "merchant", "command_id", "provider", "description", "metadata", "lang", "expires_in_s", "amount",
		"account", "card", "terminal_id", "ofd_items", "otp", "reason", "outcome", "evidence", "actor", "approved_by",
		"bogus",
	}
	rapid.Check(t, func(rt *rapid.T) {
		verb := rapid.SampledFrom([]string{"pay", "confirm", "resolve", "cancel"}).Draw(rt, "verb")
		b := bodies[verb].with(rapid.SampledFrom(fields).Draw(rt, "field"), rapid.SampledFrom(values).Draw(rt, "value"))
		in, _ := decoder().Decode("payments.commands."+verb, []byte(b.String()), "m:1")
		if r := in.Refused; r != nil && strings.Contains(r.Field+r.Message, "MARKER") {
			rt.Fatalf("%s: %+v", b, r)
		}
	})
}
