package sandbox_test

import (
	"fmt"
	"testing"
	"testing/synctest"
	"time"

	"tolov/internal/providers/sandbox"
)

const twoParts = `{"store_id":7,"params":[{"account":"a","amount":100,"details":"one"},` +
	`{"account":"b","amount":"200","terminal_id":"9"}]}`

// bulk opens a bulk of two parts.
func (b *bench) bulk() (first, second int64) {
	b.t.Helper()
	got := b.result("OK", b.post("merchant/bulk/pay/create", twoParts))
	return b.id(got, "transaction_id/0"), b.id(got, "transaction_id/1")
}

// bulkPrepared opens one and gives it a card.
func (b *bench) bulkPrepared(card string) (first, second int64) {
	b.t.Helper()
	first, second = b.bulk()
	b.result("OK", b.bulkPreApply(card, first, second))
	return first, second
}

func (b *bench) bulkPreApply(card string, first, second int64) reply {
	b.t.Helper()
	return b.post("merchant/bulk/pay/pre-apply", `{"store_id":7,"transaction_id":[%d,%d],%s}`, first, second, card)
}

func (b *bench) bulkApply(code string, first, second int64) reply {
	b.t.Helper()
	return b.post("merchant/bulk/pay/apply", `{"store_id":7,"otp":%q,"transaction_id":[%d,%d]}`, code, first, second)
}

func TestRow7BulkCreate(t *testing.T) {
	b := newBench(t, sandbox.Options{FirstID: 40})
	b.says(b.post("merchant/bulk/pay/create", twoParts), "result/code", "OK", "transaction_id/0", "40",
		"transaction_id/1", "41", "store_transactions/0/details", "one", "store_transactions/0/amount", "100",
		"store_transactions/1/trans_id", "41", "store_transactions/1/details", "null",
		"store_transactions/1/total", "200", "store_transactions/1/terminal_id", "9",
		"store_transactions/1/confirmed", "false", "store_transactions/2", "")
	b.refusals("POST", "merchant/bulk/pay/create", map[string]string{
		`{"params":[{"account":"a","amount":1}]}`: "STPIMS-ERR-006",
		`{"store_id":7}`:             "STPIMS-ERR-006",
		`{"store_id":7,"params":[]}`: "STPIMS-ERR-006",
		`{"store_id":7,"params":[{"account":"a","amount":1},{"amount":1}]}`:                  "STPIMS-ERR-006",
		`{"store_id":7,"params":[{"account":"a"}]}`:                                          "STPIMS-ERR-006",
		`{"store_id":7,"params":[{"account":"a","amount":"1.5"}]}`:                           "STPIMS-ERR-007",
		`{"store_id":7,"params":[{"account":"a","amount":1},{"account":"b","amount":"-1"}]}`: "STPIMS-ERR-039",
	})
	if n := b.Transactions(); n != 2 {
		t.Errorf("%d transactions, want 2", n)
	}
}

func TestRow8BulkPreApply(t *testing.T) {
	b := newBench(t, sandbox.Options{})
	first, second := b.bulk()
	_, foreign := b.bulk()
	alone := b.create(account)
	list := func(store string, card string, ids ...int64) string {
		text := ""
		for i, id := range ids {
			text += fmt.Sprint([]string{"", ","}[min(i, 1)], id)
		}
		return fmt.Sprintf(`{"store_id":%s,"transaction_id":[%s],%s}`, store, text, card)
	}
	b.refusals("POST", "merchant/bulk/pay/pre-apply", map[string]string{
		list("7", token):                                                      "STPIMS-ERR-006",
		list("null", token, first, second):                                    "STPIMS-ERR-006",
		list("7", `"expiry":"2802"`, first):                                   "STPIMS-ERR-006",
		list("8", token, first, second):                                       "STPIMS-ERR-061",
		list("7", token, first, 99):                                           "STPIMS-ERR-061",
		list("7", token, first, foreign):                                      "STPIMS-ERR-012",
		list("7", token, first, first):                                        "STPIMS-ERR-012",
		list("7", token, alone):                                               "STPIMS-ERR-012",
		list("7", `"card_token":"blocked"`, first, second):                    "STPIMS-ERR-058",
		`{"store_id":7,"transaction_id":["x"],` + token + `}`:                 "STPIMS-ERR-007",
		list("7", token+`,"card_number":"1"`, first, second):                  "STPIMS-ERR-009",
		list("7", `"card_number":"1","expiry":"2802"`, first):                 "STPIMS-ERR-117",
		list("7", `"card_number":"8600492986215602","expiry":"2003"`, second): "STPIMS-ERR-067",
	})
	if got := b.post("merchant/bulk/pay/pre-apply", `{"store_id":7,"transaction_id":1}`); got.status != 400 {
		t.Errorf("a list that is none: HTTP %d", got.status)
	}
	b.result("OK", b.bulkPreApply(number, first, second))
	for id, want := range map[int64]string{first: "prepared", second: "prepared", foreign: "created", alone: "created"} {
		if got, _ := b.Transaction(fmt.Sprint(id)); got.State != want {
			t.Errorf("%d is %s, want %s", id, got.State, want)
		}
	}
}

