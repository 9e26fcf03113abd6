package journal

import (
	"context"
	"strconv"
	"strings"
	"sync/atomic"

	"github.com/nats-io/nats.go/jetstream"

	"tolov/internal/events"
)

// teller is a worker's projector in a test.
type teller struct {
	*Projector
	close func() // breaks its connection, as the death of its process does
	told  atomic.Int64
	stop  context.CancelFunc
	done  chan error
}

// teller makes a projector with a connection of its own.
func (b *bench) teller() *teller {
	b.t.Helper()
	nc := b.connect()
	return b.tellerOver(b.jetStream(nc), nc.Close)
}

func (b *bench) tellerOver(js jetstream.JetStream, hangUp func()) *teller {
	b.t.Helper()
	b.stream(events.StreamEvents)
	p, err := NewProjector(b.t.Context(), js, b.open(js), b.journal.log)
	b.ok(err)
	p.pause /= 20 // no rule is about its length
	w := &teller{Projector: p, close: hangUp, done: make(chan error, 1)}
	p.Emitted = func(_ context.Context, n int) { w.told.Add(int64(n)) }
	return w
}

// start lets the teller work until the test ends, or until end is called.
func (b *bench) start(w *teller) *teller { return b.startWith(w, w.Run) }

// tellOnly runs a teller that dies behind its nth event.
func (b *bench) tellOnly(n int) {
	b.t.Helper()
	nc := b.connect()
	defer nc.Close()
	ctx, die := context.WithCancel(b.t.Context())
	w := b.tellerOver(&wire{JetStream: b.jetStream(nc), fault: func(try int, send sending) (*jetstream.PubAck, error) {
		if try > n {
			return nil, errLost
		}
		if try == n {
			defer die()
		}
		return send()
	}}, nc.Close)
	_ = w.Run(ctx)
}

// rush lets the teller claim the lead again and again without standing by.
func (b *bench) rush(w *teller) *teller {
	return b.startWith(w, func(ctx context.Context) error {
		for ctx.Err() == nil {
			_ = w.lead(ctx)
		}
		return nil
	})
}

func (b *bench) startWith(w *teller, work func(context.Context) error) *teller {
	ctx, stop := context.WithCancel(context.Background())
	w.stop = stop
	go func() {
		defer close(w.done)
		w.done <- work(ctx)
	}()
	b.t.Cleanup(func() { w.end() })
	return w
}

// end stops the teller and gives what its work returned, the first time.
func (w *teller) end() error {
	w.stop()
	return <-w.done
}

// event is what is stored of an event.
type event struct {
	id, positions, body string
}

// events reads all that is stored since the rule began, in its order, strangers' messages aside.
func (b *bench) events() (all []event) {
	b.t.Helper()
	stream := b.stream(events.StreamEvents)
	left := int(stream.CachedInfo().State.Msgs - b.count)
	if left == 0 {
		return nil
	}
	r, err := newReader(b.t.Context(), stream, jetstream.ConsumerConfig{
		DeliverPolicy: jetstream.DeliverByStartSequencePolicy, OptStartSeq: b.base + 1,
	})
	b.ok(err)
	defer r.close(b.t.Context())
	for left > 0 {
		got, err := r.pull(b.t.Context(), left, func(m jetstream.Msg) error {
			if id := m.Headers().Get(events.HeaderUUID); id != "" {
				all = append(all, event{id, m.Headers().Get(events.HeaderPositions), string(m.Data())})
			}
			return nil
		})
		b.ok(err)
		left -= got
	}
	return all
}

// stored counts the messages in the events' stream and tells its last sequence.
func (b *bench) stored() (count, last uint64) {
	b.t.Helper()
	state := b.stream(events.StreamEvents).CachedInfo().State
	return state.Msgs, state.LastSeq
}

// stream looks at a stream, when it has a leader.
func (b *bench) stream(name string) (stream jetstream.Stream) {
	b.t.Helper()
	eventually(b.t, func() bool {
		var err error
		stream, err = b.js.Stream(b.t.Context(), name)
		return err == nil
	})
	return stream
}

// await waits until so many messages have come into the events' stream.
func (b *bench) await(count int) {
	b.t.Helper()
	eventually(b.t, func() bool {
		got, _ := b.stored()
		return got >= b.count+uint64(count)
	})
}

// wantTold checks that of every payment each event that its records have is stored once, in order, and no other (I4).
func (b *bench) wantTold() {
	b.t.Helper()
	numbers := map[string][]string{}
	for _, e := range b.events() {
		id, n, _ := strings.Cut(e.id, ".")
		numbers[id] = append(numbers[id], n)
	}
	for id, last := range b.lasts {
		want := make([]string, last.State.Events)
		for i := range want {
			want[i] = strconv.Itoa(i + 1)
		}
		if got := strings.Join(numbers[id], " "); got != strings.Join(want, " ") {
			b.t.Errorf("events of %s: %s, want 1 to %d", id, got, len(want))
		}
		delete(numbers, id)
	}
	if len(numbers) > 0 {
		b.t.Errorf("events of payments that nobody recorded: %v", numbers)
	}
}

// due is how many events the records have.
func (b *bench) due() (count int) {
	b.state.Lock()
	defer b.state.Unlock()
	for _, last := range b.lasts {
		count += last.State.Events
	}
	return count
}
