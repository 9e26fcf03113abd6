package sandbox_test

import (
	"fmt"
	"testing"
	"testing/synctest"
	"time"

	"tolov/internal/providers/sandbox"
)

const number2 = `"card_number":"9860090101014364","card_expiry":"2802"`

// hold opens a hold.
func (b *bench) hold(card string, amount, minutes int64) int64 {
	b.t.Helper()
	if card == number {
		card = number2
	}
	got := b.post("hold/create", `{%s,"store_id":"7","account":%q,"payment_details":"","amount":"%d","duration":"%d"}`,
		card, account, amount, minutes)
	return b.id(b.result("OK", got), "hold_id")
}

// held opens a hold and freezes its amount for ten minutes.
func (b *bench) held(amount int64) int64 {
	b.t.Helper()
	id := b.hold(token, amount, 10)
	b.result("OK", b.freeze(id, "111111"))
	return id
}

func (b *bench) freeze(id int64, code string) reply {
	b.t.Helper()
	return b.call("PUT", fmt.Sprint("hold/apply/", id), `{"otp":%q}`, code)
}

func (b *bench) charge(id, amount int64) reply {
	b.t.Helper()
	return b.post(fmt.Sprint("hold/", id), `{"amount":%d}`, amount)
}

func (b *bench) cancel(id int64) reply {
	b.t.Helper()
	return b.call("DELETE", fmt.Sprint("hold/", id), `{"send_cancel_sms":true}`)
}

func (b *bench) getHold(id int64) reply {
	b.t.Helper()
	return b.call("GET", fmt.Sprint("hold/", id), "")
}

// twice opens a multiple hold of two items.
func (b *bench) twice(card string) (parent, first, second int64) {
	b.t.Helper()
	got := b.result("OK", b.post("hold/multiple/create", `{%s,"duration":"10","items":[`+
		`{"store_id":"7","account":"a","amount":"100"},{"store_id":8,"account":"b","amount":200}]}`, card))
	return b.id(got, "parent_id"), b.id(got, "items/0/hold_id"), b.id(got, "items/1/hold_id")
}

func (b *bench) freezeTwice(parent int64, code string) reply {
	b.t.Helper()
	return b.call("PUT", fmt.Sprint("hold/multiple/apply/", parent), `{"otp":%q}`, code)
}

// sums insists on what the ledger tells of a hold: held, charged, released, expired.
func (b *bench) sums(n int, want ...int64) {
	b.t.Helper()
	holds := b.Holds()
	if len(holds) < n {
		b.t.Fatalf("%d holds, want %d", len(holds), n)
	}
	h := holds[n-1]
	if got := []int64{h.Held, h.Charged, h.Released, h.Expired}; fmt.Sprint(got) != fmt.Sprint(want) {
		b.t.Errorf("hold %d has held, charged, released, expired %v, want %v", n, got, want)
	}
}

