package atmos_test

import (
	"fmt"
	"strings"
	"testing"

	"tolov/internal/payment"
)

// parts are the transactions of a bulk reply.
func parts(each ...string) string {
	for i, one := range each {
		each[i] = strings.TrimPrefix(one, `"store_transaction":`)
	}
	return `"store_transaction":[` + strings.Join(each, ",") + "]"
}

// first and second are the parts as they are when all went well, or not.
func first(confirmed string) string { return store("111111", "50000", confirmed) }

func second(confirmed string) string { return store("222222", "100000", confirmed) }

// H10 to H12: a bulk payment is paid when each part says so of itself, with its amount.
func TestBulkApplyIsDoneOnlyWhenEveryPartIs(t *testing.T) {
	for name, row := range map[string]row{
		"all":              {says("OK", parts(first("true"), second("true"))), payment.Done, ""},
		"in another order": {says("OK", parts(second("true"), first("true"))), payment.Done, ""},
		"one more":         {says("OK", parts(first("true"), elsewhere, second("true"))), payment.Done, ""},
		"drifted types": {
			says("OK", parts(store(`"111111"`, `"50000"`, "true"), second("true"))), payment.Done, "",
		},
		"the first missing":  {says("OK", parts(second("true"))), payment.Unknown, ""},
		"the second missing": {says("OK", parts(first("true"))), payment.Unknown, ""},
		"the second another": {
			says("OK", parts(first("true"), store("333333", "100000", "true"))), payment.Unknown, "",
		},
		"the first unconfirmed":  {says("OK", parts(first("false"), second("true"))), payment.Unknown, ""},
		"the second unconfirmed": {says("OK", parts(first("true"), second("false"))), payment.Unknown, ""},
		"nothing on confirmed":   {says("OK", parts(first("true"), second(""))), payment.Unknown, ""},
		"a smaller amount":       {says("OK", parts(first("true"), store("222222", "1", "true"))), payment.Unknown, ""},
		"another amount": {
			says("OK", parts(first("true"), store("222222", "100001", "true"))), payment.Unknown, "",
		},
		"the total for an amount": {
			says("OK", parts(store("111111", "150000", "true"), second("true"))), payment.Unknown, "",
		},
		"no amount":             {says("OK", parts(first("true"), store("222222", "", "true"))), payment.Unknown, ""},
		"no parts":              {says("OK", parts()), payment.Unknown, ""},
		"OK alone":              {says("OK"), payment.Unknown, ""},
		"closed, all confirmed": {says("STPIMS-ERR-092", parts(first("true"), second("true"))), payment.Unknown, ""},
		"no money":              {says("STPIMS-ERR-057"), payment.Declined, "insufficient_funds"},
		"no money, unconfirmed": {
			says("STPIMS-ERR-057", parts(first("false"), second("false"))), payment.Declined, "insufficient_funds",
		},
		"no money, the first paid": {says("STPIMS-ERR-057", parts(first("true"), second("false"))), payment.Unknown, ""},
		"no money, the second paid": {
			says("STPIMS-ERR-057", parts(first("false"), second("true"))), payment.Unknown, "",
		},
		"no money, one paid, one missing": {says("STPIMS-ERR-057", parts(second("true"))), payment.Unknown, ""},
		"no money, another amount paid": {
			says("STPIMS-ERR-057", parts(first("false"), store("222222", "1", "true"))), payment.Unknown, "",
		},
		"no money, another paid": {says("STPIMS-ERR-057", parts(elsewhere)), payment.Unknown, ""},
		"wrong code":             {says("STPIMS-ERR-098"), payment.Declined, "wrong_code"},
		"wrong code, yet paid":   {says("STPIMS-ERR-098", parts(first("true"), second("true"))), payment.Unknown, ""},
		"in process":             {says("INFO-202"), payment.Pending, ""},
		"not found":              {says("STPIMS-ERR-061"), payment.Unknown, ""},
		"unknown code":           {says("STPIMS-ERR-999", parts(first("false"), second("false"))), payment.Unknown, ""},
		"unknown code, all paid": {says("STPIMS-ERR-999", parts(first("true"), second("true"))), payment.Unknown, ""},
	} {
		a := reads(t, bulkCall("bulk-apply"), row.reply)
		row.check(t, "9 bulk-apply, "+name, a)
		if a.Wrong != (name == "wrong code") || a.Amounted != (a.Outcome == payment.Done) {
			t.Errorf("9 bulk-apply, %s: %+v", name, a)
		}
	}
}

