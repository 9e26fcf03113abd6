package sandbox_test

import (
	"net/http"
	"strings"
	"testing"
	"testing/synctest"
	"time"

	"tolov/internal/providers/sandbox"
)

// mover is an operation of the class money, ready to be called.
type mover struct {
	op    string
	once  int64 // what one call moves: tiyin, or cards
	moved func(b *bench) int64
	ready func(b *bench) func() reply
}

func debited(b *bench) int64 {
	sum := int64(0)
	for _, d := range b.Debits() {
		sum += d.Amount
	}
	return sum
}

func refunded(b *bench) int64 {
	sum := int64(0)
	for _, r := range b.Refunds() {
		sum += r.Amount
	}
	return sum
}

func frozen(b *bench) int64 {
	sum := int64(0)
	for _, h := range b.Holds() {
		sum += h.Held
	}
	return sum
}

func released(b *bench) int64 {
	sum := int64(0)
	for _, h := range b.Holds() {
		sum += h.Released
	}
	return sum
}

func links(b *bench) int64 {
	sum := 0
	for _, c := range b.Cards() {
		sum += c.Links
	}
	return int64(sum)
}

func removed(b *bench) int64 {
	sum := int64(0)
	for _, c := range b.Cards() {
		if !c.RemovedAt.IsZero() {
			sum++
		}
	}
	return sum
}

// movers are rows 6, 9, 11, 14, 17, 19, 21, 23, 24 and 25.
func movers() []mover {
	return []mover{
		{"apply", amount, debited, func(b *bench) func() reply {
			id := b.prepared(account, token)
			return func() reply { return b.apply(id, "111111") }
		}},
		{"bulk-apply", 300, debited, func(b *bench) func() reply {
			first, second := b.bulkPrepared(token)
			return func() reply { return b.bulkApply("111111", first, second) }
		}},
		{"reverse", amount, refunded, func(b *bench) func() reply {
			id := b.paid()
			return func() reply { return b.reverse(id) }
		}},
		{"confirm-reverse-partial", 500, refunded, func(b *bench) func() reply {
			id := b.paid()
			partial := b.partial(id, 500)
			return func() reply { return b.confirm(id, partial) }
		}},
		{"bind-confirm", 1, links, func(b *bench) func() reply {
			id := b.bind("9860090101014364")
			return func() reply { return b.bindConfirm(id, "111111") }
		}},
		{"remove-card", 1, removed, func(b *bench) func() reply {
			id, secret := b.link("9860090101014364")
			return func() reply { return b.remove(id, secret) }
		}},
		{"hold-apply", 500, frozen, func(b *bench) func() reply {
			id := b.hold(token, 500, 10)
			return func() reply { return b.freeze(id, "111111") }
		}},
		{"hold-multiple-apply", 300, frozen, func(b *bench) func() reply {
			parent, _, _ := b.twice(token)
			return func() reply { return b.freezeTwice(parent, "111111") }
		}},
		{"hold-charge", 500, debited, func(b *bench) func() reply {
			id := b.held(500)
			return func() reply { return b.charge(id, 500) }
		}},
		{"hold-cancel", 500, released, func(b *bench) func() reply {
			id := b.held(500)
			return func() reply { return b.cancel(id) }
		}},
	}
}

// how puts a reply into words, whatever it is about.
func (r reply) how(t *testing.T) string {
	t.Helper()
	if r.err == nil && r.status == http.StatusOK && strings.HasPrefix(r.body, "{") {
		return r.at(t, "result/code")
	}
	return r.story(t, 0)
}

func TestFaultsOfEveryMoneyCall(t *testing.T) {
	faults := []struct {
		kind          string
		want          string // empty: as without a fault
		atOnce, later int64  // how often it moved
	}{
		{sandbox.FailBefore, "500", 0, 0}, {sandbox.FailAfter, "502", 1, 1},
		{sandbox.SilentBefore, "never answered", 0, 0}, {sandbox.SilentAfter, "never answered", 1, 1},
		{sandbox.Late, "never answered", 0, 1}, {sandbox.Pending, "INFO-202", 0, 1},
		{sandbox.UnknownCode, "STPIMS-ERR-999", 0, 0}, {sandbox.UnknownCodeAfter, "STPIMS-ERR-999", 1, 1},
		{sandbox.TruncatedAfter, "broke off", 1, 1}, {sandbox.Unavailable, "503", 0, 0}, {sandbox.Lag, "", 1, 1},
	}
	for _, m := range movers() {
		for _, f := range faults {
			t.Run(m.op+" "+f.kind, func(t *testing.T) {
				synctest.Test(t, func(t *testing.T) {
					b := newBench(t, sandbox.Options{})
					do := m.ready(b)
					before := m.moved(b)
					b.Script(sandbox.Fault{Op: m.op, Kind: f.kind, Times: 1, DelayMS: 9000})
					if got := do().how(t); f.want != "" && got != f.want {
						t.Errorf("%s, want %s", got, f.want)
					}
					for i, want := range []int64{f.atOnce, f.later} {
						if moved := m.moved(b) - before; moved != want*m.once {
							t.Errorf("moved %d, want %d times %d", moved, want, m.once)
						}
						pass(time.Duration(1-i) * 30 * time.Second)
					}
					do()
					if moved := m.moved(b) - before; moved != m.once {
						t.Errorf("in the end moved %d, want %d", moved, m.once)
					}
				})
			})
		}
	}
}

