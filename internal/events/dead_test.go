package events_test

import (
	"bytes"
	"encoding/json"
	"fmt"
	"strings"
	"testing"
	"unicode"

	"pgregory.net/rapid"

	"tolov/internal/events"
)

// I8: what a dead letter keeps of a message.
func TestADeadLetterKeepsNamesAndHarmlessValuesOnly(t *testing.T) {
	for _, v := range []struct{ name, body, want string }{
		{"a typo in ext_id", `{"extid":"order-1","amount":5}`, `{"amount":5,"extid":"***"}`},
		{"a bad ext_id", `{"ext_id":"order 1"}`, `{"ext_id":"order 1"}`},
		{"all that is kept", `{"ext_id":"o","merchant":"m","provider":"p","amount":1,"command_id":"c","refund_id":"r",` +
			`"lang":"uz","expires_in_s":60}`,
			`{"amount":1,"command_id":"c","expires_in_s":60,"ext_id":"o","lang":"uz","merchant":"m","provider":"p",` +
				`"refund_id":"r"}`},
		{"card", `{"card":{"number":"8600490000003347","expiry":"2712"}}`, `{"card":"***"}`},
		{"card at the top", `{"number":"8600490000003347","expiry":"2712","cvc":"123"}`,
			`{"cvc":"***","expiry":"***","number":"***"}`},
		{"code", `{"otp":"123456"}`, `{"otp":"***"}`},
		{"token and seal", `{"token":"tok","sealed":"k1.x"}`, `{"sealed":"***","token":"***"}`},
		{"person", `{"person":{"pinfl":"31234567890123"}}`, `{"person":"***"}`},
		{"account and texts", `{"account":"998901234567","description":"d","metadata":{"k":"v"}}`,
			`{"account":"***","description":"***","metadata":"***"}`},
		{"a card as ext_id", `{"ext_id":"8600490000003347"}`, `{"ext_id":"***"}`},
		{"in groups", `{"ext_id":"8600 4900-0000.3347"}`, `{"ext_id":"***"}`},
		{"in escapes", `{"ext_id":"\u0038\u0036\u0030\u0030\u0034\u0039\u0030\u0030\u0030\u0030\u0030\u0030"}`,
			`{"ext_id":"***"}`},
		{"in other digits", `{"ext_id":"８６００４９００００００３３４７"}`, `{"ext_id":"***"}`},
		{"as a number", `{"amount":8600490000003347}`, `{"amount":"***"}`},
		{"as a name", `{"8600490000003347":1}`, `{"***":"***"}`},
		{"an object for ext_id", `{"ext_id":{"number":"8600"}}`, `{"ext_id":"***"}`},
		{"a long ext_id", `{"ext_id":"` + strings.Repeat("x", 129) + `"}`, `{"ext_id":"***"}`},
		{"twice", `{"ext_id":"a","ext_id":"8600490000003347"}`, `{"ext_id":"***"}`},
		{"no object", `"8600490000003347"`, `{"bytes":18}`},
		{"an array", `["8600490000003347"]`, `{"bytes":20}`},
		{"no JSON", `8600490000003347 2712`, `{"bytes":21}`},
		{"cut off", `{"ext_id":"a","card":{"number":"86004`, `{"bytes":37}`},
		{"nothing", ``, `{"bytes":0}`},
		{"too large", `{"ext_id":"` + strings.Repeat("x", events.MaxBody) + `"}`,
			fmt.Sprintf(`{"bytes":%d}`, events.MaxBody+13)},
		{"not UTF-8", "{\"ext_id\":\"\xff\"}", `{"bytes":14}`},
	} {
		if got := string(events.Redact([]byte(v.body))); got != v.want {
			t.Errorf("%s: %s, want %s", v.name, got, v.want)
		}
	}
}

// Secrets never survive, wherever in a command they stand and however deep.
func TestSecretsNeverSurviveInADeadLetter(t *testing.T) {
	secret := rapid.OneOf(
		rapid.StringMatching(`[0-9]{13,19}`), rapid.StringMatching(`tok_[A-Za-z0-9]{20}`),
		rapid.StringMatching(`k1\.[\w-]{40}`),
	)
	rapid.Check(t, func(t *rapid.T) {
		s := secret.Draw(t, "secret")
		value := rapid.SampledFrom([]string{
			`%q`, `{"number":%q}`, `[[%q]]`, `{"a":{"b":[1,%q]}}`, `[{"name":%q}]`,
		}).Draw(t, "in")
		field := rapid.SampledFrom([]string{
			"card", "otp", "token", "sealed", "number", "cvc", "person", "metadata", "account", "description", "bogus",
		}).Draw(t, "field")
		b := payBody().with(field, fmt.Sprintf(value, s))
		if got := events.Redact([]byte(b.String())); bytes.Contains(got, []byte(s)) {
			t.Fatalf("%s\n%s", b, got)
		}
	})
}

// FuzzRedact holds dead letters to their form: a flat object of short values without a run of digits.
func FuzzRedact(f *testing.F) {
	for _, b := range badMessages() {
		f.Add([]byte(b.body))
	}
	f.Fuzz(func(t *testing.T, body []byte) {
		got := events.Redact(body)
		var kept map[string]any
		dec := json.NewDecoder(bytes.NewReader(got))
		dec.UseNumber()
		if err := dec.Decode(&kept); err != nil || kept == nil {
			t.Fatalf("%s: %s, %v", body, got, err)
		}
		for name, value := range kept {
			text := fmt.Sprint(value)
			if digits(name) || name != "bytes" && longRun(text) || len(text) > 128 {
				t.Fatalf("%s: keeps %q: %v", body, name, value)
			}
		}
	})
}

func digits(s string) bool { return strings.ContainsFunc(s, unicode.IsDigit) }

// longRun tells whether 12 digits follow each other.
func longRun(s string) bool {
	run := 0
	for _, r := range s {
		if !unicode.IsDigit(r) {
			run = 0
		} else if run++; run >= 12 {
			return true
		}
	}
	return false
}
