package events_test

import (
	"crypto/ecdh"
	"crypto/hpke"
	"encoding/base64"
	"strings"
	"testing"

	"tolov/internal/events"
	"tolov/internal/payment"
)

// wrongFields keep the form and break a rule.
func wrongFields() []bad {
	pay := payBody()
	refused := func(name, verb string, b body, code payment.RefusedBy, field string) bad {
		return bad{name: name, verb: verb, body: b.String(), code: code, field: field}
	}
	long := func(n int) string { return `"` + strings.Repeat("x", n) + `"` }
	missing, invalid, unsupported := payment.MissingField, payment.InvalidValue, payment.Unsupported
	noMerchant, noProvider := payment.UnknownMerchant, payment.UnknownProvider
	return []bad{
		refused("unknown merchant", "pay", pay.with("merchant", `"nobody"`), noMerchant, "merchant"),
		refused("unknown provider", "pay", pay.with("provider", `"bank"`), noProvider, "provider"),
		refused("another merchant's provider", "pay", pay.with("provider", `"via"`), noProvider, "provider"),
		refused("no provider", "pay", pay.with("provider", ""), missing, "provider"),
		refused("an empty provider", "pay", pay.with("provider", `""`), missing, "provider"),
		refused("a verb that the provider has not", "hold", pay, unsupported, "provider"),
		refused("account is missing", "pay", pay.with("account", ""), missing, "account"),
		refused("account is empty", "pay", pay.with("account", `""`), missing, "account"),
		refused("account is long", "pay", pay.with("account", long(256)), invalid, "account"),
		refused("description is huge", "pay", pay.with("description", long(60_000)), invalid, "description"),
		refused("metadata is huge", "pay", pay.with("metadata", `{"k":`+long(60_000)+`}`), invalid, "metadata.k"),
		refused("metadata has 21 keys", "pay", pay.with("metadata", keys(21)), invalid, "metadata"),
		refused("metadata has 900 keys", "pay", pay.with("metadata", keys(900)), invalid, "metadata"),
		refused("lang is another", "pay", pay.with("lang", `"fr"`), invalid, "lang"),
		refused("expires at once", "pay", pay.with("expires_in_s", "0"), invalid, "expires_in_s"),
		refused("command_id of an opening verb", "pay", pay.with("command_id", `"c"`), payment.UnknownField, "command_id"),
	}
}

// wrongCards: one card, whole, good, and in one form.
func wrongCards() []bad {
	var all []bad
	for _, v := range []struct {
		name, card string
		code       payment.RefusedBy
		field      string
	}{
		{"no card", "", payment.MissingField, "card"},
		{"an empty card", `{}`, payment.MissingField, "card"},
		{"empty text for a card", `{"number":"","expiry":""}`, payment.MissingField, "card"},
		{"only an expiry", `{"expiry":"2712"}`, payment.MissingField, "card.number"},
		{"only a number", `{"number":"8600490000003347"}`, payment.MissingField, "card.expiry"},
		{"two cards", `{"token":"t","number":"8600490000003347","expiry":"2712"}`, payment.InvalidValue, "card"},
		{"a card that is past", `{"number":"8600490000003347","expiry":"2602"}`, payment.InvalidValue, "card.expiry"},
		{"expiry as mmYY", `{"number":"8600490000003347","expiry":"1227"}`, payment.InvalidValue, "card.expiry"},
		{"a short number", `{"number":"860049","expiry":"2712"}`, payment.InvalidValue, "card.number"},
		{"sealed and clear", `{"sealed":"k1.x","number":"8600490000003347"}`, payment.InvalidValue, "card"},
		{"sealed and a token", `{"sealed":"k1.x","token":"t"}`, payment.InvalidValue, "card"},
		{"sealed and an expiry", `{"sealed":"k1.x","expiry":"2712"}`, payment.InvalidValue, "card"},
		{"a seal that does not open", `{"sealed":"k1.AAAA"}`, payment.InvalidValue, "card.sealed"},
		{"a seal that is none", `{"sealed":"x"}`, payment.InvalidValue, "card.sealed"},
	} {
		all = append(all, bad{
			name: v.name, verb: "pay", body: payBody().with("card", v.card).String(), code: v.code, field: v.field,
		})
	}
	return all
}

