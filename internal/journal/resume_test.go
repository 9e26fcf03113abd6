package journal

import (
	"context"
	"errors"
	"os"
	"path/filepath"
	"strconv"
	"testing"
	"time"

	"github.com/google/go-cmp/cmp"
	"github.com/nats-io/nats.go"
	"github.com/nats-io/nats.go/jetstream"

	"tolov/internal/events"
	"tolov/internal/events/eventstest"
	"tolov/internal/payment"
	"tolov/internal/saga"
)

// foreign stores a stranger's message among the events.
func (b *bench) foreign() {
	b.t.Helper()
	_, err := b.js.Publish(b.t.Context(), events.EventSubject("weather", "tashkent"), []byte("sunny"))
	b.ok(err)
}

// Strangers' messages on payments.events.> neither stop the projector nor are taken for its own.
func TestForeignMessagesDoNotStopTheProjector(t *testing.T) {
	everywhere(t, func(b *bench) {
		b.quiet()
		b.foreign()
		id, strangers := b.payments(1)[0], 1
		for _, told := range []int{1, 2, 0, 3} {
			b.record(id, told)
			w := b.start(b.teller()) // a new one each time, which must find the last event behind the strangers
			b.await(b.due() + strangers)
			b.foreign() // while it leads
			strangers++
			b.record(id, 1)
			b.await(b.due() + strangers)
			b.ok(w.end())
		}
		b.wantTold()
	})
}

// A sequence names a place and not a message: a stranger that takes the place of an event must not cost that event.
func TestForeignMessageInAnEventsPlaceLosesNoEvent(t *testing.T) {
	everywhere(t, func(b *bench) {
		b.quiet()
		b.all(b.payments(10), func(id string) { b.record(id, 1, 3) })
		strangers := 0
		nc := b.connect()
		b.start(b.tellerOver(&wire{JetStream: b.jetStream(nc), fault: func(try int, send sending) (*jetstream.PubAck, error) {
			if try == 5 || try == 12 {
				b.foreign()
				strangers++
			}
			return send()
		}}, nc.Close))
		b.await(b.due() + 2)
		b.wantTold()
		if strangers != 2 {
			b.t.Errorf("%d strangers took a place, want 2", strangers)
		}
	})
}

// H30: an event that was stored without our knowing is not told again.
func TestLostAcknowledgementOfAnEventRepeatsNothing(t *testing.T) {
	everywhere(t, func(b *bench) {
		b.quiet()
		b.all(b.payments(5), func(id string) { b.record(id, 1, 2) })
		nc := b.connect()
		b.start(b.tellerOver(&wire{JetStream: b.jetStream(nc), fault: func(try int, send sending) (*jetstream.PubAck, error) {
			ack, err := send()
			switch try {
			case 4:
				return nil, nats.ErrTimeout
			case 8:
				return send() // twice
			default:
				return ack, err
			}
		}}, nc.Close))
		b.await(b.due())
		b.wantTold()
	})
}

// A stranger's message in the journal is no record, cannot be deleted, and must not stop the events of all others.
func TestForeignMessageInTheJournalStopsNoEvents(t *testing.T) {
	everywhere(t, func(b *bench) {
		b.quiet()
		stray := func() {
			for k := range shards {
				_, err := b.js.Publish(b.t.Context(), events.JournalSubject(k, "stranger-"+strconv.Itoa(k)), []byte("what is this"))
				b.ok(err)
			}
		}
		stray()
		b.start(b.teller())
		b.all(b.payments(5), func(id string) { b.record(id, 1, 2) })
		stray()
		b.all(b.payments(5), func(id string) { b.record(id, 1) })
		b.await(b.due())
		b.wantTold()
	})
}

// H74: a person deleted messages, the last event among them. It is told again, the others are not.
func TestDeletedLastEventIsToldAgain(t *testing.T) {
	everywhere(t, func(b *bench) {
		b.quiet()
		b.all(b.payments(4), func(id string) { b.record(id, 1, 1) })
		w := b.start(b.teller())
		b.await(b.due())
		b.ok(w.end())
		stream := b.stream(events.StreamEvents)
		_, last := b.stored()
		b.ok(stream.DeleteMsg(b.t.Context(), last))
		b.start(b.teller())
		b.await(b.due())
		b.wantTold()
	})
}

// The events can be rebuilt: PAYMENTS_EVENTS that is made anew gets every event again, with the same id and content,
// under a projector that runs and under a new one. It is for subscribers to know the ids that they have had.
func TestEventsStreamMadeAnewIsToldAnew(t *testing.T) {
	apart(t, func(b *bench) {
		ids := b.payments(10)
		b.all(ids, func(id string) { b.record(id, 1, 0, 2) })
		b.start(b.teller())
		b.await(b.due())
		want := map[string]string{}
		for _, e := range b.events() {
			want[e.id] = e.body
		}
		for range 2 {
			b.replace(events.StreamEvents)
			one := b.record(ids[0], 1) // what makes a leader notice
			w := b.start(b.teller())
			b.await(b.due())
			b.wantTold()
			b.ok(w.end())
			got := map[string]string{}
			for _, e := range b.events() {
				got[e.id] = e.body
			}
			added := events.EventID(ids[0], one.State.Events)
			want[added] = got[added]
			if diff := cmp.Diff(want, got); diff != "" {
				b.t.Error(diff)
			}
		}
	})
}

