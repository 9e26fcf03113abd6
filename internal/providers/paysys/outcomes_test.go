package paysys_test

import (
	"fmt"
	"strings"
	"testing"
	"time"

	"tolov/internal/payment"
	"tolov/internal/saga"
)

// says is a result.
func says(result string) said { return said{body: `{"id":"$id","error":null,"result":` + result + `}`} }

// standing is what confirm and check answer of the documented payout, with another status.
func standing(status string) said {
	return says(`{"transaction_id":2354812,"status":` + status + `,"date":1648988775,` +
		`"card_number":"860053******9500","amount":400000}`)
}

func refused() said {
	return said{body: `{"id":"$id","error":{"code":-32303,"message":"no"},"result":null}`}
}

// but is a reply with one text in place of another.
func (s said) but(old, now string) said {
	s.body = strings.Replace(s.body, old, now, 1)
	return s
}

var (
	paid    = row{payment.Done, ""}
	unknown = row{payment.Unknown, ""}
	pending = row{payment.Pending, ""}
	absent  = row{payment.Absent, ""}
)

func declined(how string) row { return row{payment.Declined, "transaction_" + how} }

type row struct {
	outcome payment.Outcome
	reason  string // of a refusal
}

func (r row) check(t *testing.T, name string, a payment.Answer) {
	t.Helper()
	reason := ""
	if a.Failure != nil {
		reason = a.Failure.Code
	}
	if a.Outcome != r.outcome || reason != r.reason {
		t.Errorf("%s: %s %q (%s), want %s %q", name, a.Outcome, reason, a.Note, r.outcome, r.reason)
	}
}

// Operation 55: paid is what says so; an error proves nothing, and it is never prepared again (H10, H11, H56).
func TestConfirmIsDoneOnlyByItsOwnWord(t *testing.T) {
	for name, r := range map[string]struct {
		reply said
		row
	}{
		"completed":           {standing("1"), paid},
		"completed, as text":  {standing(`"1"`), paid},
		"created":             {standing("0"), pending},
		"cancelled":           {standing("2"), declined("cancelled")},
		"reversed":            {standing("3"), declined("reversed")},
		"error":               {standing("-1"), unknown},
		"a number of no list": {standing("4"), unknown},
		"status null":         {standing("null"), unknown},
		"status a fraction":   {standing("1.5"), unknown},
		"no transaction":      {says(`{"status":1}`), unknown},
		"other transaction":   {says(`{"status":1,"transaction_id":5}`), paid},
		"other, cancelled":    {says(`{"status":2,"transaction_id":5}`), unknown},
		"refused":             {refused(), unknown},
		"true":                {says("true"), unknown},
	} {
		g, client := before(t, map[string]said{"confirm": r.reply})
		r.check(t, "55 "+name, client.Do(t.Context(), call("confirm")))
		if g.methods() != "confirm_remittance" {
			t.Errorf("55 %s: asked for %s", name, g.methods())
		}
	}
}

// Operation 56.
func TestCheckTellsWhatBecameOfAPayout(t *testing.T) {
	for name, r := range map[string]struct {
		reply said
		row
	}{
		"completed":           {standing("1"), paid},
		"created":             {standing("0"), absent},
		"cancelled":           {standing("2"), declined("cancelled")},
		"error":               {standing("-1"), declined("failed")},
		"reversed":            {standing("3"), declined("reversed")},
		"a number of no list": {standing("7"), unknown},
		"other amount":        {standing("1").but("400000", "400001"), paid},
		"no amount":           {standing("1").but(`,"amount":400000`, ""), unknown},
		"shown card differs":  {standing("1").but("2112", "2113"), paid},
		"other payout":        {standing("0").but("2354812", "5"), unknown},
		"refused":             {refused(), unknown},
		"another's answer":    {standing("1").but("$id", "1"), unknown},
	} {
		_, client := before(t, map[string]said{"check": r.reply})
		r.check(t, "56 "+name, client.Do(t.Context(), call("check")))
	}
}

// Operation 54: a refusal is believed only when nothing of ours is there; a number that another payment has is a
// refusal too.
func TestPrepareFindsItsOwnPayoutOrNone(t *testing.T) {
	sample := said{body: fixture(t, "prepare.reply")}
	for name, r := range map[string]struct {
		prepare, check said
		row
		moved bool
	}{
		"prepared":                 {sample, said{}, paid, false},
		"no card":                  {sample.but("recipient_card", "x"), said{}, paid, false},
		"other number":             {sample.but("$number", "5"), said{}, unknown, false},
		"no transaction":           {sample.but("2354812", "null"), said{}, unknown, false},
		"refused":                  {refused(), refused(), row{payment.Declined, "provider_refused"}, false},
		"refused, there":           {refused(), standing("0"), paid, false},
		"refused, other amount":    {refused(), standing("1").but("400000", "1"), declined("taken"), false},
		"refused, cancelled":       {refused(), standing("2"), declined("cancelled"), false},
		"refused, strange":         {refused(), standing("9"), unknown, false},
		"refused, cannot be asked": {refused(), said{status: 502}, unknown, false},
		"refused, paid by nobody":  {refused(), standing("1"), paid, true},
	} {
		_, client := before(t, map[string]said{"prepare": r.prepare, "check": r.check})
		a := client.Do(t.Context(), call("prepare"))
		r.row.check(t, "54 "+name, a)
		if a.Moved != r.moved {
			t.Errorf("54 %s: %+v", name, a)
		}
	}
	_, client := before(t, nil)
	bare := call("prepare")
	bare.Sender = nil
	row{payment.NotSent, ""}.check(t, "54 without a sender in hand", client.Do(t.Context(), bare))
}

