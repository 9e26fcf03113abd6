package journal

import (
	"context"
	"errors"
	"fmt"
	"log/slog"
	"math/rand/v2"
	"slices"
	"time"

	"github.com/nats-io/nats.go/jetstream"
	"go.opentelemetry.io/otel/trace"

	"tolov/internal/events"
	"tolov/internal/telemetry"
)

// ErrJournalShort says that events exist whose records are gone: the journal lost its tail, by a power cut without
// sync or by an old backup. Going on would give their numbers to other records (H29, H37).
var ErrJournalShort = errors.New("the journal is shorter than the events that were made from it")

const (
	standbyPause = time.Second
	readAhead    = 256 // records read before their events are written
)

// Projector writes the journal's events to PAYMENTS_EVENTS, each once, those of one payment in order.
//
// Every worker runs one and one of them leads, without a lock: each event is published with the stream's last sequence
// as its condition, so a second leader fails at its first event and stands by. The condition is also what makes an
// event once: there is no window, and no second commit beside the journal's.
type Projector struct {
	js      jetstream.JetStream
	journal *Journal
	stream  jetstream.Stream
	log     *slog.Logger
	Emitted func(ctx context.Context, n int) // told how many events were stored
	Tracer  trace.Tracer                     // of the events' spans

	pause time.Duration // between two looks while standing by
}

// NewProjector makes a projector over the journal, which must be reached over the connection of js.
func NewProjector(ctx context.Context, js jetstream.JetStream, j *Journal, log *slog.Logger) (*Projector, error) {
	stream, err := js.Stream(ctx, events.StreamEvents)
	if err != nil {
		return nil, fmt.Errorf("events: %w", err)
	}
	return &Projector{
		js: js, journal: j, stream: stream, log: log, Emitted: func(context.Context, int) {},
		Tracer: telemetry.Off().Tracer, pause: standbyPause,
	}, nil
}

// Run leads or stands by until ctx ends. It returns an error only when no event may be written any more.
func (p *Projector) Run(ctx context.Context) error {
	for ctx.Err() == nil {
		err := p.lead(ctx)
		if errors.Is(err, ErrJournalShort) {
			return err
		}
		if errors.Is(err, errInterrupted) {
			continue // and compare at once, before the journal grows back to its old length
		}
		if err != nil && ctx.Err() == nil {
			p.log.InfoContext(ctx, "projector stands by", "why", err)
		}
		p.standBy(ctx)
	}
	return nil
}

// standBy returns when events are missing and nobody writes them, when the journal is short, or when ctx ends.
func (p *Projector) standBy(ctx context.Context) {
	var seen standing
	for {
		select {
		case <-ctx.Done():
			return
		case <-time.After(p.pause/2 + rand.N(p.pause)):
		}
		now, err := p.standing(ctx, seen)
		if errors.Is(err, ErrJournalShort) {
			return
		}
		if err == nil && now.behind && seen.behind && now.last == seen.last {
			return
		}
		if err == nil {
			seen = now
		}
	}
}

// standing is how far the events were at one look.
type standing struct {
	last   uint64    // the events' last sequence
	at     positions // what they stand for, records without events behind them included
	behind bool      // a record's events are missing
	since  time.Time // when that record was stored
}

// standing looks how far the events are. What the look before found to be without events is not read again.
func (p *Projector) standing(ctx context.Context, before standing) (standing, error) {
	at, last, err := p.resume(ctx)
	if err != nil {
		return standing{}, err
	}
	now := standing{last: last, at: at, behind: at.part > 0}
	for k, shard := range p.journal.shards {
		info, err := shard.Info(ctx)
		if err != nil {
			return standing{}, err
		}
		if err := at.within(k, info.State.LastSeq); err != nil {
			return standing{}, err
		}
		if before.last == last && before.at.done != nil {
			at.done[k] = max(at.done[k], before.at.done[k])
		}
		for at.done[k] < info.State.LastSeq && !now.behind {
			msg, err := shard.GetMsg(ctx, at.done[k]+1)
			if err != nil {
				return standing{}, err
			}
			if now.behind = tells(msg.Header); !now.behind {
				at.done[k]++
				continue
			}
			now.since = msg.Time
		}
	}
	return now, nil
}

// resume reads from the last event how far the events are.
func (p *Projector) resume(ctx context.Context) (positions, uint64, error) {
	info, err := p.stream.Info(ctx)
	if err == nil && info.State.NumDeleted > 0 {
		info, err = p.stream.Info(ctx, jetstream.WithDeletedDetails(true))
	}
	if err != nil {
		return positions{}, 0, err
	}
	state := info.State
	for seq := state.LastSeq; seq > 0 && seq >= state.FirstSeq; seq-- {
		if slices.Contains(state.Deleted, seq) { // by a person; one that is just not found may be on its way (H35)
			continue
		}
		msg, err := p.stream.GetMsg(ctx, seq)
		if err != nil {
			return positions{}, 0, fmt.Errorf("last event: %w", err)
		}
		if header := msg.Header.Get(events.HeaderPositions); header != "" { // a stranger's message has none
			at, err := parsePositions(header, len(p.journal.shards))
			return at, state.LastSeq, err
		}
	}
	at := newPositions(len(p.journal.shards))
	if age := info.Config.MaxAge; state.LastSeq > 0 && age > 0 {
		at, err = p.expired(ctx, info.TimeStamp.Add(-age))
	}
	return at, state.LastSeq, err
}

// expired finds where to resume when the last event has aged out of the stream: all that is older in the journal has
// aged out too. The time is the server's, as those of the records are.
func (p *Projector) expired(ctx context.Context, from time.Time) (positions, error) {
	at := newPositions(len(p.journal.shards))
	for k, shard := range p.journal.shards {
		info, err := shard.Info(ctx)
		if err != nil {
			return at, err
		}
		first, err := firstSince(ctx, shard, from, info.State)
		if err != nil {
			return at, err
		}
		at.done[k] = first - 1
	}
	return at, nil
}

// firstSince is the sequence of the first record stored at or after from, one behind the last if there is none.
func firstSince(
	ctx context.Context, shard jetstream.Stream, from time.Time, state jetstream.StreamState,
) (uint64, error) {
	low, high := max(state.FirstSeq, 1), state.LastSeq+1
	for low < high {
		middle := low + (high-low)/2
		msg, err := shard.GetMsg(ctx, middle)
		if err != nil {
			return 0, err
		}
		if msg.Time.Before(from) {
			low = middle + 1
		} else {
			high = middle
		}
	}
	return low, nil
}
