package idempotency

import (
	"context"
	"io"
	"net"
	"sync"
	"sync/atomic"
	"testing"
	"testing/synctest"
	"time"

	"github.com/alicebob/miniredis/v2"

	"tolov/internal/payment"
)

// H41: a Redis that is gone costs the budget at most, and the journal answers.
func TestClosedRedisIsUnavailable(t *testing.T) {
	inBubble(t, func(b *bench, l *line) {
		worker := b.worker("a")
		b.wants(worker, order("order-1"), "x", Fresh)
		l.cut()
		b.takes(0, budget, func() { b.wants(worker, order("order-1"), "x", Unavailable) })
	})
}

// H41: a Redis that accepts and says nothing costs the budget, a few times; then nobody waits for it any more, until
// it answers again. The client is as the worker's: its own timeouts are seconds.
func TestSilentRedisCostsTheBudgetAndThenNothing(t *testing.T) {
	inBubble(t, func(b *bench, l *line) {
		worker := b.worker("a")
		l.silent.Store(true)
		for range tripAfter {
			b.takes(budget, budget, func() { b.wants(worker, order("order-1"), "x", Unavailable) })
		}
		before := l.dialled.Load()
		b.takes(0, 0, func() {
			for range 100 {
				b.wants(worker, order("order-1"), "x", Unavailable)
			}
		})
		if n := l.dialled.Load() - before; n != 0 {
			b.Errorf("an open breaker still asked, over %d new connections", n)
		}
		l.silent.Store(false)
		<-time.After(tripFor + time.Millisecond)
		b.wants(worker, order("order-2"), "x", Fresh)
		b.wants(worker, order("order-2"), "x", Replay)
	})
}

// A caller that gives up is not waited for.
func TestCallerMayGiveUpSooner(t *testing.T) {
	inBubble(t, func(b *bench, l *line) {
		l.silent.Store(true)
		worker := b.worker("a")
		gone, cancel := context.WithCancel(b.Context())
		cancel()
		b.takes(0, 0, func() {
			if got := worker.Claim(gone, order("order-1"), payment.Fingerprint{Content: "x"}); got != Unavailable {
				b.Errorf("claim is %s, want %s", got, Unavailable)
			}
		})
	})
}

// What is not a claim tells nothing: the journal is asked.
func TestGarbageIsUnavailable(t *testing.T) {
	everywhere(t, func(b *bench) {
		worker, client := b.worker("a"), b.client()
		for name, value := range map[string]string{
			"empty": "", "text": "garbage", "too few parts": "x|||a", "too many": "x|||a|1|2", "no time": "x|||a|soon",
		} {
			if err := client.Set(b.Context(), key(order("order-1")), value, 0).Err(); err != nil {
				b.Fatal(err)
			}
			b.Log(name)
			b.wants(worker, order("order-1"), "x", Unavailable)
		}
		client.Del(b.Context(), key(order("order-1")))
		client.LPush(b.Context(), key(order("order-1")), "a list")
		b.wants(worker, order("order-1"), "x", Unavailable)
		b.wants(worker, order("order-2"), "x", Fresh) // one bad key is nobody else's trouble
	})
}

// line leads to a Redis within a bubble, where time passes when everybody waits. On demand it is cut, or falls silent:
// it still takes what is said.
type line struct {
	redis   *miniredis.Miniredis
	silent  atomic.Bool
	dialled atomic.Int64
	state   sync.Mutex
	isCut   bool
	open    []net.Conn
}

func inBubble(t *testing.T, rule func(*bench, *line)) {
	t.Helper()
	synctest.Test(t, func(t *testing.T) {
		l := &line{redis: miniredis.NewMiniRedis()}
		t.Cleanup(l.cut)
		b := newBench(t, "", "")
		b.dial, b.patience = l.dial, budget
		rule(b, l)
	})
}

func (l *line) dial(context.Context, string, string) (net.Conn, error) {
	l.dialled.Add(1)
	l.state.Lock()
	defer l.state.Unlock()
	if l.isCut {
		return nil, net.ErrClosed
	}
	far, err := l.redis.Dial()
	if err != nil {
		return nil, err
	}
	near, middle := net.Pipe()
	l.open = append(l.open, far, middle)
	go l.pass(far, middle)
	go l.pass(middle, far)
	return near, nil
}

func (l *line) cut() {
	l.state.Lock()
	defer l.state.Unlock()
	l.isCut = true
	for _, conn := range l.open {
		_ = conn.Close()
	}
}

func (l *line) pass(to io.WriteCloser, from io.Reader) {
	defer func() { _ = to.Close() }()
	buffer := make([]byte, 4096)
	for {
		n, err := from.Read(buffer)
		if err != nil {
			return
		}
		if l.silent.Load() {
			continue
		}
		if _, err := to.Write(buffer[:n]); err != nil {
			return
		}
	}
}

// takes insists on how long something takes, of the bubble's time.
func (b *bench) takes(least, most time.Duration, f func()) {
	b.Helper()
	start := time.Now()
	f()
	if took := time.Since(start); took < least || took > most {
		b.Errorf("took %s, want %s to %s", took, least, most)
	}
}