func TestRow20CreateHold(t *testing.T) {
	b := newBench(t, sandbox.Options{})
	with := func(card, store, account, amount, duration string) string {
		return fmt.Sprintf(`{%s,"store_id":%s,"account":%s,"amount":%s,"duration":%s}`,
			card, store, account, amount, duration)
	}
	b.says(b.post("hold/create", "%s", with(token, `"1"`, `"a"`, `"50000"`, `"1"`)), "result/code", "OK",
		"hold_id", "1", "account", "null")
	b.refusals("POST", "hold/create", map[string]string{
		with(token, `null`, `"a"`, `1`, `1`):                                  "STPIMS-ERR-006",
		with(token, `1`, `null`, `1`, `1`):                                    "STPIMS-ERR-006",
		with(token, `1`, `"a"`, `null`, `1`):                                  "STPIMS-ERR-006",
		with(token, `1`, `"a"`, `1`, `null`):                                  "STPIMS-ERR-006",
		with(`"lang":"en"`, `1`, `"a"`, `1`, `1`):                             "STPIMS-ERR-006",
		with(number, `1`, `"a"`, `1`, `1`):                                    "STPIMS-ERR-006", // expiry, not card_expiry
		with(token, `1`, `"a"`, `"x"`, `1`):                                   "STPIMS-ERR-007",
		with(token, `1`, `"a"`, `1`, `"x"`):                                   "STPIMS-ERR-007",
		with(token, `1`, `"a"`, `1`, `0`):                                     "STPIMS-ERR-009",
		with(token, `1`, `"a"`, `1`, `9999999999`):                            "STPIMS-ERR-009",
		with(token+","+number2, `1`, `"a"`, `1`, `1`):                         "STPIMS-ERR-009",
		with(token, `1`, `"a"`, `0`, `1`):                                     "STPIMS-ERR-039",
		with(`"card_token":"blocked"`, `1`, `"a"`, `1`, `1`):                  "STPIMS-ERR-058",
		with(`"card_number":"86","card_expiry":"2802"`, `1`, `"a"`, `1`, `1`): "STPIMS-ERR-117",
	})
	b.says(b.getHold(1), "result/code", "STPIMS-ERR-142", "hold_till", "", "store_transaction/confirmed", "false")
	if len(b.Holds()) != 0 || b.Transactions() != 1 {
		t.Errorf("holds %v of %d transactions", b.Holds(), b.Transactions())
	}
	b.code("STPIMS-ERR-012", b.pay("pre-apply", `{"store_id":1,"transaction_id":2,%s}`, token))
	b.code("STPIMS-ERR-012", b.pay("apply", `{"store_id":1,"transaction_id":2,"otp":"111111"}`))
}

func TestRow21ApplyHold(t *testing.T) {
	synctest.Test(t, func(t *testing.T) {
		b := newBench(t, sandbox.Options{})
		id := b.hold(number, 500, 10)
		b.result("STPIMS-ERR-006", b.call("PUT", fmt.Sprint("hold/apply/", id), ""))
		b.result("STPIMS-ERR-061", b.freeze(99, "111111"))
		b.result("STPIMS-ERR-007", b.call("PUT", "hold/apply/x", `{"otp":"111111"}`))
		b.result("STPIMS-ERR-098", b.freeze(id, "222222"))
		till := time.Now().Add(10 * time.Minute).UTC().Add(5 * time.Hour).Format("2006-01-02T15:04:05.000")
		b.says(b.freeze(id, "111111"), "result/code", "OK", "hold_id", fmt.Sprint(id), "card_token", "null",
			"card_pan", "986009******4364", "hold_till", till)
		b.says(b.getHold(id), "result/code", "OK", "store_transaction/confirmed", "false", "hold_till", till)
		b.result("STPIMS-ERR-092", b.freeze(id, "111111"))
		b.sums(1, 500, 0, 0, 0)
		b.debits(0)

		late := b.hold(number, 500, 10)
		pass(5*time.Minute + time.Second)
		b.result("STPIMS-ERR-098", b.freeze(late, "111111"))
		wrong := b.hold(token, 500, 10)
		for range 3 {
			b.result("STPIMS-ERR-098", b.freeze(wrong, "222222"))
		}
		b.result("STPIMS-ERR-145", b.freeze(wrong, "111111"))
		b.result("STPIMS-ERR-145", b.getHold(wrong))
		b.result("STPIMS-ERR-057", b.freeze(b.hold(`"card_token":"insufficient"`, 500, 10), "111111"))
		pass(5 * time.Minute)
		b.result("STPIMS-ERR-144", b.freeze(id, "111111"))
		if n := len(b.Holds()); n != 1 {
			t.Errorf("%d holds, want 1", n)
		}
	})
}

