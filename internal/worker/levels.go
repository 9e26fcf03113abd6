package worker

import (
	"context"
	"sync/atomic"
	"time"

	"github.com/nats-io/nats.go/jetstream"
	"go.opentelemetry.io/otel/attribute"
	"go.opentelemetry.io/otel/metric"

	"tolov/internal/events"
	"tolov/internal/journal"
	"tolov/internal/telemetry"
)

// levels tell how full streams and queues are, and how far the events are behind. Every worker tells the same: read
// them with max, not with sum.
type levels struct {
	lag  *journal.Lag
	last atomic.Pointer[reading]
}

// reading is one look.
type reading struct {
	streams     []level
	queues      []queue
	lag         time.Duration
	stored      int64 // bytes of all streams of the account
	storedLimit int64 // 0: none that this account knows of
}

// level is how full a stream is.
type level struct {
	name            string
	messages, bytes int64
	limit           int64 // bytes; 0: none
}

// queue is what waits in a stream for a worker.
type queue struct {
	name             string
	pending, unacked int64
	parked           int64 // 1: at least one message
}

func newLevels(t *telemetry.Telemetry, lag *journal.Lag) (*levels, error) {
	l := &levels{lag: lag}
	m := &telemetry.Maker{Meter: t.Meter}
	l.gauge(m, telemetry.MetricProjectorLag, "age of the oldest record without its events", func(now *reading, r row) {
		r("", int64(now.lag.Seconds()))
	})
	l.queueGauge(m, telemetry.MetricPending, "messages that no worker was given yet",
		func(q queue) int64 { return q.pending })
	l.queueGauge(m, telemetry.MetricUnacked, "messages in hand, or to come again",
		func(q queue) int64 { return q.unacked })
	l.queueGauge(m, telemetry.MetricParked, "1 when a message will never come", func(q queue) int64 { return q.parked })
	l.streamGauge(m, telemetry.MetricMessages, "messages stored", func(s level) int64 { return s.messages })
	l.streamGauge(m, telemetry.MetricBytes, "bytes stored", func(s level) int64 { return s.bytes })
	l.streamGauge(m, telemetry.MetricByteLimit, "bytes at which the stream is full, 0: no limit of its own",
		func(s level) int64 { return s.limit })
	l.gauge(m, telemetry.MetricStored, "bytes of all streams", func(now *reading, r row) { r("", now.stored) })
	l.gauge(m, telemetry.MetricStoredLimit, "bytes that the account may store, 0: no limit of its own",
		func(now *reading, r row) { r("", now.storedLimit) })
	return l, m.Err()
}

// row tells one value, of a stream when it is named.
type row func(stream string, value int64)

// gauge tells nothing before the first look.
func (l *levels) gauge(m *telemetry.Maker, name, about string, tell func(*reading, row)) {
	m.Gauge(name, about, func(report telemetry.Report) {
		now := l.last.Load()
		if now == nil {
			return
		}
		tell(now, func(stream string, value int64) {
			if stream == "" {
				report(value)
				return
			}
			report(value, metric.WithAttributes(attribute.String(telemetry.AttrStream, stream)))
		})
	})
}

func (l *levels) queueGauge(m *telemetry.Maker, name, about string, value func(queue) int64) {
	l.gauge(m, name, about, func(now *reading, r row) {
		for _, q := range now.queues {
			r(q.name, value(q))
		}
	})
}

func (l *levels) streamGauge(m *telemetry.Maker, name, about string, value func(level) int64) {
	l.gauge(m, name, about, func(now *reading, r row) {
		for _, s := range now.streams {
			r(s.name, value(s))
		}
	})
}

const (
	measureSoon  = 2 * time.Second // after the start
	measureEvery = 30 * time.Second
)

// measureLoop looks now and then.
func (w *Worker) measureLoop(ctx context.Context) error {
	for pause := measureSoon; ; pause = measureEvery {
		select {
		case <-ctx.Done():
			return nil
		case <-time.After(pause):
		}
		if err := w.levels.measure(ctx, w.js, w.layout); err != nil && ctx.Err() == nil {
			w.parts.Log.WarnContext(ctx, "streams not measured", "err", err)
		}
	}
}

// measure looks. What cannot be read is an error, and the look before stands.
func (l *levels) measure(ctx context.Context, js jetstream.JetStream, layout events.Layout) error {
	now := &reading{}
	for _, want := range layout.Streams() {
		stream, err := js.Stream(ctx, want.Name)
		if err != nil {
			return err
		}
		info := stream.CachedInfo()
		now.streams = append(now.streams, level{
			name: want.Name, messages: int64(info.State.Msgs), bytes: int64(info.State.Bytes),
			limit: max(info.Config.MaxBytes, 0),
		})
		if want.Retention != jetstream.WorkQueuePolicy {
			continue
		}
		q, err := queueOf(ctx, stream)
		if err != nil {
			return err
		}
		now.queues = append(now.queues, q)
	}
	account, err := js.AccountInfo(ctx)
	if err != nil {
		return err
	}
	now.stored, now.storedLimit = int64(account.Store), max(account.Limits.MaxStore, 0)
	if now.lag, err = l.lag.Age(ctx); err != nil {
		return err
	}
	l.last.Store(now)
	return nil
}

// queueOf reads what waits in a stream. A message at or below the consumer's acknowledgement floor will never come: it
// was given out as often as the consumer allows, which ours does not limit, unless somebody changed it (H27). The
// stream is read after the consumer, so that what was acknowledged by then is gone from it.
func queueOf(ctx context.Context, stream jetstream.Stream) (queue, error) {
	consumer, err := stream.Consumer(ctx, events.DurableWorker)
	if err != nil {
		return queue{}, err
	}
	known := consumer.CachedInfo()
	q := queue{name: known.Stream, pending: int64(known.NumPending), unacked: int64(known.NumAckPending)}
	if known.Stream == events.StreamTimers { // holds timers that are not due too, which no consumer takes
		return q, nil
	}
	info, err := stream.Info(ctx)
	if err == nil && info.State.Msgs > 0 && info.State.FirstSeq <= known.AckFloor.Stream {
		q.parked = 1
	}
	return q, err
}
