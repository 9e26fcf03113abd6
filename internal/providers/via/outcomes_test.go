package via_test

import (
	"fmt"
	"net/http"
	"strings"
	"testing"
	"time"

	"tolov/internal/payment"
)

// standing is a transaction's reply with some members changed: name, value as JSON, name, value.
func standing(changes ...string) string {
	members := map[string]string{
		"transactionId": `"` + transaction + `"`, "externalId": `"` + paymentID + `"`, "amount": "100",
		"status": `"SUCCESS"`, "currency": `"UZS"`,
	}
	for i := 0; i < len(changes); i += 2 {
		members[changes[i]] = changes[i+1]
	}
	var parts []string
	for name, value := range members {
		if value != "" {
			parts = append(parts, fmt.Sprintf("%q:%s", name, value))
		}
	}
	return "{" + strings.Join(parts, ",") + "}"
}

func data(changes ...string) string { return `{"data":` + standing(changes...) + "}" }

var unknown = row{payment.Unknown, ""}

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

// bodies are the readings that verify and the status query have in common (H10 to H12).
func bodies() map[string]struct {
	changes []string
	row
} {
	type reading = struct {
		changes []string
		row
	}
	return map[string]reading{
		"success":             {nil, row{payment.Done, ""}},
		"amount as text":      {[]string{"amount", `"100"`}, row{payment.Done, ""}},
		"other amount":        {[]string{"amount", "101"}, row{payment.Done, ""}},
		"other transaction":   {[]string{"transactionId", `"trx_x"`}, row{payment.Done, ""}},
		"no amount":           {[]string{"amount", ""}, unknown},
		"amount null":         {[]string{"amount", "null"}, unknown},
		"amount fraction":     {[]string{"amount", "100.5"}, unknown},
		"no transaction":      {[]string{"transactionId", ""}, unknown},
		"another payment":     {[]string{"externalId", `"pay_x"`}, unknown},
		"another currency":    {[]string{"currency", `"USD"`}, unknown},
		"error":               {[]string{"status", `"ERROR"`}, row{payment.Declined, "transaction_failed"}},
		"reject":              {[]string{"status", `"REJECT"`}, row{payment.Declined, "issuer_declined"}},
		"reject of another":   {[]string{"status", `"REJECT"`, "transactionId", `"trx_x"`}, unknown},
		"pending":             {[]string{"status", `"PENDING"`}, row{payment.Pending, ""}},
		"a word of no list":   {[]string{"status", `"PAID"`}, unknown},
		"success in small":    {[]string{"status", `"success"`}, unknown},
		"no status":           {[]string{"status", ""}, unknown},
		"status is a number":  {[]string{"status", "1"}, unknown},
		"status is a list":    {[]string{"status", "[]"}, unknown},
		"transaction refused": {[]string{"status", `"ERROR"`, "transactionId", ""}, unknown},
	}
}

// Operation 52.
func TestVerifyIsDoneOnlyByItsOwnWord(t *testing.T) {
	for name, reading := range bodies() {
		_, client := before(t, map[string]said{pathVerify: {body: standing(reading.changes...)}})
		reading.check(t, "52 "+name, client.Do(t.Context(), call("verify")))
	}
	for _, status := range []string{"NEW", "DRAFT"} { // it has the code, and is not final
		_, client := before(t, map[string]said{pathVerify: {body: standing("status", `"`+status+`"`)}})
		row{payment.Pending, ""}.check(t, "52 "+status, client.Do(t.Context(), call("verify")))
	}
}

// Operation 53.
func TestStatusTellsWhatBecameOfAPayment(t *testing.T) {
	for name, reading := range bodies() {
		_, client := before(t, map[string]said{pathStatus: {body: data(reading.changes...)}})
		reading.check(t, "53 "+name, client.Do(t.Context(), call("transaction")))
	}
	for body, want := range map[string]row{
		data("status", `"NEW"`):         {payment.Absent, ""},
		data("status", `"DRAFT"`):       {payment.Absent, ""},
		`{"data":null}`:                 {payment.Unknown, ""},
		`{}`:                            {payment.Unknown, ""},
		standing():                      {payment.Unknown, ""},
		fixture(t, "error.reply"):       {payment.Unknown, ""},
		`{"data":` + data() + `}`:       {payment.Unknown, ""},
		data() + "!":                    {payment.Unknown, ""},
		strings.TrimSuffix(data(), "}"): {payment.Unknown, ""},
	} {
		_, client := before(t, map[string]said{pathStatus: {body: body}})
		want.check(t, "53 "+body, client.Do(t.Context(), call("transaction")))
	}
	_, client := before(t, map[string]said{pathStatus: {body: data("status", `"ERROR"`, "errorCode", `"51"`,
		"errorMessage", `"Not enough on 8600123412341234"`)}})
	a := client.Do(t.Context(), call("transaction"))
	if f := a.Failure; f == nil || f.ProviderCode != "51" || f.Message.EN != "Not enough on 860*************" {
		t.Errorf("53 with a reason: %+v", f)
	}
}

