package campaign_test

import (
	"context"
	"fmt"
	"log/slog"
	"math/rand/v2"
	"net"
	"net/http"
	"os"
	"runtime"
	"slices"
	"sync"
	"testing"
	"time"

	"github.com/alicebob/miniredis/v2"
	"github.com/nats-io/nats-server/v2/server"
	"github.com/nats-io/nats-server/v2/server/ats"
	"github.com/nats-io/nats.go"
	"github.com/nats-io/nats.go/jetstream"
	"github.com/redis/go-redis/v9"

	"tolov/internal/config"
	"tolov/internal/keyfile"
	"tolov/internal/payment"
	"tolov/internal/providers/sandbox"
	"tolov/internal/saga"
	"tolov/internal/telemetry"
	"tolov/internal/worker"
)

// TestMain starts the one goroutine of nats-server that must live outside of bubbles.
func TestMain(m *testing.M) {
	ats.Register()
	os.Exit(m.Run())
}

// latency is how long the sandbox takes for a call.
const latency = 100 * time.Millisecond

// house is everything around the workers.
type house struct {
	t     *testing.T
	mu    sync.Mutex
	rand  *rand.Rand
	nats  *server.Server
	redis *miniredis.Miniredis
	box   *sandbox.Sandbox
	bank  *exchange
	http  *http.Server
	nc    *nats.Conn // the callers' connection, never cut
	js    jetstream.JetStream

	around    func(saga.Provider) saga.Provider
	impatient bool            // a person is called soon, as after a long outage
	keys      payment.Keyring // the workers' own; nil: they were given none
	settings  []string        // beside the usual ones
	telemetry *telemetry.Telemetry
	log       *slog.Logger

	named   map[string]string // ext_ids, by the ids that providers have
	workers []*incarnation
	born    int
	doors   map[int]*door
	uzum    *sandbox.Uzum // nil: it does not call
}

// newHouse starts the parts that outlive workers. It must be called in a bubble. The libraries below keep used timers
// in a pool of the process, and a timer dies with its bubble: two collections empty every pool, and for the same reason
// no two bubbles run at once.
func newHouse(t *testing.T, seed uint64) *house {
	t.Helper()
	return newHouseWith(t, sandbox.Options{Seed: seed, Drift: seed%2 == 0, Naive: true, Latency: latency})
}

func newHouseWith(t *testing.T, options sandbox.Options) *house {
	t.Helper()
	seed := options.Seed
	runtime.GC()
	runtime.GC()
	h := &house{
		t: t, rand: rand.New(rand.NewPCG(seed, 7)), bank: newExchange(), redis: miniredis.NewMiniRedis(),
		impatient: seed%2 == 1, telemetry: telemetry.Off(), log: logger(), named: map[string]string{},
		doors: map[int]*door{},
	}
	var err error
	h.nats, err = server.NewServer(&server.Options{
		ServerName: "campaign", DontListen: true, JetStream: true, StoreDir: t.TempDir(), NoSigs: true, NoLog: true,
	})
	h.must(err)
	h.nats.Start()
	if !h.nats.ReadyForConnections(time.Minute) {
		t.Fatal("NATS is not ready")
	}
	h.box = sandbox.New(options)
	h.http = &http.Server{Handler: h.box.Handler(), ReadHeaderTimeout: time.Minute}
	go func() { _ = h.http.Serve(h.bank) }()
	h.nc, err = nats.Connect("", nats.InProcessServer(h.nats))
	h.must(err)
	h.js, err = jetstream.New(h.nc)
	h.must(err)
	return h
}

// close ends everything, so that the bubble can end.
func (h *house) close() {
	for _, w := range h.workers {
		w.stop()
	}
	for _, d := range h.doors {
		d.stop()
	}
	pass(10 * time.Second) // what a dead ingress had in hand gives up by itself
	h.nc.Close()
	h.box.Close()
	_ = h.http.Close()
	_ = h.bank.Close()
	h.redis.Close()
	h.nats.Shutdown()
	h.nats.WaitForShutdown()
}

func (h *house) must(err error) {
	h.t.Helper()
	if err != nil {
		h.t.Fatal(err)
	}
}

