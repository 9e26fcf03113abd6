package atmosips_test

import (
	"fmt"
	"slices"
	"strconv"
	"strings"
	"testing"

	"pgregory.net/rapid"

	"tolov/internal/payment"
	"tolov/internal/saga"
)

const (
	dn = payment.Done
	pd = payment.Pending
	ab = payment.Absent
	un = payment.Unknown
	de = payment.Declined
)

// ours is the payment of every row: transaction 735 under the id pay_x.
func ours(step, about string) saga.Call {
	c := saga.Call{
		Step: step, About: about, Asks: about != "", Transaction: "735", Amount: amount, Card: number(cardNo),
		Payment: &payment.Payment{ID: "pay_x", Amount: amount, AmountHeld: amount, Account: "a", Kind: payment.Pay},
	}
	switch step {
	case "create", "create-template", "hold", "pre-create":
		c.Transaction = ""
	}
	return c
}

// path is where a call of the step goes.
func path(step string) string {
	return map[string]string{
		"pre-create": "/mps/pay/transaction/pre-create", "create": "/mps/pay/transaction/create",
		"apply": "/mps/pay/transaction/apply", "create-template": "/mps/pay/transaction/create/template",
		"get": "/mps/pay/transaction/get/735", "hold": "/mps-extend/uklon/hold", "hold-apply": "/mps-extend/uklon/apply",
		"hold-cancel": "/mps-extend/uklon/cancel", "hold-return": "/mps-extend/uklon/return",
		"card-bind": "/mps/pay/card/bind",
	}[step]
}

// stands is a reply that tells of the transaction.
func stands(status int, members ...string) string {
	ids := fmt.Sprintf(`"id":735,"status":%d,"amount":"10000","external_id":"pay_x","card_id":67`, status)
	return `{"payload":{` + strings.Join(append([]string{ids}, members...), ",") + `},"status":{"code":0}}`
}

func refuses(code string) string {
	return `{"payload":null,"status":{"code":` + strconv.Quote(code) + `,"message":"no"}}`
}

// cardIs is a transaction's card in a state.
func cardIs(state string) string {
	return `"card":{"id":67,"masked_pan":"419525********1540","verified_state":"` + state + `"}`
}

// told gives what a call makes of one reply.
func told(t *testing.T, c saga.Call, reply string) payment.Answer {
	t.Helper()
	_, client := documented(t, map[string]string{path(c.Step): reply})
	return client.Do(t.Context(), c)
}

// The documentation's statuses, 0 to 9, as each step's own answer and its check read them. 8 and 9 are not final,
// whatever one of the tables says.
func TestWhatEachStatusProves(t *testing.T) {
	for _, row := range []struct {
		step, about string
		want        []payment.Outcome // of the statuses 0 to 9, and 10, which no table knows
	}{
		{"pre-create", "", []payment.Outcome{dn, un, un, un, dn, un, un, un, un, un, un}},
		{"create", "", []payment.Outcome{un, dn, pd, dn, dn, de, de, de, pd, pd, un}},
		{"get", "create", []payment.Outcome{ab, dn, pd, dn, dn, de, de, de, pd, pd, un}},
		{"get", "3ds", []payment.Outcome{ab, ab, ab, dn, dn, de, de, de, pd, pd, un}},
		{"apply", "", []payment.Outcome{un, un, pd, pd, dn, de, de, de, pd, pd, un}},
		{"get", "apply", []payment.Outcome{un, ab, pd, pd, dn, de, de, de, pd, pd, un}},
		{"create-template", "", []payment.Outcome{pd, pd, pd, pd, dn, de, de, de, pd, pd, un}},
		{"get", "create-template", []payment.Outcome{pd, pd, pd, pd, dn, de, de, de, pd, pd, un}},
		{"hold", "", []payment.Outcome{pd, pd, pd, pd, dn, de, de, de, pd, pd, un}},
		{"get", "hold", []payment.Outcome{pd, pd, pd, pd, dn, de, de, de, pd, pd, un}},
		{"hold-apply", "", []payment.Outcome{un, un, un, pd, dn, de, de, un, pd, un, un}},
		{"get", "hold-apply", []payment.Outcome{un, un, un, pd, un, de, de, un, pd, un, un}},
		{"hold-cancel", "", []payment.Outcome{un, un, un, un, un, un, dn, un, pd, un, un}},
		{"get", "hold-cancel", []payment.Outcome{un, un, un, un, ab, dn, dn, un, pd, un, un}},
		{"hold-return", "", []payment.Outcome{un, un, un, un, un, un, un, dn, un, pd, un}},
		{"get", "hold-return", []payment.Outcome{un, un, un, un, ab, un, un, dn, un, pd, un}},
	} {
		for status, want := range row.want {
			a := told(t, ours(row.step, row.about), stands(status, cardIs("PENDING")))
			if a.Outcome != want || a.Outcome == de && a.Failure == nil || a.Outcome == dn && !a.Amounted {
				t.Errorf("%s %s, status %d: %s (%s), want %s", row.step, row.about, status, a.Outcome, a.Note, want)
			}
			early := status == 4 && slices.Contains([]string{"pre-create", "create", "get create", "get 3ds"},
				strings.TrimSpace(row.step+" "+row.about))
			if a.Moved != early {
				t.Errorf("%s %s, status %d: moved %t", row.step, row.about, status, a.Moved)
			}
		}
	}
}

