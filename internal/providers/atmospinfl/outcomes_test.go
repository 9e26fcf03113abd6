package atmospinfl_test

import (
	"encoding/json"
	"fmt"
	"maps"
	"slices"
	"strings"
	"testing"

	"pgregory.net/rapid"

	"tolov/internal/payment"
)

// stands is a reply that tells of a transaction.
func stands(status string, members ...string) string {
	ids := fmt.Sprintf(`"transaction_id":"12345678","ext_id":"12345789","transaction_status":%q`, status)
	inside := append([]string{ids}, members...)
	return `{"payload":{` + strings.Join(inside, ",") + `},"code":"200","message":null}`
}

func refuses(code string) string {
	return fmt.Sprintf(`{"payload":null,"code":%q,"message":"no"}`, code)
}

func details(parts ...string) string { return `"details":[` + strings.Join(parts, ",") + `]` }

func card(amount, status string) string {
	return fmt.Sprintf(`{"pan":"860066******5544","amount":%s,"upper_commission":0,"status":%q}`, amount, status)
}

// row is a reply and what it is read as.
type row struct {
	reply   string
	outcome payment.Outcome
	failure string
	amount  payment.Money
}

func (r row) check(t *testing.T, name string, a payment.Answer) {
	t.Helper()
	code := ""
	if a.Failure != nil {
		code = a.Failure.Code
	}
	if a.Outcome != r.outcome || code != r.failure || a.Amount != r.amount || a.Amounted != (r.amount > 0) {
		t.Errorf("%s: %s %q of %d (%s), want %s %q of %d",
			name, a.Outcome, code, a.Amount, a.Note, r.outcome, r.failure, r.amount)
	}
}

// told gives what a step makes of one reply.
func told(t *testing.T, step, reply string) payment.Answer {
	t.Helper()
	_, client := documented(t, map[string]string{"/ppa/transaction/" + step: reply})
	return client.Do(t.Context(), call(t, step))
}

// settled are the replies that confirm and check read alike: absent is what an unconfirmed one means.
func settled(absent payment.Outcome) map[string]row {
	whole, part := card("100500", "SUCCESS"), card("500", "SUCCESS")
	vast := card("9000000000000000000", "SUCCESS")
	both := details(part, card(`"100000"`, "SUCCESS"))
	all := stands("SUCCESS", details(whole))
	other := func(status string) string { return strings.Replace(stands(status), "12345678", "777", 1) }
	return map[string]row{
		"whole":               {stands("SUCCESS", details(whole)), payment.Done, "", amount},
		"two cards":           {stands("SUCCESS", both), payment.Done, "", amount},
		"one of two cards":    {stands("SUCCESS", details(part, card("7", "FAILED"))), payment.Done, "", 500},
		"a card under way":    {stands("SUCCESS", details(part, card("7", "PROGRESS"))), payment.Pending, "", 0},
		"a card's other word": {stands("SUCCESS", details(part, card("7", "ODD"))), payment.Unknown, "", 0},
		"no cards":            {stands("SUCCESS"), payment.Unknown, "", 0},
		"no card debited":     {stands("SUCCESS", details(card("7", "FAILED"))), payment.Unknown, "", 0},
		"no amount":           {stands("SUCCESS", details(card("null", "SUCCESS"))), payment.Unknown, "", 0},
		"a negative amount":   {stands("SUCCESS", details(whole, card("-5", "SUCCESS"))), payment.Unknown, "", 0},
		"too much to add":     {stands("SUCCESS", details(vast, vast)), payment.Unknown, "", 0},
		"a fraction":          {stands("SUCCESS", details(card("100.5", "SUCCESS"))), payment.Unknown, "", 0},
		"another's ext_id":    {strings.Replace(all, "12345789", "777", 1), payment.Unknown, "", 0},
		"created":             {stands("CREATED"), absent, "", 0},
		"another created":     {other("CREATED"), payment.Unknown, "", 0},
		"cancelled":           {stands("CANCELED"), payment.Declined, "transaction_cancelled", 0},
		"another cancelled":   {other("CANCELED"), payment.Unknown, "", 0},
		"under way":           {stands("PROGRESS"), payment.Pending, "", 0},
		"another word":        {stands("ODD"), payment.Unknown, "", 0},
		"a very long word":    {stands(strings.Repeat("SUCCESS", 99), details(whole)), payment.Unknown, "", 0},
		"no status":           {`{"payload":{},"code":"200"}`, payment.Unknown, "", 0},
		"no payload":          {`{"payload":null,"code":"200"}`, payment.Unknown, "", 0},
		"no code":             {`{"payload":{}}`, payment.Unknown, "", 0},
		"a number for code":   {strings.Replace(all, `"200"`, "200", 1), payment.Done, "", amount},
		"empty":               {"", payment.Unknown, "", 0},
		"HTML":                {"<html>", payment.Unknown, "", 0},
		"truncated":           {stands("SUCCESS", details(whole))[:90], payment.Unknown, "", 0},
		"unknown code":        {refuses("-999"), payment.Unknown, "", 0},
	}
}

