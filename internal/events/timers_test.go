package events_test

import (
	"context"
	"testing"
	"testing/synctest"
	"time"

	"github.com/ThreeDotsLabs/watermill/message"
	"github.com/nats-io/nats.go/jetstream"

	"tolov/internal/events"
	"tolov/internal/events/eventstest"
	"tolov/internal/payment"
	"tolov/internal/telemetry"
)

// late is how late the server may be: it looks at its timers every quarter of a second.
const late = 500 * time.Millisecond

func (b *bench) timers(t *testing.T) *events.Timers {
	t.Helper()
	timers, err := events.NewTimers(t.Context(), b.js)
	if err != nil {
		t.Fatal(err)
	}
	return timers
}

// arm arms a payment's timer and tells when it is due.
func (b *bench) arm(ctx context.Context, t *testing.T, id string, after time.Duration) time.Time {
	t.Helper()
	due := time.Now().Add(after)
	if err := b.timers(t).Arm(ctx, id, due); err != nil {
		t.Fatal(err)
	}
	return due
}

// due subscribes to timers that come due.
func (b *bench) due(t *testing.T) <-chan *message.Message {
	t.Helper()
	s := b.subscriber(10)
	s.Lane = func(m jetstream.Msg) string { return events.TimerPayment(m.Subject()) }
	out, err := s.Subscribe(t.Context(), events.TopicTimers)
	if err != nil {
		t.Fatal(err)
	}
	t.Cleanup(func() { _ = s.Close() })
	return out
}

// fires wants the payment's timer next, not early and hardly late.
func fires(t *testing.T, out <-chan *message.Message, id string, due time.Time) *message.Message {
	t.Helper()
	m := next(t, out)
	if got := events.TimerPayment(events.DeliveryOf(m.Context()).Subject); got != id {
		t.Errorf("the timer of %s fired, want %s", got, id)
	}
	if by := time.Since(due); by < 0 || by > late {
		t.Errorf("it fired %s late", by)
	}
	m.Ack()
	return m
}

// inBoth runs a test with streams in memory and in files, each in its own bubble.
func inBoth(t *testing.T, test func(t *testing.T, b *bench)) {
	for name, memory := range map[string]bool{"memory": true, "file": false} {
		t.Run(name, func(t *testing.T) {
			synctest.Test(t, func(t *testing.T) {
				test(t, newBenchOf(t, events.Layout{Shards: 1, Replicas: 1, InMemory: memory}))
			})
		})
	}
}

func TestATimerFiresNotEarlyAndToTheFractionOfASecond(t *testing.T) {
	inBoth(t, func(t *testing.T, b *bench) {
		out, id := b.due(t), payment.ID("default", "order-1")
		for _, after := range []time.Duration{
			1900 * time.Millisecond, 1001 * time.Millisecond, 700 * time.Millisecond, 90 * time.Minute,
		} {
			due := b.arm(t.Context(), t, id, after)
			none(t, out, after-time.Millisecond)
			fires(t, out, id, due)
		}
		none(t, out, time.Hour)
	})
}

// H38: what was due while nobody looked fires at once.
func TestATimerThatIsPastFiresAtOnce(t *testing.T) {
	inBoth(t, func(t *testing.T, b *bench) {
		id := payment.ID("default", "order-1")
		b.arm(t.Context(), t, id, -time.Hour)
		fires(t, b.due(t), id, time.Now())
	})
}

func TestArmingAgainReplacesTheTimer(t *testing.T) {
	inBoth(t, func(t *testing.T, b *bench) {
		out, id := b.due(t), payment.ID("default", "order-1")
		b.arm(t.Context(), t, id, time.Minute)
		sooner := b.arm(t.Context(), t, id, 2*time.Second)
		fires(t, out, id, sooner)
		none(t, out, 2*time.Minute)

		b.arm(t.Context(), t, id, 2*time.Second)
		later := b.arm(t.Context(), t, id, 50*time.Second)
		if n := b.stored(t, events.StreamTimers); n != 1 {
			t.Errorf("%d timers of one payment", n)
		}
		none(t, out, 49*time.Second)
		fires(t, out, id, later)
		none(t, out, 2*time.Minute)
	})
}

func TestADisarmedTimerDoesNotFire(t *testing.T) {
	inBoth(t, func(t *testing.T, b *bench) {
		out, one, two := b.due(t), payment.ID("default", "order-1"), payment.ID("default", "order-2")
		b.arm(t.Context(), t, one, time.Second)
		due := b.arm(t.Context(), t, two, time.Second)
		for range 2 { // the second time there is none
			if err := b.timers(t).Disarm(t.Context(), one); err != nil {
				t.Fatal(err)
			}
		}
		fires(t, out, two, due)
		none(t, out, time.Hour)
		if n := b.stored(t, events.StreamTimers); n != 0 {
			t.Errorf("%d messages are left", n)
		}
	})
}

func TestTheTraceTravelsWithTheTimer(t *testing.T) {
	inBoth(t, func(t *testing.T, b *bench) {
		sent := events.Header{"traceparent": {trace}, "tracestate": {"a=1"}}
		id := payment.ID("default", "order-1")
		due := b.arm(telemetry.Propagator().Extract(t.Context(), sent), t, id, time.Second)
		m := fires(t, b.due(t), id, due)
		if m.Metadata.Get("traceparent") != trace || m.Metadata.Get("tracestate") != "a=1" || len(m.Metadata) != 3 {
			t.Errorf("%v", m.Metadata)
		}
	})
}

func TestTimersNeedTheirStream(t *testing.T) {
	js := jetStream(t, eventstest.Server(t))
	if _, err := events.NewTimers(t.Context(), js); err == nil {
		t.Error("timers without a stream")
	}
}

// H38: the one timer that belongs to no payment can be looked at, so that it is not put off again and again.
func TestPlannedComparisonIsSeenUntilItFires(t *testing.T) {
	inBoth(t, func(t *testing.T, b *bench) {
		out, timers := b.due(t), b.timers(t)
		planned := func(want time.Time) {
			t.Helper()
			if got, err := timers.Planned(t.Context()); err != nil || !got.Equal(want) {
				t.Errorf("planned for %s (%v), want %s", got, err, want)
			}
		}
		planned(time.Time{})
		b.arm(t.Context(), t, payment.ID("default", "order-1"), time.Hour)
		planned(time.Time{})
		due := b.arm(t.Context(), t, events.TimerReconcile, 2*time.Second)
		planned(due)
		fires(t, out, events.TimerReconcile, due)
		planned(time.Time{})
	})
}
