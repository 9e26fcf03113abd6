package journal

import (
	"context"
	"testing"
)

// Events that nobody writes are seen by whoever measures, also when a record is told in part; records without events
// leave nothing to wait for.
func TestLagIsTheAgeOfTheOldestRecordWithoutItsEvents(t *testing.T) {
	apart(t, func(b *bench) {
		measure := NewLag(b.teller().Projector)
		lagging := func() bool {
			age, err := measure.Age(b.t.Context())
			b.ok(err)
			return age > 0
		}
		ids := b.payments(2)
		b.record(ids[0], 0)
		if lagging() {
			b.t.Error("a record without events is waited for")
		}
		b.record(ids[0], 2)
		if !lagging() {
			b.t.Error("nobody sees that events are missing")
		}
		b.tellOnly(1)
		b.await(1)
		if !lagging() {
			b.t.Error("nobody sees that a record is told in part")
		}
		b.start(b.teller())
		b.await(b.due())
		if lagging() {
			b.t.Error("all is told and something seems missing")
		}
	})
}

// I8: whatever put it there, a card number in a record is noticed.
func TestACardNumberInARecordIsNoticed(t *testing.T) {
	apart(t, func(b *bench) {
		hits := 0
		b.journal.Leaking = func(context.Context) { hits++ }
		id := b.payments(1)[0]
		r := next(id, b.record(id, 1), 1)
		r.Payment.Account = "8600490744313347"
		_, err := b.journal.Append(b.t.Context(), id, r)
		b.ok(err)
		if hits != 1 {
			b.t.Errorf("noticed %d times, want once: in the second record", hits)
		}
	})
}