func TestConfirmOutcomes(t *testing.T) {
	rows := settled(payment.Unknown)
	for code, failure := range map[string]string{
		"-103": "person_not_available", "-105": "insufficient_funds", "-106": "insufficient_funds",
		"-107": "insufficient_funds", "-109": "cards_not_found", "-306": "amount_too_small",
	} {
		rows[code] = row{refuses(code), payment.Declined, failure, 0}
	}
	for code := range strings.FieldsSeq("-100 -101 -102 -108 -200 -202 -301 -302 -303 -307 -308") {
		rows[code] = row{refuses(code), payment.Unknown, "", 0}
	}
	for name, row := range rows {
		row.check(t, "29 confirm, "+name, told(t, "confirm", row.reply))
	}
}

func TestCheckOutcomes(t *testing.T) {
	rows := settled(payment.Absent)
	rows["-202"] = row{refuses("-202"), payment.Declined, "transaction_failed", 0}
	rows["-308"] = row{refuses("-308"), payment.Absent, "", 0}
	const refused = "-100 -101 -102 -103 -105 -106 -107 -108 -109 -200 -301 -302 -303 -306 -307"
	for code := range strings.FieldsSeq(refused) { // H5: a question that was refused says nothing about the payment
		rows[code] = row{refuses(code), payment.Unknown, "", 0}
	}
	for name, row := range rows {
		row.check(t, "30 check, "+name, told(t, "check", row.reply))
	}
}

func TestCreateOutcomes(t *testing.T) {
	rows := map[string]row{
		"created":   {fixture(t, "create.reply"), payment.Done, "", amount},
		"no number": {stands("CREATED")[:12] + `},"code":"200"}`, payment.Unknown, "", 0},
		"-100":      {refuses("-100"), payment.Unknown, "", 0}, "-200": {refuses("-200"), payment.Unknown, "", 0},
		"-999": {refuses("-999"), payment.Unknown, "", 0},
	}
	for code, failure := range map[string]string{
		"-101": "contract_not_accepted", "-102": "person_not_accepted", "-103": "person_not_available",
		"-105": "insufficient_funds", "-106": "insufficient_funds", "-107": "insufficient_funds",
		"-108": "balance_unavailable", "-301": "details_mismatch", "-303": "invalid_request", "-306": "amount_too_small",
		"-307": "merchant_not_configured",
	} {
		rows[code] = row{refuses(code), payment.Declined, failure, 0}
	}
	for name, row := range rows {
		row.check(t, "28 create, "+name, told(t, "create", row.reply))
	}
}

// Any HTTP status but 200 proves nothing, whatever stands in the body.
func TestOtherHTTPStatusProvesNothing(t *testing.T) {
	for _, status := range []int{201, 202, 400, 403, 404, 409, 429, 500, 502, 503, 504} {
		for _, step := range []string{"create", "confirm", "check", "cancel"} {
			g, client := documented(t, map[string]string{"/ppa/transaction/" + step: fixture(t, step+".reply")})
			g.status = status
			if a := client.Do(t.Context(), call(t, step)); a.Outcome != payment.Unknown || a.HTTPStatus != status {
				t.Errorf("%s with HTTP %d: %+v", step, status, a)
			}
		}
	}
}

