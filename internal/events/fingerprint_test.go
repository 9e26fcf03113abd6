package events_test

import (
	"maps"
	"strings"
	"testing"

	"pgregory.net/rapid"

	"tolov/internal/events"
	"tolov/internal/payment"
)

// domain is a field of a pay command and the values that it takes here; the empty one leaves the field out.
type domain struct {
	field  string
	values []string
}

func domains() []domain {
	return []domain{
		{"merchant", []string{"", `"default"`, `"shop-7"`}},
		{"ext_id", []string{`"order-1"`, `"order-2"`}},
		{"provider", []string{`"atmos"`}},
		{"amount", []string{`5`, `6`}},
		{"account", []string{`"a"`, `"b"`}},
		{"card", []string{`{"token":"t"}`, `{"token":"u"}`, `{"number":"8600490000003347","expiry":"2712"}`}},
		{"description", []string{"", `"d"`, `"e"`}},
		{"lang", []string{"", `"uz"`, `"ru"`}},
		{"metadata", []string{"", `{"k":"v"}`, `{"k":"w"}`, `{"k":"v","l":"v"}`}},
		{"expires_in_s", []string{"", `60`, `61`}},
		{"terminal_id", []string{"", `"1"`, `"2"`}},
		{"ofd_items", []string{
			"", `[{"name":"n","ofd_code":"1","amount":5}]`, `[{"name":"n","ofd_code":"1","amount":6}]`,
			`[{"name":"n","ofd_code":"1","amount":5,"details":[{"key":"k"}]}]`,
		}},
	}
}

// drawn draws a pay command.
func drawn(t *rapid.T) body {
	var b body
	for _, d := range domains() {
		if value := rapid.SampledFrom(d.values).Draw(t, d.field); value != "" {
			b = b.and(d.field, value)
		}
	}
	return b
}

// content is the body with its defaults filled in.
func content(b body) map[string]string {
	fields := map[string]string{`"merchant"`: `"default"`}
	for _, m := range b {
		fields[m.name] = m.value
	}
	return fields
}

func fingerprintOf(t interface{ Fatalf(string, ...any) }, b string) payment.Fingerprint {
	in, dead := decoder().Decode("payments.commands.pay", []byte(b), "m:1")
	if dead != "" || in.Refused != nil {
		t.Fatalf("%s: dead %q, refused %v", b, dead, in.Refused)
	}
	return in.Print
}

// H43: the same key with any other content is a conflict, never the old answer.
func TestAnyChangeOfAnyFieldIsOtherContent(t *testing.T) {
	rapid.Check(t, func(t *rapid.T) {
		a := drawn(t)
		change := rapid.SampledFrom(domains()).Draw(t, "change")
		b := a.with(change.field, rapid.SampledFrom(change.values).Draw(t, "to"))
		same := fingerprintOf(t, a.String()).Same(fingerprintOf(t, b.String()))
		if same != maps.Equal(content(a), content(b)) {
			t.Fatalf("same is %t:\n%s\n%s", same, a, b)
		}
	})
}

func TestTheOrderOfKeysAndBlanksAreNoContent(t *testing.T) {
	rapid.Check(t, func(t *rapid.T) {
		a := drawn(t)
		b := rapid.Permutation(a).Draw(t, "order")
		blank := rapid.SampledFrom([]string{"", " ", "\n", "\t \r\n"})
		text := b.join(blank.Draw(t, "before"), blank.Draw(t, "after"))
		if !fingerprintOf(t, a.String()).Same(fingerprintOf(t, text)) {
			t.Fatalf("%s\n%s", a, text)
		}
	})
}

func TestTheDefaultMerchantWrittenOutIsTheSameContent(t *testing.T) {
	b := payBody()
	if !fingerprintOf(t, b.String()).Same(fingerprintOf(t, b.with("merchant", `"default"`).String())) {
		t.Error("it is a conflict")
	}
}

func TestEscapesAreNoContent(t *testing.T) {
	b := payBody()
	escaped := strings.ReplaceAll(b.with("account", `"\u0039\u0039`+`8901234567"`).String(), "order", `\u006frder`)
	if !fingerprintOf(t, b.String()).Same(fingerprintOf(t, escaped)) {
		t.Errorf("%s is a conflict", escaped)
	}
}

// Contract: the card is compared by what is inside, clear or sealed.
func TestAClearCardAndTheSameCardSealedAreTheSameContent(t *testing.T) {
	card := `{"number":"8600490000003347","expiry":"2712"}`
	of := func(card string) payment.Fingerprint { return fingerprintOf(t, payBody().with("card", card).String()) }
	clear, once := of(card), of(sealed(t, card))
	twice := of(sealed(t, `{"expiry": "2712", "number": "8600490000003347"}`))
	other := of(sealed(t, `{"number":"8600490000003348","expiry":"2712"}`))
	if !clear.Same(once) || !once.Same(clear) || !once.Same(twice) {
		t.Error("the same card is a conflict")
	}
	if clear.Same(other) || other.Same(once) {
		t.Error("another card is the same content")
	}
}

func TestTheVerbIsContent(t *testing.T) {
	text := []byte(`{"ext_id":"order-1","command_id":"c"}`)
	cancel, _ := decoder().Decode(events.CommandSubject(payment.VerbCancel), text, "m:1")
	recheck, _ := decoder().Decode(events.CommandSubject(payment.VerbRecheck), text, "m:1")
	if cancel.Print.Same(recheck.Print) {
		t.Error("a cancel is a repeat of a recheck")
	}
}

func TestTheMessageIsNoContent(t *testing.T) {
	one, _ := decoder().Decode("payments.commands.pay", []byte(payBody().String()), "m:1")
	two, _ := decoder().Decode("payments.commands.pay", []byte(payBody().String()), "m:2")
	if !one.Print.Same(two.Print) {
		t.Error("a repeat is a conflict")
	}
}
