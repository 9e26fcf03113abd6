package sandbox_test

import (
	"testing"
	"testing/synctest"
	"time"

	"tolov/internal/providers/sandbox"
)

func TestHoldRunsOut(t *testing.T) {
	at := time.Date(2026, 1, 2, 3, 4, 5, 0, time.UTC)
	b := newBench(t, sandbox.Options{Now: func() time.Time { return at }})
	id, charged := b.held(500), b.held(500)
	b.result("OK", b.charge(charged, 100))
	at = at.Add(10*time.Minute - time.Second)
	b.result("OK", b.getHold(id))
	b.sums(1, 500, 0, 0, 0)
	at = at.Add(time.Second)
	for _, got := range []reply{b.getHold(id), b.charge(id, 500), b.cancel(id), b.freeze(id, "111111")} {
		b.result("STPIMS-ERR-144", got)
	}
	b.sums(1, 500, 0, 0, 500)
	b.sums(2, 500, 100, 400, 0)
	b.result("OK", b.getHold(charged))
	b.debits(1)
}

func TestHoldLags(t *testing.T) {
	synctest.Test(t, func(t *testing.T) {
		b := newBench(t, sandbox.Options{})
		for _, op := range []string{"hold-apply", "hold-multiple-apply"} {
			b.Script(sandbox.Fault{Op: op, Kind: sandbox.Lag, DelayMS: 4000})
		}
		id, other := b.held(500), b.held(500)
		parent, first, second := b.twice(token)
		b.result("OK", b.freezeTwice(parent, "111111"))
		for _, one := range []int64{id, other, first, second} {
			b.result("STPIMS-ERR-142", b.getHold(one))
		}
		pass(4 * time.Second)
		b.ClearFaults()
		b.result("OK", b.getHold(id))
		for _, op := range []string{"hold-charge", "hold-cancel"} {
			b.Script(sandbox.Fault{Op: op, Kind: sandbox.Lag, DelayMS: 4000})
		}
		transaction := b.id(b.charge(id, 300), "store_transaction/trans_id")
		b.result("STPIMS-ERR-145", b.cancel(other))
		for _, one := range []int64{id, other} {
			b.says(b.getHold(one), "result/code", "OK", "store_transaction/confirmed", "false",
				"store_transaction/amount", "500")
		}
		b.code("OK", b.get(transaction))
		pass(4 * time.Second)
		b.says(b.getHold(id), "result/code", "OK", "store_transaction/confirmed", "true")
		b.result("STPIMS-ERR-145", b.getHold(other))
	})
}

func TestMagicTokensOfHolds(t *testing.T) {
	for _, row := range []struct {
		token, first, second string
		atOnce               bool // frozen
	}{
		{"silent", "never answered", "STPIMS-ERR-092", true},
		{"lost", "never answered", "OK", false},
	} {
		synctest.Test(t, func(t *testing.T) {
			b := newBench(t, sandbox.Options{})
			card := `"card_token":"` + row.token + `"`
			id := b.hold(card, 500, 10)
			parent, _, _ := b.twice(card)
			for amount, apply := range map[int64]func() reply{
				500: func() reply { return b.freeze(id, "111111") },
				300: func() reply { return b.freezeTwice(parent, "111111") },
			} {
				before := frozen(b)
				first := apply().how(t)
				if moved := frozen(b) - before; (moved == amount) != row.atOnce {
					t.Errorf("%s froze %d of %d at once", row.token, moved, amount)
				}
				if second := apply().how(t); first != row.first || second != row.second {
					t.Errorf("%s: %s, then %s", row.token, first, second)
				}
			}
			if sum := frozen(b); sum != 800 {
				t.Errorf("%s froze %d, want 800", row.token, sum)
			}
		})
	}
}
