package sandbox_test

import (
	"crypto/sha1"
	"encoding/hex"
	"fmt"
	"net/http"
	"strconv"
	"testing"
	"testing/synctest"
	"time"

	"tolov/internal/providers/sandbox"
)

const payoutCard = "8600530410609500"

// paysys makes a call of a method.
func (b *bench) paysys(method, params string) reply {
	b.t.Helper()
	return b.signed("secret", time.Now(), method, params)
}

func (b *bench) signed(secret string, at time.Time, method, params string) reply {
	b.t.Helper()
	stamp := strconv.FormatInt(at.UnixMilli(), 10)
	sum := sha1.Sum([]byte(secret + stamp))
	body := fmt.Sprintf(`{"method":"cash2card.%s","params":{%s},"id":"fcc851bd"}`, method, params)
	return b.send("POST", "/paysys/gateway", body, func(r *http.Request) {
		r.Header.Set("Auth", "7-"+hex.EncodeToString(sum[:])+"-"+stamp)
	})
}

func (b *bench) prepare(partner int, amount int, card string) reply {
	b.t.Helper()
	return b.paysys("prepare_remittance", fmt.Sprintf(`"partner_transaction_id":%d,"card_number":%q,"amount":%d,`+
		`"sender":{"last_name":"Test","first_name":"Test","middle_name":""}`, partner, card, amount))
}

func (b *bench) confirmPayout(id string) reply {
	b.t.Helper()
	return b.paysys("confirm_remittance", `"transaction_id":`+id)
}

func (b *bench) checkPayout(partner int) reply {
	b.t.Helper()
	return b.paysys("check_remittance", fmt.Sprintf(`"partner_transaction_id":%d`, partner))
}

func (b *bench) cancelPayout(id string) reply {
	b.t.Helper()
	return b.paysys("cancel", `"transaction_id":`+id)
}

// Rows 54 to 58, in the shapes of the text.
func TestPaysysPaysOutOnce(t *testing.T) {
	b := newBench(t, sandbox.Options{PaysysServiceID: "7", PaysysSecret: "secret"})
	prepared := b.prepare(10181, 400_000, payoutCard)
	prepared.like(t, "paysys-prepare")
	id := prepared.at(t, "result/transaction_id")
	if again := b.prepare(10181, 400_000, payoutCard); again.at(t, "result/transaction_id") != id {
		t.Errorf("the same again is another payout: %s", again.body)
	}
	b.says(b.checkPayout(10181), "result/status", "0", "result/card_number", "860053******9500", "result/amount", "400000")
	b.confirmPayout(id).like(t, "paysys-confirm")
	b.checkPayout(10181).like(t, "paysys-check")
	b.says(b.checkPayout(10181), "result/status", "1", "id", "fcc851bd")
	b.says(b.confirmPayout(id), "error/code", "-32305")
	b.says(b.cancelPayout(id), "error/code", "-32305")
	b.says(b.prepare(10181, 400_000, payoutCard), "error/code", "-32304")
	now := time.Now().Unix()
	b.paysys("statement", fmt.Sprintf(`"date_from":%d,"date_to":%d`, now-60, now+60)).like(t, "paysys-statement")
	b.says(b.paysys("statement", fmt.Sprintf(`"date_from":0,"date_to":%d`, now-60)), "result", "[]")
	payouts := b.Payouts()
	if len(payouts) != 1 || payouts[0].Partner != "10181" || payouts[0].Amount != 400_000 || len(b.Debits()) != 0 ||
		payouts[0].Transaction != id || payouts[0].Service != "7" || payouts[0].Card != "860053******9500" {
		t.Errorf("paid out %+v, debited %+v", payouts, b.Debits())
	}
}

// Row 57.
func TestPaysysCancelsWhatIsNotConfirmed(t *testing.T) {
	b := newBench(t, sandbox.Options{})
	id := b.prepare(1, 400_000, payoutCard).at(t, "result/transaction_id")
	b.cancelPayout(id).like(t, "paysys-cancel")
	b.says(b.cancelPayout(id), "result", "true")
	b.says(b.confirmPayout(id), "error/code", "-32305")
	b.says(b.checkPayout(1), "result/status", "2")
	if len(b.Payouts()) != 0 {
		t.Errorf("paid out %+v", b.Payouts())
	}
}

