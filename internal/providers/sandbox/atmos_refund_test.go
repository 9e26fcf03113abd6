package sandbox_test

import (
	"fmt"
	"testing"
	"testing/synctest"
	"time"

	"tolov/internal/providers/sandbox"
)

const receipt = `"ofd_items":[{"name":"book","ofd_code":"10","amount":100}]`

// partial opens a partial reversal.
func (b *bench) partial(id, amount int64) int64 {
	b.t.Helper()
	got := b.pay("create-reverse-partial", `{"store_id":7,"transaction_id":%d,"amount":%d,"request_id":"r"}`, id, amount)
	return b.id(b.result("OK", got), "transaction_partial_reverse_id")
}

func (b *bench) confirm(id, partial int64) reply {
	b.t.Helper()
	return b.pay("confirm-reverse-partial",
		`{"store_id":7,"transaction_id":%d,"transaction_partial_reverse_id":%d,%s}`, id, partial, receipt)
}

func (b *bench) getPartial(id, partial int64) reply {
	b.t.Helper()
	return b.pay("get-reverse-partial",
		`{"store_id":7,"transaction_id":%d,"transaction_partial_reverse_id":"%d"}`, id, partial)
}

func (b *bench) reverse(id int64) reply {
	b.t.Helper()
	return b.pay("reverse", `{"transaction_id":%d,"reason":"Something"}`, id)
}

// refunds insists on the amounts that went back, in order, and on what the first debit says of them.
func (b *bench) refunds(reversed int64, want ...int64) {
	b.t.Helper()
	var got []int64
	for _, r := range b.Refunds() {
		got = append(got, r.Amount)
	}
	if fmt.Sprint(got) != fmt.Sprint(want) || b.Debits()[0].ReversedAmount != reversed {
		b.t.Errorf("refunds %v, want %v; debit %+v", got, want, b.Debits()[0])
	}
}

func TestRow11Reverse(t *testing.T) {
	b := newBench(t, sandbox.Options{})
	open := b.create(account)
	b.result("STPIMS-ERR-101", b.reverse(open))
	id := b.paid()
	b.refusals("POST", "merchant/pay/reverse", map[string]string{
		`{}`:                     "STPIMS-ERR-006",
		`{"transaction_id":"x"}`: "STPIMS-ERR-007",
		`{"transaction_id":99}`:  "STPIMS-ERR-061",
		fmt.Sprintf(`{"transaction_id":%d,"hold_amount":"1.5"}`, id): "STPIMS-ERR-007",
	})
	b.refunds(0)
	b.says(b.reverse(id), "result/code", "OK", "transaction_id", fmt.Sprint(id))
	b.refunds(amount, amount)
	b.result("STPIMS-ERR-100", b.reverse(id))
	b.refunds(amount, amount)
	b.says(b.get(id), "result/code", "STPIMS-ERR-100", "store_transaction/confirmed", "false",
		"store_transaction/success_trans_id", "null")
	b.code("STPIMS-ERR-100", b.apply(id, "111111"))
	if r := b.Refunds()[0]; r.Transaction != fmt.Sprint(id) || r.Partial != "" || r.Account != account || r.Store != "7" {
		t.Errorf("refund %+v", r)
	}
	b.debits(1)
}

func TestRow13CreateReversePartial(t *testing.T) {
	b := newBench(t, sandbox.Options{})
	open, id := b.create(account), b.paid()
	got := b.pay("create-reverse-partial",
		`{"transaction_id":%d,"store_id":7,"amount":100000,"reason":"Test","request_id":"test-req","lang":"EN"}`, id)
	b.says(got, "result/code", "OK", "result/description", "No errors", "transaction_id", fmt.Sprint(id),
		"request_id", "test-req", "transaction_reverted_amount", "")
	b.says(b.pay("create-reverse-partial", `{"transaction_id":%d,"store_id":7,"amount":1}`, id), "request_id", "")
	with := func(store, id, amount any) string {
		return fmt.Sprintf(`{"store_id":%v,"transaction_id":%v,"amount":%v}`, store, id, amount)
	}
	b.refusals("POST", "merchant/pay/create-reverse-partial", map[string]string{
		with("null", id, 1):   "STPIMS-ERR-006",
		with(7, "null", 1):    "STPIMS-ERR-006",
		with(7, id, "null"):   "STPIMS-ERR-006",
		with(7, id, `"x"`):    "STPIMS-ERR-007",
		with(8, id, 1):        "STPIMS-ERR-061",
		with(7, 99, 1):        "STPIMS-ERR-061",
		with(7, open, 1):      "STPIMS-ERR-101",
		with(7, id, 0):        "STPIMS-ERR-039",
		with(7, id, amount+1): "STPIMS-ERR-042",
	})
	b.refunds(0)
}

