package ingress_test

import (
	"bytes"
	"encoding/json"
	"fmt"
	"strings"
	"sync"
	"testing"

	"github.com/nats-io/nats.go"

	"tolov/internal/events"
	"tolov/internal/payment"
	"tolov/internal/providers/sandbox"
	"tolov/internal/saga"
)

// never is a schedule by which nobody is asked while a test lasts.
const never = "POLL_SCHEDULE=1h"

// H40, H22: what lets ATMOS debit is in the streams, whatever becomes of Redis, the worker and the server.
func TestTheIndexOutlivesRedisTheWorkerAndTheServer(t *testing.T) {
	h := newHouse(t, never)
	id, transaction := h.hosted("page")
	h.stop()
	h.redis.FlushAll()
	h.must(h.nats.Restart())
	h.until(func() bool { return h.callback("7", transaction, order, "50000") == yes() })
	h.work()
	h.says("another worker", h.callback("7", transaction, order, "50000"), yes())
	h.must(h.box.PayPage(transaction))
	h.do("recheck", "page", "")
	h.reach(id, payment.Completed)
	h.debits(1)
}

// H1, H59: the answer to apply is lost, and nobody would ask for an hour. That ATMOS asked us is reason enough to ask
// ATMOS, which alone is believed.
func TestANoticeEndsADoubtAtOnce(t *testing.T) {
	h := newHouse(t, never)
	h.box.Script(sandbox.Fault{Op: "apply", Kind: sandbox.FailAfter, Times: 1})
	id := h.pay("lost")
	h.reach(id, payment.Completed)
	h.debits(1)
	var noted *saga.Record
	for _, r := range h.records(id) {
		if r.Cause.Kind == saga.ByNotice {
			noted = &r
		}
	}
	if noted == nil || noted.Evidence == nil {
		t.Fatal("no record tells of the notice")
	}
	if e := noted.Evidence; noted.Cause.Step != "callback" || e.Outcome != payment.Unknown || e.Note != "was told yes" ||
		e.Amount != 50000 || e.Transaction != h.record(id).State.Transaction || noted.Payment.Status != payment.InDoubt {
		t.Errorf("%+v %+v", noted.Cause, noted.Evidence)
	}
}

// H59: a notice proves nothing. One that says that all is well does not make an unpaid payment paid.
func TestANoticeIsNoProof(t *testing.T) {
	h := newHouse(t, never)
	id, transaction := h.hosted("page")
	h.says("waits", h.callback("7", transaction, order, "50000"), yes())
	h.until(func() bool { return h.box.Calls()["atmos.get"] > 0 })
	h.quiet()
	if p := h.record(id).Payment; p.Status != payment.ActionRequired || p.AmountCharged != 0 {
		t.Errorf("%s, %d charged", p.Status, p.AmountCharged)
	}
}

// H27, H60, H63: a flood of notices, of questions and of nonsense makes a handful of records, no call that moves money,
// and nothing that comes back for ever.
func TestAFloodOfNoticesIsHarmless(t *testing.T) {
	h := newHouse(t, never)
	paid := h.pay("paid")
	h.reach(paid, payment.Completed)
	page, transaction := h.hosted("page")
	h.quiet()
	before := map[string]int{paid: len(h.records(paid)), page: len(h.records(page))}
	notice := func(id string) string {
		return fmt.Sprintf(`{"kind":"callback","provider":"atmos","merchant":"default","payment_id":%q}`, id)
	}
	texts := []string{
		notice(paid), notice(page), notice(""), notice(payment.ID("default", "nobody")),
		strings.Replace(notice(page), "default", "another", 1),
	}
	nonsense := []string{notice("x"), "{}", "", "[1]", strings.Replace(notice(page), "atmos", "via", 1), `{"kind":1}`}
	for range 100 {
		for _, text := range append(texts, nonsense...) {
			_, err := h.js.PublishAsync("payments.notices.atmos", []byte(text))
			h.must(err)
		}
	}
	for range 100 {
		h.says("question", h.callback("7", transaction, order, "50000"), yes())
	}
	h.quiet()
	if n := len(h.records(paid)) - before[paid]; n != 0 {
		t.Errorf("%d records more of a payment that is paid", n)
	}
	if n := len(h.records(page)) - before[page]; n > 2 {
		t.Errorf("%d records more of a payment that waits, want at most a notice and an answer", n)
	}
	if n := h.stored(events.StreamDead); n != uint64(100*len(nonsense)) {
		t.Errorf("%d dead letters, want %d", n, 100*len(nonsense))
	}
	h.debits(1)
	h.must(h.box.PayPage(transaction))
	h.do("recheck", "page", "")
	h.reach(page, payment.Completed)
}