func TestRow9BulkApply(t *testing.T) {
	b := newBench(t, sandbox.Options{})
	first, second := b.bulk()
	b.result("STPIMS-ERR-012", b.bulkApply("111111", first, second))
	b.result("OK", b.bulkPreApply(number, first, second))
	b.result("STPIMS-ERR-006", b.bulkApply("", first, second))
	b.result("STPIMS-ERR-061", b.bulkApply("111111", first, 99))
	b.result("STPIMS-ERR-098", b.bulkApply("222222", first, second))
	b.debits(0)
	b.says(b.bulkApply("111111", first, second), "result/code", "OK", "store_transaction/0/confirmed", "true",
		"store_transaction/0/amount", "100", "store_transaction/0/status_code", "0", "store_transaction/1/account", "b",
		"store_transaction/1/trans_id", fmt.Sprint(second), "store_transaction/1/confirmed", "true")
	b.result("STPIMS-ERR-092", b.bulkApply("111111", first, second))
	b.debits(2)
	for i, d := range b.Debits() {
		if d.Transaction != fmt.Sprint([]int64{first, second}[i]) || d.Amount != int64(100*(i+1)) || d.Store != "7" {
			t.Errorf("part %d: %+v", i, d)
		}
	}
	b.code("STPIMS-ERR-092", b.get(first))
	b.code("STPIMS-ERR-092", b.get(second))
	if got, _ := b.Transaction(fmt.Sprint(second)); got.Applies != 5 || got.Wrong != 1 || got.State != "confirmed" {
		t.Errorf("second part %+v", got)
	}

	first, second = b.bulkPrepared(token)
	for range 3 {
		b.result("STPIMS-ERR-098", b.bulkApply("222222", first, second))
	}
	b.result("STPIMS-ERR-064", b.bulkApply("111111", first, second))
	first, second = b.bulkPrepared(`"card_token":"insufficient"`)
	b.result("STPIMS-ERR-057", b.bulkApply("111111", first, second))
	b.debits(2)
	if got := b.Calls(); got["atmos.bulk-apply"] != 11 {
		t.Errorf("calls %v", got)
	}
}

// TestRow9MixedAnswer pays one part, refuses the other, and lets that one be applied by itself.
func TestRow9MixedAnswer(t *testing.T) {
	for _, how := range []string{"script", "token"} {
		b := newBench(t, sandbox.Options{})
		card := token
		if how == "script" {
			b.Script(sandbox.Fault{Op: "bulk-apply", Kind: sandbox.Mixed, Times: 1})
		} else {
			card = `"card_token":"mixed"`
		}
		first, second := b.bulkPrepared(card)
		b.says(b.bulkApply("111111", first, second), "result/code", "OK", "store_transaction/0/confirmed", "true",
			"store_transaction/1/confirmed", "false", "store_transaction/1/success_trans_id", "null",
			"store_transaction/1/status_code", "STPIMS-ERR-057")
		b.debits(1)
		b.code("STPIMS-ERR-092", b.get(first))
		b.says(b.get(second), "result/code", "OK", "store_transaction/confirmed", "false",
			"store_transaction/status_code", "STPIMS-ERR-057")
		b.result("STPIMS-ERR-092", b.bulkApply("111111", first, second))
		b.debits(1)
		b.says(b.apply(second, "111111"), "result/code", "OK", "store_transaction/status_code", "0")
		b.debits(2)
	}
}

// TestRow10CodeIsSentAgainForAllParts also names what has no code to send.
func TestRow10CodeIsSentAgainForAllParts(t *testing.T) {
	synctest.Test(t, func(t *testing.T) {
		b := newBench(t, sandbox.Options{})
		first, second := b.bulkPrepared(number)
		pass(5*time.Minute + time.Second)
		b.result("STPIMS-ERR-098", b.bulkApply("111111", first, second))
		b.says(b.pay("otp-resend", `{"transaction_id":"%d"}`, second),
			"result/code", "OK", "transaction_id", fmt.Sprint(second))
		b.result("OK", b.bulkApply("111111", first, second))
		b.debits(2)
		hold := b.hold(number, 100, 1)
		b.refusals("POST", "merchant/pay/otp-resend", map[string]string{
			`{}`:                     "STPIMS-ERR-006",
			`{"transaction_id":"x"}`: "STPIMS-ERR-007",
			fmt.Sprintf(`{"transaction_id":%d}`, first): "STPIMS-ERR-092",
			fmt.Sprintf(`{"transaction_id":%d}`, hold):  "STPIMS-ERR-061",
		})
	})
}

func TestBulkLagHidesEveryPart(t *testing.T) {
	synctest.Test(t, func(t *testing.T) {
		b := newBench(t, sandbox.Options{})
		b.Script(sandbox.Fault{Op: "atmos.bulk-apply", Account: "a", Kind: sandbox.Lag, DelayMS: 4000})
		first, second := b.bulkPrepared(token)
		b.result("OK", b.bulkApply("111111", first, second))
		b.code("OK", b.get(first))
		b.code("OK", b.get(second))
		pass(4 * time.Second)
		b.code("STPIMS-ERR-092", b.get(first))
		b.code("STPIMS-ERR-092", b.get(second))
	})
}
