package sandbox

import (
	"context"
	"sync"
	"time"
)

// timers hold everything that waits: late effects and delays. No goroutine of theirs outlives its timer.
type timers struct {
	mu     sync.Mutex
	late   map[int]*time.Timer
	last   int
	closed chan struct{}
	once   sync.Once
}

func newTimers() *timers {
	return &timers{late: map[int]*time.Timer{}, closed: make(chan struct{})}
}

// after runs f once d has passed, unless the sandbox is closed before.
func (t *timers) after(d time.Duration, f func()) {
	t.mu.Lock()
	defer t.mu.Unlock()
	if t.over() {
		return
	}
	t.last++
	n := t.last
	t.late[n] = time.AfterFunc(d, func() {
		if t.take(n) {
			f()
		}
	})
}

// take tells whether the nth timer is still wanted.
func (t *timers) take(n int) bool {
	t.mu.Lock()
	defer t.mu.Unlock()
	_, wanted := t.late[n]
	delete(t.late, n)
	return wanted
}

// pause waits, and tells whether the whole time has passed. A client that goes away does not shorten it.
func (t *timers) pause(d time.Duration) bool {
	timer := time.NewTimer(d)
	defer timer.Stop()
	select {
	case <-timer.C:
		return true
	case <-t.closed:
		return false
	}
}

// hang waits until the client goes away.
func (t *timers) hang(client context.Context) {
	select {
	case <-client.Done():
	case <-t.closed:
	}
}

func (t *timers) over() bool {
	select {
	case <-t.closed:
		return true
	default:
		return false
	}
}

func (t *timers) close() {
	t.once.Do(func() {
		t.mu.Lock()
		defer t.mu.Unlock()
		close(t.closed)
		for _, timer := range t.late {
			timer.Stop()
		}
		clear(t.late)
	})
}
