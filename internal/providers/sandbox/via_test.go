package sandbox_test

import (
	"fmt"
	"net/http"
	"testing"
	"testing/synctest"
	"time"

	"tolov/internal/providers/sandbox"
)

const viaCard = "9860090101014364"

// via makes a call as VIA's partner.
func (b *bench) via(method, path, body string) reply {
	b.t.Helper()
	return b.send(method, "/via/partner/"+path, body, func(r *http.Request) {
		r.Header.Set("client-id", "system")
		r.Header.Set("client-secret", "system123")
	})
}

func (b *bench) viaPay(external, card string) reply {
	b.t.Helper()
	return b.via("POST", "merchant/confirm/pay", fmt.Sprintf(`{"merchantId":"mrt_1","card":{"pan":%q,"expiry":"1229"},`+
		`"externalId":%q,"amount":100500,"currency":"UZS","note":"tea","accounts":{"account":"order-1"}}`, card, external))
}

func (b *bench) viaVerify(id, code string) reply {
	b.t.Helper()
	return b.via("POST", "merchant/confirm/pay/verify", fmt.Sprintf(`{"verifyId":%q,"verifyCode":%q}`, id, code))
}

func (b *bench) viaStatus(query string) reply {
	b.t.Helper()
	return b.via("GET", "transaction?"+query, "")
}

// Rows 51 to 53, in the shapes of the text and the facts.
func TestViaPaysOnceForACode(t *testing.T) {
	b := newBench(t, sandbox.Options{})
	id := b.viaPay("e1", viaCard).at(t, "verifyId")
	b.says(b.viaStatus("externalId=e1"), "data/transactionId", id, "data/status", "NEW", "data/amount", "100500")
	b.debits(0)
	b.viaVerify(id, "111111").like(t, "via-verify")
	b.viaStatus("transactionId="+id).like(t, "via-transaction")
	b.says(b.viaStatus("externalId=e1"), "data/status", "SUCCESS", "data/externalId", "e1")
	b.says(b.viaVerify(id, "111111"), "status/code", "1005")
	b.debits(1)
	d := b.Debits()[0]
	if d.Provider != "via" || d.Transaction != id || d.Account != "order-1" || d.Amount != 100500 || d.Store != "mrt_1" ||
		d.Card != "986009******4364" {
		t.Errorf("debited %+v", d)
	}
	if got, _ := b.Transaction(id); got.State != "confirmed" || got.Applies != 2 {
		t.Errorf("transaction %+v", got)
	}
}

// Row 51: an externalId is good for one transaction. Errors come in three languages.
func TestViaRefuses(t *testing.T) {
	b := newBench(t, sandbox.Options{ViaClientID: "system", ViaClientSecret: "system123"})
	b.viaPay("e1", viaCard)
	for name, got := range map[string]reply{
		"1002": b.viaPay("e1", viaCard),
		"1003": b.viaPay("e2", "8600492986215602"),
		"1001": b.via("POST", "merchant/confirm/pay", `{"externalId":"e3"}`),
		"1004": b.viaVerify("trx_x", "111111"),
		"1009": b.send("GET", "/via/partner/transaction", "", none),
	} {
		b.says(got, "status/code", name)
		for _, lang := range []string{"uz", "ru", "en"} {
			if got.at(t, "error/message/"+lang) == "" {
				t.Errorf("%s: no words in %s", name, lang)
			}
		}
	}
	b.says(b.viaStatus("externalId=e9"), "status/code", "1004")
	if b.Transactions() != 1 {
		t.Errorf("%d transactions", b.Transactions())
	}
}

// Row 52.
func TestViaCodes(t *testing.T) {
	synctest.Test(t, func(t *testing.T) {
		b := newBench(t, sandbox.Options{})
		id := b.viaPay("wrong", viaCard).at(t, "verifyId")
		for range 3 {
			b.says(b.viaVerify(id, "999999"), "status/code", "1006")
		}
		b.says(b.viaStatus("externalId=wrong"), "data/status", "REJECT")
		b.says(b.viaVerify(id, "111111"), "status/code", "1005")
		id = b.viaPay("late", viaCard).at(t, "verifyId")
		pass(5*time.Minute + time.Second)
		b.says(b.viaVerify(id, "111111"), "status/code", "1006")
		for card, status := range map[string]string{"8600312998546358": "REJECT", "8600312987000557": "ERROR"} {
			id = b.viaPay(card, card).at(t, "verifyId")
			b.says(b.viaVerify(id, "111111"), "status", status)
		}
		b.debits(0)
	})
}

func TestNaiveViaDebitsAgain(t *testing.T) {
	b := newBench(t, sandbox.Options{Naive: true})
	id := b.viaPay("e1", viaCard).at(t, "verifyId")
	b.viaVerify(id, "111111")
	b.viaVerify(id, "111111")
	b.debits(2)
}

// What a fault makes of an answer is told by the words of VIA.
func TestFaultsOfVia(t *testing.T) {
	for kind, want := range map[string]string{
		sandbox.WrongAmount: "SUCCESS 100600", sandbox.UnknownCode: "FROZEN 100500", sandbox.Pending: "PENDING 100500",
	} {
		b := newBench(t, sandbox.Options{})
		id := b.viaPay("e1", viaCard).at(t, "verifyId")
		b.Script(sandbox.Fault{Op: "via.verify", Account: "order-1", Kind: kind, Times: 1})
		got := b.viaVerify(id, "111111")
		if said := got.at(t, "status") + " " + got.at(t, "amount"); said != want {
			t.Errorf("%s: %s, want %s", kind, said, want)
		}
	}
	b := newBench(t, sandbox.Options{})
	id := b.viaPay("e1", viaCard).at(t, "verifyId")
	b.Script(sandbox.Fault{Op: "via.verify", Kind: sandbox.Lag, DelayMS: 60_000, Times: 1})
	b.says(b.viaVerify(id, "111111"), "status", "SUCCESS")
	b.says(b.viaStatus("externalId=e1"), "data/status", "NEW")
	b.debits(1)
}
