package providers

import (
	"context"
	"net"
	"runtime"
	"testing"
	"testing/synctest"
	"time"

	"github.com/alicebob/miniredis/v2"
	"github.com/redis/go-redis/v9"
)

// team is four workers' limits that share a Redis, and the moments at which their calls left.
type team struct {
	t       *testing.T
	redis   *miniredis.Miniredis
	workers []*limits
	calls   []time.Time
	asks    []time.Time
}

// inTeam plays in a bubble. The Redis client keeps used timers in a pool of the process, and a timer dies with its
// bubble: two collections empty every pool.
func inTeam(t *testing.T, perMinute int, play func(m *team)) {
	t.Helper()
	runtime.GC()
	runtime.GC()
	synctest.Test(t, func(t *testing.T) {
		m := &team{t: t, redis: miniredis.NewMiniRedis()}
		defer m.redis.Close()
		for range 4 {
			client := redis.NewClient(&redis.Options{
				Addr: "127.0.0.1:6379", MaxRetries: -1,
				Dialer: func(context.Context, string, string) (net.Conn, error) { return m.redis.Dial() },
			})
			defer func() { _ = client.Close() }()
			l := newLimits(func(account) int { return perMinute })
			l.turns = RedisTurns{client}
			m.workers = append(m.workers, l)
		}
		play(m)
	})
}

// rush lets every worker try as often as it can.
func (m *team) rush(d time.Duration) {
	for end := time.Now().Add(d); time.Now().Before(end); <-time.After(250 * time.Millisecond) {
		for _, l := range m.workers {
			if l.wait(m.t.Context(), oneCall(false), time.Now()) == 0 {
				m.calls = append(m.calls, time.Now())
			}
			if l.wait(m.t.Context(), oneCall(true), time.Now()) == 0 {
				m.asks = append(m.asks, time.Now())
			}
		}
	}
}

// fullest is how many of the moments the fullest minute has.
func fullest(moments []time.Time) int {
	most := 0
	for i, from := range moments {
		n := 0
		for _, at := range moments[i:] {
			if at.Sub(from) < time.Minute {
				n++
			}
		}
		most = max(most, n)
	}
	return most
}

// H16: 100 calls a minute, and a quarter of them for questions, however many workers try.
func TestFourWorkersKeepToALimitTogether(t *testing.T) {
	inTeam(t, 100, func(m *team) {
		m.rush(3 * time.Minute)
		calls, asks := fullest(m.calls), fullest(m.asks)
		if calls > 75 || calls < 65 || asks > 25 || asks < 20 {
			t.Errorf("%d new calls and %d questions in the fullest minute, want 75 and 25 at most, and nearly", calls, asks)
		}
	})
}

// H16, H41: without Redis each worker keeps to a part, so that four stay within the limit.
func TestWorkersKeepToALimitWhileRedisIsAway(t *testing.T) {
	inTeam(t, 100, func(m *team) {
		m.redis.SetError("LOADING Redis is loading the dataset in memory")
		m.rush(3 * time.Minute)
		calls, asks := fullest(m.calls), fullest(m.asks)
		if calls+asks > 100 || calls < 50 || asks < 12 {
			t.Errorf("%d new calls and %d questions in the fullest minute", calls, asks)
		}
		m.redis.SetError("")
		m.calls, m.asks = nil, nil
		<-time.After(2 * time.Minute)
		m.rush(2 * time.Minute)
		if calls = fullest(m.calls); calls > 75 || calls < 65 {
			t.Errorf("%d new calls in the fullest minute when Redis is back", calls)
		}
	})
}

// H16: whoever must wait is told how long, and takes no place from the others.
func TestSharedWaitIsTold(t *testing.T) {
	inTeam(t, 8, func(m *team) { // six new calls a minute: one, and five more 12 seconds apart
		for i, want := range []time.Duration{0, 12 * time.Second, 12 * time.Second, 12 * time.Second} {
			if wait := m.workers[i].wait(m.t.Context(), oneCall(false), time.Now()); wait != want {
				t.Errorf("worker %d waits %s, want %s", i, wait, want)
			}
		}
		<-time.After(12 * time.Second)
		if wait := m.workers[3].wait(m.t.Context(), oneCall(false), time.Now()); wait != 0 {
			t.Errorf("after its wait a call waits %s", wait)
		}
		other := oneCall(false)
		other.Payment.Merchant = "another"
		if wait := m.workers[0].wait(m.t.Context(), other, time.Now()); wait != 0 {
			t.Errorf("another merchant waits %s", wait)
		}
	})
}

// H41: a Redis that never answers costs its budget once in a while, not each call.
func TestSilentRedisIsNotAskedAgainAtOnce(t *testing.T) {
	runtime.GC()
	runtime.GC()
	synctest.Test(t, func(t *testing.T) {
		client := redis.NewClient(&redis.Options{
			Addr: "127.0.0.1:6379", MaxRetries: -1,
			Dialer: func(ctx context.Context, _, _ string) (net.Conn, error) {
				<-ctx.Done()
				return nil, ctx.Err()
			},
		})
		defer func() {
			_ = client.Close()
			<-time.After(time.Minute) // until the client has given up dialling
		}()
		l := newLimits(func(account) int { return 100 })
		l.turns = RedisTurns{client}
		start := time.Now()
		for range 10 {
			l.wait(t.Context(), oneCall(true), time.Now())
		}
		if took := time.Since(start); took != turnsBudget {
			t.Errorf("ten calls waited %s for Redis, want %s", took, turnsBudget)
		}
	})
}
