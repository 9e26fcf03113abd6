package ingress_test

import (
	"fmt"
	"testing"

	"github.com/alicebob/miniredis/v2"

	"tolov/internal/events"
	"tolov/internal/events/eventstest"
	"tolov/internal/payment"
	"tolov/internal/providers/sandbox"
)

const (
	notNow       = "The payment does not wait for a debit."
	notAvailable = "The transaction is not available in the system."
	notSigned    = "The request is not signed by ATMOS."
)

func yes() answer { return answer{200, 1, "Успешно"} }

func no(why string) answer { return answer{200, 0, why} }

func (h *house) says(what string, got, want answer) {
	h.t.Helper()
	if got != want {
		h.t.Errorf("%s: %+v, want %+v", what, got, want)
	}
}

// Operation 49: ATMOS asks while our own apply is open, is answered from the record, and only then debits. Afterwards
// the same question is answered no. The payment has the records that it has without being asked about, and one note.
func TestTheDebitThatOurOwnCallAsksForIsAllowedOnce(t *testing.T) {
	h := newHouse(t)
	id := h.pay("token")
	h.reach(id, payment.Completed)
	h.debits(1)
	if n := len(h.asked); n != 1 {
		t.Fatal("asked ", n)
	}
	c := h.last()
	if c.Sign != signOf(c) {
		t.Error("the sandbox signs otherwise")
	}
	for range 3 {
		h.says("repeat", h.callback("7", fmt.Sprint(c.TransactionID), order, "50000"), no(notNow))
	}
	h.quiet()
	if records := h.records(id); len(records) != 3 {
		t.Errorf("%d records, want 3", len(records))
	}
	if n := h.stored(events.StreamIndex); n != 1 {
		t.Errorf("%d notes, want 1", n)
	}
}

// Whose provider asks nobody pays nothing for it, and lets nobody ask.
func TestMerchantsWithoutAKeyPayNothing(t *testing.T) {
	h := &house{t: t, nats: eventstest.Server(t), redis: miniredis.RunT(t), log: &book{}}
	h.build(sandbox.Options{})
	id := h.pay("token")
	h.reach(id, payment.Completed)
	if n := h.stored(events.StreamIndex); n != 0 {
		t.Errorf("%d notes, want none", n)
	}
	if records := h.records(id); len(records) != 3 {
		t.Errorf("%d records, want 3", len(records))
	}
	h.says("any", h.callback("7", "220000", order, "50000"), answer{401, 0, notSigned})
	h.says("bind", h.post("/atmos/card-bind", `{"api_key":"","card_id":1}`), answer{401, 0, notSigned})
}

// Payments in parts and by hold: each debit is asked about for itself, a hold's under a transaction that is made with
// it.
func TestEveryKindOfDebitIsAllowed(t *testing.T) {
	h := newHouse(t)
	bulk := h.do("pay", "bulk", `,"provider":"atmos","amount":30000,"card":{"token":"t"},"items":[`+
		`{"account":"a1","amount":10000},{"account":"a2","amount":20000}]`)
	h.reach(bulk, payment.Completed)
	hold := h.do("hold", "hold", byToken+`,"duration_min":60`)
	h.reach(hold, payment.Held)
	h.do("charge", "hold", `,"amount":20000`)
	h.reach(hold, payment.Completed)
	holds := h.do("hold", "holds", `,"provider":"atmos","amount":30000,"card":{"token":"t"},"duration_min":60,"items":[`+
		`{"account":"b1","amount":10000},{"account":"b2","amount":20000}]`)
	h.reach(holds, payment.Held)
	h.do("charge", "holds", `,"items":[{"index":1,"amount":15000}]`)
	h.reach(holds, payment.Completed)
	h.debits(4)
	if n := len(h.asked); n != 4 {
		t.Errorf("asked %d times, want 4", n)
	}
}

// A customer with a code: nothing may be debited before the code came.
func TestNoDebitBeforeOurOwnCall(t *testing.T) {
	h := newHouse(t)
	id := h.do("pay", "code", `,"provider":"atmos","amount":50000,"account":"`+order+
		`","card":{"number":"9860090101014364","expiry":"2802"}`)
	h.reach(id, payment.ActionRequired)
	transaction := h.record(id).State.Transaction
	h.says("early", h.callback("7", transaction, order, "50000"), no(notAvailable))
	h.do("confirm", "code", `,"otp":"111111"`)
	h.reach(id, payment.Completed)
	h.debits(1)
}

// Contract, "Hosted pages": while the payment waits for its customer and everything agrees.
func TestAHostedPaymentMayBeDebitedWhileItWaits(t *testing.T) {
	h := newHouse(t)
	id, transaction := h.hosted("page")
	for range 2 {
		h.says("waits", h.callback("7", transaction, order, "50000"), yes())
	}
	h.says("amount", h.callback("7", transaction, order, "50001"), no("The amount is not that of the payment."))
	h.says("invoice", h.callback("7", transaction, "order-2", "50000"), no("The invoice is not that of the payment."))
	h.says("transaction", h.callback("7", transaction+"9", order, "50000"), no(notAvailable))
	h.says("store", h.callback("8", transaction, order, "50000"), answer{401, 0, notSigned})
	h.says("amount", h.callback("7", transaction, order, "5e4"), no("The amount is not a whole number."))
	// The signed text has no borders: a right sign with its digits elsewhere agrees with nothing.
	h.says("borders", h.callback("7", transaction[:3], transaction[3:]+order, "50000"), no(notAvailable))
	h.debits(0)
	h.must(h.box.PayPage(transaction))
	h.quiet()
	h.do("recheck", "page", "")
	h.reach(id, payment.Completed)
	h.says("paid", h.callback("7", transaction, order, "50000"), no(notNow))
	h.debits(1)
}

func TestACancelledPaymentMayNotBeDebited(t *testing.T) {
	h := newHouse(t)
	id, transaction := h.hosted("page")
	h.do("cancel", "page", "")
	h.reach(id, payment.Cancelled)
	if err := h.box.PayPage(transaction); err == nil {
		t.Error("the customer could pay")
	}
	h.says("cancelled", h.callback("7", transaction, order, "50000"), no(notNow))
	h.debits(0)
}

func TestOnlyASignedQuestionIsAnswered(t *testing.T) {
	h := newHouse(t)
	_, transaction := h.hosted("page")
	h.says("waits", h.callback("7", transaction, order, "50000"), yes())
	right := sandbox.Callback{StoreID: 7, Invoice: order, Amount: 50000}
	_, err := fmt.Sscan(transaction, &right.TransactionID)
	h.must(err)
	const form = `{"store_id":7,"transaction_id":%s,"invoice":"` + order + `","amount":50000,"sign":%q}`
	h.says("numbers", h.post("/atmos/callback", fmt.Sprintf(form, transaction, signOf(right))), yes())
	for _, sign := range []string{"", "0", signOf(right)[1:], "0" + signOf(right), signOf(sandbox.Callback{})} {
		h.says(sign, h.post("/atmos/callback", fmt.Sprintf(form, transaction, sign)), answer{401, 0, notSigned})
	}
	for _, body := range []string{"", "[]", "{", `{"store_id":{}}`, `{"sign":1}`, `{"sign":"","sign":""}`} {
		h.says(body, h.post("/atmos/callback", body), answer{400, 0, "The request cannot be read."})
	}
}
