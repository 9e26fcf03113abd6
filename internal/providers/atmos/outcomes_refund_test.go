package atmos_test

import (
	"net/http"
	"testing"

	"tolov/internal/payment"
)

const (
	ofOurs    = `"transaction_id":202072`
	ofAnother = `"transaction_id":202073`
)

// H8 to H11: what a reversal's reply proves of it. That it was reversed before is what we want.
func TestReversalIsDoneOrRefusedOnlyByItsOwnCodes(t *testing.T) {
	for name, row := range map[string]row{
		"OK":                      {says("OK", ofOurs), payment.Done, ""},
		"OK, drifted type":        {says("OK", `"transaction_id":"202072"`), payment.Done, ""},
		"OK, no transaction":      {says("OK"), payment.Done, ""},
		"OK, another transaction": {says("OK", ofAnother), payment.Unknown, ""},
		"reversed before":         {says("STPIMS-ERR-100", ofOurs), payment.Done, ""},
		"reversed before, bare":   {says("STPIMS-ERR-100"), payment.Done, ""},
		"another reversed before": {says("STPIMS-ERR-100", ofAnother), payment.Unknown, ""},
		"not reversed":            {says("STPIMS-ERR-101", ofOurs), payment.Declined, "cancellation_failed"},
		"another not reversed":    {says("STPIMS-ERR-101", ofAnother), payment.Unknown, ""},
		"wrong store":             {says("STPIMS-ERR-037"), payment.Declined, "merchant_not_configured"},
		"in progress":             {says("STPIMS-ERR-065"), payment.Pending, ""},
		"not found":               {says("STPIMS-ERR-061"), payment.Unknown, ""},
		"closed":                  {says("STPIMS-ERR-092"), payment.Unknown, ""},
		"internal error":          {says("STPIMS-ERR-001"), payment.Unknown, ""},
		"code sent":               {says("INFO-201"), payment.Unknown, ""},
		"unknown code":            {says("STPIMS-ERR-999", ofOurs), payment.Unknown, ""},
		"server error":            {said{status: http.StatusBadGateway, body: says("OK", ofOurs).body}, payment.Unknown, ""},
		"HTML":                    {said{kind: "text/html", body: "<html>"}, payment.Unknown, ""},
	} {
		row.check(t, "11 reverse, "+name, reads(t, reverseCall(), row.reply))
	}
}

// H5, H11: a payment is reversed when it says so and is not confirmed. Still confirmed, it is not reversed.
func TestGetTellsWhatBecameOfAReversal(t *testing.T) {
	for name, row := range map[string]row{
		"100, not confirmed":       {says("STPIMS-ERR-100", unpaid), payment.Done, ""},
		"100, yet confirmed":       {says("STPIMS-ERR-100", paid), payment.Unknown, ""},
		"100 of another":           {says("STPIMS-ERR-100", store("202073", "5000000", "false")), payment.Unknown, ""},
		"092, confirmed":           {says("STPIMS-ERR-092", paid), payment.Absent, ""},
		"113, confirmed":           {says("STPIMS-ERR-113", paid), payment.Absent, ""},
		"OK, confirmed":            {says("OK", paid), payment.Absent, ""},
		"OK, another is confirmed": {says("OK", elsewhere), payment.Unknown, ""},
		"OK, not confirmed":        {says("OK", unpaid), payment.Unknown, ""},
		"OK alone":                 {says("OK"), payment.Unknown, ""},
		"092, not confirmed":       {says("STPIMS-ERR-092", unpaid), payment.Unknown, ""},
		"not found":                {says("STPIMS-ERR-061"), payment.Unknown, ""},
		"not reversed":             {says("STPIMS-ERR-101"), payment.Unknown, ""},
		"refused, confirmed":       {says("STPIMS-ERR-057", paid), payment.Unknown, ""},
		"refused question":         {says("STPIMS-ERR-037"), payment.Unknown, ""},
		"in process":               {says("INFO-202", unpaid), payment.Unknown, ""},
		"unknown code, confirmed":  {says("STPIMS-ERR-999", paid), payment.Unknown, ""},
		"unknown code":             {says("STPIMS-ERR-999", unpaid), payment.Unknown, ""},
	} {
		a := reads(t, about(call("get"), "reverse"), row.reply)
		row.check(t, "11 get, "+name, a)
		if a.Outcome == payment.Done && (a.Amount != amount || !a.Amounted) {
			t.Errorf("11 get, %s: reversed %d (%v)", name, a.Amount, a.Amounted)
		}
	}
}

