package providers

import (
	"context"
	"sync"
	"sync/atomic"
	"time"

	"tolov/internal/saga"
)

const (
	placePatience = time.Second     // how long a call waits for a place; what takes longer than this is slow
	placeWait     = 5 * time.Second // when a call comes back that found its provider stuck
)

// places are bulkheads: one account has no more than so many calls under way, new ones and questions apart, so that a
// provider that hangs cannot fill the worker while payments of others wait (H28).
//
// A call waits a moment for a place. When none gets free in that time the account is stuck, and further calls are sent
// back at once until a call is quick again.
type places struct {
	each int // calls of one kind and account under way at once, 0: no bound

	mu  sync.Mutex
	all map[placesOf]*bulkhead
}

type placesOf struct {
	account
	asks bool
}

type bulkhead struct {
	taken chan struct{}
	stuck atomic.Bool
}

func (p *places) of(call saga.Call) *bulkhead {
	key := placesOf{accountOf(call), call.Asks}
	p.mu.Lock()
	defer p.mu.Unlock()
	b, ok := p.all[key]
	if !ok {
		b = &bulkhead{taken: make(chan struct{}, p.each)}
		p.all[key] = b
	}
	return b
}

// enter takes a place for a call; leave must be called when it is over. It is nil when the call must come back later.
func (p *places) enter(ctx context.Context, call saga.Call) (leave func()) {
	if p.each == 0 {
		return func() {}
	}
	b := p.of(call)
	if !b.take(ctx) {
		return nil
	}
	since := time.Now()
	return func() {
		<-b.taken
		if time.Since(since) < placePatience {
			b.stuck.Store(false)
		}
	}
}

func (b *bulkhead) take(ctx context.Context) bool {
	select {
	case b.taken <- struct{}{}:
		return true
	default:
	}
	if b.stuck.Load() {
		return false
	}
	patience := time.NewTimer(placePatience)
	defer patience.Stop()
	select {
	case b.taken <- struct{}{}:
		return true
	case <-ctx.Done():
		return false
	case <-patience.C:
		b.stuck.Store(true)
		return false
	}
}
