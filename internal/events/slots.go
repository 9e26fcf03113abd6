package events

import (
	"context"
	"time"
)

const slotPause = 5 * time.Millisecond

// slots bound how many messages are in hand.
type slots struct{ free chan struct{} }

func newSlots(n int) slots {
	s := slots{free: make(chan struct{}, n)}
	s.give(n)
	return s
}

func (s slots) give(n int) {
	for range n {
		s.free <- struct{}{}
	}
}

// take waits for a free slot and takes all that are free then. When they are few it waits a moment for more, so that
// a full worker does not pull messages one by one. It takes none when told to stop.
func (s slots) take(ctx context.Context, stop <-chan struct{}) int {
	select {
	case <-s.free:
	case <-ctx.Done():
		return 0
	case <-stop:
		return 0
	}
	n := 1 + s.takeFree()
	if n < cap(s.free)/8 {
		select {
		case <-time.After(slotPause):
			n += s.takeFree()
		case <-ctx.Done():
		case <-stop:
		}
	}
	return n
}

func (s slots) takeFree() int {
	n := 0
	for {
		select {
		case <-s.free:
			n++
		default:
			return n
		}
	}
}