// A transaction may answer by the other name that its create told.
func TestReversalKnowsATransactionByBothItsNames(t *testing.T) {
	c := about(call("get"), "reverse")
	c.Payment.ProviderRefs = map[string]string{"transaction_id": "202072", "trans_id": "202073"}
	if a := reads(t, c, says("OK", elsewhere)); a.Outcome != payment.Absent {
		t.Errorf("11 get: %+v", a)
	}
}

// given is what a partial reversal tells of itself, each member as JSON or left out.
func given(partial, reverted string) string {
	members := ofOurs
	if partial != "" {
		members += `,"transaction_partial_reverse_id":` + partial
	}
	if reverted != "" {
		members += `,"transaction_reverted_amount":` + reverted
	}
	return members + `,"transaction_left_amount":4900000`
}

// H11, H12: given back is only what says so with its amount, which the engine compares.
func TestPartialReversalIsDoneOnlyByItsAmount(t *testing.T) {
	other := said{body: `{"result":{"code":"OK"},` + ofAnother + `,"transaction_partial_reverse_id":3,` +
		`"transaction_reverted_amount":100000}`}
	for name, row := range map[string]struct {
		reply        said
		confirm, get payment.Outcome
		amount       payment.Money
	}{
		"all of it":           {says("OK", given("3", "100000")), payment.Done, payment.Done, part},
		"drifted types":       {says("OK", given(`"3"`, `"100000"`)), payment.Done, payment.Done, part},
		"another amount":      {says("OK", given("3", "100001")), payment.Done, payment.Done, part + 1},
		"no partial id":       {says("OK", given("", "100000")), payment.Done, payment.Done, part},
		"nothing":             {says("OK", given("3", "0")), payment.Unknown, payment.Absent, 0},
		"no amount":           {says("OK", given("3", "")), payment.Unknown, payment.Unknown, 0},
		"amount null":         {says("OK", given("3", "null")), payment.Unknown, payment.Unknown, 0},
		"amount empty":        {says("OK", given("3", `""`)), payment.Unknown, payment.Unknown, 0},
		"amount fraction":     {says("OK", given("3", "100000.5")), payment.Unknown, payment.Unknown, 0},
		"another one":         {says("OK", given("4", "100000")), payment.Unknown, payment.Unknown, 0},
		"nothing of another":  {says("OK", given("4", "0")), payment.Unknown, payment.Unknown, 0},
		"nothing of any":      {says("OK", given("", "0")), payment.Unknown, payment.Unknown, 0},
		"another transaction": {other, payment.Unknown, payment.Unknown, 0},
		"OK alone":            {says("OK"), payment.Unknown, payment.Unknown, 0},
		"in progress":         {says("STPIMS-ERR-065", given("3", "100000")), payment.Pending, payment.Unknown, 0},
		"closed":              {says("STPIMS-ERR-092", given("3", "100000")), payment.Unknown, payment.Unknown, 0},
		"unknown code":        {says("STPIMS-ERR-999", given("3", "100000")), payment.Unknown, payment.Unknown, 0},
	} {
		confirm := reads(t, partialCall("confirm-reverse-partial"), row.reply)
		get := reads(t, about(partialCall("get-reverse-partial"), "confirm-reverse-partial"), row.reply)
		if confirm.Outcome != row.confirm || confirm.Amount != row.amount || confirm.Amounted != (row.amount > 0) {
			t.Errorf("14 confirm-reverse-partial, %s: %+v, want %s of %d", name, confirm, row.confirm, row.amount)
		}
		if get.Outcome != row.get || get.Amount != row.amount || get.Amounted != (row.amount > 0) {
			t.Errorf("15 get-reverse-partial, %s: %+v, want %s of %d", name, get, row.get, row.amount)
		}
	}
}

// H5: the confirmation may be refused; a question about it that was refused refuses nothing.
func TestRefusedPartialReversal(t *testing.T) {
	for code, reason := range map[string]string{
		"STPIMS-ERR-101": "cancellation_failed", "STPIMS-ERR-042": "invalid_amount",
		"STPIMS-ERR-037": "merchant_not_configured",
	} {
		confirm := row{says(code), payment.Declined, reason}
		confirm.check(t, "14 confirm-reverse-partial, "+code, reads(t, partialCall("confirm-reverse-partial"), confirm.reply))
		get := row{says(code), payment.Unknown, ""}
		get.check(t, "15 get-reverse-partial, "+code, reads(t, partialCall("get-reverse-partial"), get.reply))
	}
	draft := row{says("OK"), payment.Unknown, ""}
	draft.check(t, "13 create-reverse-partial, no id", reads(t, partialCall("create-reverse-partial"), draft.reply))
}
