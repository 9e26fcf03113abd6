package sandbox

import (
	"sync"
	"sync/atomic"
	"time"
)

// echo remembers which payments reads must show as they were: the replica that lags behind.
type echo struct {
	any atomic.Bool // false: none does, and no lock to take

	mu    sync.Mutex
	until map[string]time.Time
	reads map[string]int // how often flip was asked
}

func newEcho() *echo {
	return &echo{until: map[string]time.Time{}, reads: map[string]int{}}
}

// hide shows the payment as it was until then. Without a key there is no payment yet.
func (e *echo) hide(key string, until time.Time) {
	if key == "" {
		return
	}
	e.mu.Lock()
	defer e.mu.Unlock()
	e.until[key] = until
	e.any.Store(true)
}

func (e *echo) hidden(key string, now time.Time) bool {
	if !e.any.Load() {
		return false
	}
	e.mu.Lock()
	defer e.mu.Unlock()
	until, found := e.until[key]
	if !found {
		return false
	}
	if now.Before(until) {
		return true
	}
	delete(e.until, key)
	e.any.Store(len(e.until) > 0)
	return false
}

// flip is true every second time.
func (e *echo) flip(key string) bool {
	e.mu.Lock()
	defer e.mu.Unlock()
	e.reads[key]++
	return e.reads[key]%2 == 0
}
