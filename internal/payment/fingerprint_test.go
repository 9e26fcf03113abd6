package payment_test

import (
	"strings"
	"testing"

	"github.com/go-json-experiment/json"
	"pgregory.net/rapid"

	"tolov/internal/payment"
)

// printOf takes the fingerprint of a command whose content, card aside, is the text.
func printOf(r payment.Keyring, content string, card *payment.CardInput) payment.Fingerprint {
	return r.Fingerprint([]byte(content), &payment.Command{Card: card})
}

// recorded is a fingerprint as the journal gives it back.
func recorded(t *testing.T, f payment.Fingerprint) (back payment.Fingerprint) {
	t.Helper()
	text, err := json.Marshal(f)
	if err != nil {
		t.Fatal(err)
	}
	if err := json.Unmarshal(text, &back); err != nil {
		t.Fatal(err)
	}
	return back
}

// H43: same content is the content, the card by its keyed hash included.
func TestSameContent(t *testing.T) {
	ring := payment.Keyring{key(t, "k1", 1)}
	card, other := number("8600490000003347", "2712"), number("8600490000003348", "2712")
	for _, v := range []struct {
		name string
		a, b payment.Fingerprint
		same bool
	}{
		{"the same", printOf(ring, "a", card), printOf(ring, "a", card), true},
		{"no card", printOf(ring, "a", nil), printOf(ring, "a", nil), true},
		{"other content", printOf(ring, "a", card), printOf(ring, "b", card), false},
		{"other number", printOf(ring, "a", card), printOf(ring, "a", other), false},
		{"other expiry", printOf(ring, "a", card), printOf(ring, "a", number("8600490000003347", "2801")), false},
		{"token for number", printOf(ring, "a", token("8600490000003347")), printOf(ring, "a", card), false},
		{"card for none", printOf(ring, "a", card), printOf(ring, "a", nil), false},
		{"none for card", printOf(ring, "a", nil), printOf(ring, "a", card), false},
	} {
		if got := v.b.Same(recorded(t, v.a)); got != v.same {
			t.Errorf("%s: %t", v.name, got)
		}
	}
}

func TestACodeIsPartOfTheContent(t *testing.T) {
	ring := payment.Keyring{key(t, "k1", 1)}
	code := func(s string) payment.Fingerprint {
		return ring.Fingerprint([]byte("a"), &payment.Command{OTP: payment.NewSecret(s)})
	}
	if !code("1234").Same(recorded(t, code("1234"))) || code("1234").Same(recorded(t, code("1235"))) {
		t.Error("another code is the same content, or the same code is not")
	}
}

// Keys rotate: what was recorded under the older key is still compared while that key lives.
func TestSameContentAcrossAKeyRotation(t *testing.T) {
	k1, k2, k3 := key(t, "k1", 1), key(t, "k2", 2), key(t, "k3", 3)
	card, other := number("8600490000003347", "2712"), number("8600490000003348", "2712")
	before := recorded(t, printOf(payment.Keyring{k1}, "a", card))
	rotated := payment.Keyring{k2, k1}
	if !printOf(rotated, "a", card).Same(before) || printOf(rotated, "a", other).Same(before) {
		t.Error("the older key does not compare")
	}
	after := recorded(t, printOf(rotated, "a", card))
	if after.Key != "k2" {
		t.Errorf("recorded under %s, want the newest key", after.Key)
	}
	behind := payment.Keyring{k1, k2}
	if !printOf(behind, "a", card).Same(after) || printOf(behind, "a", other).Same(after) {
		t.Error("a worker that has the newer key second does not compare")
	}
	// The key is retired: the card cannot be compared any more, and the rest decides.
	retired := payment.Keyring{k3, k2}
	if !printOf(retired, "a", card).Same(before) || !printOf(retired, "a", other).Same(before) {
		t.Error("a retired key decides")
	}
	if printOf(retired, "b", card).Same(before) || printOf(retired, "a", nil).Same(before) {
		t.Error("with a retired key everything is the same")
	}
}

// PCI DSS 3.5.1.1: no plain hash of a card number, and never the number.
func TestAFingerprintShowsNoCardAndDependsOnTheKey(t *testing.T) {
	card := number("8600490000003347", "2712")
	one := printOf(payment.Keyring{key(t, "k1", 1)}, "a", card)
	two := printOf(payment.Keyring{key(t, "k1", 2)}, "a", card)
	mac := printOf(payment.Keyring{payment.NewSharedKey("k1", payment.NewSecret("shared"))}, "a", card)
	if one.Secret == two.Secret || one.Secret == mac.Secret || one.Secret == "" {
		t.Error("the hash does not depend on the key")
	}
	text, err := json.Marshal(one)
	if err != nil || strings.Contains(string(text), "8600") || len(one.Secret) != 32 || len(one.Content) != 32 {
		t.Errorf("%s, %v", text, err)
	}
}

func TestWithoutKeysTheRestDecides(t *testing.T) {
	f := printOf(nil, "a", number("8600490000003347", "2712"))
	if f.Secret != "" || f.Key != "" || !f.Same(recorded(t, f)) || f.Same(printOf(nil, "b", nil)) {
		t.Errorf("%+v", f)
	}
}

func TestAnyChangeOfTheCardIsOtherContent(t *testing.T) {
	ring := payment.Keyring{key(t, "k1", 1)}
	gen := rapid.Custom(func(t *rapid.T) payment.CardInput {
		part := rapid.StringMatching(`[0-9a-z]{0,6}`)
		return payment.CardInput{
			Token: payment.NewSecret(part.Draw(t, "token")), Number: payment.NewSecret(part.Draw(t, "number")),
			Expiry: payment.NewSecret(part.Draw(t, "expiry")),
		}
	})
	rapid.Check(t, func(rt *rapid.T) {
		a, b := gen.Draw(rt, "a"), gen.Draw(rt, "b")
		same := a.Token.Reveal() == b.Token.Reveal() && a.Number.Reveal() == b.Number.Reveal() &&
			a.Expiry.Reveal() == b.Expiry.Reveal()
		if got := printOf(ring, "x", &a).Same(recorded(t, printOf(ring, "x", &b))); got != same {
			rt.Fatalf("same is %t", got)
		}
	})
}