// Operation 57: what nobody confirmed can be dropped, and what was paid all the same is a matter for a person.
func TestCancelEndsOnlyWhatIsNotPaid(t *testing.T) {
	for name, r := range map[string]struct {
		cancel, check said
		prepared      bool
		row
		moved bool
		asked string
	}{
		"cancelled":                {says("true"), said{}, true, paid, false, "cancel"},
		"false, cancelled":         {says("false"), standing("2"), true, paid, false, "cancel check_remittance"},
		"refused, cancelled":       {refused(), standing("2"), true, paid, false, "cancel check_remittance"},
		"refused, failed":          {refused(), standing("-1"), true, paid, false, "cancel check_remittance"},
		"refused, open":            {refused(), standing("0"), true, unknown, false, "cancel check_remittance"},
		"refused, paid":            {refused(), standing("1"), true, paid, true, "cancel check_remittance"},
		"refused, strange":         {refused(), standing("9"), true, unknown, false, "cancel check_remittance"},
		"refused, unknown":         {refused(), refused(), true, unknown, false, "cancel check_remittance"},
		"no answer":                {said{status: 502}, said{}, true, unknown, false, "cancel"},
		"nothing prepared":         {said{}, refused(), false, paid, false, "check_remittance"},
		"prepared, answer lost":    {says("true"), standing("0"), false, paid, false, "check_remittance cancel"},
		"lost, and cannot be read": {said{}, said{status: 502}, false, unknown, false, "check_remittance"},
	} {
		g, client := before(t, map[string]said{"cancel": r.cancel, "check": r.check})
		c := call("cancel")
		if !r.prepared {
			c.Transaction = ""
		}
		a := client.Do(t.Context(), c)
		r.row.check(t, "57 "+name, a)
		if a.Moved != r.moved || g.methods() != r.asked {
			t.Errorf("57 %s: %+v, asked %s", name, a, g.methods())
		}
	}
}

// H8, H9, H14, H16.
func TestReplyThatCannotBeReadIsUnknown(t *testing.T) {
	honest := standing("1").body
	for _, step := range []string{"prepare", "confirm", "check", "cancel"} {
		for name, reply := range map[string]said{
			"empty": {}, "null": {body: "null"}, "a list": {body: "[" + honest + "]"}, "cut off": {body: honest[:40]},
			"trailing": {body: honest + "!"}, "no result": {body: `{"id":"$id"}`}, "result null": says("null"),
			"result a text": says(`"true"`), "error without code": {body: `{"id":"$id","error":{},"result":true}`},
			"a key twice": {body: `{"id":"$id","id":"$id","result":true}`},
			"HTTP 204":    {status: 204}, "HTTP 302": {status: 302}, "HTTP 401": {401, refused().body},
			"HTTP 403": {403, refused().body}, "HTTP 429": {429, refused().body}, "HTTP 500": {500, refused().body},
			"HTTP 503": {503, refused().body},
		} {
			_, client := before(t, map[string]said{step: reply})
			a := client.Do(t.Context(), call(step))
			if a.Outcome != payment.Unknown || a.Failure != nil || a.Note == "" {
				t.Errorf("54 to 57 %s, %s: %+v", step, name, a)
			}
			if reply.status == 429 && a.RetryAfter != 7*time.Second {
				t.Errorf("%s: wants to wait %s", step, a.RetryAfter)
			}
		}
	}
}

// I8: PaySys' messages may repeat what it was sent.
func TestMessagesOfPaysysAreNotKept(t *testing.T) {
	failed := said{body: fixture(t, "error.reply")}
	_, client := before(t, map[string]said{"prepare": failed, "confirm": failed, "check": failed, "cancel": failed})
	for _, step := range []string{"prepare", "confirm", "check", "cancel"} {
		c := call(step)
		a := client.Do(t.Context(), c)
		kept := fmt.Sprintf("%+v %+v", a, a.Failure)
		if strings.Contains(kept, "TEST2") || strings.Contains(kept, cardNumber) {
			t.Errorf("%s keeps %s", step, kept)
		}
		if a.Code != "-32303" || !client.Knows(a.Code) {
			t.Errorf("%s: code %q", step, a.Code)
		}
	}
}

func TestKnownCodesAreStatusesAndErrors(t *testing.T) {
	_, client := before(t, nil)
	for code, want := range map[string]bool{
		"-1": true, "0": true, "1": true, "2": true, "3": true, "-32303": true, "4": false, "-39999": false, "x": false,
	} {
		if client.Knows(code) != want {
			t.Errorf("%s: %v", code, !want)
		}
	}
}

func TestCallThatNobodyKnowsIsNotSent(t *testing.T) {
	_, client := before(t, nil)
	row{payment.NotSent, ""}.check(t, "no such call", client.Do(t.Context(), saga.Call{Step: "refund"}))
}