// wrongContinuations: verbs that continue a payment have fields of their own.
func wrongContinuations() []bad {
	refused := func(name, verb string, b body, code payment.RefusedBy, field string) bad {
		return bad{name: name, verb: verb, body: b.String(), code: code, field: field}
	}
	id := body{{`"ext_id"`, `"order-1"`}}
	missing, invalid, wrong, unknown := payment.MissingField, payment.InvalidValue, payment.WrongType, payment.UnknownField
	return []bad{
		refused("no otp", "confirm", id, missing, "otp"),
		refused("otp is a number", "confirm", confirmBody().with("otp", "123456"), wrong, "otp"),
		refused("otp has letters", "confirm", confirmBody().with("otp", `"12a456"`), invalid, "otp"),
		refused("otp is long", "confirm", confirmBody().with("otp", `"1234567890123"`), invalid, "otp"),
		refused("an amount to confirm", "confirm", confirmBody().with("amount", "5"), unknown, "amount"),
		refused("a provider to confirm", "confirm", confirmBody().with("provider", `"atmos"`), unknown, "provider"),
		refused("otp to cancel", "cancel", confirmBody(), unknown, "otp"),
		refused("a reason to recheck", "recheck", id.with("reason", `"r"`), unknown, "reason"),
		refused("a long reason", "cancel", id.with("reason", `"`+strings.Repeat("r", 256)+`"`), invalid, "reason"),
		refused("unknown merchant to cancel", "cancel", id.with("merchant", `"nobody"`), payment.UnknownMerchant, "merchant"),
		refused("resolved by one person", "resolve", resolveBody().with("approved_by", `"Alisher "`), invalid, "approved_by"),
		refused("resolved by nobody else", "resolve", resolveBody().with("approved_by", ""), missing, "approved_by"),
		refused("resolved as refunded", "resolve", resolveBody().with("outcome", `"refunded"`), invalid, "outcome"),
		refused("outcome is a number", "resolve", resolveBody().with("outcome", "1"), wrong, "outcome"),
	}
}

// keys is a metadata object with n keys.
func keys(n int) string {
	members := make([]string, n)
	for i := range members {
		members[i] = `"k` + strings.Repeat("i", i%60) + string(rune('a'+i/60)) + `":"v"`
	}
	return "{" + strings.Join(members, ",") + "}"
}

// CARD_DATA=sealed: a number in clear is refused whatever else the card is, a seal and a token are taken.
func TestWithCardDataSealedANumberInClearIsRefused(t *testing.T) {
	d := decoder()
	d.SealedOnly = true
	for card, field := range map[string]string{
		`{"number":"8600490000003347","expiry":"2712"}`: "card.number",
		`{"number":"8600490000003347"}`:                 "card.number",
		`{"number":"8600490000003347","token":"t"}`:     "card.number",
		`{"token":"t"}`: "",
		sealed(t, `{"number":"8600490000003347","expiry":"2712"}`): "",
		sealed(t, `{"token":"t"}`):                                 "",
	} {
		in, dead := d.Decode("payments.commands.pay", []byte(payBody().with("card", card).String()), "m:1")
		r := in.Refused
		if dead != "" || (field == "") != (r == nil) || r != nil && (r.Field != field || r.Code != payment.InvalidValue) {
			t.Errorf("%s: dead %q, refused %v", card, dead, r)
		}
	}
}

// What is inside a seal keeps the same rules, and is named by the same paths.
func TestTheContentOfASealKeepsTheRules(t *testing.T) {
	for _, v := range []struct {
		content string
		code    payment.RefusedBy
		field   string
	}{
		{`{"number":"8600490000003347","expiry":"2712"}`, "", ""},
		{`{"token":"t"}`, "", ""},
		{`{"number":"8600490000003347","expiry":"2602"}`, payment.InvalidValue, "card.expiry"},
		{`{"number":"8600","expiry":"2712"}`, payment.InvalidValue, "card.number"},
		{`{"number":8600490000003347,"expiry":"2712"}`, payment.WrongType, "card.number"},
		{`{"number":null,"expiry":"2712"}`, payment.WrongType, "card.number"},
		{`{"pin":"1"}`, payment.UnknownField, "card.pin"},
		{`{"token":"t","token":"t"}`, payment.DuplicateField, "card.token"},
		{`{"sealed":"k1.x"}`, payment.InvalidValue, "card"},
		{`{}`, payment.MissingField, "card"},
		{`[]`, payment.WrongType, "card"},
		{`null`, payment.MissingField, "card"},
		{`8600490000003347`, payment.WrongType, "card"},
		{``, payment.WrongType, "card"},
		{`{"number"`, payment.WrongType, "card.number"},
	} {
		text := payBody().with("card", sealed(t, v.content)).String()
		in, dead := decoder().Decode(events.CommandSubject(payment.VerbPay), []byte(text), "m:1")
		r := in.Refused
		if dead != "" || (v.code == "") != (r == nil) || r != nil && (r.Field != v.field || r.Code != v.code) {
			t.Errorf("%s: dead %q, refused %+v", v.content, dead, r)
		}
	}
}

