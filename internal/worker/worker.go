package worker

import (
	"context"
	"errors"
	"log/slog"
	"sync"
	"time"

	"github.com/ThreeDotsLabs/watermill"
	"github.com/ThreeDotsLabs/watermill/message"
	"github.com/ThreeDotsLabs/watermill/message/router/middleware"
	"github.com/nats-io/nats.go"
	"github.com/nats-io/nats.go/jetstream"
	"github.com/nats-io/nuid"
	"github.com/redis/go-redis/v9"

	"tolov/internal/config"
	"tolov/internal/events"
	"tolov/internal/idempotency"
	"tolov/internal/journal"
	"tolov/internal/providers"
	"tolov/internal/providers/rest"
	"tolov/internal/saga"
	"tolov/internal/telemetry"
)

// ackWait is how long the projector waits for an event's acknowledgement before it looks what was stored.
const ackWait = 5 * time.Second

// Parts are what a worker is made of and does not own. All are required but Dial and Testing.
type Parts struct {
	Config    *config.Config
	NATS      *nats.Conn
	Redis     redis.UniversalClient
	Log       *slog.Logger
	Telemetry *telemetry.Telemetry
	Version   string
	Dial      rest.Dialer // how to reach providers; nil: the network
	Testing   Testing
}

// Testing is what only tests change.
type Testing struct {
	InMemory   bool                              // keep the streams in memory
	SweepEvery time.Duration                     // 0: as in production
	Around     func(saga.Provider) saga.Provider // stands around every provider call; nil: nothing
}

// Worker takes commands and walks payments along their flows.
type Worker struct {
	parts     Parts
	layout    events.Layout
	js        jetstream.JetStream
	registry  *providers.Registry
	guard     *providers.Guard
	http      *rest.Client
	journal   *journal.Journal
	index     *journal.Index
	projector *journal.Projector
	timers    *events.Timers
	claims    *idempotency.Guard
	decoder   *events.Decoder
	runner    *saga.Runner
	settler   *events.Settler
	lanes     *events.Lanes
	metrics   *metrics
	switches  *switches
	levels    *levels

	name     string     // for as long as it runs
	sweeping sync.Mutex // for an operator

	pulling   context.Context // ends when the worker takes nothing in hand any more
	comparing chan struct{}   // full while books are being compared

	state sync.Mutex
	fault error // why the worker is not ready, nil when it is
}

// New makes a worker: it creates the streams that are missing and refuses those that would lose messages.
func New(ctx context.Context, parts Parts) (*Worker, error) {
	c := parts.Config
	w := &Worker{
		parts: parts, lanes: events.NewLanes(), fault: errors.New("starting"), name: nuid.Next(),
		comparing: make(chan struct{}, 1),
		layout:    events.Layout{Shards: c.Shards, Replicas: c.NATSReplicas, InMemory: parts.Testing.InMemory},
	}
	for _, step := range []func(context.Context) error{w.openStreams, w.openProviders, w.assemble} {
		if err := step(ctx); err != nil {
			return nil, err
		}
	}
	return w, nil
}

func (w *Worker) openStreams(ctx context.Context) (err error) {
	if w.js, err = jetstream.New(w.parts.NATS); err != nil {
		return err
	}
	if err = w.layout.Ensure(ctx, w.js); err != nil {
		return err
	}
	if w.journal, err = journal.Open(ctx, w.js, w.layout.Shards, w.parts.Log); err != nil {
		return err
	}
	if w.timers, err = events.NewTimers(ctx, w.js); err != nil {
		return err
	}
	w.switches = &switches{js: w.js}
	if _, err = w.switches.look(ctx); err != nil { // no message is handled before it is known what is paused
		return err
	}
	pipelined, err := jetstream.New(w.parts.NATS, jetstream.WithPublishAsyncTimeout(ackWait))
	if err != nil {
		return err
	}
	w.projector, err = journal.NewProjector(ctx, pipelined, w.journal, w.parts.Log)
	return err
}

