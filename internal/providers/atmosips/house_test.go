package atmosips_test

import (
	"context"
	"io"
	"log/slog"
	"testing"
	"time"

	"github.com/nats-io/nats.go/jetstream"

	"tolov/internal/config"
	"tolov/internal/events"
	"tolov/internal/events/eventstest"
	"tolov/internal/journal"
	"tolov/internal/payment"
	"tolov/internal/providers"
	"tolov/internal/providers/atmosips"
	"tolov/internal/providers/providertest"
	"tolov/internal/providers/rest"
	"tolov/internal/providers/sandbox"
	"tolov/internal/saga"
	"tolov/internal/telemetry"
)

// house is a worker's inside: registry, guard, engine and journal, before the sandbox. Its clock stands until it is put
// forward.
type house struct {
	t      *testing.T
	now    time.Time
	box    *sandbox.Sandbox
	runner *saga.Runner
	client *atmosips.Client
	events []string // types, in order
	last   saga.Record
}

func newHouse(t *testing.T, change ...func(*sandbox.Options)) *house {
	t.Helper()
	h := &house{t: t, now: time.Now()}
	clock := func() time.Time { return h.now }
	options := sandbox.Options{Now: clock, IPSKey: "ips-api-key", Drift: true}
	for _, c := range change {
		c(&options)
	}
	h.box = sandbox.New(options)
	http := rest.New(1, providertest.Serve(t, h.box.Handler()))
	t.Cleanup(h.box.Close)
	t.Cleanup(http.Close)
	js, err := jetstream.New(eventstest.Server(t).Conn)
	h.must(err)
	h.must(events.Layout{Shards: 1, InMemory: true}.Ensure(t.Context(), js))
	records, err := journal.Open(t.Context(), js, 1, slog.New(slog.NewTextHandler(io.Discard, nil)))
	h.must(err)
	timers, err := events.NewTimers(t.Context(), js)
	h.must(err)
	h.client = client(providertest.Host+"/atmos", http, func(s *atmosips.Settings) { s.Now = clock })
	registry, err := providers.NewRegistry(map[string]config.Merchant{"default": {
		Atmos: config.Atmos{
			BaseURL: providertest.Host + "/atmos", ConsumerKey: secret("key"), ConsumerSecret: secret("secret"),
			Timezone: "Asia/Tashkent",
		},
		AtmosIPS: config.AtmosIPS{StoreID: "3", APIKey: secret("ips-api-key")},
	}}, http, clock, nil)
	h.must(err)
	guard, err := providers.NewGuard(registry, 5*time.Second, telemetry.Off())
	h.must(err)
	h.runner = &saga.Runner{
		Flows: registry, Journal: records, Provider: guard, Timers: timers, Now: clock, Observe: h.observe,
		Policy: saga.Policy{
			Timeout: 5 * time.Second, ReviewAfter: 15 * time.Minute,
			Schedule: []time.Duration{2 * time.Second, 10 * time.Second},
		},
	}
	return h
}

func (h *house) must(err error) {
	h.t.Helper()
	if err != nil {
		h.t.Fatal(err)
	}
}

func (h *house) observe(_ context.Context, r saga.Record) {
	for _, e := range r.Events {
		h.events = append(h.events, string(e.Type))
	}
}

// send hands a command to the engine, again when it wants that.
func (h *house) send(c *payment.Command) *payment.Payment {
	h.t.Helper()
	shape := payment.ContinuingShape(c.Verb)
	if c.Verb.Opens() {
		shape = h.runner.Flows.Opening(c).Takes
	}
	if r := c.Check(shape, h.now); r != nil {
		h.t.Fatal(r)
	}
	return h.handle(saga.Input{Command: c, Print: payment.Fingerprint{Content: c.Message}})
}

func (h *house) handle(in saga.Input) *payment.Payment {
	h.t.Helper()
	for range 20 {
		done, err := h.runner.Handle(h.t.Context(), payment.ID("default", "order-1"), in, false)
		h.must(err)
		h.last = done.Record
		if done.Back == 0 {
			return done.Record.Payment
		}
		h.now = h.now.Add(done.Back)
	}
	h.t.Fatal("the message comes back again and again")
	return nil
}

// passTime lets the payment's timer fire until the payment has the status.
func (h *house) passTime(want payment.Status) *payment.Payment {
	h.t.Helper()
	p := h.last.Payment
	for range 1000 {
		if p.Status == want {
			return p
		}
		if due := h.last.State.Due; !due.IsZero() && h.now.Before(due.Time) {
			h.now = due.Time
		}
		p = h.handle(saga.Input{Wake: saga.ByTimer})
	}
	h.t.Fatalf("%s, never %s: %+v", p.Status, want, h.last.State)
	return nil
}

func (h *house) is(p *payment.Payment, want payment.Status) {
	h.t.Helper()
	if p.Status != want {
		h.t.Fatalf("%s (%+v), want %s; %+v", p.Status, p.Failure, want, h.last.Evidence)
	}
}

// moved insists on what the ledger has.
func (h *house) moved(debits, refunds int) {
	h.t.Helper()
	if d, r := h.box.Debits(), h.box.Refunds(); len(d) != debits || len(r) != refunds {
		h.t.Errorf("%d debits and %d refunds, want %d and %d: %+v", len(d), len(r), debits, refunds, d)
	}
}

// atPage has the customer finish the page that the payment waits at.
func (h *house) atPage() {
	h.t.Helper()
	p := h.last.Payment
	if p.Action == nil || p.Action.Type != payment.ActionRedirect || p.Action.URL == "" {
		h.t.Fatalf("no page: %+v", p)
	}
	h.must(h.box.PayPage(h.last.State.Transaction))
}

// fault makes the next call of an operation go wrong.
func (h *house) fault(op, kind string) {
	h.box.Script(sandbox.Fault{Op: atmosips.Name + "." + op, Kind: kind, Times: 1})
}
