package campaign_test

import (
	"fmt"
	"testing"
	"testing/synctest"
	"time"

	"tolov/internal/payment"
	"tolov/internal/providers/sandbox"
)

// H16: PaySys takes 100 calls in any minute, questions included, and answers 429 to the next one. Four workers that
// share a Redis never make that one, also while Redis is away for a while, and finish every payout.
func TestFourWorkersKeepTo100CallsAMinuteWithEveryPayoutFinished(t *testing.T) {
	unhurried(t)
	const payouts, perMinute = 150, 100
	synctest.Test(t, func(t *testing.T) {
		h := newHouseWith(t, sandbox.Options{Seed: 2, Latency: latency, PaysysPerMinute: perMinute})
		defer h.close()
		for range 4 {
			h.start()
		}
		began := time.Now()
		for i := range payouts {
			h.send(payment.VerbPayout, "", fmt.Sprintf(`{"ext_id":"o%d",%s}`, i, payoutBody("400000", canaryPAN, "")))
		}
		h.box.Script(sandbox.Fault{Op: "paysys.confirm", Kind: sandbox.SilentAfter, Times: 10})
		pass(time.Minute)
		h.redis.SetError("LOADING Redis is loading the dataset in memory")
		pass(time.Minute)
		h.redis.SetError("")
		for open := payouts; open > 0 && time.Since(began) < time.Hour; {
			pass(5 * time.Second)
			open = h.unfinished(payouts)
		}
		if open := h.unfinished(payouts); open > 0 || len(h.box.Payouts()) != payouts {
			t.Errorf("%d are not completed, %d were paid out", open, len(h.box.Payouts()))
		}
		fullest, refused := h.box.PaysysLoad()
		if fullest > perMinute || refused > 0 {
			t.Errorf("%d calls in the fullest minute, %d refused", fullest, refused)
		}
		t.Logf("%d payouts in %s, %d calls in the fullest minute", payouts, time.Since(began), fullest)
	})
}

func (h *house) unfinished(payouts int) (open int) {
	for i := range payouts {
		r := h.last(payment.ID(payment.DefaultMerchant, fmt.Sprint("o", i)))
		if r.Payment == nil || r.Payment.Status != payment.Completed {
			open++
		}
	}
	return open
}
