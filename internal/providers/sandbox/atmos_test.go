package sandbox_test

import (
	"net/http"
	"strings"
	"sync"
	"testing"
	"testing/synctest"
	"time"

	"tolov/internal/providers/sandbox"
)

func TestConcurrentAppliesDebitOnce(t *testing.T) {
	b := newBench(t, sandbox.Options{})
	id := b.prepared(account, token)
	var replies [50]reply
	var all sync.WaitGroup
	for i := range replies {
		all.Go(func() { replies[i] = b.apply(id, "111111") })
	}
	all.Wait()
	counts := map[string]int{}
	for _, got := range replies {
		counts[got.story(t, id)]++
	}
	if counts["OK"] != 1 || counts["STPIMS-ERR-092"] != 49 {
		t.Errorf("answers %v", counts)
	}
	b.debits(1)
}

func TestLedgerTellsWhatHappened(t *testing.T) {
	at := time.Date(2026, 1, 2, 3, 4, 5, 0, time.UTC)
	b := newBench(t, sandbox.Options{Now: func() time.Time { return at }, FirstID: 500})
	b.code("OK", b.apply(b.prepared(account, number), "111111"))
	b.create("order-2")
	want := sandbox.Debit{
		N: 1, Provider: "atmos", Store: "7", Transaction: "500", Account: account, Amount: amount,
		Card: "986009******4364", At: at,
	}
	if got := b.Debits(); len(got) != 1 || got[0] != want {
		t.Errorf("ledger %+v, want %+v", got, want)
	}
	if got, _ := b.Transaction("501"); got.State != "created" || got.Account != "order-2" || b.Transactions() != 2 {
		t.Errorf("second transaction %+v of %d", got, b.Transactions())
	}
}

func TestThreeWrongCodesCancel(t *testing.T) {
	b := newBench(t, sandbox.Options{})
	for _, card := range []string{number, token} {
		id := b.prepared(account, card)
		for range 3 {
			b.code("STPIMS-ERR-098", b.apply(id, "999999"))
		}
		for _, got := range []reply{b.apply(id, "111111"), b.get(id), b.preApply(id, card)} {
			b.code("STPIMS-ERR-064", got)
		}
	}
	b.debits(0)
}

func TestCodeRunsOutAndIsSentAgain(t *testing.T) {
	synctest.Test(t, func(t *testing.T) {
		b := newBench(t, sandbox.Options{})
		id := b.prepared(account, number)
		pass(5*time.Minute + time.Second)
		b.code("STPIMS-ERR-098", b.apply(id, "111111"))
		b.debits(0)
		b.code("OK", b.pay("otp-resend", `{"transaction_id":%d}`, id))
		pass(5 * time.Minute)
		b.code("OK", b.apply(id, "111111"))

		id = b.prepared(account, token)
		b.code("STPIMS-ERR-012", b.pay("otp-resend", `{"transaction_id":%d}`, id))
		pass(30 * time.Minute)
		b.code("OK", b.apply(id, "111111"))
		b.debits(2)
	})
}

