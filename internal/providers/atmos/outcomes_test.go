package atmos_test

import (
	"net/http"
	"strings"
	"testing"
	"time"

	"tolov/internal/payment"
)

var (
	paid      = store("202072", "5000000", "true")
	unpaid    = store("202072", "5000000", "false")
	elsewhere = store("202073", "5000000", "true")
)

type row struct {
	reply   said
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

// H16: the provider's wish is passed on.
func TestRetryAfterOfARefusalIsPassedOn(t *testing.T) {
	a := answerTo(t, "create", said{status: http.StatusTooManyRequests})
	if a.HTTPStatus != http.StatusTooManyRequests || a.RetryAfter != 7*time.Second {
		t.Errorf("4 create: %+v", a)
	}
}

// H10, H11, H12: paid is what says so of itself; what proves neither is unknown.
func TestApplyIsDoneOnlyByConfirmedAmountAndTransaction(t *testing.T) {
	for name, row := range map[string]row{
		"OK, confirmed":               {says("OK", paid), payment.Done, ""},
		"OK, drifted types":           {says("OK", store(`"202072"`, `"5000000"`, "true")), payment.Done, ""},
		"closed 092, confirmed":       {says("STPIMS-ERR-092", paid), payment.Done, ""},
		"closed 113, confirmed":       {says("STPIMS-ERR-113", paid), payment.Done, ""},
		"closed 114, confirmed":       {says("STPIMS-ERR-114", paid), payment.Done, ""},
		"OK, other amount":            {says("OK", store("202072", "5000100", "true")), payment.Done, ""},
		"OK, other transaction":       {says("OK", elsewhere), payment.Done, ""},
		"OK, not confirmed":           {says("OK", unpaid), payment.Unknown, ""},
		"OK, nothing on confirmed":    {says("OK", store("202072", "5000000", "")), payment.Unknown, ""},
		"OK, confirmed null":          {says("OK", store("202072", "5000000", "null")), payment.Unknown, ""},
		"OK alone":                    {says("OK"), payment.Unknown, ""},
		"OK, no amount":               {says("OK", store("202072", "", "true")), payment.Unknown, ""},
		"OK, amount null":             {says("OK", store("202072", "null", "true")), payment.Unknown, ""},
		"OK, amount empty":            {says("OK", store("202072", `""`, "true")), payment.Unknown, ""},
		"OK, no transaction":          {says("OK", store("", "5000000", "true")), payment.Unknown, ""},
		"092, not confirmed":          {says("STPIMS-ERR-092", unpaid), payment.Unknown, ""},
		"092 alone":                   {says("STPIMS-ERR-092"), payment.Unknown, ""},
		"wrong code":                  {says("STPIMS-ERR-098"), payment.Declined, "wrong_code"},
		"no money":                    {says("STPIMS-ERR-057"), payment.Declined, "insufficient_funds"},
		"no money, not confirmed":     {says("STPIMS-ERR-057", unpaid), payment.Declined, "insufficient_funds"},
		"no money, yet confirmed":     {says("STPIMS-ERR-057", paid), payment.Unknown, ""},
		"no money for another":        {says("STPIMS-ERR-057", store("202073", "1", "false")), payment.Unknown, ""},
		"cancelled":                   {says("STPIMS-ERR-064"), payment.Declined, "transaction_cancelled"},
		"failed":                      {says("STPIMS-ERR-034"), payment.Declined, "transaction_failed"},
		"in process":                  {says("INFO-202"), payment.Pending, ""},
		"in progress":                 {says("STPIMS-ERR-065", unpaid), payment.Pending, ""},
		"code sent":                   {says("INFO-201"), payment.Unknown, ""},
		"internal error":              {says("STPIMS-ERR-001"), payment.Unknown, ""},
		"not found":                   {says("STPIMS-ERR-061"), payment.Unknown, ""},
		"authorization":               {says("STPIMS-ERR-056"), payment.Unknown, ""},
		"unknown code":                {says("STPIMS-ERR-999"), payment.Unknown, ""},
		"unknown code, confirmed":     {says("STPIMS-ERR-999", paid), payment.Unknown, ""},
		"unknown code, not confirmed": {says("STPIMS-ERR-999", unpaid), payment.Unknown, ""},
		"ok in small letters":         {says("ok", paid), payment.Unknown, ""},
		"200 for a code":              {says("200", paid), payment.Unknown, ""},
	} {
		a := answerTo(t, "apply", row.reply)
		row.check(t, "6 apply, "+name, a)
		if a.Wrong != (name == "wrong code") {
			t.Errorf("%s: wrong is %v", name, a.Wrong)
		}
	}
}

// H5, H10, H11: what a question proves of the payment it asks about.
func TestGetTellsWhatBecameOfThePayment(t *testing.T) {
	for name, row := range map[string]row{
		"OK, confirmed":             {says("OK", paid), payment.Done, ""},
		"092, confirmed":            {says("STPIMS-ERR-092", paid), payment.Done, ""},
		"092, not confirmed":        {says("STPIMS-ERR-092", unpaid), payment.Unknown, ""},
		"092 alone":                 {says("STPIMS-ERR-092"), payment.Unknown, ""},
		"OK, not confirmed":         {says("OK", unpaid), payment.Absent, ""},
		"OK, nothing on confirmed":  {says("OK", store("202072", "5000000", "")), payment.Unknown, ""},
		"OK alone":                  {says("OK"), payment.Unknown, ""},
		"OK, no amount":             {says("OK", store("202072", "", "true")), payment.Unknown, ""},
		"OK, other amount":          {says("OK", store("202072", "1", "true")), payment.Done, ""},
		"OK, other transaction":     {says("OK", elsewhere), payment.Done, ""},
		"not confirmed of another":  {says("OK", store("202073", "5000000", "false")), payment.Unknown, ""},
		"in process of another":     {says("INFO-202", store("202073", "5000000", "false")), payment.Unknown, ""},
		"cancelled, of another":     {says("STPIMS-ERR-064", store("202073", "1", "false")), payment.Unknown, ""},
		"not found":                 {says("STPIMS-ERR-061"), payment.Absent, ""},
		"in process":                {says("INFO-202"), payment.Pending, ""},
		"cancelled":                 {says("STPIMS-ERR-064", unpaid), payment.Declined, "transaction_cancelled"},
		"cancelled before":          {says("STPIMS-ERR-100", unpaid), payment.Declined, "transaction_cancelled"},
		"failed":                    {says("STPIMS-ERR-034"), payment.Declined, "transaction_failed"},
		"no money":                  {says("STPIMS-ERR-057"), payment.Declined, "insufficient_funds"},
		"no money, yet confirmed":   {says("STPIMS-ERR-057", paid), payment.Unknown, ""},
		"cancelled, yet confirmed":  {says("STPIMS-ERR-064", paid), payment.Unknown, ""},
		"a code entered wrongly":    {says("STPIMS-ERR-098"), payment.Unknown, ""},
		"internal error":            {says("STPIMS-ERR-001"), payment.Unknown, ""},
		"unknown code":              {says("STPIMS-ERR-999"), payment.Unknown, ""},
		"unknown code, confirmed":   {says("STPIMS-ERR-999", paid), payment.Unknown, ""},
		"unknown code, unconfirmed": {says("STPIMS-ERR-999", unpaid), payment.Unknown, ""},
	} {
		row.check(t, "12 get, "+name, answerTo(t, "get", row.reply))
	}
}

// H12: what the answer names is passed on as it is, for the engine to compare.
func TestAnswerNamesTheProvidersAmountAndTransaction(t *testing.T) {
	for _, step := range []string{"apply", "get"} {
		a := answerTo(t, step, says("OK", store("202073", "5000100", "true")))
		if a.Transaction != "202073" || a.Amount != 5_000_100 || !a.Amounted {
			t.Errorf("%s: %+v", step, a)
		}
	}
}

// A linked card needs no code, but when ATMOS says that it sent one, apply must wait for it.
func TestPreApplyByTokenWaitsForACodeThatWasSent(t *testing.T) {
	for code, waits := range map[string]bool{"OK": false, "INFO-201": true} {
		c := call("pre-apply")
		c.Card = &payment.CardInput{Token: payment.NewSecret(cardToken)}
		g, client, _ := documented(t, "pre-apply-token")
		g.replies["/merchant/pay/pre-apply"] = says(code).body
		if a := client.Do(t.Context(), c); a.Outcome != payment.Done || (a.Action != nil) != waits {
			t.Errorf("5 pre-apply, %s: %+v", code, a)
		}
	}
}

// H9: what a provider writes is stored with the payment, and must fit a message.
func TestOverlongReceiptIsLeftOut(t *testing.T) {
	long := `"ofd_url":"https://ofd.example/` + strings.Repeat("x", 1<<16) + `"`
	a := answerTo(t, "apply", says("OK", paid, long, `"ofd_url_commission":"https://ofd.example/1"`))
	if a.Outcome != payment.Done || len(a.Receipts) != 1 || a.Receipts[0].Kind != "commission" {
		t.Errorf("6 apply: %s with %d receipts", a.Outcome, len(a.Receipts))
	}
}
