package journal

import (
	"context"
	"errors"
	"fmt"

	"github.com/go-json-experiment/json"
	"github.com/nats-io/nats.go"
	"github.com/nats-io/nats.go/jetstream"
	"golang.org/x/sync/errgroup"

	"tolov/internal/events"
)

// entry is a journal record as the projector reads it.
type entry struct {
	events.Told
	shard int
	seq   uint64
}

// errInterrupted ends a term whose connection was lost and is back.
var errInterrupted = errors.New("the connection was interrupted")

// lead writes events until the chain breaks because another leads, or until ctx ends.
func (p *Projector) lead(ctx context.Context) error {
	back := p.js.Conn().StatusChanged(nats.CONNECTED)
	defer p.js.Conn().RemoveStatusListener(back)
	at, last, err := p.resume(ctx)
	if err != nil {
		return err
	}
	if err := p.compare(ctx, at); err != nil {
		return err
	}
	group, ctx := errgroup.WithContext(ctx)
	group.Go(func() error { return interrupted(ctx, back) })
	w := newWriter(p, at, last)
	group.Go(func() error { return w.settle(ctx) })
	group.Go(func() error {
		if err := w.finish(ctx); err != nil {
			return err
		}
		entries := make(chan entry, readAhead)
		for k, shard := range p.journal.shards {
			from := w.at.done[k] + 1
			group.Go(func() error { return follow(ctx, shard, k, from, entries) })
		}
		return w.run(ctx, entries)
	})
	return group.Wait()
}

// interrupted waits until the connection was lost and is back. The server may have come back with less than it had, and
// whoever went on reading a journal at the old place would miss the records that have got old numbers (H29, H37).
func interrupted(ctx context.Context, back <-chan nats.Status) error {
	select {
	case <-ctx.Done():
		return ctx.Err()
	case <-back:
		return errInterrupted
	}
}

// compare refuses a journal that ends before what the events stand for.
func (p *Projector) compare(ctx context.Context, at positions) error {
	for k, shard := range p.journal.shards {
		info, err := shard.Info(ctx)
		if err != nil {
			return err
		}
		if err := at.within(k, info.State.LastSeq); err != nil {
			return err
		}
	}
	return nil
}

// follow reads a shard from a position on, until ctx ends or a record gets lost on its way.
func follow(ctx context.Context, shard jetstream.Stream, k int, from uint64, out chan<- entry) error {
	r, err := newReader(ctx, shard, jetstream.ConsumerConfig{
		DeliverPolicy: jetstream.DeliverByStartSequencePolicy, OptStartSeq: from,
	})
	if err != nil {
		return err
	}
	defer r.close(ctx)
	delivered := uint64(0)
	for {
		_, err := r.pull(ctx, readAhead, func(msg jetstream.Msg) error {
			meta, err := msg.Metadata()
			if err != nil {
				return err
			}
			if delivered++; meta.Sequence.Consumer != delivered {
				return fmt.Errorf("a record before %d got lost on its way", meta.Sequence.Stream)
			}
			e, err := readEntry(msg.Headers(), msg.Data(), k, meta.Sequence.Stream)
			if err != nil {
				return err
			}
			select {
			case out <- e:
				return nil
			case <-ctx.Done():
				return ctx.Err()
			}
		})
		if err != nil {
			return fmt.Errorf("shard %d: %w", k, err)
		}
	}
}

func readEntry(header nats.Header, data []byte, shard int, seq uint64) (entry, error) {
	e := entry{shard: shard, seq: seq}
	if !tells(header) {
		return e, nil
	}
	if err := json.Unmarshal(data, &e.Told); err != nil {
		return e, fmt.Errorf("record at %d: %w", seq, err)
	}
	return e, nil
}

// tells tells whether a message of the journal can have events. A stranger's message is no record: nothing of it can be
// told, and because it cannot be deleted either, it must not stop the events of others.
func tells(header nats.Header) bool {
	return header.Get(events.HeaderRecord) != "" && header.Get(events.HeaderEvents) != "0"
}
