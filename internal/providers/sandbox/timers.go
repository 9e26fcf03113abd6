package sandbox

import (
	"context"
	"sync"
	"time"
)

// timers hold everything that waits: late effects and delays. No goroutine of theirs outlives its timer.
type timers struct {
	mu     sync.Mutex
	late   map[*time.Timer]struct{}
	closed chan struct{}
	once   sync.Once
}

func newTimers() *timers {
	return &timers{late: map[*time.Timer]struct{}{}, closed: make(chan struct{})}
}

// after runs f once d has passed, unless the sandbox is closed before.
func (t *timers) after(d time.Duration, f func()) {
	t.mu.Lock()
	defer t.mu.Unlock()
	if t.over() {
		return
	}
	var timer *time.Timer
	timer = time.AfterFunc(d, func() {
		if t.take(timer) {
			f()
		}
	})
	t.late[timer] = struct{}{}
}

// take tells whether the timer is still wanted. Its lock also waits for after to have kept the timer.
func (t *timers) take(timer *time.Timer) bool {
	t.mu.Lock()
	defer t.mu.Unlock()
	_, wanted := t.late[timer]
	delete(t.late, timer)
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
		for timer := range t.late {
			timer.Stop()
		}
		clear(t.late)
	})
}
