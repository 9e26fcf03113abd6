package events

import "sync"

// Lanes keep the messages of one payment in order and one at a time within a process. Messages of different payments
// never wait for each other.
type Lanes struct {
	mu    sync.Mutex
	tails map[string]chan struct{}
}

// NewLanes makes empty lanes.
func NewLanes() *Lanes { return &Lanes{tails: make(map[string]chan struct{})} }

// Enter takes the next place in the key's lane: wait for turn (nil means now), then call leave.
func (l *Lanes) Enter(key string) (turn <-chan struct{}, leave func()) {
	l.mu.Lock()
	defer l.mu.Unlock()
	ahead := l.tails[key]
	mine := make(chan struct{})
	l.tails[key] = mine
	return ahead, func() {
		l.mu.Lock()
		defer l.mu.Unlock()
		if l.tails[key] == mine {
			delete(l.tails, key)
		}
		close(mine)
	}
}
