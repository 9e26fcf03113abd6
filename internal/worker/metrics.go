package worker

import (
	"context"
	"sync"
	"sync/atomic"
	"time"

	"go.opentelemetry.io/otel/attribute"
	"go.opentelemetry.io/otel/metric"

	"tolov/internal/events"
	"tolov/internal/idempotency"
	"tolov/internal/payment"
	"tolov/internal/saga"
	"tolov/internal/telemetry"
)

// metrics are what the worker counts. Provider calls are counted by the guard.
type metrics struct {
	payments     metric.Int64Counter
	money        metric.Int64Counter
	redeliveries metric.Int64Counter
	dead         metric.Int64Counter
	events       metric.Int64Counter
	claims       metric.Int64Counter
	canary       metric.Int64Counter
	journalShort atomic.Int64
	inHand       atomic.Int64

	mu    sync.Mutex
	count census
}

// newMetrics makes them. names are those of the providers that merchants have accounts at.
func newMetrics(t *telemetry.Telemetry, s *switches, names []string) (*metrics, error) {
	m := &metrics{count: newCensus()}
	m.count.at = time.Now()
	make := telemetry.Maker{Meter: t.Meter}
	m.payments = make.Counter(telemetry.MetricPayments, "events of payments, by provider and event")
	m.money = make.Counter(telemetry.MetricMoney, "tiyin of completed payments")
	m.redeliveries = make.Counter(telemetry.MetricRedeliveries, "messages that came again")
	m.dead = make.Counter(telemetry.MetricDead, "messages that nobody could use")
	m.events = make.Counter(telemetry.MetricEvents, "events stored by this worker's projector")
	m.claims = make.Counter(telemetry.MetricClaims, "answers of the fast guard")
	make.Gauge(telemetry.MetricJournalShort, "1 when events exist whose records are gone", func(r telemetry.Report) {
		r(m.journalShort.Load())
	})
	make.Gauge(telemetry.MetricInHand, "messages being worked on", func(r telemetry.Report) { r(m.inHand.Load()) })
	make.Gauge(telemetry.MetricPaused, "1 when an operator has paused the provider", s.report)
	m.gauges(&make)
	m.canary = make.Counter(telemetry.MetricCanary, "records that hold what looks like a card number")
	m.begin(names)
	return m, make.Err()
}

// begin counts nothing under every name that an alarm listens to: without a zero before it, the first of its kind would
// be no increase, and nobody would hear of it.
func (m *metrics) begin(names []string) {
	ctx := context.Background()
	for _, counter := range []metric.Int64Counter{m.redeliveries, m.canary, m.events} {
		counter.Add(ctx, 0)
	}
	for _, reason := range events.DeadReasons() {
		m.dead.Add(ctx, 0, metric.WithAttributes(attribute.String(telemetry.AttrReason, reason)))
	}
	for _, claim := range []idempotency.Claim{idempotency.Unavailable, idempotency.Conflict} {
		m.claims.Add(ctx, 0, metric.WithAttributes(attribute.String(telemetry.AttrOutcome, string(claim))))
	}
	for _, name := range names {
		provider := attribute.String(telemetry.AttrProvider, name)
		m.money.Add(ctx, 0, metric.WithAttributes(provider))
		for _, e := range []payment.EventType{payment.EventDiscrepancy, payment.EventNeedsReview, payment.EventFailed} {
			m.payments.Add(ctx, 0, metric.WithAttributes(provider, attribute.String(telemetry.AttrEvent, string(e))))
		}
	}
}

func (m *metrics) leaking(ctx context.Context) { m.canary.Add(ctx, 1) }

func (m *metrics) last() census {
	m.mu.Lock()
	defer m.mu.Unlock()
	return m.count
}

func (m *metrics) counted(c census) {
	m.mu.Lock()
	defer m.mu.Unlock()
	m.count = c
}

// saved is told of every record.
func (m *metrics) saved(ctx context.Context, r saga.Record) {
	provider := ""
	switch {
	case r.Payment != nil:
		provider = r.Payment.Provider
	case r.State.Differs != nil:
		provider = r.State.Differs.Provider
	}
	for _, e := range r.Events {
		m.payments.Add(ctx, 1, metric.WithAttributes(
			attribute.String(telemetry.AttrProvider, provider), attribute.String(telemetry.AttrEvent, eventName(e))))
		if e.Type == payment.EventCompleted {
			m.money.Add(ctx, int64(r.Payment.AmountCharged), metric.WithAttributes(
				attribute.String(telemetry.AttrProvider, provider)))
		}
	}
}

// eventName tells the closing of a discrepancy from a discrepancy: nobody must be called for it.
func eventName(e saga.Event) string {
	if e.Discrepancy != nil && e.Discrepancy.Closed {
		return string(e.Type) + "_closed"
	}
	return string(e.Type)
}

func (m *metrics) buried(ctx context.Context, reason string) {
	m.dead.Add(ctx, 1, metric.WithAttributes(attribute.String(telemetry.AttrReason, reason)))
}

func (m *metrics) emitted(ctx context.Context, n int) { m.events.Add(ctx, int64(n)) }

func (m *metrics) claimed(ctx context.Context, c idempotency.Claim) {
	m.claims.Add(ctx, 1, metric.WithAttributes(attribute.String(telemetry.AttrOutcome, string(c))))
}
