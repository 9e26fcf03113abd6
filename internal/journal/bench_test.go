package journal

import (
	"errors"
	"fmt"
	"log/slog"
	"sync"
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
	count   uint64 // of the messages that other rules left in the events' stream
	base    uint64 // and the last of their sequences

	state sync.Mutex
	lasts map[string]saga.Record // of the payments, as record left them
}

// everywhere proves a rule on one server and on three nodes, whose answers to a repeated write differ (H30). The rule
// must leave nodes and streams as they are: rules share one cluster, one after the other.
func everywhere(t *testing.T, rule func(*bench)) {
	t.Helper()
	t.Parallel()
	t.Run("one", func(t *testing.T) {
		t.Parallel()
		rule(newBench(t, eventstest.Server(t)))
	})
	t.Run("three", func(t *testing.T) {
		t.Parallel()
		rule(newBench(t, cluster.enter(t)))
	})
}

// apart is everywhere for rules that stop nodes or spoil streams.
func apart(t *testing.T, rule func(*bench)) {
	t.Helper()
	t.Parallel()
	for name, nodes := range map[string]func(testing.TB) *eventstest.Bench{
		"one": eventstest.Server, "three": eventstest.Cluster,
	} {
		t.Run(name, func(t *testing.T) {
			t.Parallel()
			rule(newBench(t, nodes(t)))
		})
	}
}

func newBench(t *testing.T, nodes *eventstest.Bench) *bench {
	t.Helper()
	b := &bench{Bench: nodes, t: t, lasts: map[string]saga.Record{}}
	b.js = b.jetStream(b.Conn)
	eventually(t, func() bool { return b.layout().Ensure(t.Context(), b.js) == nil })
	b.journal = b.open(b.js)
	return b
}

// quiet lets all be told that other rules left: from here on there is only what this rule does.
func (b *bench) quiet() {
	b.t.Helper()
	w := b.start(b.teller())
	eventually(b.t, func() bool {
		now, err := w.standing(b.t.Context(), standing{})
		return err == nil && !now.behind
	})
	b.ok(w.end())
	b.count, b.base = b.stored()
}

// replace puts an empty stream in the place of one.
func (b *bench) replace(name string) {
	b.t.Helper()
	for _, stream := range b.layout().Streams() {
		if stream.Name == name {
			eventually(b.t, func() bool { // its leader may be gone for a moment, and its files be there for one
				err := b.js.DeleteStream(b.t.Context(), name)
				if err == nil || errors.Is(err, jetstream.ErrStreamNotFound) {
					_, err = b.js.CreateStream(b.t.Context(), stream)
				}
				return err == nil
			})
		}
	}
}

func (b *bench) layout() events.Layout { return events.Layout{Shards: shards, Replicas: b.Replicas} }

func (b *bench) ok(err error) {
	b.t.Helper()
	if err != nil {
		b.t.Fatal(err)
	}
}

func (b *bench) jetStream(nc *nats.Conn) jetstream.JetStream {
	b.t.Helper()
	js, err := jetstream.New(nc)
	b.ok(err)
	return js
}

func (b *bench) open(js jetstream.JetStream) *Journal {
	b.t.Helper()
	var j *Journal
	eventually(b.t, func() (opened bool) {
		var err error
		j, err = Open(b.t.Context(), js, shards, slog.New(slog.DiscardHandler))
		return err == nil
	})
	return j
}

// eventually waits for a state that takes as long as it takes.
func eventually(t *testing.T, reached func() bool) {
	t.Helper()
	late, tick := time.After(30*time.Second), time.NewTicker(10*time.Millisecond)
	defer tick.Stop()
	for !reached() {
		select {
		case <-tick.C:
		case <-late:
			t.Fatal("not within 30 seconds")
		}
	}
}

// all runs one task per value, a few at a time.
func (b *bench) all(values []string, task func(string)) {
	var tasks sync.WaitGroup
	slots := make(chan struct{}, 8)
	for _, value := range values {
		slots <- struct{}{}
		tasks.Go(func() {
			defer func() { <-slots }()
			task(value)
		})
	}
	tasks.Wait()
}

// payments are n payment ids, no other rule's.
func (b *bench) payments(n int) []string {
	ids := make([]string, n)
	for i := range ids {
		ids[i] = payment.ID(b.t.Name(), fmt.Sprintf("order-%d", i))
	}
	return ids
}

// next is the record behind last, with this many events.
func next(id string, last saga.Record, told int) saga.Record {
	r := saga.Record{
		PaymentID: id, Merchant: payment.DefaultMerchant, At: payment.At(time.Unix(1_700_000_000, 0)),
		Cause: saga.Cause{Kind: saga.ByTimer}, Seq: last.Seq,
		Payment: &payment.Payment{
			ID: id, Provider: "atmos", Status: payment.Processing, Version: last.State.Records + 1,
			CreatedAt: payment.At(opened()),
		},
		State: saga.State{Records: last.State.Records + 1, Events: last.State.Events + told},
	}
	for n := range told {
		r.Events = append(r.Events, saga.Event{N: last.State.Events + n + 1, Type: payment.EventInDoubt})
	}
	return r
}

// opened is when every payment was.
func opened() time.Time { return time.UnixMilli(1_700_000_000_000) }

// record appends a record for each number, with so many events.
func (b *bench) record(id string, told ...int) saga.Record {
	b.t.Helper()
	b.state.Lock()
	last := b.lasts[id]
	b.state.Unlock()
	for _, n := range told {
		last = next(id, last, n)
		last.Seq = b.append(id, last)
	}
	b.state.Lock()
	b.lasts[id] = last
	b.state.Unlock()
	return last
}

// append records r, again and again while the streams have no leader.
func (b *bench) append(id string, r saga.Record) (seq uint64) {
	b.t.Helper()
	eventually(b.t, func() bool {
		var err error
		seq, err = b.journal.Append(b.t.Context(), id, r)
		if errors.Is(err, saga.ErrConflict) { // with the one before, whose error was wrong
			got, err := b.journal.Load(b.t.Context(), id)
			seq = got.Seq
			return err == nil && got.State.Records == r.State.Records
		}
		return err == nil
	})
	return seq
}

// fresh loads the payment's record at seq: a replica may be behind (H35).
func (b *bench) fresh(id string, seq uint64) (r saga.Record) {
	b.t.Helper()
	eventually(b.t, func() bool {
		var err error
		r, err = b.journal.Load(b.t.Context(), id)
		return err == nil && r.Seq >= seq
	})
	return r
}

// history reads the payment's records, of which there must be so many: a replica may be behind (H35).
func (b *bench) history(id string, want int) (records []saga.Record) {
	b.t.Helper()
	eventually(b.t, func() bool {
		var err error
		records, err = b.journal.History(b.t.Context(), id)
		return err == nil && len(records) >= want
	})
	if len(records) != want {
		b.t.Errorf("%s has %d records, want %d", id, len(records), want)
	}
	return records
}

// connect opens a connection of its own, as every worker has.
func (b *bench) connect() *nats.Conn {
	b.t.Helper()
	nc, err := b.Connect()
	b.ok(err)
	b.t.Cleanup(nc.Close)
	return nc
}

// restart stops and starts all nodes.
func (b *bench) restart() {
	b.t.Helper()
	b.ok(b.Restart())
	eventually(b.t, b.Conn.IsConnected)
}
