package providers

import (
	"context"
	"net/http"
	"testing"
	"time"

	"tolov/internal/payment"
	"tolov/internal/saga"
)

var epoch = time.Date(2026, 5, 1, 12, 0, 0, 0, time.UTC)

func oneCall(asks bool) saga.Call {
	return saga.Call{Asks: asks, Payment: &payment.Payment{Merchant: "default", Provider: "slow"}}
}

// allowed counts the calls that may leave in a minute when as many as possible try.
func allowed(l *limits, asks bool) int {
	n := 0
	for now := epoch; now.Before(epoch.Add(time.Minute)); now = now.Add(10 * time.Millisecond) {
		if l.wait(context.Background(), oneCall(asks), now) == 0 {
			n++
		}
	}
	return n
}

// H16: new calls and questions each have their share of what the provider allows, and a start of a tenth of it.
func TestQuestionsKeepTheirShareOfTheRateLimit(t *testing.T) {
	l := newLimits(func(account) int { return 100 })
	if n := allowed(l, false); n < 75 || n > 75+7 {
		t.Errorf("%d new calls in a minute, want three quarters of 100", n)
	}
	if n := allowed(l, true); n < 25 || n > 25+2 {
		t.Errorf("%d questions after a minute of new calls, want a quarter of 100", n)
	}
}

func TestProviderWithoutALimitIsNotLimited(t *testing.T) {
	l := newLimits(func(account) int { return 0 })
	if n := allowed(l, false); n != 6000 {
		t.Errorf("%d of 6000 calls", n)
	}
}

// H16: whoever has to wait is told how long, and takes no place from the others.
func TestWaitForTheRateLimitIsTold(t *testing.T) {
	l := newLimits(func(account) int { return 8 }) // six new calls a minute
	if wait := l.wait(context.Background(), oneCall(false), epoch); wait != 0 {
		t.Errorf("the first call waits %s", wait)
	}
	for range 3 {
		if wait := l.wait(context.Background(), oneCall(false), epoch); wait != 10*time.Second {
			t.Errorf("the next call waits %s, want 10 s", wait)
		}
	}
	if wait := l.wait(context.Background(), oneCall(false), epoch.Add(10*time.Second)); wait != 0 {
		t.Errorf("after its wait a call waits %s", wait)
	}
}

// H16: each merchant has a limit of its own, as each has its own account.
func TestMerchantsDoNotShareARateLimit(t *testing.T) {
	l := newLimits(func(account) int { return 8 })
	l.wait(context.Background(), oneCall(false), epoch)
	other := oneCall(false)
	other.Payment.Merchant = "another"
	if wait := l.wait(context.Background(), other, epoch); wait != 0 {
		t.Errorf("another merchant waits %s", wait)
	}
}

// H16, H17: a pause that the provider asked for stops new calls and no questions.
func TestPauseStopsNewCallsAndNoQuestions(t *testing.T) {
	for status, pauses := range map[int]bool{
		http.StatusTooManyRequests: true, http.StatusServiceUnavailable: true, http.StatusOK: false, 0: false,
	} {
		l := newLimits(func(account) int { return 0 })
		l.told(oneCall(true), payment.Answer{HTTPStatus: status, RetryAfter: 30 * time.Second}, epoch)
		want := time.Duration(0)
		if pauses {
			want = 20 * time.Second
		}
		if wait := l.wait(context.Background(), oneCall(false), epoch.Add(10*time.Second)); wait != want {
			t.Errorf("after %d a new call waits %s, want %s", status, wait, want)
		}
		if wait := l.wait(context.Background(), oneCall(true), epoch.Add(10*time.Second)); wait != 0 {
			t.Errorf("after %d a question waits %s", status, wait)
		}
		if wait := l.wait(context.Background(), oneCall(false), epoch.Add(30*time.Second)); wait != 0 {
			t.Errorf("after the pause of %d a new call waits %s", status, wait)
		}
	}
}
