package payment_test

import (
	"fmt"
	"strings"
	"testing"

	"github.com/go-json-experiment/json"

	"tolov/internal/payment"
)

// payouts is the shape of a payout with bounds of its own.
func payouts() payment.Shape {
	return payment.Shape{
		Required: []string{"amount", "card", "sender"}, Optional: []string{"document"},
		Cards: []payment.CardForm{payment.CardBare}, AmountFrom: 100, DocumentFrom: 1000,
	}
}

const payoutBody = `{"provider":"paysys","amount":1000,"card":{"number":"8600490000003347"},` +
	`"sender":{"last_name":"Каримова","first_name":"Дилноза","middle_name":"О‘ткир qizi"},` +
	`"document":{"nationality":"860","type":"passport","seriesNumber":"AA0000001","birthDate":"25.01.1990",` +
	`"validTo":"25.01.2035","mrz":"30101800050014"}}`

// decoded reads the body with texts replaced: old, new, old, new.
func decoded(t *testing.T, changes ...string) *payment.Command {
	t.Helper()
	c := &payment.Command{}
	body := strings.NewReplacer(changes...).Replace(payoutBody)
	if err := json.Unmarshal([]byte(body), c, json.RejectUnknownMembers(true)); err != nil {
		t.Fatalf("%s: %v", body, err)
	}
	c.Verb, c.Merchant, c.ExtID = payment.VerbPayout, "default", "order-1"
	return c
}

// Contract, verb payout; PaySys, "Payouts preparation".
func TestEveryRuleOfAPayout(t *testing.T) {
	missing, bad, unknown := payment.MissingField, payment.InvalidValue, payment.UnknownField
	noDocument := payoutBody[strings.Index(payoutBody, `,"document"`) : len(payoutBody)-1]
	for _, r := range []struct {
		old, now string
		code     payment.RefusedBy
		field    string
	}{
		{"", "", "", ""},
		{`,"mrz":"30101800050014"`, "", "", ""},
		{`,"middle_name":"О‘ткир qizi"`, "", "", ""},
		{`"last_name":"Каримова",`, "", missing, "sender.last_name"},
		{`"Каримова"`, `""`, missing, "sender.last_name"},
		{`,"first_name":"Дилноза"`, "", missing, "sender.first_name"},
		{"Дилноза", "8600490000003347", bad, "sender.first_name"},
		{"Дилноза", " ", bad, "sender.first_name"},
		{"Дилноза", strings.Repeat("я", 101), bad, "sender.first_name"},
		{`"nationality":"860",`, "", missing, "document.nationality"},
		{`"860"`, `"UZB"`, bad, "document.nationality"},
		{`"passport"`, `"id card"`, bad, "document.type"},
		{`"seriesNumber":"AA0000001",`, "", missing, "document.seriesNumber"},
		{"AA0000001", strings.Repeat("A", 256), bad, "document.seriesNumber"},
		{"25.01.1990", "1990-01-25", bad, "document.birthDate"},
		{"25.01.2035", "31.02.2035", bad, "document.validTo"},
		{"30101800050014", "3010180005001", bad, "document.mrz"},
		{`"amount":1000`, `"amount":99`, bad, "amount"},
		{`"amount":1000`, `"amount":999`, bad, "document"},
		{noDocument, "", missing, "document"},
		{`"number":"8600490000003347"`, `"number":"8600490000003347","expiry":"3012"`, unknown, "card.expiry"},
		{`"number":"8600490000003347"`, `"token":"t"`, unknown, "card.token"},
		{`"number":"8600490000003347"`, `"number":"86004900"`, bad, "card.number"},
		{`"amount":1000`, `"amount":1000,"account":"a"`, unknown, "account"},
	} {
		got := decoded(t, r.old, r.now).Check(payouts(), now())
		switch {
		case got == nil && r.code == "":
		case got == nil:
			t.Errorf("%s for %s: taken", r.now, r.old)
		case got.Code != r.code || got.Field != r.field || strings.Contains(got.Error(), "8600490000003347"):
			t.Errorf("%s for %s: %s %s", r.now, r.old, got.Code, got)
		}
	}
	small := decoded(t, noDocument, "", `"amount":1000`, `"amount":100`)
	if r := small.Check(payouts(), now()); r != nil {
		t.Errorf("the smallest payout, without a document: %s", r)
	}
}

// I8: personal data is hidden wherever a command is printed, and no record can hold it.
func TestPersonalDataOfAPayoutIsHidden(t *testing.T) {
	c := decoded(t)
	text, err := json.Marshal(c)
	if err != nil {
		t.Fatal(err)
	}
	order, err := json.Marshal(c.Order())
	if err != nil {
		t.Fatal(err)
	}
	for _, secret := range []string{"Каримова", "Дилноза", "qizi", "AA0000001", "25.01", "30101800050014", "860"} {
		if printed := fmt.Sprintf("%s %s %+v %v", text, order, *c.Sender, *c.Document); strings.Contains(printed, secret) {
			t.Errorf("%s stands in %s", secret, printed)
		}
	}
}

// H43: another sender or document is other content, and only a keyed hash of either is kept.
func TestSenderAndDocumentAreContent(t *testing.T) {
	ring := payment.Keyring{key(t, "k1", 1)}
	print := func(c *payment.Command) payment.Fingerprint { return ring.Fingerprint([]byte("same"), c) }
	first := recorded(t, print(decoded(t)))
	if !print(decoded(t)).Same(first) {
		t.Error("a repeat is a conflict")
	}
	for _, change := range [][]string{
		{"Каримова", "Каримов"}, {"Дилноза", "Дилбар"}, {"AA0000001", "AA0000002"}, {"25.01.1990", "26.01.1990"},
		{"30101800050014", "30101800050015"}, {"Каримова", "", `"Дилноза"`, `"КаримоваДилноза"`},
	} {
		if print(decoded(t, change...)).Same(first) {
			t.Errorf("%v is the same content", change)
		}
	}
}
