package payment_test

import (
	"bytes"
	"encoding/base64"
	"strings"
	"testing"

	"pgregory.net/rapid"

	"tolov/internal/payment"
)

const cardJSON = `{"number":"8600490000003347","expiry":"2712"}`

func key(t *testing.T, id string, seed byte) payment.Key {
	t.Helper()
	k, err := payment.NewKey(id, bytes.Repeat([]byte{seed}, 32))
	if err != nil {
		t.Fatal(err)
	}
	return k
}

func seal(t *testing.T, k payment.Key, paymentID, card string) string {
	t.Helper()
	sealed, err := payment.Seal(k.ID, k.Public(), paymentID, []byte(card))
	if err != nil {
		t.Fatal(err)
	}
	return sealed
}

func TestWhatWasSealedOpens(t *testing.T) {
	k, id := key(t, "k1", 1), payment.ID("default", "order-1")
	rapid.Check(t, func(rt *rapid.T) {
		card := rapid.String().Draw(rt, "card")
		sealed := seal(t, k, id, card)
		got, err := payment.Keyring{k}.Open(payment.NewSecret(sealed), id)
		if err != nil || string(got) != card {
			rt.Fatalf("%q became %q, %v", card, got, err)
		}
	})
}

// Contract: the wire form is <key id>.<base64url(enc‖ciphertext)>; padding does no harm.
func TestSealedFormIsTheContracts(t *testing.T) {
	k, id := key(t, "k1", 1), payment.ID("default", "order-1")
	sealed := seal(t, k, id, cardJSON)
	body, ok := strings.CutPrefix(sealed, "k1.")
	blob, err := base64.RawURLEncoding.DecodeString(body)
	const enc, tag = 32, 16
	if !ok || err != nil || len(blob) != enc+len(cardJSON)+tag {
		t.Fatalf("%s: %v, %d bytes", sealed, err, len(blob))
	}
	padded := "k1." + base64.URLEncoding.EncodeToString(blob)
	if got, err := (payment.Keyring{k}).Open(payment.NewSecret(padded), id); err != nil || string(got) != cardJSON {
		t.Errorf("padded: %s, %v", got, err)
	}
	if strings.Contains(sealed, "8600") || seal(t, k, id, cardJSON) == sealed {
		t.Error("two seals of one card are alike, or show it")
	}
}

// A sealed card is for one payment and one key, and whole.
func TestASealIsOpenedForItsOwnPaymentOnly(t *testing.T) {
	k, id := key(t, "k1", 1), payment.ID("default", "order-1")
	sealed := seal(t, k, id, cardJSON)
	body := strings.TrimPrefix(sealed, "k1.")
	blob, _ := base64.RawURLEncoding.DecodeString(body)
	encode := func(b []byte) string { return "k1." + base64.RawURLEncoding.EncodeToString(b) }
	flipped := map[string]string{}
	for _, at := range []int{0, 31, 32, len(blob) - 17, len(blob) - 1} {
		damaged := bytes.Clone(blob)
		damaged[at] ^= 1
		flipped[encode(damaged)] = id
	}
	cases := map[string]string{
		sealed:                     payment.ID("default", "order-2"),
		sealed + "A":               id,
		"k2." + body:               id,
		"." + body:                 id,
		body:                       id,
		"k1":                       id,
		"k1.":                      id,
		"":                         id,
		"k1.%%%":                   id,
		encode(blob[:len(blob)-1]): id,
		encode(blob[:32]):          id,
		encode(blob[:5]):           id,
		"k2." + seal(t, key(t, "k1", 2), id, cardJSON)[3:]: id,
		seal(t, key(t, "k1", 2), id, cardJSON):             id,
	}
	for _, set := range []map[string]string{cases, flipped} {
		for text, paymentID := range set {
			got, err := payment.Keyring{k}.Open(payment.NewSecret(text), paymentID)
			if err == nil || got != nil || strings.Contains(err.Error(), text) && text != "" {
				t.Errorf("%q opened as %q, %v", text, got, err)
			}
		}
	}
}

func TestTwoKeysLiveSideBySide(t *testing.T) {
	older, newer, id := key(t, "k1", 1), key(t, "k2", 2), payment.ID("default", "order-1")
	ring := payment.Keyring{newer, older}
	for _, k := range ring {
		if got, err := ring.Open(payment.NewSecret(seal(t, k, id, cardJSON)), id); err != nil || string(got) != cardJSON {
			t.Errorf("%s: %s, %v", k.ID, got, err)
		}
	}
	if _, err := (payment.Keyring{newer}).Open(payment.NewSecret(seal(t, older, id, cardJSON)), id); err == nil {
		t.Error("a retired key opens")
	}
}

func TestAKeyThatOnlyFingerprintsOpensNothing(t *testing.T) {
	id := payment.ID("default", "order-1")
	k := payment.NewSharedKey("k1", payment.NewSecret("shared"))
	if k.Public() != nil {
		t.Error("it has a public key")
	}
	if _, err := (payment.Keyring{k}).Open(payment.NewSecret(seal(t, key(t, "k1", 1), id, cardJSON)), id); err == nil {
		t.Error("it opens")
	}
}

func TestKeysOfAWrongFormAreRefused(t *testing.T) {
	for _, id := range []string{"", "a.b", "a/b", "a b"} {
		if _, err := payment.NewKey(id, make([]byte, 32)); err == nil {
			t.Errorf("id %q", id)
		}
	}
	for _, n := range []int{0, 31, 33} {
		if _, err := payment.NewKey("k", make([]byte, n)); err == nil {
			t.Errorf("%d bytes", n)
		}
		if _, err := payment.Seal("k", make([]byte, n), "pay_x", nil); err == nil {
			t.Errorf("sealed to %d bytes", n)
		}
	}
}
