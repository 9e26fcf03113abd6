package sandbox_test

import (
	"crypto/md5"
	"encoding/hex"
	"fmt"
	"io"
	"net/http"
	"net/http/httptest"
	"net/url"
	"strings"
	"sync/atomic"
	"testing"
	"time"

	"github.com/go-json-experiment/json"

	"tolov/internal/providers/sandbox"
)

func pageOf(id int64, more string) string {
	return fmt.Sprintf("/atmos/invoice/get?storeId=7&transactionId=%d%s", id, more)
}

func (b *bench) payPage(id int64, card, more string) reply {
	b.t.Helper()
	form := url.Values{"card_number": {card}, "expiry": {"2802"}}.Encode()
	return b.send("POST", pageOf(id, more), form, func(r *http.Request) {
		r.Header.Set("Content-Type", "application/x-www-form-urlencoded")
	})
}

func TestRow27PaymentPage(t *testing.T) {
	b := newBench(t, sandbox.Options{})
	b.client.CheckRedirect = func(*http.Request, []*http.Request) error { return http.ErrUseLastResponse }
	id := b.create(`<order & "1">`)
	shows := func(path string, status int, text string) {
		t.Helper()
		if got := b.send("GET", path, "", none); got.status != status || !strings.Contains(got.body, text) {
			t.Errorf("%s: %d %s", path, got.status, got.body)
		}
	}
	shows(pageOf(id, ""), 200, "Account &lt;order &amp; &#34;1&#34;&gt;, 1005.00 UZS")
	shows(pageOf(id, ""), 200, `<form method="post">`)
	shows(pageOf(99, ""), 404, "no such transaction")
	shows("/atmos/invoice/get?storeId=8&transactionId=1", 404, "no such transaction")
	shows("/atmos/invoice/get?storeId=7&transactionId=x", 400, "are numbers")
	b.hold(token, 500, 10)
	shows(pageOf(id+2, ""), 404, "no such transaction") // a hold's

	if got := b.payPage(id, "8600312998546358", ""); got.status != 402 || !strings.Contains(got.body, "Insufficient") {
		t.Errorf("a poor card: %d %s", got.status, got.body)
	}
	b.debits(0)
	got := b.payPage(id, "9860090101893213", "&redirectLink=http://site.example/back")
	if got.status != 303 || got.header.Get("Location") != "http://site.example/back" {
		t.Errorf("paid: %d %v", got.status, got.header)
	}
	shows(pageOf(id, ""), 200, "Paid")
	b.code("STPIMS-ERR-092", b.get(id))
	b.code("STPIMS-ERR-092", b.apply(id, "111111"))
	if got := b.payPage(id, "9860090101893213", ""); got.status != 402 {
		t.Errorf("paid twice: %d %s", got.status, got.body)
	}
	second := b.create(account)
	if got := b.payPage(second, "9860090101014364", "&redirectLink=ftp://site.example/"); got.status != 200 {
		t.Errorf("a link that is none: %d %v", got.status, got.header)
	}
	b.debits(2)
	if d := b.Debits()[0]; d.Card != "986009******3213" || d.Amount != amount {
		t.Errorf("debit %+v", d)
	}
}

func TestPageIsPaidAndAbandonedByTheBench(t *testing.T) {
	b := newBench(t, sandbox.Options{})
	paid, left := fmt.Sprint(b.create(account)), fmt.Sprint(b.create(account))
	if err := b.PayPage(paid); err != nil {
		t.Error(err)
	}
	if err := b.AbandonPage(left); err != nil {
		t.Error(err)
	}
	for _, err := range []error{b.PayPage(paid), b.AbandonPage(paid), b.PayPage(left), b.PayPage("99"), b.PayPage("x")} {
		if err == nil {
			t.Error("a page that is closed was taken")
		}
	}
	b.code("STPIMS-ERR-092", b.get(1))
	b.code("OK", b.get(2))
	b.debits(1)
	b.create(account)
	for path, want := range map[string]int{"3/pay": 204, "2/abandon": 409, "9/pay": 409} {
		if got := b.send("POST", "/sandbox/pages/"+path, "", none); got.status != want {
			t.Errorf("%s: HTTP %d, want %d", path, got.status, want)
		}
	}
	b.debits(2)
}

// TestRow49CallbackIsAskedBeforeTheDebit is the provider's half of operation 49.
func TestRow49CallbackIsAskedBeforeTheDebit(t *testing.T) {
	agrees := atomic.Bool{}
	var asked []sandbox.Callback
	billing := httptest.NewServer(http.HandlerFunc(func(w http.ResponseWriter, r *http.Request) {
		var c sandbox.Callback
		text, _ := io.ReadAll(r.Body)
		if err := json.Unmarshal(text, &c); err != nil {
			t.Error(err)
		}
		asked = append(asked, c)
		status := 0
		if agrees.Load() {
			status = 1
		}
		_, _ = fmt.Fprintf(w, `{"status":%d,"message":"m"}`, status)
	}))
	defer billing.Close()
	b := newBench(t, sandbox.Options{
		CallbackKey: "secret", Callback: sandbox.CallbackTo(billing.URL, billing.Client()),
		Now: func() time.Time { return time.Date(2026, 1, 2, 3, 4, 5, 0, time.UTC) },
	})
	id := b.prepared(account, token)
	b.code("STPIMS-ERR-093", b.apply(id, "111111"))
	b.code("OK", b.get(id))
	first, second := b.bulkPrepared(token)
	b.result("STPIMS-ERR-093", b.bulkApply("111111", first, second))
	b.debits(0)
	agrees.Store(true)
	b.code("OK", b.apply(id, "111111"))
	b.result("OK", b.bulkApply("111111", first, second))
	b.result("OK", b.charge(b.held(500), 300))
	b.create(account)
	b.debits(4)
	if len(asked) != 6 {
		t.Fatalf("asked %+v", asked)
	}
	sign := md5.Sum([]byte(fmt.Sprintf("7%d%s%dsecret", id, account, amount)))
	want := sandbox.Callback{
		StoreID: 7, TransactionID: id, TransactionTime: "2026-01-02T03:04:05Z", Amount: amount, Invoice: account,
		Sign: hex.EncodeToString(sign[:]),
	}
	if asked[0] != want || asked[5].Amount != 300 {
		t.Errorf("asked %+v, want %+v", asked[0], want)
	}
	billing.Close()
	b.code("STPIMS-ERR-093", b.apply(b.prepared(account, token), "111111"))
	b.debits(4)
}

func TestNothingMovesWhileBillingIsBeingAsked(t *testing.T) {
	var b *bench
	var during []string
	var id, hold int64
	b = newBench(t, sandbox.Options{Callback: func(c sandbox.Callback) bool {
		if c.TransactionID != id {
			during = append(during, b.charge(hold, 500).at(t, "result/code"), b.cancel(hold).at(t, "result/code"))
			return true
		}
		during = append(during, b.apply(id, "111111").story(t, id), b.preApply(id, token).story(t, id),
			b.get(id).story(t, id))
		if b.PayPage(fmt.Sprint(id)) == nil || b.AbandonPage(fmt.Sprint(id)) == nil {
			t.Error("the page was open")
		}
		return true
	}})
	id, hold = b.prepared(account, token), b.held(500)
	b.code("OK", b.apply(id, "111111"))
	b.result("OK", b.charge(hold, 500))
	if got := fmt.Sprint(during); got != "[STPIMS-ERR-065 STPIMS-ERR-065 OK STPIMS-ERR-065 STPIMS-ERR-143]" {
		t.Error(got)
	}
	b.debits(2)
}
