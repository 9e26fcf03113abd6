package providers

import (
	"context"
	"strings"
	"time"

	"go.opentelemetry.io/otel/attribute"
	"go.opentelemetry.io/otel/codes"
	"go.opentelemetry.io/otel/metric"
	"go.opentelemetry.io/otel/trace"

	"tolov/internal/payment"
	"tolov/internal/saga"
	"tolov/internal/telemetry"
)

var _ saga.Provider = (*Guard)(nil)

// Guard makes every provider call: with a span, a deadline, a breaker and metrics.
type Guard struct {
	registry *Registry
	timeout  time.Duration
	limits   *limits
	breakers *breakers
	places   *places
	tracer   trace.Tracer
	base     context.Context // ends when calls must not go on
	abort    context.CancelFunc

	steps   metric.Float64Histogram
	polls   metric.Int64Counter
	unknown metric.Int64Counter
}

// NewGuard makes the guard of a worker. timeout bounds every call (PROVIDER_TIMEOUT_S).
func NewGuard(registry *Registry, timeout time.Duration, t *telemetry.Telemetry) (*Guard, error) {
	g := &Guard{registry: registry, timeout: timeout, tracer: t.Tracer}
	g.limits, g.breakers = newLimits(func(who account) int { return registry.perMinute[who] }), newBreakers()
	g.places = &places{all: map[placesOf]*bulkhead{}}
	g.base, g.abort = context.WithCancel(context.Background())
	m := telemetry.Maker{Meter: t.Meter}
	g.steps = m.Seconds(telemetry.MetricStep, "how long a provider call took")
	g.polls = m.Counter(telemetry.MetricPolls, "questions about the outcome of money calls")
	g.unknown = m.Counter(telemetry.MetricUnknownCodes, "answers with a code that no table knows")
	for _, name := range registry.Names() { // an alarm hears of the first one only when there was a zero before it
		provider := metric.WithAttributes(attribute.String(telemetry.AttrProvider, name))
		g.polls.Add(context.Background(), 0, provider)
		g.unknown.Add(context.Background(), 0, provider)
	}
	m.Gauge(telemetry.MetricBreaker, "0 closed, 1 half-open, 2 open", g.breakers.observe)
	return g, m.Err()
}

// Share makes the guard keep to the providers' limits together with all that count by the same turns. It must be told
// before the first call.
func (g *Guard) Share(turns Turns) { g.limits.turns = turns }

// Bound lets no account have more than n calls under way, nor more than n questions (H28). It must be told before the
// first call; without it there is no bound.
func (g *Guard) Bound(n int) { g.places.each = n }

// Abort ends the calls that are under way: their outcome is unknown then, and will be asked for (H71).
func (g *Guard) Abort() { g.abort() }

// Do makes one call. It never returns an error: what could not be learned is an answer too.
func (g *Guard) Do(ctx context.Context, call saga.Call) payment.Answer {
	p := call.Payment
	ctx, span := g.tracer.Start(ctx, telemetry.SpanStep+p.Provider+" "+call.Step,
		trace.WithSpanKind(trace.SpanKindClient), trace.WithAttributes(
			attribute.String(telemetry.AttrPaymentID, p.ID), attribute.String(telemetry.AttrProvider, p.Provider),
			attribute.String(telemetry.AttrMerchant, p.Merchant), attribute.String(telemetry.AttrStep, call.Step),
			attribute.Int(telemetry.AttrAttempt, call.Attempt),
		))
	defer span.End()
	start := time.Now()
	a := g.call(ctx, call)
	g.observe(ctx, span, call, a, time.Since(start))
	return a
}

func (g *Guard) call(ctx context.Context, call saga.Call) payment.Answer {
	caller, err := g.registry.caller(call)
	if err != nil {
		return payment.Answer{Outcome: notMade(call), Note: err.Error()}
	}
	if wait := g.limits.wait(ctx, call, time.Now()); wait > 0 {
		return payment.Answer{Outcome: notMade(call), RetryAfter: wait, Note: "the provider's rate limit"}
	}
	leave := g.places.enter(ctx, call)
	if leave == nil {
		return payment.Answer{Outcome: notMade(call), RetryAfter: placeWait, Note: "the provider is slow, too many wait"}
	}
	defer leave()
	done, wait := g.breakers.allow(call)
	if done == nil {
		return payment.Answer{Outcome: notMade(call), RetryAfter: wait, Note: "the circuit breaker is open"}
	}
	ctx, cancel := context.WithTimeout(ctx, g.timeout)
	defer cancel()
	defer context.AfterFunc(g.base, cancel)()
	a := payment.Answer{Outcome: payment.Unknown}
	defer func() { done(a) }() // also when the call panics: a half-open breaker waits for its probe for ever
	a = caller.Do(ctx, call)
	g.limits.told(call, a, time.Now())
	if a.Code != "" && !caller.Knows(a.Code) {
		g.unknown.Add(ctx, 1, metric.WithAttributes(attribute.String(telemetry.AttrProvider, call.Payment.Provider)))
	}
	return a
}

// notMade is the outcome of a call that did not take place. A question that was not asked says nothing.
func notMade(call saga.Call) payment.Outcome {
	if call.Asks {
		return payment.Unknown
	}
	return payment.NotSent
}

func (g *Guard) observe(ctx context.Context, span trace.Span, call saga.Call, a payment.Answer, took time.Duration) {
	provider := attribute.String(telemetry.AttrProvider, call.Payment.Provider)
	outcome := attribute.String(telemetry.AttrOutcome, string(a.Outcome))
	g.steps.Record(ctx, took.Seconds(), metric.WithAttributes(
		provider, attribute.String(telemetry.AttrStep, call.Step), outcome))
	if call.Asks {
		g.polls.Add(ctx, 1, metric.WithAttributes(provider))
	}
	if !span.IsRecording() {
		return
	}
	span.SetAttributes(outcome, attribute.String(telemetry.AttrCode, a.Code),
		attribute.Int(telemetry.AttrHTTPStatus, a.HTTPStatus))
	if !call.SendBy.IsZero() && (a.Outcome == payment.Unknown || a.Outcome == payment.Pending) {
		span.SetAttributes(attribute.Bool(telemetry.AttrInDoubt, true))
	}
	switch a.Outcome {
	case payment.Unknown, payment.NotSent, payment.Declined:
		span.SetStatus(codes.Error, strings.TrimSuffix(string(a.Outcome)+": "+a.Note, ": "))
	}
}
