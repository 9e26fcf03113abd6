package journal

import (
	"context"
	"maps"
	"testing"
	"time"

	"github.com/google/go-cmp/cmp"
	"github.com/nats-io/nats.go/jetstream"

	"tolov/internal/events"
	"tolov/internal/payment"
	"tolov/internal/saga"
)

// swept visits every payment, fails the test when one is visited twice, and tells those of this rule.
func (b *bench) swept() map[string]Standing {
	b.t.Helper()
	all := map[string]Standing{}
	err := b.journal.Sweep(b.t.Context(), func(s Standing) {
		if _, twice := all[s.PaymentID]; twice {
			b.t.Errorf("%s was visited twice", s.PaymentID)
		}
		if s.At.IsZero() {
			b.t.Errorf("no time of the last record of %s", s.PaymentID)
		}
		s.At = time.Time{} // the server's clock
		all[s.PaymentID] = s
	})
	if err != nil {
		b.t.Log(err)
		return nil
	}
	maps.DeleteFunc(all, func(id string, _ Standing) bool {
		_, ours := b.lasts[id]
		return !ours
	})
	return all
}

// wantSwept waits for a sweep that sees all of it: a replica may be behind, and the next sweep makes up for it (H35).
func (b *bench) wantSwept(want map[string]Standing) {
	b.t.Helper()
	got := map[string]Standing{}
	eventually(b.t, func() bool {
		got = b.swept()
		return b.Replicas == 1 || maps.Equal(got, want)
	})
	if diff := cmp.Diff(want, got); diff != "" {
		b.t.Error(diff)
	}
}

// stands is where a payment of this bench stands.
func stands(id string, status payment.Status) Standing {
	return Standing{PaymentID: id, Status: status, Account: "atmos/default", Created: opened()}
}

func TestSweepOfAnEmptyJournalVisitsNobody(t *testing.T) {
	apart(t, func(b *bench) {
		b.wantSwept(map[string]Standing{})
	})
}

// H22, H38, law 7: whatever got lost, every payment is looked at, once and as it stands. More than two batches.
func TestSweepVisitsEveryPaymentOnceAsItStands(t *testing.T) {
	const count = 1200
	everywhere(t, func(b *bench) {
		due, since := time.UnixMilli(1_700_000_000_001), time.UnixMilli(1_600_000_000_002)
		want := map[string]Standing{}
		for i, id := range b.payments(count) {
			s := stands(id, payment.Completed)
			switch i % 3 {
			case 0:
				s.Status, s.Due, s.Doubt = payment.InDoubt, due, since
				s.Exposure, s.Review = 5000, saga.ReviewByTime
			case 1:
				s.Differs = since
			}
			want[id] = s
		}
		b.all(b.payments(count), func(id string) {
			r := next(id, b.record(id, 1), 1)
			if r.Payment.Status = want[id].Status; r.Payment.Status == payment.InDoubt {
				r.State.Due, r.State.Doubt = payment.At(due), &saga.Doubt{Since: payment.At(since)}
				r.State.Intent, r.State.Review = &saga.Intent{Amount: 5000}, saga.ReviewByTime
			}
			if want[id].Differs.Equal(since) {
				r.State.Differs = &saga.Difference{Provider: "atmos", On: payment.At(since)}
			}
			_, err := b.journal.Append(b.t.Context(), id, r)
			b.ok(err)
		})
		b.wantSwept(want)
	})
}

// A sweep sees all that others read too, and leaves nothing behind on the server.
func TestSweepLeavesOtherReadersAlone(t *testing.T) {
	everywhere(t, func(b *bench) {
		want := map[string]Standing{}
		for _, id := range b.payments(20) {
			b.record(id, 1, 1)
			want[id] = stands(id, payment.Processing)
		}
		for k := range shards {
			stream := b.journal.shards[k]
			auditor, err := stream.CreateConsumer(b.t.Context(), jetstream.ConsumerConfig{
				Durable: "auditor", AckPolicy: jetstream.AckExplicitPolicy,
			})
			b.ok(err)
			_, err = auditor.Fetch(3, jetstream.FetchMaxWait(time.Second)) // and never acknowledged
			b.ok(err)
		}
		before := b.consumers()
		b.wantSwept(want)
		eventually(b.t, func() bool { return maps.Equal(b.consumers(), before) })
		for k := range shards {
			b.ok(b.journal.shards[k].DeleteConsumer(b.t.Context(), "auditor"))
		}
	})
}

// consumers are the journal's, each with its shard.
func (b *bench) consumers() map[string]int {
	b.t.Helper()
	all := map[string]int{}
	for k := range shards {
		names := b.journal.shards[k].ConsumerNames(b.t.Context())
		for name := range names.Name() {
			all[name] = k
		}
		b.ok(names.Err())
	}
	return all
}

// A payment that moves on while it is swept is visited once, old or new.
func TestSweepOfAMovingJournalVisitsOnce(t *testing.T) {
	everywhere(t, func(b *bench) {
		ids := b.payments(40)
		b.all(ids, func(id string) { b.record(id, 1) })
		eventually(b.t, func() bool { return len(b.swept()) == len(ids) })
		got, moved := map[string]int{}, false
		b.ok(b.journal.Sweep(b.t.Context(), func(s Standing) {
			got[s.PaymentID]++
			if !moved {
				moved = true
				b.all(ids, func(id string) { b.record(id, 0, 1) })
			}
		}))
		for _, id := range ids {
			if got[id] != 1 {
				b.t.Errorf("%s was visited %d times", id, got[id])
			}
		}
	})
}

// A sweep that did not see everything must say so: what it counted is not the truth.
func TestSweepThatIsCutShortSaysSo(t *testing.T) {
	everywhere(t, func(b *bench) {
		b.all(b.payments(2*sweepBatch), func(id string) { b.record(id, 0) })
		ctx, cancel := context.WithCancel(b.t.Context())
		defer cancel()
		eventually(b.t, func() bool { return len(b.swept()) > sweepBatch })
		before := b.consumers()
		if err := b.journal.Sweep(ctx, func(Standing) { cancel() }); err == nil {
			b.t.Error("cancelled, and no error")
		}
		eventually(b.t, func() bool { return maps.Equal(b.consumers(), before) })
		err := b.journal.Sweep(b.t.Context(), func(Standing) {
			for name, k := range b.consumers() {
				b.ok(b.journal.shards[k].DeleteConsumer(b.t.Context(), name))
			}
		})
		if err == nil {
			b.t.Error("its place on the server was deleted, and no error")
		}
	})
}

// H46: what a stranger wrote beside the payments wakes nobody.
func TestStrangerInTheJournalIsNobodysStanding(t *testing.T) {
	everywhere(t, func(b *bench) {
		_, err := b.js.Publish(b.t.Context(), events.JournalSubject(0, "passer-by"), []byte("what is this"))
		b.ok(err)
		b.lasts["passer-by"] = saga.Record{}
		b.wantSwept(map[string]Standing{"passer-by": {PaymentID: "passer-by"}})
	})
}
