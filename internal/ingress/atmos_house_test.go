package ingress_test

import (
	"bytes"
	"context"
	"crypto/md5"
	"encoding/hex"
	"encoding/json"
	"fmt"
	"io"
	"log/slog"
	"net"
	"net/http"
	"net/http/httptest"
	"strings"
	"sync"
	"testing"
	"time"

	"github.com/alicebob/miniredis/v2"
	"github.com/nats-io/nats.go/jetstream"
	"github.com/redis/go-redis/v9"

	"tolov/internal/config"
	"tolov/internal/events"
	"tolov/internal/events/eventstest"
	"tolov/internal/ingress"
	"tolov/internal/journal"
	"tolov/internal/payment"
	"tolov/internal/providers/sandbox"
	"tolov/internal/saga"
	"tolov/internal/telemetry"
	"tolov/internal/worker"
)

const (
	apiKey   = "canary-key-7731"
	patience = 30 * time.Second
	order    = "order-1" // the account of every payment
)

// house is a worker, an ingress and the sandbox as ATMOS, each on real connections. ATMOS asks the ingress before it
// debits.
type house struct {
	t     *testing.T
	cfg   *config.Config
	nats  *eventstest.Bench
	js    jetstream.JetStream
	redis *miniredis.Miniredis
	box   *sandbox.Sandbox
	url   string // of the ingress
	log   *book

	mu    sync.Mutex
	asked []sandbox.Callback
	stop  func() // of the worker
}

// book keeps the log.
type book struct {
	mu   sync.Mutex
	text bytes.Buffer
}

func (b *book) Write(p []byte) (int, error) {
	b.mu.Lock()
	defer b.mu.Unlock()
	return b.text.Write(p)
}

func (b *book) String() string {
	b.mu.Lock()
	defer b.mu.Unlock()
	return b.text.String()
}

func newHouse(t *testing.T, settings ...string) *house {
	t.Helper()
	h := &house{t: t, nats: eventstest.Server(t), redis: miniredis.RunT(t), log: &book{}}
	h.build(sandbox.Options{CallbackKey: apiKey, Callback: h.ask, FirstID: 220_000},
		append(settings, "ATMOS_API_KEY="+apiKey)...)
	return h
}

func (h *house) build(box sandbox.Options, settings ...string) {
	t := h.t
	t.Helper()
	t.Parallel()
	h.box = sandbox.New(box)
	bank := httptest.NewServer(h.box.Handler())
	t.Cleanup(func() { h.box.Close(); bank.Close() })
	var err error
	h.js, err = jetstream.New(h.nats.Conn)
	h.must(err)
	h.cfg, err = config.Load(append([]string{
		"NATS_URL=pipe", "ATMOS_BASE_URL=" + bank.URL + "/atmos", "ATMOS_CONSUMER_KEY=k", "ATMOS_CONSUMER_SECRET=s",
		"ATMOS_STORE_ID=7", "ATMOS_CHECKOUT_URL=" + bank.URL + "/atmos/invoice/get", "CARD_DATA=clear",
		"JOURNAL_SHARDS=2",
	}, settings...))
	h.must(err)
	h.work()
	t.Cleanup(func() { h.stop() })
	h.open()
}

func (h *house) must(err error) {
	h.t.Helper()
	if err != nil {
		h.t.Fatal(err)
	}
}

func (h *house) logger() *slog.Logger {
	return slog.New(slog.NewTextHandler(h.log, &slog.HandlerOptions{Level: slog.LevelDebug}))
}

// work brings a worker to life.
func (h *house) work() {
	nc, err := h.nats.Connect()
	h.must(err)
	client := redis.NewClient(&redis.Options{Addr: h.redis.Addr()})
	ctx, end := context.WithCancel(context.Background())
	made, err := worker.New(ctx, worker.Parts{
		Config: h.cfg, NATS: nc, Redis: client, Log: h.logger(), Telemetry: telemetry.Off(), Version: "test",
	})
	h.must(err)
	ended := make(chan error, 1)
	go func() { ended <- made.Run(ctx) }()
	h.stop = sync.OnceFunc(func() {
		end()
		if err := <-ended; err != nil {
			h.t.Error(err)
		}
		nc.Close()
		_ = client.Close()
	})
}

// open lets an ingress serve on a port of its own.
func (h *house) open() {
	nc, err := h.nats.Connect()
	h.must(err)
	i, err := ingress.New(ingress.Parts{
		Config: h.cfg, NATS: nc, Log: h.logger(), Telemetry: telemetry.Off(), Version: "test", Now: time.Now,
	})
	h.must(err)
	listener, err := net.Listen("tcp", "127.0.0.1:0")
	h.must(err)
	ctx, end := context.WithCancel(context.Background())
	ended := make(chan error, 1)
	go func() { ended <- i.Serve(ctx, listener) }()
	h.t.Cleanup(func() { end(); <-ended; nc.Close() })
	h.url = "http://" + listener.Addr().String()
	h.until(func() bool { return i.Ready() == nil })
}