// Operation 50: whoever shows the key is told that the card is taken, once that is stored.
func TestACardThatItsOwnerLinkedIsTakenNoteOf(t *testing.T) {
	h := newHouse(t, never)
	notices, err := h.nats.Conn.SubscribeSync("payments.notices.>")
	h.must(err)
	bind := func(key, card string) answer {
		return h.post("/atmos/card-bind", fmt.Sprintf(`{"api_key":%q,"card_id":%s}`, key, card))
	}
	for _, card := range []string{"1231", `"1231"`} {
		h.says(card, bind(apiKey, card), yes())
	}
	m, err := notices.NextMsg(patience)
	h.must(err)
	var n events.Notice
	h.must(json.Unmarshal(m.Data, &n))
	if n.Kind != "card-bind" || n.CardID != "1231" || n.Merchant != "default" || n.PaymentID != "" || n.Answer != "yes" {
		t.Errorf("%+v", n)
	}
	for _, key := range []string{"", "x", apiKey[1:], apiKey + "1"} {
		h.says(key, bind(key, "1231"), answer{401, 0, notSigned})
	}
	for _, card := range []string{"null", `""`, "{}", "[]"} {
		h.says(card, bind(apiKey, card), answer{400, 0, "The request cannot be read."})
	}
	h.quiet()
	h.must(h.js.DeleteStream(t.Context(), events.StreamNotices))
	if got := bind(apiKey, "1232"); got.Status != 0 || got.HTTP != 500 {
		t.Errorf("not stored: %+v", got)
	}
}

// Law 2 for what ATMOS will ask about: a call that ATMOS would refuse, because we could not find its payment, is not
// made. The intent is recorded, so it counts as unknown and is asked about.
func TestNoCallLeavesBeforeItsDebitCanBeFound(t *testing.T) {
	h := newHouse(t, never)
	h.must(h.js.DeleteStream(t.Context(), events.StreamIndex))
	id := h.pay("lost")
	page := h.do("pay", "page", `,"provider":"atmos","amount":50000,"account":"`+order+`","hosted":{}`)
	h.reach(id, payment.InDoubt)
	if n := h.box.Calls()["atmos.apply"]; n != 0 {
		t.Errorf("%d calls", n)
	}
	h.until(func() bool { return strings.Contains(h.log.String(), "index atmos of "+page) })
	if p := h.record(page).Payment; p != nil && p.Action != nil {
		t.Error("a page went out that ATMOS could not be told about")
	}
	h.debits(0)
}

// I8: no key, no signature and nothing that a stranger wrote gets into a stream, a notice or the log.
func TestSecretsOfTheCallbacksStayOutside(t *testing.T) {
	h := newHouse(t)
	var seen bytes.Buffer
	var mu sync.Mutex
	everything, err := h.nats.Conn.Subscribe(">", func(m *nats.Msg) {
		mu.Lock()
		defer mu.Unlock()
		fmt.Fprintln(&seen, m.Subject, m.Header, string(m.Data))
	})
	h.must(err)
	const card = "8600490744313347"
	id := h.pay("token")
	h.reach(id, payment.Completed)
	c := h.last()
	_, transaction := h.hosted("page")
	h.callback("7", transaction, card, "50000")
	h.callback("7", card, order, "50000")
	h.callback(card, transaction, order, "50000")
	h.post("/atmos/callback", `{"sign":"`+card+`","store_id":`+card+`}`)
	h.post("/atmos/callback", card)
	h.post("/atmos/card-bind", `{"api_key":"`+card+`","card_id":"1"}`)
	h.post("/atmos/card-bind", `{"api_key":"`+apiKey+`","card_id":"1"}`)
	h.quiet()
	h.must(h.nats.Conn.FlushTimeout(patience))
	h.must(everything.Unsubscribe())
	mu.Lock()
	defer mu.Unlock()
	if !strings.Contains(seen.String(), "payments.notices.atmos") {
		t.Fatal("the notices were not seen")
	}
	for name, secret := range map[string]string{"key": apiKey, "sign": c.Sign, "card": card} {
		for place, text := range map[string]string{"NATS": seen.String(), "log": h.log.String()} {
			if at := strings.Index(text, secret); at >= 0 {
				t.Errorf("%s in %s: …%s…", name, place, text[max(0, at-200):at])
			}
		}
	}
}
