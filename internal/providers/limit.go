package providers

import (
	"net/http"
	"sync"
	"time"

	"golang.org/x/time/rate"

	"tolov/internal/payment"
	"tolov/internal/saga"
)

// limits keep to what a provider allows: so many calls a minute, and none while it asked for a pause (H16). Questions
// about money in doubt have a budget of their own, so new payments cannot starve them.
type limits struct {
	mu    sync.Mutex
	of    func(provider string) int // calls a minute, 0: no limit
	calls map[account]*limit
}

type limit struct {
	calls, asks *rate.Limiter
	pausedUntil time.Time
}

// askShare is the part of a provider's limit, in percent, that is kept for questions.
const askShare = 25

func newLimits(of func(provider string) int) *limits {
	return &limits{of: of, calls: map[account]*limit{}}
}

func (l *limits) get(who account) *limit {
	one, ok := l.calls[who]
	if !ok {
		one = &limit{calls: perMinute(l.of(who.provider), 100-askShare), asks: perMinute(l.of(who.provider), askShare)}
		l.calls[who] = one
	}
	return one
}

func perMinute(n, percent int) *rate.Limiter {
	if n == 0 {
		return rate.NewLimiter(rate.Inf, 1)
	}
	share := max(n*percent/100, 1)
	return rate.NewLimiter(rate.Every(time.Minute/time.Duration(share)), max(share/10, 1))
}

// wait tells how long a call must wait, 0 when it may go out now.
func (l *limits) wait(call saga.Call, now time.Time) time.Duration {
	l.mu.Lock()
	defer l.mu.Unlock()
	one := l.get(accountOf(call))
	bucket := one.calls
	if call.Asks {
		bucket = one.asks
	} else if now.Before(one.pausedUntil) {
		return one.pausedUntil.Sub(now)
	}
	turn := bucket.ReserveN(now, 1)
	delay := turn.DelayFrom(now)
	if delay > 0 {
		turn.CancelAt(now)
	}
	return delay
}

// told notes that the provider asked for a pause, because of too many calls or of its own maintenance.
func (l *limits) told(call saga.Call, a payment.Answer, now time.Time) {
	asked := a.HTTPStatus == http.StatusTooManyRequests || a.HTTPStatus == http.StatusServiceUnavailable
	if !asked || a.RetryAfter == 0 {
		return
	}
	l.mu.Lock()
	defer l.mu.Unlock()
	l.get(accountOf(call)).pausedUntil = now.Add(a.RetryAfter)
}

func accountOf(call saga.Call) account { return account{call.Payment.Merchant, call.Payment.Provider} }
