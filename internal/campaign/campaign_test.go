package campaign_test

import (
	"flag"
	"fmt"
	"maps"
	"slices"
	"testing"
	"testing/synctest"
	"time"

	"tolov/internal/payment"
	"tolov/internal/providers/atmos"
	"tolov/internal/providers/atmosips"
	"tolov/internal/providers/atmospinfl"
	"tolov/internal/providers/paysys"
	"tolov/internal/providers/uzum"
	"tolov/internal/providers/via"
	"tolov/internal/saga"
)

var (
	oneSeed  = flag.Uint64("seed", 0, "run this seed alone")
	seeds    = flag.Int("seeds", 8, "how many seeds to run")
	payments = flag.Int("payments", 400, "payments per seed")
)

// TestCampaignEverySeedKeepsTheInvariants lets everything go wrong at once, stops the faults, and wants every payment
// to have come to a right end: I1 to I10 of docs/architecture.md.
func TestCampaignEverySeedKeepsTheInvariants(t *testing.T) {
	for _, seed := range seedsToRun() {
		t.Run(fmt.Sprint("seed=", seed), func(t *testing.T) {
			synctest.Test(t, func(t *testing.T) {
				for _, fault := range campaign(t, seed, *payments) {
					t.Error(fault)
				}
			})
		})
	}
}

// unhurried leaves a test of long virtual times to the run without the race detector.
func unhurried(t *testing.T) {
	if testing.Short() {
		t.Skip("takes minutes with the race detector; the campaign's own run has it")
	}
}

func seedsToRun() []uint64 {
	if *oneSeed != 0 {
		return []uint64{*oneSeed}
	}
	n := *seeds
	if testing.Short() { // with the race detector a seed takes as long as ten
		n = min(n, 1)
	}
	all := make([]uint64, n)
	for i := range all {
		all[i] = uint64(i + 1)
	}
	return all
}

const (
	rush     = 8 * time.Minute // in which all payments are opened, and faults happen
	patience = 2 * time.Hour   // after which a payment that is still open is lost
)

func campaign(t *testing.T, seed uint64, n int) verdicts {
	h := newHouse(t, seed)
	defer h.close()
	h.withKeys()
	pauses := h.rand.IntN(2) == 0
	h.around = func(p saga.Provider) saga.Provider {
		return sleepy{p, func() time.Duration {
			if !pauses || h.pick(60) > 0 {
				return 0
			}
			return 40*time.Second + time.Duration(h.pick(80))*time.Second
		}}
	}
	for range fleet {
		h.start()
	}
	people := newCustomers(h, seed)
	faults := newSwarm(h, seed)
	for i := range n {
		people.pay(i)
		pass(rush / time.Duration(n))
	}
	faults.stop()
	healed := time.Now()
	for time.Since(healed) < patience && !h.settled(people) {
		pass(time.Minute)
	}
	t.Logf("%d payments, %d workers, %d debits, settled %s after the faults",
		n, h.born, len(h.box.Debits()), time.Since(healed))
	people.stop()
	pass(10 * time.Second) // the last events
	v := h.judge(people)
	if n >= aCrowd {
		h.lively(&v, people)
	}
	return v
}

// aCrowd is how many payments make sure that every flow is among them, often enough for one to end well.
const aCrowd = 1000

// lively wants every flow to have come to its good end at least once: a harness in which nothing happens finds nothing
// (law 10).
func (h *house) lively(v *verdicts, c *customers) {
	dull := map[string]bool{}
	for _, flow := range slices.Concat(atmos.Flows(), atmosips.Flows(), atmospinfl.Flows(), via.Flows(), paysys.Flows(),
		uzum.Flows()) {
		dull[flow.Name] = true
	}
	for _, ext := range slices.Concat(slices.Collect(maps.Keys(c.sent)), slices.Collect(maps.Keys(c.orders))) {
		if r := h.last(payment.ID(payment.DefaultMerchant, ext)); r.Payment != nil {
			p := r.Payment
			dull[r.State.Flow] = dull[r.State.Flow] && p.AmountCharged == 0 && p.Status != payment.Linked
		}
	}
	for flow, none := range dull {
		if none {
			v.add("no payment of %s ended well", flow)
		}
	}
}