// until waits for what comes about by itself.
func (h *house) until(reached func() bool) {
	h.t.Helper()
	for late := time.After(patience); !reached(); {
		select {
		case <-time.After(5 * time.Millisecond):
		case <-late:
			h.t.Fatalf("never came about; the log:\n%s", h.log)
		}
	}
}

// ask is ATMOS's question, put to the ingress.
func (h *house) ask(c sandbox.Callback) bool {
	h.mu.Lock()
	h.asked = append(h.asked, c)
	h.mu.Unlock()
	return sandbox.CallbackTo(h.url+"/atmos/callback", &http.Client{})(c)
}

func (h *house) last() sandbox.Callback {
	h.mu.Lock()
	defer h.mu.Unlock()
	return h.asked[len(h.asked)-1]
}

// answer is what the ingress says.
type answer struct {
	HTTP    int
	Status  int    `json:"status"`
	Message string `json:"message"`
}

func (h *house) post(path, body string) (a answer) {
	h.t.Helper()
	reply, err := (&http.Client{}).Post(h.url+path, "application/json", strings.NewReader(body))
	h.must(err)
	defer func() { _ = reply.Body.Close() }()
	text, err := io.ReadAll(reply.Body)
	h.must(err)
	if len(text) > 0 {
		h.must(json.Unmarshal(text, &a))
	}
	a.HTTP = reply.StatusCode
	return a
}

// callback asks with a right signature, whatever is asked.
func (h *house) callback(store, transaction, invoice, amount string) answer {
	h.t.Helper()
	sum := md5.Sum([]byte(store + transaction + invoice + amount + apiKey))
	return h.post("/atmos/callback", fmt.Sprintf(
		`{"store_id":%q,"transaction_id":%q,"transaction_time":"now","amount":%q,"invoice":%q,"sign":"%x"}`,
		store, transaction, amount, invoice, sum))
}

func signOf(c sandbox.Callback) string {
	sum := md5.Sum([]byte(fmt.Sprint(c.StoreID) + fmt.Sprint(c.TransactionID) + c.Invoice + fmt.Sprint(c.Amount) + apiKey))
	return hex.EncodeToString(sum[:])
}

// do publishes a command, as the contract has it, and gives the payment's id.
func (h *house) do(verb, extID, fields string) string {
	h.t.Helper()
	body := fmt.Sprintf(`{"ext_id":%q%s}`, extID, fields)
	_, err := h.js.Publish(h.t.Context(), "payments.commands."+verb, []byte(body))
	h.must(err)
	return payment.ID(payment.DefaultMerchant, extID)
}

const byToken = `,"provider":"atmos","amount":50000,"account":"` + order + `","card":{"token":"t"}`

func (h *house) pay(extID string) string { return h.do("pay", extID, byToken) }

// hosted opens a payment whose customer is at the page, and gives its transaction too.
func (h *house) hosted(extID string) (id, transaction string) {
	h.t.Helper()
	id = h.do("pay", extID, `,"provider":"atmos","amount":50000,"account":"`+order+`","hosted":{}`)
	h.reach(id, payment.ActionRequired)
	return id, h.record(id).State.Transaction
}

func (h *house) journal() *journal.Journal {
	h.t.Helper()
	j, err := journal.Open(h.t.Context(), h.js, h.cfg.Shards, h.logger())
	h.must(err)
	return j
}

func (h *house) record(id string) saga.Record {
	h.t.Helper()
	r, err := h.journal().Latest(h.t.Context(), id)
	h.must(err)
	return r
}

func (h *house) records(id string) []saga.Record {
	h.t.Helper()
	all, err := h.journal().History(h.t.Context(), id)
	h.must(err)
	return all
}

// reach waits until the payment has a status.
func (h *house) reach(id string, want payment.Status) {
	h.t.Helper()
	h.until(func() bool {
		p := h.record(id).Payment
		return p != nil && p.Status == want
	})
}

// stored is how many messages a stream holds.
func (h *house) stored(stream string) uint64 {
	h.t.Helper()
	s, err := h.js.Stream(h.t.Context(), stream)
	h.must(err)
	return s.CachedInfo().State.Msgs
}

// quiet waits until no notice is left.
func (h *house) quiet() {
	h.t.Helper()
	h.until(func() bool { return h.stored(events.StreamNotices) == 0 })
}

func (h *house) debits(want int) {
	h.t.Helper()
	if got := h.box.Debits(); len(got) != want {
		h.t.Errorf("%d debits, want %d: %+v", len(got), want, got)
	}
}