func TestRefusals(t *testing.T) {
	b := newBench(t, sandbox.Options{})
	id := b.create(account)
	for _, row := range []struct{ call, body, want string }{
		{"create", `{"store_id":7,"account":"a"}`, "STPIMS-ERR-006"},
		{"create", `{"store_id":7,"account":"a","amount":null}`, "STPIMS-ERR-006"},
		{"create", `{"store_id":7,"account":"a","amount":0}`, "STPIMS-ERR-039"},
		{"create", `{"store_id":7,"account":"a","amount":"1.5"}`, "STPIMS-ERR-007"},
		{"create", `{"store_id":"main","account":"a","amount":1}`, "STPIMS-ERR-007"},
		{"pre-apply", `{"store_id":7,"transaction_id":1}`, "STPIMS-ERR-006"},
		{"pre-apply", `{"store_id":7,"transaction_id":1,"card_number":"9860090101014364"}`, "STPIMS-ERR-006"},
		{"pre-apply", `{"store_id":7,"transaction_id":1,"card_number":"98600901","expiry":"2802"}`, "STPIMS-ERR-117"},
		{"pre-apply", `{"store_id":7,"transaction_id":1,"card_number":9860090101014364,"expiry":2813}`, "STPIMS-ERR-007"},
		{"pre-apply", `{"store_id":7,"transaction_id":1,` + token + `,` + number + `}`, "STPIMS-ERR-009"},
		{"pre-apply", `{"store_id":7,"transaction_id":2,` + token + `}`, "STPIMS-ERR-061"},
		{"pre-apply", `{"transaction_id":1,` + token + `}`, "STPIMS-ERR-006"},
		{"apply", `{"store_id":7,"transaction_id":1,"otp":111111}`, "STPIMS-ERR-012"},
		{"apply", `{"store_id":7,"otp":111111}`, "STPIMS-ERR-006"},
		{"apply", `{"store_id":7,"transaction_id":"x","otp":111111}`, "STPIMS-ERR-007"},
		{"otp-resend", `{"transaction_id":1}`, "STPIMS-ERR-012"},
		{"otp-resend", `{"transaction_id":2}`, "STPIMS-ERR-061"},
		{"get", `{"store_id":7}`, "STPIMS-ERR-006"},
	} {
		if got := b.pay(row.call, "%s", row.body).story(t, id); got != row.want {
			t.Errorf("%s %s: %s, want %s", row.call, row.body, got, row.want)
		}
	}
	b.code("OK", b.preApply(id, token))
	b.code("STPIMS-ERR-006", b.pay("apply", `{"store_id":7,"transaction_id":%d}`, id))
	for _, body := range []string{`{`, ``, `[]`, `{"store_id":{}}`, `{"store_id":1,"store_id":2}`} {
		if got := b.pay("get", "%s", body); got.status != http.StatusBadRequest {
			t.Errorf("%q: HTTP %d", body, got.status)
		}
	}
	b.debits(0)
}

func TestMagicCards(t *testing.T) {
	b := newBench(t, sandbox.Options{})
	for card, want := range map[string]string{
		"8600492986215602": "pre-apply STPIMS-ERR-067",
		"8600493214116133": "pre-apply STPIMS-ERR-089",
		"8600312998546358": "apply STPIMS-ERR-057",
		"8600312987000557": "apply STPIMS-ERR-001",
		"9860090101893213": "apply OK",
		"blocked-token":    "pre-apply STPIMS-ERR-058",
		"missing-token":    "pre-apply STPIMS-ERR-004",
		"insufficient-1":   "apply STPIMS-ERR-057",
		"any-token":        "apply OK",
	} {
		given := `"card_number":"` + card + `","expiry":"2003"`
		if strings.Contains(card, "-") {
			given = `"card_token":"` + card + `"`
		}
		id := b.create(card)
		got := "pre-apply " + b.preApply(id, given).story(t, id)
		if got == "pre-apply OK" {
			got = "apply " + b.apply(id, "111111").story(t, id)
		}
		if got != want {
			t.Errorf("%s: %s, want %s", card, got, want)
		}
	}
	b.debits(2)
}

func TestMagicTokens(t *testing.T) {
	for _, row := range []struct {
		token                string
		first, second        string
		atOnce, later, at2nd int
	}{
		{"silent", "never answered", "STPIMS-ERR-092", 1, 1, 1},
		{"lost", "never answered", "OK", 0, 0, 1},
		{"late", "never answered", "STPIMS-ERR-092", 0, 1, 1},
	} {
		synctest.Test(t, func(t *testing.T) {
			b := newBench(t, sandbox.Options{})
			b.Quiet() // magic is not a fault
			id := b.prepared(account, `"card_token":"`+row.token+`"`)
			first := b.apply(id, "111111").story(t, id)
			b.debits(row.atOnce)
			pass(2 * time.Second)
			b.debits(row.later)
			second := b.apply(id, "111111").story(t, id)
			b.debits(row.at2nd)
			if first != row.first || second != row.second {
				t.Errorf("%s: %s, then %s", row.token, first, second)
			}
		})
	}
}

// BenchmarkPay is a whole payment of three calls, without a network.
func BenchmarkPay(b *testing.B) {
	box := newBench(b, sandbox.Options{})
	for b.Loop() {
		box.apply(box.prepared(account, token), "111111")
	}
}