func TestRow22CreateMultipleHold(t *testing.T) {
	b := newBench(t, sandbox.Options{})
	parent, first, second := b.twice(token)
	if parent == first || first == second {
		t.Errorf("numbers %d, %d, %d", parent, first, second)
	}
	got := b.post("hold/multiple/create", `{%s,"duration":1,"items":[{"store_id":7,"account":"a","amount":1}]}`, number2)
	b.says(got, "items/0/result", "null", "items/0/account", "a", "items/1", "")
	b.refusals("POST", "hold/multiple/create", map[string]string{
		`{` + token + `,"duration":1}`:                                                            "STPIMS-ERR-006",
		`{` + token + `,"duration":1,"items":[]}`:                                                 "STPIMS-ERR-006",
		`{` + token + `,"items":[{"store_id":7,"account":"a","amount":1}]}`:                       "STPIMS-ERR-006",
		`{` + token + `,"duration":1,"items":[{"store_id":7,"amount":1}]}`:                        "STPIMS-ERR-006",
		`{` + token + `,"duration":1,"items":[{"store_id":7,"account":"a","amount":0}]}`:          "STPIMS-ERR-039",
		`{"card_token":"missing","duration":1,"items":[{"store_id":7,"account":"a","amount":1}]}`: "STPIMS-ERR-004",
	})
	b.result("STPIMS-ERR-142", b.getHold(second))
	b.result("STPIMS-ERR-061", b.getHold(parent))
}

func TestRow23ApplyMultipleHold(t *testing.T) {
	b := newBench(t, sandbox.Options{})
	parent, first, second := b.twice(token)
	b.result("STPIMS-ERR-012", b.freeze(first, "111111"))
	b.result("STPIMS-ERR-061", b.freezeTwice(first, "111111"))
	b.result("STPIMS-ERR-007", b.call("PUT", "hold/multiple/apply/x", `{"otp":"111111"}`))
	b.result("STPIMS-ERR-098", b.freezeTwice(parent, "222222"))
	b.says(b.freezeTwice(parent, "111111"), "result/code", "OK", "parent_id", fmt.Sprint(parent),
		"items/0/result/code", "OK", "items/0/hold_id", fmt.Sprint(first), "items/0/card_token", "tok-1",
		"items/1/result/code", "OK", "items/1/card_pan", "860049******0000")
	b.result("STPIMS-ERR-092", b.freezeTwice(parent, "111111"))
	b.result("OK", b.charge(first, 100))
	b.result("STPIMS-ERR-145", b.cancel(second))
	b.sums(1, 100, 100, 0, 0)
	b.sums(2, 200, 0, 200, 0)
	if h := b.Holds()[1]; h.Parent != fmt.Sprint(parent) || h.Store != "8" || h.Account != "b" || h.Card != "token" {
		t.Errorf("second hold %+v", h)
	}
	b.debits(1)

	parent, first, second = b.twice(token)
	for range 3 {
		b.result("STPIMS-ERR-098", b.freezeTwice(parent, "222222"))
	}
	for _, got := range []reply{b.freezeTwice(parent, "111111"), b.getHold(first), b.getHold(second)} {
		b.result("STPIMS-ERR-145", got)
	}
}

func TestRow23MixedAnswer(t *testing.T) {
	b := newBench(t, sandbox.Options{})
	b.Script(sandbox.Fault{Op: "hold-multiple-apply", Account: "a", Kind: sandbox.Mixed})
	parent, first, second := b.twice(token)
	b.says(b.freezeTwice(parent, "111111"), "result/code", "OK", "items/0/result/code", "OK",
		"items/1/result/code", "STPIMS-ERR-057", "items/1/hold_till", "null")
	b.result("OK", b.getHold(first))
	b.result("STPIMS-ERR-142", b.getHold(second))
	b.result("STPIMS-ERR-142", b.charge(second, 200))
	b.result("STPIMS-ERR-092", b.freezeTwice(parent, "111111"))
	b.result("STPIMS-ERR-145", b.cancel(second))
	b.sums(1, 100, 0, 0, 0)
	if n := len(b.Holds()); n != 1 {
		t.Errorf("%d holds, want 1", n)
	}
}