// H5, H10 to H12: all did, none did, or a person must look.
func TestBulkGetSumsUpWhatBecameOfTheParts(t *testing.T) {
	done := []said{says("STPIMS-ERR-092", first("true")), says("OK", second("true"))}
	absent := []said{says("STPIMS-ERR-061"), says("OK", second("false"))}
	declined := []said{says("STPIMS-ERR-057", first("false")), says("STPIMS-ERR-064", second("false"))}
	unknown := said{status: 502}
	for name, row := range map[string]struct {
		replies []said
		outcome payment.Outcome
		mixed   bool
		reason  string
	}{
		"all paid":                   {done, payment.Done, false, ""},
		"none":                       {absent, payment.Absent, false, ""},
		"all refused":                {declined, payment.Declined, false, "transaction_cancelled"},
		"one refused, one absent":    {[]said{declined[0], absent[1]}, payment.Absent, false, ""},
		"one absent, one refused":    {[]said{absent[0], declined[1]}, payment.Absent, false, ""},
		"the first paid":             {[]said{done[0], absent[1]}, payment.Unknown, true, ""},
		"the second paid":            {[]said{absent[0], done[1]}, payment.Unknown, true, ""},
		"one paid, one refused":      {[]said{done[0], declined[1]}, payment.Unknown, true, ""},
		"one refused, one paid":      {[]said{declined[0], done[1]}, payment.Unknown, true, ""},
		"the first unknown":          {[]said{unknown, done[1]}, payment.Unknown, false, ""},
		"the second unknown":         {[]said{done[0], unknown}, payment.Unknown, false, ""},
		"absent, unknown":            {[]said{absent[0], unknown}, payment.Unknown, false, ""},
		"refused, unknown":           {[]said{declined[0], unknown}, payment.Unknown, false, ""},
		"paid, unknown code":         {[]said{done[0], says("STPIMS-ERR-999", second("true"))}, payment.Unknown, false, ""},
		"paid, in process":           {[]said{done[0], says("INFO-202")}, payment.Pending, false, ""},
		"paid, unconfirmed of other": {[]said{done[0], says("OK", first("false"))}, payment.Unknown, false, ""},
	} {
		a := reads(t, about(bulkCall("bulk-get"), "bulk-apply"), row.replies...)
		reason := ""
		if a.Failure != nil {
			reason = a.Failure.Code
		}
		if a.Outcome != row.outcome || a.Mixed != row.mixed || reason != row.reason {
			t.Errorf("9 bulk-get, %s: %+v, want %s, mixed %v", name, a, row.outcome, row.mixed)
		}
		if paid := a.Outcome == payment.Done; a.Amounted != paid || paid && a.Amount != bulkAmount {
			t.Errorf("9 bulk-get, %s: amount %d (%v)", name, a.Amount, a.Amounted)
		}
	}
}

// agrees is what the engine asks of a confirmation: the amount and the transaction of its call, when it names them.
func agrees(a payment.Answer, total payment.Money, transaction string) bool {
	return a.Outcome == payment.Done && (!a.Amounted || a.Amount == total) &&
		(a.Transaction == "" || a.Transaction == transaction)
}

// H12: a part that was paid otherwise is for the engine to see, never the payment of the whole.
func TestBulkGetPassesOnAContradiction(t *testing.T) {
	good := says("OK", first("true"))
	for name, replies := range map[string][]said{
		"the first, another amount":  {says("OK", store("111111", "50001", "true"))},
		"the second, another amount": {good, says("OK", store("222222", "1", "true"))},
		"the second, the total":      {good, says("OK", store("222222", "150000", "true"))},
	} {
		if a := reads(t, about(bulkCall("bulk-get"), "bulk-apply"), replies...); a.Outcome != payment.Done ||
			agrees(a, bulkAmount, "111111") {
			t.Errorf("9 bulk-get, %s: %+v", name, a)
		}
	}
}

// A draft that does not name one transaction for each part is none.
func TestBulkCreateWantsATransactionForEachPart(t *testing.T) {
	for ids, want := range map[string]payment.Outcome{
		"[111111,222222]": payment.Done, `["111111","222222"]`: payment.Done, "[111111]": payment.Unknown,
		"[1,2,3]": payment.Unknown, "[]": payment.Unknown, "null": payment.Unknown, `[111111,""]`: payment.Unknown,
		"[111111,null]": payment.Unknown, "111111": payment.Unknown,
	} {
		a := reads(t, bulkCall("bulk-create"), says("OK", fmt.Sprintf(`"transaction_id":%s`, ids)))
		if a.Outcome != want {
			t.Errorf("7 bulk-create, %s: %+v", ids, a)
		}
	}
}

// A code that ATMOS says it sent is waited for, also with a linked card.
func TestBulkPreApplyByTokenWaitsForACodeThatWasSent(t *testing.T) {
	for code, waits := range map[string]bool{"OK": false, "INFO-201": true} {
		c := bulkCall("bulk-pre-apply")
		c.Card = byToken()
		if a := reads(t, c, says(code)); a.Outcome != payment.Done || (a.Action != nil) != waits {
			t.Errorf("8 bulk-pre-apply, %s: %+v", code, a)
		}
	}
}
