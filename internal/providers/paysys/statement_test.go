package paysys_test

import (
	"encoding/json"
	"strings"
	"testing"
	"time"

	"github.com/google/go-cmp/cmp"

	"tolov/internal/payment"
	"tolov/internal/providers/paysys"
	"tolov/internal/saga"
)

// asked is a question for the statement of the sample's day, whose last second is in it.
func asked() saga.Call {
	return saga.Call{
		Step: "statement", Asks: true, Payment: &payment.Payment{Merchant: "default", Provider: paysys.Name},
		From: time.Unix(1_648_926_000, 0), To: time.Unix(1_649_012_400, 0),
	}
}

func documentedLine() payment.Line {
	return payment.Line{
		Key: "10181", Transaction: "2354812", Outcome: payment.Done, Code: "1", Amount: 400_000, Amounted: true,
		Card: "860031******2112", At: payment.At(time.Unix(1_648_988_775, 0)),
	}
}

// Operation 58: the documented request leaves, and the documented reply is read; 1 is read as completed.
func TestStatementIsTheDocumentedOne(t *testing.T) {
	g, client := before(t, map[string]said{"statement": {body: fixture(t, "statement.reply")}})
	a := client.Do(t.Context(), asked())
	var want map[string]any
	if err := json.Unmarshal([]byte(fixture(t, "statement.request")), &want); err != nil {
		t.Fatal(err)
	}
	want["id"] = g.asked[0]["id"]
	if diff := cmp.Diff(want, g.asked[0]); diff != "" {
		t.Errorf("sent otherwise (-want +got):\n%s", diff)
	}
	if diff := cmp.Diff([]payment.Line{documentedLine()}, a.Lines); a.Outcome != payment.Done || diff != "" {
		t.Errorf("%s %s (-want +got):\n%s", a.Outcome, a.Note, diff)
	}
}

// Operation 58: a line stands for money even when it cannot be understood, so none is dropped (H10).
func TestLinesOfAStatementAreReadOneByOne(t *testing.T) {
	line := `{"status":1,"transaction_id":2354812,"partner_transaction_id":10181,` +
		`"recipient_card_number":"860031******2112","amount":400000,"date":1648988775}`
	for change, want := range map[[2]string]func(*payment.Line){
		{`"status":1`, `"status":"1"`}:           func(*payment.Line) {},
		{`"status":1`, `"status":2`}:             func(l *payment.Line) { l.Outcome, l.Code = payment.Declined, "2" },
		{`"status":1`, `"status":-1`}:            func(l *payment.Line) { l.Outcome, l.Code = payment.Declined, "-1" },
		{`"status":1`, `"status":3`}:             func(l *payment.Line) { l.Outcome, l.Code = payment.Declined, "3" },
		{`"status":1`, `"status":0`}:             func(l *payment.Line) { l.Outcome, l.Code = payment.Absent, "0" },
		{`"status":1`, `"status":7`}:             func(l *payment.Line) { l.Outcome, l.Code = payment.Unknown, "7" },
		{`"status":1,`, ``}:                      func(l *payment.Line) { l.Outcome, l.Code = payment.Unknown, "" },
		{`"amount":400000,`, ``}:                 func(l *payment.Line) { l.Amount, l.Amounted = 0, false },
		{`10181`, `"10181"`}:                     func(*payment.Line) {},
		{`,"date":1648988775`, ``}:               func(l *payment.Line) { l.At = payment.Time{} },
		{`860031******2112`, `8600310000002112`}: func(*payment.Line) {}, // not masked there, but here (I8)
		{`860031******2112`, `*2112`}:            func(l *payment.Line) { l.Card = "" },
	} {
		_, client := before(t, map[string]said{"statement": says("[" + strings.Replace(line, change[0], change[1], 1) + "]")})
		wanted := documentedLine()
		want(&wanted)
		a := client.Do(t.Context(), asked())
		if diff := cmp.Diff([]payment.Line{wanted}, a.Lines); a.Outcome != payment.Done || diff != "" {
			t.Errorf("%s: %s %s (-want +got):\n%s", change[1], a.Outcome, a.Note, diff)
		}
	}
}

// Operation 58: an empty statement is one; what cannot be read is none, and one that is too long says so.
func TestStatementThatCannotBeReadSaysNothing(t *testing.T) {
	for name, r := range map[string]struct {
		reply   said
		outcome payment.Outcome
		tooLong bool
	}{
		"empty":       {says("[]"), payment.Done, false},
		"refused":     {refused(), payment.Unknown, false},
		"no list":     {says(`{"status":1}`), payment.Unknown, false},
		"null":        {says("null"), payment.Unknown, false},
		"half":        {said{body: says("[]").body[:20]}, payment.Unknown, false},
		"HTTP 429":    {said{429, ""}, payment.Unknown, false},
		"two million": {says("[" + strings.Repeat(" ", 2<<20) + "]"), payment.Unknown, true},
	} {
		_, client := before(t, map[string]said{"statement": r.reply})
		a := client.Do(t.Context(), asked())
		if a.Outcome != r.outcome || a.TooLong != r.tooLong || len(a.Lines) != 0 {
			t.Errorf("%s: %+v", name, a)
		}
	}
}

// H56: the statement names a payment by the number that it was prepared under.
func TestBooksNameAPaymentByItsNumber(t *testing.T) {
	_, client := before(t, nil)
	books := client.Books()
	if books.Step != "statement" || books.Key(paymentID) != number() {
		t.Errorf("%s, %s", books.Step, books.Key(paymentID))
	}
}