func TestPaysysRefuses(t *testing.T) {
	b := newBench(t, sandbox.Options{PaysysServiceID: "7", PaysysSecret: "secret"})
	b.prepare(1, 400_000, payoutCard)
	for code, got := range map[string]reply{
		"-32301": b.prepare(2, 99_999, payoutCard),
		"-32302": b.prepare(2, 400_000, "8600492986215602"),
		"-32304": b.prepare(1, 400_001, payoutCard),
		"-32303": b.checkPayout(2),
		"-32601": b.paysys("refund", ""),
		"-32602": b.paysys("prepare_remittance", `"partner_transaction_id":2,"amount":400000`),
		"-32504": b.signed("other", time.Now(), "check_remittance", `"partner_transaction_id":1`),
	} {
		b.says(got, "error/code", code, "result", "null", "id", "fcc851bd")
	}
	b.says(b.signed("secret", time.Now().Add(-time.Hour), "check_remittance", ""), "error/code", "-32504")
	b.says(b.send("POST", "/paysys/gateway", "{", none), "error/code", "-32601")
	if b.Transactions() != 1 {
		t.Errorf("%d transactions", b.Transactions())
	}
}

func TestPaysysMagicCards(t *testing.T) {
	b := newBench(t, sandbox.Options{})
	id := b.prepare(1, 400_000, "8600312998546358").at(t, "result/transaction_id")
	b.says(b.confirmPayout(id), "result/status", "2")
	id = b.prepare(2, 400_000, "8600312987000557").at(t, "result/transaction_id")
	b.says(b.confirmPayout(id), "error/code", "-32603")
	b.says(b.checkPayout(2), "result/status", "-1")
	if len(b.Payouts()) != 0 {
		t.Errorf("paid out %+v", b.Payouts())
	}
}

func TestNaivePaysysPaysOutAgain(t *testing.T) {
	b := newBench(t, sandbox.Options{Naive: true})
	id := b.prepare(1, 400_000, payoutCard).at(t, "result/transaction_id")
	b.confirmPayout(id)
	b.confirmPayout(id)
	if len(b.Payouts()) != 2 {
		t.Errorf("paid out %+v", b.Payouts())
	}
}

// Facts: 100 requests a minute by default; HTTP 429 carries Retry-After.
func TestPaysysTakesSoManyCallsAMinute(t *testing.T) {
	synctest.Test(t, func(t *testing.T) {
		b := newBench(t, sandbox.Options{PaysysPerMinute: 100})
		for range 100 {
			b.checkPayout(1)
			pass(100 * time.Millisecond)
		}
		got := b.checkPayout(1)
		if got.status != http.StatusTooManyRequests || got.header.Get("Retry-After") != "50" {
			t.Errorf("the 101st: HTTP %d, Retry-After %q", got.status, got.header.Get("Retry-After"))
		}
		pass(50 * time.Second)
		if got = b.checkPayout(1); got.status != http.StatusOK {
			t.Errorf("after the pause: HTTP %d", got.status)
		}
	})
}

// What a fault makes of an answer is told by the words of PaySys.
func TestFaultsOfPaysys(t *testing.T) {
	for kind, want := range map[string]string{
		sandbox.WrongTransaction: "900000001 1", sandbox.UnknownCodeAfter: "-39999", sandbox.UnknownCode: "-39999",
		sandbox.Pending: "900000000 0",
	} {
		b := newBench(t, sandbox.Options{})
		id := b.prepare(9, 400_000, payoutCard).at(t, "result/transaction_id")
		b.Script(sandbox.Fault{Op: "paysys.confirm", Account: "9", Kind: kind, Times: 1})
		got := b.confirmPayout(id)
		said := got.at(t, "error/code")
		if said == "" {
			said = got.at(t, "result/transaction_id") + " " + got.at(t, "result/status")
		}
		if said != want || kind == sandbox.UnknownCodeAfter != (len(b.Payouts()) == 1) && kind != sandbox.WrongTransaction {
			t.Errorf("%s: %s, want %s; paid out %d", kind, said, want, len(b.Payouts()))
		}
	}
}