// Without the key that sealed the person nothing is sent, and nothing is concluded.
func TestPersonThatCannotBeOpenedIsNotAskedAbout(t *testing.T) {
	g, client := documented(t, nil)
	for step, want := range map[string]payment.Outcome{"create": payment.NotSent, "check": payment.Unknown} {
		c := call(t, step)
		c.Payment.ID = "another"
		if a := client.Do(t.Context(), c); a.Outcome != want || a.Note == "" {
			t.Errorf("%s: %+v", step, a)
		}
	}
	if g.paths() != "" {
		t.Errorf("asked for %s", g.paths())
	}
}

// H10: no code settles a withdrawal unless the table says so.
func TestCodeOnNoTableNeverSettlesAnything(t *testing.T) {
	g, client := documented(t, map[string]string{})
	confirm, check := call(t, "confirm"), call(t, "check")
	rapid.Check(t, func(rt *rapid.T) {
		code := rapid.OneOf(rapid.String(), rapid.StringMatching(`-?[0-9]{1,4}`)).Draw(rt, "code")
		if client.Knows(code) {
			rt.Skip("on the table")
		}
		written, err := json.Marshal(code)
		if err != nil {
			rt.Skip("no text")
		}
		body := strings.Replace(stands("SUCCESS", details(card("100500", "SUCCESS"))), `"200"`, string(written), 1)
		g.mu.Lock()
		g.replies["/ppa/transaction/confirm"], g.replies["/ppa/transaction/check"] = body, body
		g.mu.Unlock()
		if a := client.Do(t.Context(), confirm); a.Outcome != payment.Unknown {
			rt.Fatalf("confirm with %q is %s", code, a.Outcome)
		}
		if a := client.Do(t.Context(), check); a.Outcome != payment.Unknown {
			rt.Fatalf("check with %q is %s", code, a.Outcome)
		}
	})
}

// I8: a card never comes back whole, whatever the provider writes.
func TestCardIsShownMaskedOnly(t *testing.T) {
	for pan, want := range map[string]string{
		"860066******5544": "860066******5544", "8600660000005544": "860066******5544", "8600 6600 0000 5544": "",
		"Ivan Ivanov": "", "": "",
	} {
		reply := strings.Replace(stands("SUCCESS", details(card("100500", "SUCCESS"))), "860066******5544", pan, 1)
		if a := told(t, "confirm", reply); a.Outcome != payment.Done || a.Parts[0].Card != want {
			t.Errorf("%q is shown as %+v", pan, a.Parts)
		}
	}
}

// Every code of the documentation's status guide is known, and tells people something in each language.
func TestEveryDocumentedCodeIsKnown(t *testing.T) {
	_, client := documented(t, nil)
	codes := strings.Fields("200 -100 -101 -102 -103 -105 -106 -107 -108 -109 -200 -202 -301 -302 -303 -306 -307 -308")
	for _, code := range codes {
		if !client.Knows(code) {
			t.Errorf("%s is not known", code)
		}
	}
	texts := map[string]payment.Failure{}
	for _, step := range []string{"create", "confirm", "check"} {
		tellsOf(t, step, codes[1:], texts)
	}
	for _, code := range slices.Sorted(maps.Keys(texts)) {
		f := texts[code]
		if f.Message.UZ == "" || f.Message.RU == "" || f.Message.EN == "" || f.Category == "" || f.Advice == "" {
			t.Errorf("%s tells %+v", code, f)
		}
	}
	if len(texts) < 10 {
		t.Errorf("only %d failures were met", len(texts))
	}
}

// tellsOf collects the failures that the codes lead to.
func tellsOf(t *testing.T, step string, codes []string, texts map[string]payment.Failure) {
	t.Helper()
	for _, code := range codes {
		f := told(t, step, refuses(code)).Failure
		if f == nil {
			continue
		}
		texts[f.Code] = *f
		if f.ProviderCode != code && f.ProviderCode != "-302" {
			t.Errorf("%s carries the code %s", code, f.ProviderCode)
		}
	}
}
