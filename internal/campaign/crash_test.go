package campaign_test

import (
	"context"
	"fmt"
	"slices"
	"testing"
	"testing/synctest"
	"time"

	"github.com/nats-io/nats.go/jetstream"

	"tolov/internal/events"
	"tolov/internal/journal"
	"tolov/internal/payment"
	"tolov/internal/providers"
	"tolov/internal/providers/rest"
	"tolov/internal/saga"
	"tolov/internal/telemetry"
)

// TestCrashAnywhereEndsTheSame kills the worker before and after every append, call, timer and acknowledgement, and
// then delivers the message again. The end is the same and the card is debited once (H2, H3, H42; I1, I2, I7, I9).
func TestCrashAnywhereEndsTheSame(t *testing.T) {
	for _, sc := range slices.Concat(scenes(), bulkScenes(), holdScenes(), refundScenes(), cardScenes(),
		withdrawScenes(), ipsPayScenes(), ipsHoldScenes(), ipsCardScenes(), viaScenes(), paysysScenes()) {
		t.Run(sc.name, func(t *testing.T) {
			synctest.Test(t, func(t *testing.T) {
				m := newMatrix(t, sc)
				defer m.close()
				points := m.run("clean", 0, 0)
				stride := max(1, points/50) // a long wait is the same point again and again
				if testing.Short() {
					stride *= 8
				}
				for first := 1; first <= points; first += stride {
					m.run(fmt.Sprint("dies at ", first), first, 0)
				}
				if testing.Short() {
					return
				}
				for first := 1; first <= points; first += max(2, points/10) { // and once more on the way back
					for second := 1; second <= 8; second++ {
						m.run(fmt.Sprint("dies at ", first, " and ", second), first, second)
					}
				}
				t.Logf("%d points", points)
			})
		})
	}
}

// matrix runs one scene many times, each with another payment.
type matrix struct {
	*house
	scene   scene
	journal *journal.Journal
	timers  *events.Timers
	due     jetstream.Consumer
	guard   *providers.Guard
	flows   *providers.Registry
	decoder *events.Decoder
	http    *rest.Client
	runs    int
}

func newMatrix(t *testing.T, sc scene) *matrix {
	h := newHouse(t, 1)
	h.settings = []string{"PAYSYS_CALLS_PER_MINUTE=60000"} // each run begins with no call made
	h.withKeys()
	m := &matrix{house: h, scene: sc}
	ctx := t.Context()
	h.must(events.Layout{Shards: 2, InMemory: true}.Ensure(ctx, h.js))
	var err error
	m.journal, err = journal.Open(ctx, h.js, 2, logger())
	h.must(err)
	m.timers, err = events.NewTimers(ctx, h.js)
	h.must(err)
	m.due, err = h.js.CreateConsumer(ctx, events.StreamTimers, events.ConsumerConfig("worker", events.TopicTimers))
	h.must(err)
	cfg := h.config()
	m.http = rest.New(4, newWires().dialer(h.bank))
	m.flows, err = providers.NewRegistry(cfg.Merchants, m.http, time.Now, cfg.OpenersOf)
	h.must(err)
	m.guard, err = providers.NewGuard(m.flows, time.Duration(cfg.Worker.ProviderTimeout), telemetry.Off())
	h.must(err)
	m.decoder = &events.Decoder{Directory: m.flows, Keys: cfg.KeyringOf, Now: time.Now}
	return m
}

func (m *matrix) close() {
	m.http.Close()
	m.house.close()
}

// life is one incarnation of the worker: it dies at its nth point and then does nothing any more.
type life struct {
	points int
	dieAt  int
}

type died struct{}

// point is a place where the process may be killed.
func (l *life) point() {
	l.points++
	if l.points == l.dieAt {
		panic(died{})
	}
}

// mortal is every port of the runner, with a point before and after each.
type mortal struct {
	*matrix
	life *life
}

func (p mortal) Load(ctx context.Context, id string) (saga.Record, error) {
	return p.journal.Load(ctx, id)
}

func (p mortal) Append(ctx context.Context, id string, r saga.Record) (uint64, error) {
	p.life.point()
	defer p.life.point()
	return p.journal.Append(ctx, id, r)
}

func (p mortal) Do(ctx context.Context, call saga.Call) payment.Answer {
	p.life.point()
	defer p.life.point()
	return p.guard.Do(ctx, call)
}

func (p mortal) Arm(ctx context.Context, id string, due time.Time) error {
	p.life.point()
	defer p.life.point()
	return p.timers.Arm(ctx, id, due)
}

func (p mortal) Disarm(ctx context.Context, id string) error {
	p.life.point()
	defer p.life.point()
	return p.timers.Disarm(ctx, id)
}

func (m *matrix) runner(l *life) *saga.Runner {
	port := mortal{m, l}
	cfg := m.config().Worker
	return &saga.Runner{
		Flows: m.flows, Journal: port, Provider: port, Timers: port, Now: time.Now,
		Observe: func(context.Context, saga.Record) {},
		Policy: saga.Policy{
			Timeout: time.Duration(cfg.ProviderTimeout), Schedule: cfg.PollSchedule,
			ReviewAfter: time.Duration(cfg.ReviewAfter),
		},
	}
}