// A seal that is not for this payment, not for this worker, or not whole is refused by name, and why is told without
// repeating any of it. After a rotation the older key still opens.
func TestASealThatCannotBeOpenedIsRefusedByName(t *testing.T) {
	id, other := payment.ID("default", "order-1"), payment.ID("default", "order-2")
	old, young := workerKey(), oneKey(t, "k2")
	d := decoder()
	d.Keys = func(string) payment.Keyring { return payment.Keyring{young, old} }
	sealed := func(key payment.Key, info string) string {
		text, err := payment.Seal(key.ID, key.Public(), info, []byte(`{"token":"t"}`))
		if err != nil {
			t.Fatal(err)
		}
		return text
	}
	whole := sealed(young, id)
	for name, v := range map[string]struct{ blob, says string }{
		"the newer key": {whole, ""}, "the older key": {sealed(old, id), ""},
		"an unknown key":                 {sealed(oneKey(t, "k3"), id), "is sealed to a key that this worker does not have"},
		"another key's id":               {"k1" + whole[2:], "cannot be opened"},
		"replayed to another payment":    {sealed(young, other), "cannot be opened"},
		"info without the key's id":      {rawSeal(t, young, id), "cannot be opened"},
		"cut short":                      {whole[:len(whole)-8], "cannot be opened"},
		"without what follows the point": {young.ID + ".", "cannot be opened"},
	} {
		text := payBody().with("card", `{"sealed":"`+v.blob+`"}`).String()
		in, dead := d.Decode(events.CommandSubject(payment.VerbPay), []byte(text), "m:1")
		r := in.Refused
		if dead != "" || (v.says == "") != (r == nil) {
			t.Errorf("%s: dead %q, refused %+v", name, dead, r)
			continue
		}
		if r != nil && (r.Field != "card.sealed" || r.Code != payment.InvalidValue || !strings.HasPrefix(r.Message, v.says) ||
			strings.Contains(r.Message, v.blob[:min(len(v.blob), 6)])) {
			t.Errorf("%s: refused %+v", name, r)
		}
	}
}

func oneKey(t *testing.T, id string) payment.Key {
	t.Helper()
	key, err := payment.NewKey(id, []byte(strings.Repeat(id, 16)))
	if err != nil {
		t.Fatal(err)
	}
	return key
}

// rawSeal closes a card with the payment's id alone as info, as somebody does who read half of the contract.
func rawSeal(t *testing.T, key payment.Key, info string) string {
	t.Helper()
	to, err := hpke.DHKEM(ecdh.X25519()).NewPublicKey(key.Public())
	if err != nil {
		t.Fatal(err)
	}
	blob, err := hpke.Seal(to, hpke.HKDFSHA256(), hpke.ChaCha20Poly1305(), []byte(info), []byte(`{"token":"t"}`))
	if err != nil {
		t.Fatal(err)
	}
	return key.ID + "." + base64.RawURLEncoding.EncodeToString(blob)
}

// A key that another worker has read first is looked for before a card is refused.
func TestUnknownKeyIsLookedForBeforeTheCardIsRefused(t *testing.T) {
	young, looked := oneKey(t, "k2"), 0
	ring := payment.Keyring{workerKey()}
	d := decoder()
	d.Keys = func(string) payment.Keyring { return ring }
	d.Hurry = func() bool {
		looked++
		ring = payment.Keyring{young, workerKey()}
		return looked == 1
	}
	text, err := payment.Seal(young.ID, young.Public(), payment.ID("default", "order-1"), []byte(`{"token":"t"}`))
	if err != nil {
		t.Fatal(err)
	}
	for _, want := range []string{"", "card.sealed"} {
		body := payBody().with("card", `{"sealed":"`+text+`"}`).String()
		in, _ := d.Decode(events.CommandSubject(payment.VerbPay), []byte(body), "m:1")
		if r := in.Refused; (want == "") != (r == nil) || r != nil && r.Field != want {
			t.Errorf("refused %+v, want %q", r, want)
		}
		text = "k9" + text[2:]
	}
	if looked != 2 {
		t.Errorf("looked %d times", looked)
	}
}
