package journal

import (
	"context"
	"errors"
	"fmt"
	"io"
	"log/slog"
	"testing"
	"time"

	"github.com/nats-io/nats.go"
	"github.com/nats-io/nats.go/jetstream"

	"tolov/internal/events"
	"tolov/internal/events/eventstest"
	"tolov/internal/payment"
	"tolov/internal/saga"
)

const shards = 2 // so that the events of a stream come from several places

// bench is a journal on real streams.
type bench struct {
	*eventstest.Bench
	t       *testing.T
	js      jetstream.JetStream
	journal *Journal
}

// everywhere proves a rule on one server and on three nodes, whose answers to a repeated write differ (H30).
func everywhere(t *testing.T, rule func(*bench)) {
	t.Helper()
	t.Run("one", func(t *testing.T) { rule(newBench(t, eventstest.Server(t))) })
	t.Run("three", func(t *testing.T) { rule(newBench(t, eventstest.Cluster(t))) })
}

func newBench(t *testing.T, nodes *eventstest.Bench) *bench {
	t.Helper()
	b := &bench{Bench: nodes, t: t}
	b.js = b.stream(b.Conn)
	b.ok(b.layout().Ensure(t.Context(), b.js))
	b.journal = b.open(b.js)
	return b
}

func (b *bench) layout() events.Layout { return events.Layout{Shards: shards, Replicas: b.Replicas} }

func (b *bench) ok(err error) {
	b.t.Helper()
	if err != nil {
		b.t.Fatal(err)
	}
}

func (b *bench) stream(nc *nats.Conn) jetstream.JetStream {
	b.t.Helper()
	js, err := jetstream.New(nc)
	b.ok(err)
	return js
}

func (b *bench) open(js jetstream.JetStream) *Journal {
	b.t.Helper()
	j, err := Open(b.t.Context(), js, shards, slog.New(slog.NewTextHandler(io.Discard, nil)))
	b.ok(err)
	return j
}

// eventually waits for a state that takes as long as it takes.
func eventually(t *testing.T, reached func() bool) {
	t.Helper()
	late, tick := time.After(time.Minute), time.NewTicker(10*time.Millisecond)
	defer tick.Stop()
	for !reached() {
		select {
		case <-tick.C:
		case <-late:
			t.Fatal("not within a minute")
		}
	}
}

// payments are n payment ids.
func payments(n int) []string {
	ids := make([]string, n)
	for i := range ids {
		ids[i] = payment.ID(payment.DefaultMerchant, fmt.Sprintf("order-%d", i))
	}
	return ids
}

// next is the record behind last, with this many events.
func next(id string, last saga.Record, told int) saga.Record {
	r := saga.Record{
		PaymentID: id, Merchant: payment.DefaultMerchant, At: payment.At(time.Unix(1_700_000_000, 0)),
		Cause: saga.Cause{Kind: saga.ByTimer}, Seq: last.Seq,
		Payment: &payment.Payment{ID: id, Status: payment.Processing, Version: last.State.Records + 1},
		State:   saga.State{Records: last.State.Records + 1, Events: last.State.Events + told},
	}
	for n := range told {
		r.Events = append(r.Events, saga.Event{N: last.State.Events + n + 1, Type: payment.EventInDoubt})
	}
	return r
}

// tell appends a record for each number, with so many events.
func (b *bench) tell(id string, told ...int) saga.Record {
	b.t.Helper()
	last, err := b.journal.Load(b.t.Context(), id)
	b.ok(err)
	for _, n := range told {
		last = next(id, last, n)
		last.Seq, err = b.journal.Append(b.t.Context(), id, last)
		b.ok(err)
	}
	return last
}

// projector makes one with a connection of its own, as every worker has.
func (b *bench) projector() *Projector {
	b.t.Helper()
	nc, err := b.Connect()
	b.ok(err)
	b.t.Cleanup(nc.Close)
	js := b.stream(nc)
	p, err := NewProjector(b.t.Context(), js, b.open(js), b.journal.log)
	b.ok(err)
	return p
}

// run runs a projector until stop is called, which tells how it ended.
func (b *bench) run(p *Projector) (stop func() error) {
	ctx, cancel := context.WithCancel(context.WithoutCancel(b.t.Context()))
	done := make(chan error, 1)
	go func() { done <- p.Run(ctx) }()
	stopped := false
	stop = func() error {
		cancel()
		if stopped {
			return nil
		}
		stopped = true
		return <-done
	}
	b.t.Cleanup(func() { _ = stop() })
	return stop
}

// told reads the ids of all events, in the order they were stored.
func (b *bench) told() []string {
	b.t.Helper()
	stream, err := b.js.Stream(b.t.Context(), events.StreamEvents)
	b.ok(err)
	var ids []string
	state := stream.CachedInfo().State
	for seq := max(state.FirstSeq, 1); seq <= state.LastSeq; seq++ {
		msg, err := stream.GetMsg(b.t.Context(), seq)
		if errors.Is(err, jetstream.ErrMsgNotFound) {
			continue
		}
		b.ok(err)
		ids = append(ids, msg.Header.Get(events.HeaderUUID))
	}
	return ids
}