// The union of both tables of error codes, as each kind of call reads them: a draft, a money call, a question.
func TestWhatEachCodeProves(t *testing.T) {
	for code, want := range map[string]struct {
		draft, money payment.Outcome
		reason       string
	}{
		"-1": {un, un, ""}, "-2": {un, un, ""}, "-100": {un, un, ""}, "-999": {un, un, ""},
		"-11": {de, un, "transaction_state"}, "-12": {de, un, "transaction_not_found"},
		"-13": {de, un, "commission_error"}, "-15": {de, un, "cancellation_failed"},
		"-20": {de, de, "terminal_not_found"}, "-21": {de, de, "merchant_not_configured"},
		"-200": {de, de, "card_not_found"}, "-201": {de, de, "card_not_verified"}, "-202": {de, de, "card_not_valid"},
		"-203": {de, de, "issuer_declined"}, "-204": {de, de, "card_not_linked"}, "-300": {de, de, "insufficient_funds"},
		"-350": {de, de, "merchant_not_configured"}, "-400": {de, de, "access_denied"},
	} {
		for _, step := range []string{"pre-create", "create", "apply", "create-template", "hold", "hold-apply", "card-bind"} {
			outcome := want.money
			if step == "pre-create" {
				outcome = want.draft
			}
			a := told(t, ours(step, ""), refuses(code))
			if a.Outcome != outcome || a.Outcome == de && (a.Failure.Code != want.reason || a.Failure.ProviderCode != code) {
				t.Errorf("%s %s: %s %+v, want %s %s", step, code, a.Outcome, a.Failure, outcome, want.reason)
			}
		}
		for _, about := range []string{"apply", "hold-apply", "hold-cancel", "hold-return"} { // H5
			if a := told(t, ours("get", about), refuses(code)); a.Outcome != un {
				t.Errorf("get about %s, %s: %s", about, code, a.Outcome)
			}
		}
	}
	for _, about := range []string{"create", "create-template", "hold", "3ds"} {
		if a := told(t, ours("get", about), refuses("-12")); a.Outcome != ab {
			t.Errorf("get about %s, not found: %s", about, a.Outcome)
		}
	}
	for _, step := range []string{"hold-cancel", "hold-return"} {
		if a := told(t, ours(step, ""), refuses("-15")); a.Outcome != de || a.Failure.Code != "cancellation_failed" {
			t.Errorf("%s, not cancelled: %s", step, a.Outcome)
		}
	}
}

// H8, H9, H12: what cannot be read, or speaks of something else, proves nothing.
func TestUnreadableAnswersProveNothing(t *testing.T) {
	whole := stands(4)
	for name, reply := range map[string]string{
		"empty": "", "HTML": "<html>", "truncated": whole[:60], "no code": `{"payload":{"id":735,"status":4}}`,
		"no payload": `{"status":{"code":0}}`, "null payload": `{"payload":null,"status":{"code":0}}`,
		"no status":          strings.Replace(whole, `"status":4,`, "", 1),
		"no amount":          strings.Replace(whole, `"amount":"10000",`, "", 1),
		"a fraction":         strings.Replace(whole, `"10000"`, `100.5`, 1),
		"no id":              strings.Replace(whole, `"id":735,`, "", 1),
		"another's ext_id":   strings.Replace(whole, "pay_x", "pay_y", 1),
		"a list":             "[]",
		"a key twice":        strings.Replace(whole, `"id":735`, `"id":735,"id":736`, 1),
		"a refusal with 4":   strings.Replace(whole, `"code":0`, `"code":-300`, 1),
		"a code on no table": strings.Replace(whole, `"code":0`, `"code":7`, 1),
	} {
		for _, step := range []string{"apply", "get", "hold", "create-template", "hold-apply"} {
			about := ""
			if step == "get" {
				about = "apply"
			}
			if a := told(t, ours(step, about), reply); a.Outcome != un {
				t.Errorf("%s, %s: %s", step, name, a.Outcome)
			}
		}
	}
	other := strings.Replace(whole, `"id":735`, `"id":736`, 1)
	if a := told(t, ours("apply", ""), other); a.Outcome != dn || a.Transaction != "736" {
		t.Errorf("done for another number is the engine's contradiction: %+v", a)
	}
	other = strings.Replace(stands(5), `"id":735`, `"id":736`, 1)
	if a := told(t, ours("get", "apply"), other); a.Outcome != un {
		t.Errorf("another that failed says nothing of ours: %+v", a)
	}
}

// Any HTTP status but 200 proves nothing, whatever stands in the body.
func TestOtherHTTPStatusProvesNothing(t *testing.T) {
	for _, status := range []int{201, 400, 401, 403, 404, 405, 429, 500, 502, 503} {
		for _, step := range []string{"pre-create", "create", "apply", "create-template", "hold", "hold-apply", "get"} {
			d, client := documented(t, map[string]string{path(step): stands(4)})
			d.status = status
			a := client.Do(t.Context(), ours(step, map[string]string{"get": "apply"}[step]))
			if a.Outcome != un || a.HTTPStatus != status {
				t.Errorf("%s with HTTP %d: %+v", step, status, a)
			}
		}
	}
}

// H10: a code that no table knows settles nothing, whatever comes with it.
func TestCodeOnNoTableNeverSettlesAnything(t *testing.T) {
	d, client := documented(t, map[string]string{})
	rapid.Check(t, func(rt *rapid.T) {
		code := rapid.StringMatching(`-?[0-9]{1,4}|[A-Z]{1,5}`).Draw(rt, "code")
		if client.Knows(code) {
			rt.Skip("on the table")
		}
		body := strings.Replace(stands(rapid.IntRange(0, 10).Draw(rt, "status")), `"code":0`, `"code":"`+code+`"`, 1)
		for _, step := range []string{"apply", "hold", "hold-cancel", "get"} {
			d.set(path(step), body)
			if a := client.Do(t.Context(), ours(step, map[string]string{"get": "apply"}[step])); a.Outcome != un {
				rt.Fatalf("%s with %q is %s", step, code, a.Outcome)
			}
		}
	})
}