// Events that aged out of their stream are not told again; those that come later are.
func TestAgedEventsAreNotToldAgain(t *testing.T) {
	apart(t, func(b *bench) {
		ids := b.payments(10)
		b.all(ids, func(id string) { b.record(id, 1, 0, 2) })
		w := b.start(b.teller())
		b.await(b.due())
		b.ok(w.end())
		b.agesAfter(200 * time.Millisecond)
		eventually(b.t, func() bool { count, _ := b.stored(); return count == 0 })
		_, before := b.stored()
		w = b.start(b.teller())
		b.record(ids[0], 1)
		eventually(b.t, func() bool { return w.told.Load() > 0 })
		b.record(ids[1], 1)
		eventually(b.t, func() bool { return w.told.Load() == 2 })
		if _, last := b.stored(); last != before+2 {
			b.t.Errorf("%d events were told, want 2", last-before)
		}
	})
}

// agesAfter sets how long the stream keeps events.
func (b *bench) agesAfter(age time.Duration) {
	b.t.Helper()
	config := b.stream(events.StreamEvents).CachedInfo().Config
	config.MaxAge, config.Duplicates = age, min(age, config.Duplicates)
	_, err := b.js.UpdateStream(b.t.Context(), config)
	b.ok(err)
}

// Where events never age, an emptied stream was emptied by a person: all is told again.
func TestPurgedEventsWithoutAgeAreToldAgain(t *testing.T) {
	apart(t, func(b *bench) {
		b.agesAfter(0)
		b.all(b.payments(5), func(id string) { b.record(id, 1, 2) })
		w := b.start(b.teller())
		b.await(b.due())
		b.ok(w.end())
		stream := b.stream(events.StreamEvents)
		b.ok(stream.Purge(b.t.Context()))
		b.start(b.teller())
		b.await(b.due())
		b.wantTold()
	})
}

// H37: an older journal under newer events would give their numbers to other records: nobody may go on, neither one
// that starts nor one that stands by.
func TestJournalShorterThanItsEventsIsRefused(t *testing.T) {
	apart(t, func(b *bench) {
		id := b.payments(1)[0]
		b.record(id, 1, 2, 1)
		w := b.start(b.teller())
		b.await(b.due())
		b.ok(w.end())
		b.replace(events.JournalStream(events.Shard(id, shards)))
		_, err := b.journal.Append(b.t.Context(), id, next(id, saga.Record{}, 1))
		b.ok(err)
		if err := b.teller().Run(b.t.Context()); !errors.Is(err, ErrJournalShort) {
			b.t.Errorf("started: %v", err)
		}
		w = b.teller()
		w.standBy(b.t.Context())
		if err := w.lead(b.t.Context()); !errors.Is(err, ErrJournalShort) {
			b.t.Errorf("stood by: %v", err)
		}
		if got := len(b.events()); got != b.due() {
			b.t.Errorf("%d events, want the old %d", got, b.due())
		}
	})
}

// H29: the journal may also end right before the record that is half told.
func TestJournalWithoutItsHalfToldRecordIsRefused(t *testing.T) {
	apart(t, func(b *bench) {
		id := b.payments(1)[0]
		b.record(id, 3)
		w := b.teller()
		ctx, cancel := context.WithCancel(b.t.Context())
		w.Emitted = func(context.Context, int) { cancel() }
		_ = w.Run(ctx)
		b.await(1)
		b.replace(events.JournalStream(events.Shard(id, shards)))
		if err := b.teller().Run(b.t.Context()); !errors.Is(err, ErrJournalShort) {
			b.t.Errorf("got %v", err)
		}
	})
}

// H29: the server comes back without the journal's end under a projector that runs, and one that merely waited for the
// next number would miss every record that gets an old one.
func TestJournalThatLostItsEndStopsARunningProjector(t *testing.T) {
	t.Parallel()
	b := newBench(t, eventstest.Server(t))
	w := b.start(b.teller())
	b.all(b.payments(10), func(id string) { b.record(id, 1, 2) })
	b.await(b.due())
	b.Stop(0)
	kept := t.TempDir()
	b.ok(os.CopyFS(kept, os.DirFS(b.journalDir())))
	b.ok(b.Start(0))
	eventually(t, b.Conn.IsConnected)
	b.all(b.payments(10), func(id string) { b.record(id, 1, 2) })
	b.await(b.due())

	b.Stop(0)
	b.ok(os.RemoveAll(b.journalDir()))
	b.ok(os.CopyFS(b.journalDir(), os.DirFS(kept)))
	b.ok(b.Start(0))
	if err := <-w.done; !errors.Is(err, ErrJournalShort) {
		t.Errorf("got %v", err)
	}
}

// journalDir is where the first node keeps the shard of the test's first payment.
func (b *bench) journalDir() string {
	shard := events.Shard(payment.ID(b.t.Name(), "order-0"), shards)
	return filepath.Join(b.Dir(0), "jetstream", "$G", "streams", events.JournalStream(shard))
}