func TestRow24ChargeHold(t *testing.T) {
	b := newBench(t, sandbox.Options{})
	draft, id := b.hold(token, 500, 10), b.held(500)
	b.result("STPIMS-ERR-142", b.charge(draft, 500))
	b.result("STPIMS-ERR-061", b.charge(99, 500))
	b.result("STPIMS-ERR-039", b.charge(id, 0))
	b.result("STPIMS-ERR-042", b.charge(id, 501))
	b.result("STPIMS-ERR-007", b.post(fmt.Sprint("hold/", id), `{"amount":"x"}`))
	got := b.charge(id, 300)
	b.says(got, "result/code", "OK", "store_transaction/amount", "300", "store_transaction/confirmed", "true",
		"store_transaction/details", "", "store_transaction/card_id", "tok-1")
	b.result("STPIMS-ERR-092", b.charge(id, 300))
	b.result("STPIMS-ERR-143", b.cancel(id))
	b.sums(1, 500, 300, 200, 0)
	b.debits(1)
	transaction := b.id(got, "store_transaction/trans_id")
	if d, h := b.Debits()[0], b.Holds()[0]; d.Amount != 300 || d.Transaction != h.Transaction ||
		d.Transaction != fmt.Sprint(transaction) || h.ID != fmt.Sprint(id) {
		t.Errorf("debit %+v of %+v", d, h)
	}
	if of, _ := b.Transaction(fmt.Sprint(transaction)); of.Applies != 5 || of.State != "confirmed" || of.Amount != 300 {
		t.Errorf("transaction %+v", of)
	}
	b.result("OK", b.post(fmt.Sprint("hold/", b.held(70)), "")) // all of it
	b.sums(2, 70, 70, 0, 0)
	b.code("STPIMS-ERR-092", b.get(transaction))
	b.result("OK", b.reverse(transaction))
	b.result("STPIMS-ERR-100", b.getHold(id))
	b.refunds(300, 300)
}

func TestRow25CancelHold(t *testing.T) {
	b := newBench(t, sandbox.Options{})
	id, draft := b.held(500), b.hold(number, 500, 10)
	path := fmt.Sprint("hold/", id)
	b.result("STPIMS-ERR-006", b.call("DELETE", path, ""))
	b.result("STPIMS-ERR-007", b.call("DELETE", path, `{"send_cancel_sms":"yes"}`))
	b.result("STPIMS-ERR-061", b.cancel(99))
	b.says(b.cancel(id), "result/code", "STPIMS-ERR-145", "status", "-242", "processing", "UZCARD")
	b.result("STPIMS-ERR-145", b.cancel(id)) // it is gone
	b.says(b.cancel(draft), "result/code", "STPIMS-ERR-145", "processing", "HUMO")
	b.result("STPIMS-ERR-145", b.charge(id, 500))
	b.result("STPIMS-ERR-145", b.freeze(draft, "111111"))
	b.sums(1, 500, 0, 500, 0)
	b.debits(0)
}

func TestRow26GetHold(t *testing.T) {
	b := newBench(t, sandbox.Options{})
	draft, held, charged := b.hold(token, 500, 10), b.held(500), b.held(500)
	b.result("OK", b.charge(charged, 100))
	b.says(b.getHold(draft), "result/code", "STPIMS-ERR-142", "store_transaction/amount", "500", "hold_till", "")
	b.says(b.getHold(held), "result/code", "OK", "store_transaction/confirmed", "false",
		"store_transaction/amount", "500")
	b.says(b.getHold(charged), "result/code", "OK", "store_transaction/confirmed", "true",
		"store_transaction/amount", "100", "hold_till", "")
	b.result("STPIMS-ERR-145", b.cancel(held))
	b.says(b.getHold(held), "result/code", "STPIMS-ERR-145", "store_transaction/confirmed", "false")
	b.result("STPIMS-ERR-061", b.getHold(99))
	b.result("STPIMS-ERR-007", b.call("GET", "hold/x", ""))
	if got := b.send("GET", "/atmos/hold/1", "", none); got.status != 401 {
		t.Errorf("without a token: HTTP %d", got.status)
	}
}