func (h *house) config() *config.Config {
	settings := []string{
		"NATS_URL=pipe", "ATMOS_BASE_URL=http://bank/atmos", "ATMOS_CONSUMER_KEY=k", "ATMOS_CONSUMER_SECRET=s",
		"ATMOS_STORE_ID=1", "CARD_DATA=clear", "WORKER_CONCURRENCY=64", "JOURNAL_SHARDS=2",
		"VIA_BASE_URL=http://bank/via", "VIA_CLIENT_ID=i", "VIA_CLIENT_SECRET=s", "VIA_MERCHANT_ID=mrt_1",
		"PAYSYS_URL=http://bank/paysys/gateway", "PAYSYS_SERVICE_ID=7", "PAYSYS_SECRET_KEY=s", "ATMOS_IPS_STORE_ID=3",
	}
	settings = slices.Concat(settings, uzumSettings(), h.settings)
	if h.impatient {
		settings = append(settings, "REVIEW_AFTER=45s")
	}
	cfg, err := config.Load(settings)
	h.must(err)
	cfg.Keys = keyfile.Fixed(h.keys)
	return cfg
}

// incarnation is one life of a worker.
type incarnation struct {
	name  string
	wires *wires
	nc    *nats.Conn
	redis *redis.Client
	end   context.CancelFunc
	ended chan error
}

type natsDialer struct {
	h *house
	w *wires
}

func (d natsDialer) Dial(string, string) (net.Conn, error) { return d.w.add(d.h.nats.InProcessConn()) }

// SkipTLSHandshake is for pipes.
func (natsDialer) SkipTLSHandshake() bool { return true }

// connect gives a program its connection to NATS.
func (h *house) connect(w *wires) *nats.Conn {
	nc, err := nats.Connect("nats://127.0.0.1:4222", nats.SetCustomDialer(natsDialer{h, w}),
		nats.MaxReconnects(-1), nats.ReconnectWait(250*time.Millisecond), nats.ReconnectBufSize(-1),
		nats.ErrorHandler(func(*nats.Conn, *nats.Subscription, error) {})) // of wires that were cut
	h.must(err)
	return nc
}

// start brings a worker to life.
func (h *house) start() *incarnation {
	h.born++
	w := &incarnation{name: fmt.Sprint("w", h.born), wires: newWires(), ended: make(chan error, 1)}
	w.nc = h.connect(w.wires)
	w.redis = redis.NewClient(&redis.Options{
		Addr: "127.0.0.1:6379", MaxRetries: -1,
		Dialer: func(context.Context, string, string) (net.Conn, error) { return w.wires.add(h.redis.Dial()) },
	})
	ctx, end := context.WithCancel(context.Background())
	w.end = end
	made, err := worker.New(ctx, worker.Parts{
		Config: h.config(), NATS: w.nc, Redis: w.redis, Log: h.log, Telemetry: h.telemetry, Version: "test",
		Dial:    func(ctx context.Context, _, _ string) (net.Conn, error) { return w.wires.add(h.bank.dial(ctx)) },
		Testing: worker.Testing{InMemory: true, SweepEvery: 2 * time.Minute, Around: h.around},
	})
	h.must(err)
	go func() { w.ended <- made.Run(ctx) }()
	h.workers = append(h.workers, w)
	return w
}

// stop ends a worker as SIGTERM does.
func (w *incarnation) stop() {
	w.end()
	<-w.ended
	w.wires.kill()
	w.nc.Close()
	_ = w.redis.Close()
}

// kill ends a worker as SIGKILL does.
func (h *house) kill(w *incarnation) {
	w.wires.kill()
	w.nc.Close()
	w.end()
	<-w.ended
	_ = w.redis.Close()
	for i, other := range h.workers {
		if other == w {
			h.workers = append(h.workers[:i], h.workers[i+1:]...)
			return
		}
	}
}

func logger() *slog.Logger {
	if testing.Verbose() && os.Getenv("CAMPAIGN_LOG") != "" {
		return slog.New(slog.NewTextHandler(os.Stderr, &slog.HandlerOptions{Level: slog.LevelInfo}))
	}
	return slog.New(slog.DiscardHandler)
}

// pass lets the bubble's time pass.
func pass(d time.Duration) { <-time.After(d) }

// pick draws a number below n.
func (h *house) pick(n int) int {
	h.mu.Lock()
	defer h.mu.Unlock()
	return h.rand.IntN(n)
}
