package idempotency

import (
	"context"
	"io"
	"net"
	"sync"
	"sync/atomic"
	"testing"
	"time"

	"github.com/alicebob/miniredis/v2"

	"tolov/internal/payment"
)

// slack is what a loaded machine may add to the budget. Without the budget a client waits for seconds.
const slack = time.Second

// H41: a Redis that is gone costs the budget at most, and the journal answers.
func TestClosedRedisIsUnavailable(t *testing.T) {
	server := miniredis.RunT(t)
	b := newBench(t, "tcp", server.Addr())
	worker := b.worker("a")
	b.wants(worker, order("order-1"), "x", Fresh)
	server.Close()
	start := time.Now()
	b.wants(worker, order("order-1"), "x", Unavailable)
	if took := time.Since(start); took > budget+slack {
		t.Errorf("took %s, want %s", took, budget)
	}
}

// H41: a Redis that accepts and says nothing costs the budget, a few times; then nobody waits for it any more, until
// it answers again. The client is as the worker's: its own timeouts are seconds.
func TestSilentRedisCostsTheBudgetAndThenNothing(t *testing.T) {
	proxy := newProxy(t, miniredis.RunT(t).Addr())
	b := newBench(t, "tcp", proxy.addr())
	worker := b.worker("a")
	proxy.silent.Store(true)
	for range tripAfter {
		start := time.Now()
		b.wants(worker, order("order-1"), "x", Unavailable)
		if took := time.Since(start); took < budget || took > budget+slack {
			t.Errorf("took %s, want %s", took, budget)
		}
	}
	before := proxy.accepted.Load()
	start := time.Now()
	for range 100 {
		b.wants(worker, order("order-1"), "x", Unavailable)
	}
	if took := time.Since(start); took > budget || proxy.accepted.Load() != before {
		t.Errorf("an open breaker still asked: %s, %d connections", took, proxy.accepted.Load()-before)
	}
	proxy.silent.Store(false)
	eventually(t, func() bool {
		return worker.Claim(t.Context(), order("order-2"), payment.Fingerprint{Content: "x"}) != Unavailable
	})
	b.wants(worker, order("order-2"), "x", Replay)
}

// A caller that gives up is not waited for.
func TestCallerMayGiveUpSooner(t *testing.T) {
	proxy := newProxy(t, miniredis.RunT(t).Addr())
	b := newBench(t, "tcp", proxy.addr())
	proxy.silent.Store(true)
	worker := b.worker("a")
	gone, cancel := context.WithCancel(t.Context())
	cancel()
	start := time.Now()
	if got := worker.Claim(gone, order("order-1"), payment.Fingerprint{Content: "x"}); got != Unavailable {
		t.Errorf("claim is %s, want %s", got, Unavailable)
	}
	if took := time.Since(start); took >= budget {
		t.Errorf("took %s", took)
	}
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

// proxy stands before a Redis, and falls silent on demand: it still accepts, and takes what is said.
type proxy struct {
	net.Listener
	silent   atomic.Bool
	accepted atomic.Int64
	open     sync.WaitGroup
}

func newProxy(t *testing.T, to string) *proxy {
	t.Helper()
	l, err := net.Listen("tcp", "127.0.0.1:0")
	if err != nil {
		t.Fatal(err)
	}
	p := &proxy{Listener: l}
	gone, stop := context.WithCancel(context.Background())
	p.open.Go(func() {
		for {
			in, err := l.Accept()
			if err != nil {
				return
			}
			p.accepted.Add(1)
			out, err := net.Dial("tcp", to)
			if err != nil {
				_ = in.Close()
				return
			}
			p.open.Go(func() { p.pass(out, in) })
			p.open.Go(func() { p.pass(in, out) })
			context.AfterFunc(gone, func() { _, _ = in.Close(), out.Close() })
		}
	})
	t.Cleanup(func() { _ = l.Close(); stop(); p.open.Wait() })
	return p
}

func (p *proxy) addr() string { return p.Addr().String() }

func (p *proxy) pass(to io.WriteCloser, from io.Reader) {
	defer func() { _ = to.Close() }()
	buffer := make([]byte, 4096)
	for {
		n, err := from.Read(buffer)
		if err != nil {
			return
		}
		if p.silent.Load() {
			continue
		}
		if _, err := to.Write(buffer[:n]); err != nil {
			return
		}
	}
}
