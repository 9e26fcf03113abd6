package journal

import (
	"context"
	"time"

	"github.com/nats-io/nats.go/jetstream"
)

// Lag measures how far the events are behind the journal, whoever writes them.
type Lag struct {
	projector *Projector
	seen      standing
}

// NewLag makes a measure. One goroutine may use it at a time.
func NewLag(p *Projector) *Lag { return &Lag{projector: p} }

// Age is that of the oldest record whose events are missing, 0 when none is: while events are written at all, it is
// that of a few records on their way.
func (l *Lag) Age(ctx context.Context) (time.Duration, error) {
	now, err := l.projector.standing(ctx, l.seen)
	if err != nil {
		return 0, err
	}
	l.seen = now
	if !now.behind {
		return 0, nil
	}
	if now.since.IsZero() {
		return l.half(ctx, now)
	}
	return time.Since(now.since), nil
}

// half is the age of a record that is told in part.
func (l *Lag) half(ctx context.Context, now standing) (time.Duration, error) {
	var msg *jetstream.RawStreamMsg
	msg, err := l.projector.journal.shards[now.at.shard].GetMsg(ctx, now.at.done[now.at.shard]+1)
	if err != nil {
		return 0, err
	}
	return time.Since(msg.Time), nil
}
