package atmos_test

import (
	"encoding/json"
	"fmt"
	"io"
	"maps"
	"net/http"
	"strings"
	"testing"

	"tolov/internal/payment"
	"tolov/internal/providers/providertest"
	"tolov/internal/providers/rest"
	"tolov/internal/saga"
)

// said is one HTTP reply. The zero status and kind are those of an honest one.
type said struct {
	status int
	kind   string
	body   string
}

// says is a result code with what else the reply holds. It always tells more than it should.
func says(code string, members ...string) said {
	result := fmt.Sprintf(`{"result":{"code":%q,"description":"card %s, token %s, code 012345"}`,
		code, cardNumber, cardToken)
	return said{body: strings.Join(append([]string{result}, members...), ",") + "}"}
}

// store is store_transaction, each member as JSON or left out.
func store(trans, amount, confirmed string) string {
	var members []string
	for name, value := range map[string]string{"trans_id": trans, "amount": amount, "confirmed": confirmed} {
		if value != "" {
			members = append(members, fmt.Sprintf("%q:%s", name, value))
		}
	}
	return `"store_transaction":{` + strings.Join(members, ",") + `}`
}

// answerTo gives what the client makes of a reply to one step.
func answerTo(t *testing.T, step string, reply said) payment.Answer {
	t.Helper()
	return reads(t, call(step), reply)
}

// reads gives what the client makes of replies that come one after the other, the last again and again. Whatever they
// tell, the answer holds no secret but the token of a card that was linked.
func reads(t *testing.T, c saga.Call, replies ...said) payment.Answer {
	t.Helper()
	dial := providertest.Serve(t, http.HandlerFunc(func(w http.ResponseWriter, r *http.Request) {
		w.Header().Set("Content-Type", "application/json")
		if r.URL.Path == "/token" {
			_, _ = io.WriteString(w, `{"access_token":"t","expires_in":3600}`)
			return
		}
		reply := replies[0]
		if len(replies) > 1 {
			replies = replies[1:]
		}
		if reply.kind != "" {
			w.Header().Set("Content-Type", reply.kind)
		}
		w.Header().Set("Retry-After", "7")
		if reply.status != 0 {
			w.WriteHeader(reply.status)
		}
		_, _ = io.WriteString(w, reply.body)
	}))
	client := rest.New(1, dial)
	defer client.Close()
	a := merchant("http://atmos", client).Do(t.Context(), c)
	tellsNoSecret(t, a)
	return a
}

func tellsNoSecret(t *testing.T, a payment.Answer) {
	t.Helper()
	if a.Card != nil {
		shown := *a.Card
		shown.Token = ""
		a.Card = &shown
	}
	text, err := json.Marshal(a)
	if err != nil {
		t.Fatal(err)
	}
	for _, secret := range []string{cardNumber, cardToken, "012345"} {
		if strings.Contains(string(text), secret) {
			t.Errorf("%s is told: %s", secret, text)
		}
	}
}

// unreadable are replies that prove nothing, to any call (H8, H9).
func unreadable() map[string]said {
	honest := says("OK", paid).body
	rows := map[string]said{
		"HTML":             {kind: "text/html", body: "<html>"},
		"HTML as JSON":     {body: "<html>"},
		"empty":            {},
		"truncated":        {body: honest[:len(honest)/2]},
		"huge":             {body: strings.Repeat(" ", 2<<20) + honest},
		"trailing garbage": {body: honest + "!"},
		"a key twice":      {body: strings.Replace(honest, `{"result"`, `{"result":{"code":"OK"},"result"`, 1)},
		"an array":         {body: "[" + honest + "]"},
		"null":             {body: "null"},
		"no result":        {body: "{" + paid + "}"},
		"no code":          {body: `{"result":{},` + paid + "}"},
		"null code":        {body: `{"result":{"code":null},` + paid + "}"},
		"code is a flag":   {body: `{"result":{"code":true},` + paid + "}"},
		"long code":        says(strings.Repeat("OK", 200), paid),
	}
	for _, status := range []int{201, 202, 204, 301, 302, 400, 401, 403, 404, 405, 408, 409, 429, 500, 502, 503, 504} {
		rows[fmt.Sprintf("HTTP %d", status)] = said{status: status, body: honest}
		if status == http.StatusNoContent {
			rows["HTTP 204"] = said{status: status}
		}
	}
	return rows
}

// misread are transactions that are not of the documented form (H9, H68).
func misread() map[string]said {
	return map[string]said{
		"amount fraction":  says("OK", store("202072", "5000000.5", "true")),
		"confirmed a text": says("OK", store("202072", "5000000", `"true"`)),
		"flag in a list":   says("OK", store("202072", "5000000", `[true]`)),
	}
}

// inTransactions are the calls whose answer tells of money by a transaction, and the questions about them.
func inTransactions() map[string]saga.Call {
	calls := map[string]saga.Call{
		"6 apply": call("apply"), "12 get": call("get"), "9 bulk-apply": bulkCall("bulk-apply"),
		"9 bulk-get": about(bulkCall("bulk-get"), "bulk-apply"), "11 reverse": reverseCall(),
		"11 get": about(call("get"), "reverse"), "21 hold-apply": holdCall("hold-apply"),
		"23 hold-multiple-apply": holdsCall("hold-multiple-apply"),
		"23 hold-multiple-get":   about(holdsCall("hold-multiple-get"), "hold-multiple-apply"),
		"24 hold-charge":         holdCall("hold-charge"), "25 hold-cancel": holdCall("hold-cancel"),
	}
	for _, step := range []string{"hold-apply", "hold-charge", "hold-cancel"} {
		calls["26 hold-get about "+step] = about(holdCall("hold-get"), step)
	}
	return calls
}

// elsewise are those whose answer tells of it by something else.
func elsewise() map[string]saga.Call {
	return map[string]saga.Call{
		"14 confirm-reverse-partial":    partialCall("confirm-reverse-partial"),
		"15 get-reverse-partial":        about(partialCall("get-reverse-partial"), "confirm-reverse-partial"),
		"17 bind-confirm":               linkCall("bind-confirm"),
		"18 list-cards about a link":    about(linkCall("list-cards"), "bind-confirm"),
		"18 list-cards about a removal": about(linkCall("list-cards"), "remove-card"),
	}
}

func TestReplyThatCannotBeReadIsUnknown(t *testing.T) {
	calls := inTransactions()
	for step, c := range calls {
		staysUnknown(t, step, c, misread())
	}
	maps.Copy(calls, elsewise())
	for step, c := range calls {
		staysUnknown(t, step, c, unreadable())
	}
}

func staysUnknown(t *testing.T, step string, c saga.Call, replies map[string]said) {
	t.Helper()
	for name, reply := range replies {
		if a := reads(t, c, reply); a.Outcome != payment.Unknown || a.Failure != nil || a.Note == "" {
			t.Errorf("%s, %s: %+v", step, name, a)
		}
	}
}

// H10: whatever else a reply tells, a code that no table knows settles nothing.
func TestUnknownCodeSettlesNothing(t *testing.T) {
	calls := inTransactions()
	maps.Copy(calls, elsewise())
	for step, c := range calls {
		for _, code := range []string{"STPIMS-ERR-999", "ok", "200", "INFO-203", "STPIMS-ERR-0100"} {
			a := reads(t, c, says(code, `"hold_id":1173`))
			if a.Outcome != payment.Unknown || a.Failure != nil || a.Code != code {
				t.Errorf("%s, %s: %+v", step, code, a)
			}
		}
	}
}
