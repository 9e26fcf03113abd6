package sandbox_test

import (
	"fmt"
	"maps"
	"slices"
	"testing"
	"testing/synctest"
	"time"

	"tolov/internal/providers/sandbox"
)

// fates sends the same calls for every account and tells what each saw.
func fates(t *testing.T, seed uint64, accounts []string) map[string]string {
	t.Helper()
	seen := map[string]string{}
	synctest.Test(t, func(t *testing.T) {
		b := newBench(t, sandbox.Options{Seed: seed})
		b.client.Timeout = time.Minute
		for _, account := range accounts {
			id := b.prepared(account, token)
			b.Swarm(map[string]int{
				sandbox.FailAfter: 2000, sandbox.ResetBefore: 2000, sandbox.SilentAfter: 1000, sandbox.Slow: 1000,
			})
			for range 3 {
				start := time.Now()
				seen[account] += fmt.Sprint(b.apply(id, "111111").story(t, id), " ", time.Since(start), ", ")
				seen[account] += b.get(id).story(t, id) + "; "
			}
			b.Quiet()
		}
	})
	return seen
}

func TestSeedAloneDecidesAPaymentsFate(t *testing.T) {
	var accounts []string
	for i := range 20 {
		accounts = append(accounts, fmt.Sprint("order-", i))
	}
	forward := fates(t, 1, accounts)
	slices.Reverse(accounts)
	backward, other := fates(t, 1, accounts), fates(t, 2, accounts)
	if !maps.Equal(forward, backward) {
		t.Errorf("the order of calls matters:\n%v\n%v", forward, backward)
	}
	if maps.Equal(forward, other) {
		t.Error("the seed does not matter")
	}
}

func TestSwarmKeepsToSensibleOperations(t *testing.T) {
	b := newBench(t, sandbox.Options{})
	id := b.prepared(account, token)
	b.Swarm(map[string]int{sandbox.FailAfter: 10_000})
	b.code("OK", b.get(id)) // after a read there is nothing that could have been done
	if got := b.apply(id, "111111").story(t, id); got != "502" {
		t.Errorf("apply: %s", got)
	}
	b.Swarm(map[string]int{sandbox.Lag: 5000, sandbox.Pending: 5000, sandbox.FlipFlop: 0})
	b.code("OK", b.preApply(b.create(account), token)) // drafts neither lag nor pend
	b.bearer = b.token()
	b.debits(1)
}

func TestSwarmKeepsItsRates(t *testing.T) {
	b := newBench(t, sandbox.Options{Seed: 42})
	b.Swarm(map[string]int{sandbox.TooMany: 1000, sandbox.Unavailable: 3000})
	counts := map[int]int{}
	for i := range 2000 {
		counts[b.pay("create", `{"store_id":7,"amount":1,"account":"%d"}`, i).status]++
	}
	if n := counts[429]; n < 150 || n > 250 {
		t.Errorf("%d of 2000 calls met too_many at a rate of 1,000", n)
	}
	if n := counts[503]; n < 520 || n > 680 {
		t.Errorf("%d of 2000 calls met unavailable at a rate of 3,000", n)
	}
}

func TestUnknownKindsAndOperationsAreRefused(t *testing.T) {
	box := sandbox.New(sandbox.Options{})
	for name, wrong := range map[string]func(){
		"kind":      func() { box.Script(sandbox.Fault{Op: "*", Kind: "fail"}) },
		"operation": func() { box.Script(sandbox.Fault{Op: "aply", Kind: sandbox.Late}) },
		"times":     func() { box.Script(sandbox.Fault{Op: "*", Kind: sandbox.Late, Times: -1}) },
		"swarm":     func() { box.Swarm(map[string]int{"fail": 1}) },
	} {
		func() {
			defer func() {
				if recover() == nil {
					t.Errorf("%s: a typing error was taken", name)
				}
			}()
			wrong()
		}()
	}
}
