package providers_test

import (
	"testing"
	"time"

	"tolov/internal/payment"
	"tolov/internal/providers/sandbox"
)

const failuresInARow = 20

// fail makes the provider fail so often that its breaker opens.
func (h *house) fail(kind string) {
	h.t.Helper()
	h.box.Script(sandbox.Fault{Op: "*", Kind: kind})
	for range failuresInARow {
		h.do("create", payment.Unknown)
	}
}

// H17: while a provider is down no new call leaves, but the questions about money do.
func TestOpenBreakerStopsNewCallsAndNoQuestions(t *testing.T) {
	inHouse(t, func(h *house) {
		h.do("create", payment.Done)
		h.fail(sandbox.FailBefore)
		h.value("2", "tolov_breaker_state")
		arrived := h.arrived("create") + h.arrived("apply")
		for _, step := range []string{"create", "apply"} {
			if a := h.do(step, payment.NotSent); a.RetryAfter <= 0 || a.RetryAfter > 5*time.Second {
				t.Errorf("%s may come back after %s", step, a.RetryAfter)
			}
		}
		if n := h.arrived("create") + h.arrived("apply") - arrived; n != 0 {
			t.Errorf("%d calls left through an open breaker", n)
		}
		for range 3 * failuresInARow {
			h.do("get", payment.Unknown)
		}
		if n := h.arrived("get"); n != 3*failuresInARow {
			t.Errorf("%d of %d questions left", n, 3*failuresInARow)
		}
	})
}

// H17, H18: after a pause one call tries; what it finds decides for all.
func TestHalfOpenBreakerRecoversWithTheProvider(t *testing.T) {
	inHouse(t, func(h *house) {
		h.do("create", payment.Done)
		h.fail(sandbox.FailBefore)
		<-time.After(5*time.Second + time.Millisecond)
		h.value("1", "tolov_breaker_state")
		h.do("create", payment.Unknown) // still down
		h.value("2", "tolov_breaker_state")
		h.do("create", payment.NotSent)
		<-time.After(5*time.Second + time.Millisecond)
		h.box.ClearFaults()
		h.do("create", payment.Done)
		h.value("0", "tolov_breaker_state")
		h.do("create", payment.Done)
	})
}

// H17: a refusal is an answer. Only what could not be learned counts as a failure, and only in a row.
func TestDeclinesAreNoFailures(t *testing.T) {
	inHouse(t, func(h *house) {
		h.do("create", payment.Done)
		declined := call("pre-apply")
		declined.Card.Token = payment.NewSecret("blocked")
		for range 2 * failuresInARow {
			if a := h.make(declined); a.Outcome != payment.Declined {
				t.Fatalf("pre-apply is %s", a.Outcome)
			}
		}
		h.value("0", "tolov_breaker_state")
		h.box.Script(sandbox.Fault{Op: "create", Kind: sandbox.FailBefore, Times: failuresInARow - 1})
		for range failuresInARow - 1 {
			h.do("create", payment.Unknown)
		}
		h.do("create", payment.Done)
		h.value("0", "tolov_breaker_state")
	})
}

// A probe that never comes back would keep a half-open breaker shut for ever.
func TestPanicInAProviderClosesNothingForEver(t *testing.T) {
	inHouse(t, func(h *house) {
		h.do("create", payment.Done)
		h.fail(sandbox.FailBefore)
		<-time.After(5*time.Second + time.Millisecond)
		h.box.ClearFaults()
		func() {
			defer func() {
				if recover() == nil {
					t.Error("no panic")
				}
			}()
			broken := call("pre-apply") // the engine never makes one without a card
			broken.Card = nil
			h.make(broken)
		}()
		h.value("2", "tolov_breaker_state")
		<-time.After(5*time.Second + time.Millisecond)
		h.do("create", payment.Done)
	})
}

// H16: a provider that asks for a pause gets it from new calls, and is asked about money all the same.
func TestTooManyRequestsPauseNewCallsAndNoQuestions(t *testing.T) {
	inHouse(t, func(h *house) {
		h.do("create", payment.Done)
		h.box.Script(sandbox.Fault{Op: "create", Kind: sandbox.TooMany, Times: 1})
		h.do("create", payment.Unknown)
		if a := h.do("apply", payment.NotSent); a.RetryAfter != time.Second {
			t.Errorf("apply may come back after %s", a.RetryAfter)
		}
		h.do("get", payment.Absent)
		<-time.After(time.Second)
		h.do("create", payment.Done)
	})
}