// TestNaiveProviderMovesMoneyAgain is what catches a client that repeats blindly.
func TestNaiveProviderMovesMoneyAgain(t *testing.T) {
	for _, m := range movers() {
		for naive, times := range map[bool]int64{false: 1, true: 2} {
			if m.once == 1 { // cards are no money
				times = 1
			}
			b := newBench(t, sandbox.Options{Naive: naive})
			do := m.ready(b)
			before := m.moved(b)
			first, second := do().how(t), do().how(t)
			if moved := m.moved(b) - before; moved != times*m.once {
				t.Errorf("%s, naive %v: moved %d, want %d times %d", m.op, naive, moved, times, m.once)
			}
			if repeated := first == second; repeated != (times == 2 || m.op == "hold-cancel") {
				t.Errorf("%s, naive %v: %s, then %s", m.op, naive, first, second)
			}
		}
	}
}

// TestNaiveHoldsAndRefundsExceedWhatTheyMay shows what a judge looks at.
func TestNaiveHoldsAndRefundsExceedWhatTheyMay(t *testing.T) {
	b := newBench(t, sandbox.Options{Naive: true})
	id := b.paid()
	b.reverse(id)
	b.reverse(id)
	b.refunds(2*amount, amount, amount)
	hold := b.held(500)
	b.freeze(hold, "111111")
	b.charge(hold, 500)
	b.charge(hold, 400)
	h := b.Holds()[0]
	if h.Held != 1000 || h.Freezes != 2 || h.Charged != 900 || h.Released != 0 {
		t.Errorf("hold %+v", h)
	}
	b.result("STPIMS-ERR-012", b.pay("apply", `{"store_id":7,"transaction_id":%s,"otp":"111111"}`, h.Transaction))
	b.debits(3)
	b.Script(sandbox.Fault{Op: "hold-multiple-apply", Kind: sandbox.Mixed, Times: 1})
	parent, _, _ := b.twice(token)
	b.says(b.freezeTwice(parent, "111111"), "items/1/result/code", "STPIMS-ERR-057")
	b.says(b.freezeTwice(parent, "111111"), "items/1/result/code", "OK")
}

// TestSwarmReachesEveryOperation repeats every call blindly at an honest provider that answers badly.
func TestSwarmReachesEveryOperation(t *testing.T) {
	synctest.Test(t, func(t *testing.T) {
		b := newBench(t, sandbox.Options{Seed: 3, Drift: true, TokenTTL: 24 * time.Hour})
		stories := map[string]bool{}
		for range 20 {
			for _, m := range movers() {
				do := m.ready(b)
				b.Swarm(map[string]int{
					sandbox.FailBefore: 1000, sandbox.FailAfter: 1000, sandbox.SilentAfter: 1000, sandbox.Late: 1000,
					sandbox.Pending: 1000, sandbox.UnknownCode: 1000, sandbox.UnknownCodeAfter: 1000,
				})
				for range 3 {
					stories[m.op+" "+do().how(t)] = true
				}
				b.Quiet()
				pass(time.Minute)
			}
		}
		for _, m := range movers() {
			for _, want := range []string{"500", "502", "never answered", "INFO-202", "STPIMS-ERR-999"} {
				if !stories[m.op+" "+want] {
					t.Errorf("%s never met %q", m.op, want)
				}
			}
		}
		honest(t, b)
	})
}

// honest insists that nothing was moved twice.
func honest(t *testing.T, b *bench) {
	t.Helper()
	seen := map[string]bool{}
	for _, d := range b.Debits() {
		if seen[d.Transaction] || d.ReversedAmount > d.Amount {
			t.Errorf("debit %+v", d)
		}
		seen[d.Transaction] = true
	}
	for _, h := range b.Holds() {
		if h.Freezes != 1 || h.Charged+h.Released+h.Expired > h.Held {
			t.Errorf("hold %+v", h)
		}
	}
}

func TestLaterNumbersDriftToo(t *testing.T) {
	for name, ask := range map[string]func(*bench) reply{
		"bulk": func(b *bench) reply { return b.post("merchant/bulk/pay/create", twoParts) },
		"hold": func(b *bench) reply { return b.getHold(b.held(500)) },
		"item": func(b *bench) reply {
			parent, _, _ := b.twice(token)
			return b.freezeTwice(parent, "111111")
		},
		"partial": func(b *bench) reply {
			id := b.paid()
			return b.getPartial(id, b.partial(id, 500))
		},
		"cards": func(b *bench) reply {
			b.link("9860090101014364")
			return b.post("partner/list-cards", `{}`)
		},
	} {
		drifted := 0
		for seed := range uint64(16) {
			now := func() time.Time { return time.Unix(0, 0) }
			plain := ask(newBench(t, sandbox.Options{Seed: seed, Now: now}))
			drifting := ask(newBench(t, sandbox.Options{Seed: seed, Now: now, Drift: true}))
			if drifting.body != plain.body {
				drifted++
			}
			if got := drifting.at(t, "result/code"); got != "OK" {
				t.Errorf("%s: %s", name, drifting.body)
			}
		}
		if drifted == 0 {
			t.Errorf("%s never drifts", name)
		}
	}
}