// Operation 52: no code of an error proves anything; the status that is asked next does.
func TestErrorOfVerifyIsConcludedFromTheStatus(t *testing.T) {
	failed := said{status: http.StatusBadRequest, body: fixture(t, "error.reply")}
	for name, r := range map[string]struct {
		status said
		row
		wrong bool
	}{
		"paid all the same":    {said{body: data()}, row{payment.Done, ""}, false},
		"pending":              {said{body: data("status", `"PENDING"`)}, row{payment.Pending, ""}, false},
		"rejected":             {said{body: data("status", `"REJECT"`)}, row{payment.Declined, "issuer_declined"}, false},
		"failed":               {said{body: data("status", `"ERROR"`)}, row{payment.Declined, "transaction_failed"}, false},
		"still open, NEW":      {said{body: data("status", `"NEW"`)}, row{payment.Declined, "wrong_code"}, true},
		"still open, DRAFT":    {said{body: data("status", `"DRAFT"`)}, row{payment.Declined, "wrong_code"}, true},
		"open, of another":     {said{body: data("status", `"NEW"`, "transactionId", `"x"`)}, unknown, false},
		"a word of no list":    {said{body: data("status", `"PAID"`)}, unknown, false},
		"status refused":       {failed, unknown, false},
		"status not available": {said{status: http.StatusBadGateway}, unknown, false},
	} {
		_, client := before(t, map[string]said{pathVerify: failed, pathStatus: r.status})
		a := client.Do(t.Context(), call("verify"))
		r.check(t, "52 error, "+name, a)
		if a.Wrong != r.wrong {
			t.Errorf("52 error, %s: wrong code %v", name, a.Wrong)
		}
		want := payment.Text{UZ: "Error message in Uzbek", RU: "Error message in Russian", EN: "Error message in English"}
		if f := a.Failure; f != nil && (f.Message != want || f.ProviderCode != "1234") {
			t.Errorf("52 error, %s: %+v", name, f)
		}
	}
}

// H8, H9, H14, H16: what is no word on the request is followed by no conclusion.
func TestReplyThatCannotBeReadIsUnknown(t *testing.T) {
	for _, step := range []string{"confirm-pay", "verify", "transaction"} {
		for name, reply := range map[string]said{
			"empty": {}, "null": {body: "null"}, "a list": {body: "[]"}, "text": {body: `"OK"`},
			"cut off":     {body: `{"verifyId"`},
			"a key twice": {body: `{"verifyId":"a","verifyId":"b","status":"SUCCESS","status":"SUCCESS"}`},
			"HTTP 204":    {status: 204}, "HTTP 302": {status: 302}, "HTTP 401": {401, fixture(t, "error.reply")},
			"HTTP 403": {403, fixture(t, "error.reply")}, "HTTP 429": {429, fixture(t, "error.reply")},
			"HTTP 500": {500, fixture(t, "error.reply")}, "HTTP 503": {503, fixture(t, "error.reply")},
			"HTTP 404 without an error": {404, "{}"},
		} {
			_, client := before(t, map[string]said{pathPay: reply, pathVerify: reply, pathStatus: reply})
			a := client.Do(t.Context(), call(step))
			if a.Outcome != payment.Unknown || a.Failure != nil || a.Note == "" {
				t.Errorf("51 to 53 %s, %s: %+v", step, name, a)
			}
			if reply.status == http.StatusTooManyRequests && a.RetryAfter != 7*time.Second {
				t.Errorf("%s: wants to wait %s", step, a.RetryAfter)
			}
		}
	}
}

// Operation 51: an externalId is good for one transaction, so a refusal may be the echo of our own lost request.
func TestRefusalOfADraftIsBelievedOnlyWhenThereIsNothing(t *testing.T) {
	failed := said{status: http.StatusBadRequest, body: fixture(t, "error.reply")}
	for name, r := range map[string]struct {
		status said
		row
		moved bool
	}{
		"nothing there":   {failed, row{payment.Declined, "provider_refused"}, false},
		"there":           {said{body: data("status", `"NEW"`)}, row{payment.Done, ""}, false},
		"paid by nobody":  {said{body: data()}, row{payment.Done, ""}, true},
		"over":            {said{body: data("status", `"REJECT"`)}, row{payment.Declined, "issuer_declined"}, false},
		"cannot be asked": {said{status: http.StatusBadGateway}, unknown, false},
	} {
		_, client := before(t, map[string]said{pathPay: failed, pathStatus: r.status})
		a := client.Do(t.Context(), call("confirm-pay"))
		r.check(t, "51 refused, "+name, a)
		if a.Moved != r.moved || (a.Outcome == payment.Done && !a.Moved) != (a.Action != nil) {
			t.Errorf("51 refused, %s: %+v", name, a)
		}
	}
}

func TestKnownCodesAreStatusesAndNumbers(t *testing.T) {
	_, client := before(t, nil)
	for code, want := range map[string]bool{
		"SUCCESS": true, "ERROR": true, "REJECT": true, "PENDING": true, "NEW": true, "DRAFT": true, "1234": true,
		"-32000": true, "PAID": false, "E12": false,
	} {
		if client.Knows(code) != want {
			t.Errorf("%s: %v", code, !want)
		}
	}
}
