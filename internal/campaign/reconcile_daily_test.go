package campaign_test

import (
	"fmt"
	"testing"
	"testing/synctest"
	"time"

	"tolov/internal/payment"
	"tolov/internal/providers/sandbox"
)

// atmos opens a payment by token of 5000 tiyin.
func (b *ledgers) atmos(ext, more string) string {
	b.send(payment.VerbPay, "", fmt.Sprintf(`{"ext_id":%q,"provider":"atmos","amount":5000,%s,"card":{"token":"t"}}`,
		ext, more))
	return payment.ID(payment.DefaultMerchant, ext)
}

func (b *ledgers) misbook(id, how, why string) {
	b.t.Helper()
	b.must(b.box.Misbook("atmos", b.last(id).State.Transaction, how))
	b.planted[id] = why
}

// openATMOS opens payments and plants differences in what ATMOS says of them.
func (b *ledgers) openATMOS() {
	b.t.Helper()
	account := `"account":"a"`
	for i := range 6 {
		b.atmos(fmt.Sprint("honest", i), account)
	}
	not, amount := b.atmos("not", account), b.atmos("amount", account)
	reversed, number := b.atmos("reversed", account), b.atmos("number", account)
	items := b.atmos("items", `"items":[{"account":"a","amount":2000},{"account":"b","amount":3000}]`)
	b.atmos("items-honest", `"items":[{"account":"a","amount":2000},{"account":"b","amount":3000}]`)
	b.box.Script(sandbox.Fault{Op: "atmos.apply", Kind: sandbox.SilentBefore, Times: 1})
	b.atmos("refunded", account)
	b.atmos("partly", account)
	pass(2 * time.Minute)
	b.send(payment.VerbRefund, "", `{"ext_id":"refunded","refund_id":"r"}`)
	b.send(payment.VerbRefund, "", `{"ext_id":"partly","refund_id":"r","amount":2000}`)
	pass(2 * time.Minute)
	b.misbook(not, sandbox.BookedNot, payment.NotInBooks)
	b.misbook(amount, sandbox.BookedAmount, payment.OtherAmount)
	b.misbook(number, sandbox.BookedNumber, payment.OtherNumber)
	b.misbook(reversed, sandbox.BookedStatus, payment.NotCarriedOut)
	b.must(b.box.Misbook("atmos", b.last(items).State.Items[1], sandbox.BookedStatus))
	b.planted[items] = payment.BooksUnclear // one part stands and one does not
}

// H29, H58: what differs is found at the next comparison, whichever worker lives, by one worker at a time, and closed
// when it agrees. ATMOS is asked about each payment, PaySys once for its statement.
func TestBooksAreComparedOnScheduleByOneWorker(t *testing.T) {
	unhurried(t)
	synctest.Test(t, func(t *testing.T) {
		b := &ledgers{house: newHouse(t, 2), planted: map[string]string{}}
		defer b.close()
		// In the Azores the bubble begins an hour before midnight.
		b.settings = []string{"ATMOS_TIMEZONE=Atlantic/Azores", "RECONCILE_SCHEDULE=20 * * * *"}
		b.start()
		b.start()
		b.openATMOS()
		b.strange(10_000)
		pass(20 * time.Minute)
		b.same("on the first day, which is not over", map[string]string{}, b.discrepancies(false))
		b.kill(b.workers[0])
		b.start()

		pass(time.Hour)
		b.same("on the second day", b.planted, b.discrepancies(false))
		if calls := b.box.Calls(); calls["paysys.statement"] != 2 {
			t.Errorf("%d statements for two comparisons", calls["paysys.statement"])
		}

		b.box.MendBooks()
		pass(time.Hour)
		b.same("told again", b.planted, b.discrepancies(false))
		if closed := b.discrepancies(true); len(closed) != len(b.planted)-1 {
			t.Errorf("closed %v", closed)
		}
	})
}
