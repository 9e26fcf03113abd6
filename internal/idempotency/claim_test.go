package idempotency

import (
	"sync"
	"sync/atomic"
	"testing"
	"time"

	"pgregory.net/rapid"

	"tolov/internal/payment"
)

func TestKeyThatNobodyUsedIsFresh(t *testing.T) {
	everywhere(t, func(b *bench) {
		worker := b.worker("a")
		b.wants(worker, order("order-1"), "x", Fresh)
		b.wants(worker, order("order-2"), "x", Fresh)
	})
}

// A redelivery to the worker that claimed the key must not wait for itself (H42).
func TestSameOwnerReplaysAtOnce(t *testing.T) {
	everywhere(t, func(b *bench) {
		worker := b.worker("a")
		b.wants(worker, order("order-1"), "x", Fresh)
		b.wants(worker, order("order-1"), "x", Replay)
	})
}

// H44: of two workers with the same command one goes on, and the other comes back shortly.
func TestOtherOwnerIsBusyWithinTheLease(t *testing.T) {
	everywhere(t, func(b *bench) {
		b.wants(b.worker("a"), order("order-1"), "x", Fresh)
		b.pass(lease - time.Millisecond)
		b.wants(b.worker("b"), order("order-1"), "x", Busy)
	})
}

// H42: a worker that died with a claim blocks nobody: after the lease the journal tells how far it came.
func TestOtherOwnerReplaysAfterTheLease(t *testing.T) {
	everywhere(t, func(b *bench) {
		b.wants(b.worker("a"), order("order-1"), "x", Fresh)
		b.pass(lease)
		b.wants(b.worker("b"), order("order-1"), "x", Replay)
	})
}

// H43: the same key with other content is told apart, whoever asks and when.
func TestOtherContentIsAConflict(t *testing.T) {
	everywhere(t, func(b *bench) {
		worker := b.worker("a")
		b.wants(worker, order("order-1"), "x", Fresh)
		b.wants(worker, order("order-1"), "y", Conflict)
		b.wants(b.worker("b"), order("order-1"), "y", Conflict)
		b.pass(lease)
		b.wants(b.worker("b"), order("order-1"), "y", Conflict)
		b.wants(worker, order("order-1"), "x", Replay) // the first content stands
	})
}

// H43: another card under the same key is other content, although only its keyed hash is kept.
func TestOtherCardIsAConflict(t *testing.T) {
	everywhere(t, func(b *bench) {
		keys := payment.Keyring{payment.NewSharedKey("k1", payment.NewSecret("shared"))}
		command := func(number string) *payment.Command {
			c := order("order-1")
			c.Card = &payment.CardInput{Number: payment.NewSecret(number)}
			return c
		}
		worker := b.worker("a")
		for _, try := range []struct {
			number string
			want   Claim
		}{
			{"8600490000003347", Fresh}, {"8600490000003347", Replay}, {"8600490000003348", Conflict},
		} {
			c := command(try.number)
			if got := worker.Claim(b.Context(), c, keys.Fingerprint([]byte("content"), c)); got != try.want {
				b.Errorf("claim is %s, want %s", got, try.want)
			}
		}
	})
}

// H44, law 4: however many claim a key at once, one is fresh.
func TestOneOfManyIsFresh(t *testing.T) {
	everywhere(t, func(b *bench) {
		const workers, rounds = 8, 20
		var fresh, busy atomic.Int64
		var all sync.WaitGroup
		for range workers {
			worker := b.worker(rapid.StringMatching(`[a-z]{22}`).Example())
			all.Go(func() {
				for round := range rounds {
					switch worker.Claim(b.Context(), order(string(rune('a'+round))), payment.Fingerprint{Content: "x"}) {
					case Fresh:
						fresh.Add(1)
					case Busy:
						busy.Add(1)
					}
				}
			})
		}
		all.Wait()
		if fresh.Load() != rounds || busy.Load() != (workers-1)*rounds {
			b.Errorf("%d fresh and %d busy, want %d and %d", fresh.Load(), busy.Load(), rounds, (workers-1)*rounds)
		}
	})
}

// H40, law 9: a flush changes nothing but latency: the key is fresh again, and the journal knows better.
func TestFlushedKeyIsFreshAgain(t *testing.T) {
	everywhere(t, func(b *bench) {
		worker := b.worker("a")
		b.wants(worker, order("order-1"), "x", Fresh)
		if err := b.client().FlushAll(b.Context()).Err(); err != nil {
			b.Fatal(err)
		}
		b.wants(worker, order("order-1"), "x", Fresh)
	})
}

// H45: a key is kept longer than callers retry, and not for ever: the journal keeps for ever.
func TestKeyLivesForADay(t *testing.T) {
	everywhere(t, func(b *bench) {
		worker, command := b.worker("a"), order("order-1")
		b.wants(worker, command, "x", Fresh)
		b.wants(worker, command, "x", Replay) // does not change it
		left, err := b.client().PTTL(b.Context(), key(command)).Result()
		if err != nil || left <= keepFor-time.Minute || left > keepFor {
			b.Errorf("the key lives for %s (%v), want %s", left, err, keepFor)
		}
	})
}

// H46: two merchants may use the same ext_id.
func TestMerchantsDoNotShareKeys(t *testing.T) {
	everywhere(t, func(b *bench) {
		worker := b.worker("a")
		for _, merchant := range []string{"default", "shop", "shop-2"} {
			c := order("order-1")
			c.Merchant = merchant
			b.wants(worker, c, "x", Fresh)
		}
	})
}

// H46: `a:b` with `c` would have the key of `a` with `b:c`, and is no merchant.
func TestTwoPairsNeverHaveOneKey(t *testing.T) {
	if payment.IsMerchant("a:b") || !payment.IsExtID("b:c") {
		t.Fatal("a merchant's name may have a colon: the keys are not apart any more")
	}
	merchants, extIDs := rapid.StringMatching(`[a-z0-9-]{1,6}`), rapid.StringMatching(`[a-c._:-]{1,6}`)
	rapid.Check(t, func(t *rapid.T) {
		one := &payment.Command{Merchant: merchants.Draw(t, "merchant"), ExtID: extIDs.Draw(t, "ext_id")}
		two := &payment.Command{Merchant: merchants.Draw(t, "merchant"), ExtID: extIDs.Draw(t, "ext_id")}
		same := one.Merchant == two.Merchant && one.ExtID == two.ExtID
		if (key(one) == key(two)) != same {
			t.Fatalf("%q and %q", key(one), key(two))
		}
	})
}
