package journal

import (
	"context"
	"math/rand/v2"
	"sync/atomic"
	"testing"
	"testing/synctest"
	"time"

	"tolov/internal/events"
	"tolov/internal/events/eventstest"
)

// I4: event numbers without gap, each id stored once, in order per payment.
func TestEveryEventIsToldOnceAndInOrder(t *testing.T) {
	everywhere(t, func(b *bench) {
		b.quiet()
		early := b.start(b.teller())
		b.all(b.payments(60), func(id string) { b.record(id, 1, 0, 2, 3, 0) })
		b.await(b.due())
		b.wantTold()
		if got := early.told.Load(); got != int64(b.due()) {
			b.t.Errorf("counted %d events, want %d", got, b.due())
		}
	})
}

// I4: wherever a projector stops, also between two events of one record, the next one goes on right there.
func TestNextProjectorGoesOnWhereOneStopped(t *testing.T) {
	everywhere(t, func(b *bench) {
		b.quiet()
		b.all(b.payments(6), func(id string) { b.record(id, 1, 0, 2, 3) })
		for told := range b.due() {
			b.tellOnly(1)
			b.await(told + 1)
		}
		b.wantTold()
	})
}

// The event between tells that its record is half told, and by how much.
func TestHalfToldRecordIsFinishedFirst(t *testing.T) {
	everywhere(t, func(b *bench) {
		b.quiet()
		id := b.payments(1)[0]
		k := events.Shard(id, shards)
		first := b.record(id, 1)
		b.record(id, 3)
		b.tellOnly(2)
		b.await(2)
		at, err := parsePositions(b.events()[1].positions, shards)
		b.ok(err)
		if at.done[k] != first.Seq || at.shard != k || at.part != 1 {
			b.t.Fatalf("the second event stands for %s, want %d of shard %d, and 1 event more", at, first.Seq, k)
		}
		b.start(b.teller())
		b.await(b.due())
		b.wantTold()
	})
}

// Law 4: two, then three, that believe to lead all the time cannot tell an event twice, nor take another's place.
func TestRacingProjectorsTellEveryEventOnce(t *testing.T) {
	everywhere(t, func(b *bench) {
		b.quiet()
		b.rush(b.teller())
		ids := b.payments(80)
		for _, half := range [][]string{ids[:40], ids[40:]} {
			b.rush(b.teller())
			b.all(half, func(id string) { b.record(id, 1, 0, 2, 3, 2) })
		}
		b.await(b.due())
		b.wantTold()
	})
}

// H23: whichever projector leads, when its process dies another one takes over.
func TestAnotherTakesOverFromADeadLeader(t *testing.T) {
	everywhere(t, func(b *bench) {
		b.quiet()
		workers := []*teller{b.start(b.teller()), b.start(b.teller()), b.start(b.teller())}
		ids := b.payments(10)
		for len(workers) > 0 {
			before := make([]int64, len(workers))
			for i, w := range workers {
				before[i] = w.told.Load()
			}
			b.all(ids, func(id string) { b.record(id, 1, 2) })
			b.await(b.due())
			for i := len(workers) - 1; i >= 0; i-- {
				if workers[i].told.Load() > before[i] { // it led
					workers[i].close()
					workers[i].stop()
					workers = append(workers[:i], workers[i+1:]...)
				}
			}
		}
		b.wantTold()
	})
}

// H34: the nodes go down and come back while events are told.
func TestProjectorOutlivesItsServers(t *testing.T) {
	apart(t, func(b *bench) {
		b.start(b.teller())
		b.start(b.teller())
		for range 2 {
			b.all(b.payments(20), func(id string) { b.record(id, 1, 2) })
			b.Stop(0)
			b.ok(b.Start(0))
			eventually(b.t, b.Conn.IsConnected)
		}
		b.all(b.payments(20), func(id string) { b.record(id, 1) })
		b.await(b.due())
		b.wantTold()
	})
}

// Records without events are nothing to take over for. In a bubble, so that standing by takes no time.
func TestEventlessRecordsAtTheEndWakeNobody(t *testing.T) {
	synctest.Test(t, func(t *testing.T) {
		b := newBench(t, eventstest.Server(t))
		id := b.payments(1)[0]
		b.record(id, 1)
		b.start(b.teller())
		b.await(1)
		b.record(id, 0, 0, 0, 0)
		ctx, cancel := context.WithTimeout(t.Context(), 5*time.Minute)
		defer cancel()
		b.teller().standBy(ctx)
		if ctx.Err() == nil {
			t.Error("took over, and nothing was missing")
		}
	})
}

// The eventless end of the journal is read once, not at every look.
func TestStandingByReadsEventlessRecordsOnce(t *testing.T) {
	everywhere(t, func(b *bench) {
		b.quiet()
		id := b.payments(1)[0]
		k := events.Shard(id, shards)
		b.record(id, 1)
		b.start(b.teller())
		b.await(1)
		last := b.record(id, 0, 0, 0)
		w := b.teller()
		var seen standing
		eventually(b.t, func() bool {
			now, err := w.standing(b.t.Context(), seen)
			if err == nil {
				seen = now
			}
			return err == nil && now.at.done[k] == last.Seq
		})
		if seen.behind {
			b.t.Error("behind, and nothing is missing")
		}
		again, err := w.standing(b.t.Context(), seen)
		if err != nil || again.at.done[k] != last.Seq {
			b.t.Errorf("the second look starts at %d, want %d (%v)", again.at.done[k], last.Seq, err)
		}
	})
}

// Workers come and go in random order while payments move.
func TestProjectorsComeAndGo(t *testing.T) {
	everywhere(t, func(b *bench) {
		b.quiet()
		var moving atomic.Bool
		moving.Store(true)
		go func() {
			defer moving.Store(false)
			b.all(b.payments(60), func(id string) { b.record(id, 1, 0, 2, 3, 2) })
		}()
		for moving.Load() {
			w, stopAt := b.teller(), 1+rand.Int64N(40)
			ctx, cancel := context.WithTimeout(b.t.Context(), 100*time.Millisecond)
			w.Emitted = func(context.Context, int) {
				if w.told.Add(1) == stopAt {
					cancel()
				}
			}
			_ = w.Run(ctx)
			cancel()
		}
		b.start(b.teller())
		b.await(b.due())
		b.wantTold()
	})
}