func TestRow14ConfirmReversePartial(t *testing.T) {
	b := newBench(t, sandbox.Options{})
	id, other := b.paid(), b.paid()
	one, two, three := b.partial(id, 60_000), b.partial(id, 40_000), b.partial(id, 60_000)
	with := func(store, id, partial any, items string) string {
		return fmt.Sprintf(`{"store_id":%v,"transaction_id":%v,"transaction_partial_reverse_id":%v,%s}`,
			store, id, partial, items)
	}
	b.refusals("POST", "merchant/pay/confirm-reverse-partial", map[string]string{
		with("null", id, one, receipt):                                             "STPIMS-ERR-006",
		with(7, id, "null", receipt):                                               "STPIMS-ERR-006",
		with(7, id, one, `"ofd_items":[]`):                                         "STPIMS-ERR-006",
		with(7, id, one, `"ofd_items":[{"name":"book","amount":100}]`):             "STPIMS-ERR-006",
		with(7, id, one, `"ofd_items":[{"name":"b","ofd_code":"1","amount":"x"}]`): "STPIMS-ERR-007",
		with(7, id, one, `"ofd_items":[{"name":"b","ofd_code":"1","amount":0}]`):   "STPIMS-ERR-039",
		with(7, id, `"x"`, receipt):                                                "STPIMS-ERR-007",
		with(8, id, one, receipt):                                                  "STPIMS-ERR-061",
		with(7, id, 99, receipt):                                                   "STPIMS-ERR-061",
		with(7, other, one, receipt):                                               "STPIMS-ERR-061",
	})
	b.refunds(0)
	b.says(b.confirm(id, one), "result/code", "OK", "transaction_id", fmt.Sprint(id),
		"transaction_partial_reverse_id", fmt.Sprint(one), "transaction_reverted_amount", "60000",
		"transaction_left_amount", "40500", "request_id", "r")
	b.result("STPIMS-ERR-100", b.confirm(id, one))
	b.result("STPIMS-ERR-042", b.confirm(id, three))
	b.result("STPIMS-ERR-042",
		b.pay("create-reverse-partial", `{"store_id":7,"transaction_id":%d,"amount":40501}`, id))
	b.says(b.confirm(id, two), "result/code", "OK", "transaction_left_amount", "500")
	b.code("STPIMS-ERR-092", b.get(id))
	b.refunds(100_000, 60_000, 40_000)
	if r := b.Refunds()[1]; r.Partial != fmt.Sprint(two) || r.RequestID != "r" || r.N != 2 {
		t.Errorf("refund %+v", r)
	}
	b.result("OK", b.reverse(id)) // gives back what is left
	b.result("STPIMS-ERR-100", b.confirm(id, three))
	b.result("STPIMS-ERR-100", b.pay("create-reverse-partial", `{"store_id":7,"transaction_id":%d,"amount":1}`, id))
	b.refunds(amount, 60_000, 40_000, 500)
}

func TestRow15GetReversePartial(t *testing.T) {
	b := newBench(t, sandbox.Options{})
	id := b.paid()
	partial := b.partial(id, 500)
	b.says(b.getPartial(id, partial), "result/code", "OK", "transaction_reverted_amount", "0",
		"transaction_left_amount", "100500", "request_id", "r")
	b.result("OK", b.confirm(id, partial))
	b.says(b.getPartial(id, partial), "result/code", "OK", "transaction_reverted_amount", "500",
		"transaction_left_amount", "100000", "transaction_partial_reverse_id", fmt.Sprint(partial))
	b.result("STPIMS-ERR-061", b.getPartial(id, partial+1))
	b.result("STPIMS-ERR-061", b.getPartial(partial, partial))
	b.result("STPIMS-ERR-006", b.pay("get-reverse-partial", `{"store_id":7,"transaction_id":%d}`, id))
}

func TestRefundsLag(t *testing.T) {
	synctest.Test(t, func(t *testing.T) {
		b := newBench(t, sandbox.Options{})
		id := b.paid()
		b.Script(sandbox.Fault{Op: "confirm-reverse-partial", Kind: sandbox.Lag, DelayMS: 4000})
		b.Script(sandbox.Fault{Op: "reverse", Kind: sandbox.Lag, DelayMS: 4000})
		partial := b.partial(id, 500)
		b.result("OK", b.confirm(id, partial))
		b.says(b.getPartial(id, partial), "transaction_reverted_amount", "0", "transaction_left_amount", "100500")
		b.code("STPIMS-ERR-092", b.get(id)) // the payment itself does not lag
		b.result("OK", b.reverse(id))
		b.says(b.get(id), "result/code", "STPIMS-ERR-092", "store_transaction/confirmed", "true")
		pass(4 * time.Second)
		b.says(b.getPartial(id, partial), "transaction_reverted_amount", "500")
		b.code("STPIMS-ERR-100", b.get(id))
		b.refunds(amount, 500, 100_000)
	})
}
