package providers_test

import (
	"sync"
	"testing"
	"testing/synctest"
	"time"

	"tolov/internal/payment"
	"tolov/internal/providers/sandbox"
	"tolov/internal/saga"
)

// slow makes n calls of create at once, for an account that never answers.
func (h *house) slow(n int) (answers func() []payment.Answer) {
	h.box.Script(sandbox.Fault{Op: "create", Account: "slow", Kind: sandbox.SilentBefore})
	all := make([]payment.Answer, n)
	var calls sync.WaitGroup
	for i := range all {
		c := call("create")
		c.Payment = &payment.Payment{ID: "pay_slow", Merchant: "default", Provider: "atmos", Account: "slow"}
		calls.Go(func() { all[i] = h.make(c) })
	}
	return func() []payment.Answer { calls.Wait(); return all }
}

func ofOther(step string) saga.Call {
	c := call(step)
	c.Payment = &payment.Payment{ID: "pay_y", Merchant: "other", Provider: "atmos", Account: "order-2"}
	return c
}

// H28: an account that hangs holds its own places and no more; other accounts and questions do not notice.
func TestAHangingAccountLeavesPlacesForOthers(t *testing.T) {
	inHouse(t, func(h *house) {
		h.Bound(4)
		h.do("create", payment.Done)
		answers := h.slow(10)
		synctest.Wait()
		<-time.After(2 * time.Second)
		synctest.Wait()
		if n := h.arrived("create"); n != 1+4 {
			t.Errorf("%d calls are under way, want 4", n-1)
		}
		start := time.Now()
		if a := h.make(ofOther("create")); a.Outcome != payment.Done {
			t.Errorf("another account's call is %s (%s)", a.Outcome, a.Note)
		}
		h.do("get", payment.Absent)
		if a := h.do("create", payment.NotSent); a.RetryAfter != 5*time.Second {
			t.Errorf("may come back after %s", a.RetryAfter)
		}
		if took := time.Since(start); took != 0 {
			t.Errorf("somebody waited %s behind the account that hangs", took)
		}
		var sent, back int
		for _, a := range answers() {
			switch {
			case a.Outcome == payment.NotSent && a.RetryAfter == 5*time.Second:
				back++
			case a.Outcome == payment.Unknown:
				sent++
			}
		}
		if sent != 4 || back != 6 {
			t.Errorf("%d calls were sent and %d sent back, want 4 and 6", sent, back)
		}
		h.do("create", payment.Done) // there is a place again, and this call is quick
	})
}

// Calls that are as quick as they should be wait for each other instead of being sent back.
func TestQuickCallsWaitForAPlace(t *testing.T) {
	inHouse(t, func(h *house) {
		h.Bound(1)
		h.do("create", payment.Done)
		h.box.Script(sandbox.Fault{Op: "create", Kind: sandbox.Slow, DelayMS: 100})
		var calls sync.WaitGroup
		for range 8 {
			calls.Go(func() { h.do("create", payment.Done) })
		}
		calls.Wait()
	})
}
