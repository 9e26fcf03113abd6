package providers

import (
	"context"
	"net/http"
	"sync"
	"time"

	"golang.org/x/time/rate"

	"tolov/internal/payment"
	"tolov/internal/saga"
)

// Turns counts calls for all workers of an account together. RedisTurns is one.
type Turns interface {
	// Take takes one of the calls that a key allows in any minute, or tells how long to wait for the next. The error says
	// that it cannot be known.
	Take(ctx context.Context, key string, perMinute int) (wait time.Duration, err error)
}

// limits keep to what a provider allows an account: so many calls a minute, and none while it asked for a pause (H16).
// Questions about money in doubt have a budget of their own, so new payments cannot starve them.
//
// With turns the workers share both budgets. When turns cannot tell, each worker keeps to a part of them for itself.
type limits struct {
	of    func(account) int // calls a minute, 0: no limit
	turns Turns             // nil: this worker is alone

	mu    sync.Mutex
	calls map[account]*limit
	away  time.Time // until when turns are not asked, because they failed
}

type limit struct {
	calls, asks *rate.Limiter // of this worker alone
	pausedUntil time.Time
}

const (
	askShare  = 25 // the part of a provider's limit, in percent, that is kept for questions
	lonePart  = 25 // the part of its share, in percent, that a worker takes while turns are away: enough for four workers
	turnsAway = time.Second
)

func newLimits(of func(account) int) *limits {
	return &limits{of: of, calls: map[account]*limit{}}
}

// share is how many calls a minute there are for new calls or for questions, 0: no limit.
func (l *limits) share(who account, asks bool) int {
	n := l.of(who)
	switch {
	case n == 0:
		return 0
	case asks:
		return max(n*askShare/100, 1)
	default:
		return max(n*(100-askShare)/100, 1)
	}
}

// get gives an account's local limit. With the lock held.
func (l *limits) get(who account) *limit {
	one, ok := l.calls[who]
	if !ok {
		one = &limit{calls: l.local(l.share(who, false)), asks: l.local(l.share(who, true))}
		l.calls[who] = one
	}
	return one
}

func (l *limits) local(share int) *rate.Limiter {
	if share == 0 {
		return rate.NewLimiter(rate.Inf, 1)
	}
	if l.turns != nil {
		share = max(share*lonePart/100, 1)
		return rate.NewLimiter(rate.Every(gapOf(share)), burstOf(share))
	}
	return rate.NewLimiter(rate.Every(time.Minute/time.Duration(share)), burstOf(share))
}

// burstOf is how many calls may leave at once.
func burstOf(perMinute int) int { return max(perMinute/10, 1) }

// gapOf is how long apart the calls behind a burst leave, so that no minute has more than perMinute.
func gapOf(perMinute int) time.Duration {
	return time.Minute / time.Duration(max(perMinute-burstOf(perMinute), 1))
}

// wait tells how long a call must wait, 0 when it may go out now.
func (l *limits) wait(ctx context.Context, call saga.Call, now time.Time) time.Duration {
	who := accountOf(call)
	if pause := l.paused(call, now); pause > 0 {
		return pause
	}
	if wait, known := l.turn(ctx, who, call.Asks, now); known {
		return wait
	}
	l.mu.Lock()
	defer l.mu.Unlock()
	bucket := l.get(who).calls
	if call.Asks {
		bucket = l.get(who).asks
	}
	turn := bucket.ReserveN(now, 1)
	delay := turn.DelayFrom(now)
	if delay > 0 {
		turn.CancelAt(now)
	}
	return delay
}

// paused is how long the provider still wants no new calls.
func (l *limits) paused(call saga.Call, now time.Time) time.Duration {
	l.mu.Lock()
	defer l.mu.Unlock()
	if call.Asks {
		return 0
	}
	return max(l.get(accountOf(call)).pausedUntil.Sub(now), 0)
}

// turn asks what all workers share. It is false when that cannot be known, or when there is no limit to keep.
func (l *limits) turn(ctx context.Context, who account, asks bool, now time.Time) (time.Duration, bool) {
	share := l.share(who, asks)
	if l.turns == nil || share == 0 || l.isAway(now) {
		return 0, false
	}
	key := who.provider + ":" + who.merchant + ":calls"
	if asks {
		key = who.provider + ":" + who.merchant + ":asks"
	}
	wait, err := l.turns.Take(ctx, key, share)
	if err != nil {
		l.mu.Lock()
		defer l.mu.Unlock()
		l.away = now.Add(turnsAway)
		return 0, false
	}
	return wait, true
}

func (l *limits) isAway(now time.Time) bool {
	l.mu.Lock()
	defer l.mu.Unlock()
	return now.Before(l.away)
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