func (w *Worker) openProviders(context.Context) (err error) {
	c := w.parts.Config
	w.http = rest.New(c.Worker.Concurrency, w.parts.Dial)
	if w.registry, err = providers.NewRegistry(c.Merchants, w.http, time.Now, c.OpenersOf); err != nil {
		return err
	}
	w.guard, err = providers.NewGuard(w.registry, time.Duration(c.Worker.ProviderTimeout), w.parts.Telemetry)
	if err != nil {
		return err
	}
	w.guard.Share(providers.RedisTurns{Client: w.parts.Redis})
	w.guard.Bound(max(c.Worker.Concurrency*3/4, 1)) // the rest is for the other accounts (H28)
	return nil
}

func (w *Worker) assemble(context.Context) (err error) {
	c := w.parts.Config
	if w.metrics, err = newMetrics(w.parts.Telemetry, w.switches, w.registry.Names()); err != nil {
		return err
	}
	if w.levels, err = newLevels(w.parts.Telemetry, journal.NewLag(w.projector)); err != nil {
		return err
	}
	w.journal.Leaking = w.metrics.leaking
	w.projector.Emitted, w.projector.Tracer = w.metrics.emitted, w.parts.Telemetry.Tracer
	w.claims = idempotency.New(w.parts.Redis, w.name, time.Now)
	w.decoder = &events.Decoder{
		Directory: w.registry, Keys: c.KeyringOf, SealedOnly: c.SealedOnly(), Now: time.Now, Hurry: c.Keys.Hurry,
	}
	var provider saga.Provider = w.guard
	if around := w.parts.Testing.Around; around != nil {
		provider = around(w.guard)
	}
	w.index = journal.NewIndex(w.js)
	records := indexed{w.journal, w.index, w.asksFirst, w.tellsOfCards}
	w.runner = &saga.Runner{
		Flows: w.registry, Journal: noted{records, w.parts.Telemetry.Tracer}, Provider: provider, Timers: w.timers,
		Now: time.Now, Observe: w.metrics.saved, Paused: w.switches.paused,
		Policy: saga.Policy{
			Timeout: time.Duration(c.Worker.ProviderTimeout), Schedule: c.Worker.PollSchedule,
			ReviewAfter: time.Duration(c.Worker.ReviewAfter),
		},
	}
	w.settler = &events.Settler{
		Dead: &events.Publisher{JS: w.js}, Log: w.parts.Log, Buried: w.metrics.buried,
	}
	return nil
}

func (w *Worker) tellsOfCards(merchant, provider string) bool {
	return providers.TellsOfCards(w.parts.Config.Merchants[merchant], provider)
}

func (w *Worker) asksFirst(merchant, provider string) bool {
	return providers.AsksFirst(w.parts.Config.Merchants[merchant], provider)
}

// router leads messages to their handlers: one subscription each for commands, timers and notices, with lanes in
// common.
func (w *Worker) router() (*message.Router, error) {
	router, err := message.NewRouter(
		message.RouterConfig{CloseTimeout: closeGrace}, watermill.NewSlogLogger(w.parts.Log))
	if err != nil {
		return nil, err
	}
	router.AddMiddleware(w.settler.Middleware, w.traced, middleware.Recoverer)
	router.AddConsumerHandler("commands", events.TopicCommands, w.subscriber(func(m jetstream.Msg) string {
		return events.PaymentOf(m.Data())
	}), w.command)
	router.AddConsumerHandler("timers", events.TopicTimers, w.subscriber(func(m jetstream.Msg) string {
		return events.TimerPayment(m.Subject())
	}), w.timer)
	router.AddConsumerHandler("notices", events.TopicNotices, w.subscriber(func(m jetstream.Msg) string {
		return events.NoticePayment(m.Subject(), m.Data())
	}), w.notice)
	return router, nil
}

func (w *Worker) subscriber(lane func(jetstream.Msg) string) *events.Subscriber {
	return &events.Subscriber{
		JS: w.js, Slots: w.parts.Config.Worker.Concurrency, Lanes: w.lanes, Lane: lane, Log: w.parts.Log,
		Grace: closeGrace,
		Consumer: func(topic string) jetstream.ConsumerConfig {
			return events.ConsumerConfig(events.DurableWorker, topic)
		},
	}
}

var _ events.Directory = (*providers.Registry)(nil)
