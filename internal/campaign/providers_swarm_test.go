package campaign_test

import (
	"fmt"
	"testing"
	"testing/synctest"
	"time"

	"tolov/internal/payment"
)

// TestViaAndPaysysUnderSwarmFaults opens payments and payouts while every kind of fault strikes and workers die, stops
// the faults, and wants each to end as the ledger says, or with a person when the provider contradicts itself: I1 to
// I3, I7.
func TestViaAndPaysysUnderSwarmFaults(t *testing.T) {
	for _, seed := range []uint64{1, 2} {
		t.Run(fmt.Sprint("seed=", seed), func(t *testing.T) {
			synctest.Test(t, func(t *testing.T) { swarmed(t, seed) })
		})
	}
}

const eachProvider = 30

func swarmed(t *testing.T, seed uint64) {
	h := newHouse(t, seed)
	defer h.close()
	h.start()
	h.start()
	rates := map[string]int{}
	for _, kind := range providerFaults() {
		rates[kind] = 150
	}
	h.box.Swarm(rates)
	for i := range eachProvider {
		h.send(payment.VerbPay, "", fmt.Sprintf(`{"ext_id":"v%d",%s}`, i, viaBody(canaryPAN)))
		h.send(payment.VerbPayout, "", fmt.Sprintf(`{"ext_id":"o%d",%s}`, i, payoutBody("400000", canaryPAN, "")))
		pass(2 * time.Second)
		h.enterCodes()
		if i%10 == 9 {
			h.kill(h.workers[0])
			h.start()
		}
	}
	h.box.Quiet()
	for range 60 {
		h.enterCodes()
		pass(time.Minute)
	}
	moved := map[string]int{}
	for _, d := range h.box.Debits() {
		moved[d.Transaction]++
	}
	for _, p := range h.box.Payouts() {
		moved[p.Transaction]++
	}
	completed := 0
	for i := range eachProvider {
		for _, ext := range []string{fmt.Sprint("v", i), fmt.Sprint("o", i)} {
			completed += h.judgeOne(ext, moved)
		}
	}
	t.Logf("%d of %d completed, %d moves", completed, 2*eachProvider, h.moved())
	if completed < eachProvider {
		t.Errorf("only %d payments were completed", completed)
	}
}

// enterCodes plays the customers, who enter the right code whenever they are asked.
func (h *house) enterCodes() {
	for i := range eachProvider {
		ext := fmt.Sprint("v", i)
		if r := h.last(payment.ID("default", ext)); r.Payment != nil && r.Payment.Action != nil {
			h.send(payment.VerbConfirm, "", fmt.Sprintf(`{"ext_id":%q,"otp":%q}`, ext, canaryCode))
		}
	}
}

// judgeOne wants one payment to have ended as the money did, and gives 1 when it was completed.
func (h *house) judgeOne(ext string, moved map[string]int) int {
	h.t.Helper()
	id := payment.ID("default", ext)
	p := h.last(id).Payment
	n := moved[p.ProviderRefs["transaction_id"]]
	switch {
	case p.Status == payment.Completed && n == 1:
		return 1
	case p.Status != payment.Completed && p.Status.Final() && n == 0, p.Status == payment.NeedsReview:
		return 0
	default:
		h.t.Errorf("%s is %s with %d moves\n%s", ext, p.Status, n, h.story(id))
		return 0
	}
}
