package journal

import (
	"errors"
	"sync"
	"testing"

	"github.com/google/go-cmp/cmp"
	"github.com/google/go-cmp/cmp/cmpopts"

	"tolov/internal/payment"
	"tolov/internal/saga"
)

func TestPaymentWithoutRecordsIsTheZeroRecord(t *testing.T) {
	everywhere(t, func(b *bench) {
		got, err := b.journal.Load(b.t.Context(), b.payments(1)[0])
		if diff := cmp.Diff(saga.Record{}, got, equal); err != nil || diff != "" {
			b.t.Error(err, diff)
		}
	})
}

// H35: the last record is the whole state, at the position that the next append must stand on.
func TestLastRecordIsLoadedWithItsPosition(t *testing.T) {
	everywhere(t, func(b *bench) {
		for _, id := range b.payments(3) {
			for _, told := range []int{1, 0, 2} {
				want := b.record(id, told)
				got := b.fresh(id, want.Seq)
				if diff := cmp.Diff(want, got, equal, cmpopts.IgnoreFields(saga.Record{}, "ID")); diff != "" {
					b.t.Error(diff)
				}
			}
		}
	})
}

// Law 4: who stands on an old record has lost, whatever he knew.
func TestAppendOnAnOldRecordIsAConflict(t *testing.T) {
	everywhere(t, func(b *bench) {
		id := b.payments(1)[0]
		first := b.record(id, 1)
		second := b.record(id, 0)
		for _, stale := range []saga.Record{{}, first} {
			if _, err := b.journal.Append(b.t.Context(), id, next(id, stale, 1)); !errors.Is(err, saga.ErrConflict) {
				b.t.Errorf("append on %d behind %d: %v", stale.Seq, second.Seq, err)
			}
		}
		b.history(id, 2)
	})
}

// H25, H44: a second opening of a payment cannot be recorded, with or without Redis.
func TestPaymentIsOpenedOnce(t *testing.T) {
	everywhere(t, func(b *bench) {
		id := b.payments(1)[0]
		opening := next(id, saga.Record{}, 1)
		if _, err := b.journal.Append(b.t.Context(), id, opening); err != nil {
			b.t.Fatal(err)
		}
		if _, err := b.journal.Append(b.t.Context(), id, opening); !errors.Is(err, saga.ErrConflict) {
			b.t.Errorf("opened twice: %v", err)
		}
	})
}

// The positions of one payment are not those of its neighbours on the same stream.
func TestPaymentsDoNotDisturbEachOther(t *testing.T) {
	everywhere(t, func(b *bench) {
		ids := b.payments(24)
		b.all(ids, func(id string) { b.record(id, 1, 1, 1, 1) })
		for _, id := range ids {
			b.history(id, 4)
		}
	})
}

// Law 4, H19: of the writers that stand on one record exactly one wins, and the others know that they lost.
func TestLoserOfARaceGetsConflict(t *testing.T) {
	const writers, rounds = 4, 50
	everywhere(t, func(b *bench) {
		id, last := b.payments(1)[0], saga.Record{}
		var journals []*Journal
		for range writers {
			journals = append(journals, b.open(b.jetStream(b.connect())))
		}
		for round := range rounds {
			outcomes := make([]error, writers)
			positions := make([]uint64, writers)
			var race sync.WaitGroup
			for w, j := range journals {
				race.Go(func() { positions[w], outcomes[w] = j.Append(b.t.Context(), id, next(id, last, 1)) })
			}
			race.Wait()
			winner := -1
			for w, err := range outcomes {
				switch {
				case err == nil && winner < 0:
					winner = w
				case err == nil:
					b.t.Fatalf("round %d has two winners", round)
				case !errors.Is(err, saga.ErrConflict):
					b.t.Fatalf("round %d: %v", round, err)
				}
			}
			if winner < 0 {
				b.t.Fatalf("round %d has no winner", round)
			}
			last = next(id, last, 1)
			last.Seq = positions[winner]
		}
		b.history(id, rounds)
	})
}

// H29: a record that stands on one which the journal does not have is no conflict: nobody else wrote.
func TestAppendOnALostRecordIsNoConflict(t *testing.T) {
	everywhere(t, func(b *bench) {
		id := b.payments(1)[0]
		lost := b.record(id, 1)
		lost.Seq += 7
		_, err := b.journal.Append(b.t.Context(), id, next(id, lost, 0))
		if err == nil || errors.Is(err, saga.ErrConflict) {
			b.t.Errorf("got %v", err)
		}
	})
}

// The audit trail: all records of a payment, oldest first, each with its position.
func TestHistoryIsOldestFirst(t *testing.T) {
	everywhere(t, func(b *bench) {
		ids := b.payments(6)
		for _, told := range []int{1, 0, 2, 1} {
			for _, id := range ids {
				b.record(id, told)
			}
		}
		for _, id := range ids {
			before := uint64(0)
			for i, r := range b.history(id, 4) {
				if r.State.Records != i+1 || r.PaymentID != id || r.Seq <= before {
					b.t.Errorf("record %d of %s is number %d of %s at %d", i+1, id, r.State.Records, r.PaymentID, r.Seq)
				}
				before = r.Seq
			}
		}
		b.history(payment.ID("nobody", "x"), 0)
	})
}

// I4, H29: what was acknowledged is there after the server was stopped, and writers go on where they stood.
func TestRecordsSurviveARestart(t *testing.T) {
	apart(t, func(b *bench) {
		id := b.payments(1)[0]
		before := b.record(id, 1, 2)
		b.restart()
		if got := b.fresh(id, before.Seq); got.State.Records != 2 {
			b.t.Fatalf("after the restart the last record is number %d", got.State.Records)
		}
		b.record(id, 1)
		b.history(id, 3)
	})
}
