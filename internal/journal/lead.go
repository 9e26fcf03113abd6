package journal

import (
	"context"
	"errors"
	"fmt"

	"github.com/go-json-experiment/json"
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

// lead writes events until the chain breaks because another leads, or until ctx ends.
func (p *Projector) lead(ctx context.Context) error {
	at, last, err := p.resume(ctx)
	if err != nil {
		return err
	}
	if err := p.compare(ctx, at); err != nil {
		return err
	}
	group, ctx := errgroup.WithContext(ctx)
	w := &writer{projector: p, at: at, last: last}
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

// compare refuses a journal that ends before what the events stand for.
func (p *Projector) compare(ctx context.Context, at positions) error {
	for k, shard := range p.journal.shards {
		info, err := shard.Info(ctx)
		if err != nil {
			return err
		}
		if info.State.LastSeq < at.done[k] {
			return fmt.Errorf("%w: shard %d ends at %d, the events stand for %d",
				ErrJournalShort, k, info.State.LastSeq, at.done[k])
		}
	}
	return nil
}

// follow reads a shard from a position on.
func follow(ctx context.Context, shard jetstream.Stream, k int, from uint64, out chan<- entry) error {
	consumer, err := shard.OrderedConsumer(ctx, jetstream.OrderedConsumerConfig{
		DeliverPolicy: jetstream.DeliverByStartSequencePolicy, OptStartSeq: from,
	})
	if err != nil {
		return err
	}
	messages, err := consumer.Messages()
	if err != nil {
		return err
	}
	stop := context.AfterFunc(ctx, messages.Stop)
	defer stop()
	defer messages.Stop()
	for {
		msg, err := messages.Next()
		if err != nil {
			return errors.Join(ctx.Err(), err)
		}
		meta, err := msg.Metadata()
		if err != nil {
			return err
		}
		e, err := readEntry(msg.Data(), k, meta.Sequence.Stream)
		if err != nil {
			return err
		}
		select {
		case out <- e:
		case <-ctx.Done():
			return ctx.Err()
		}
	}
}

func readEntry(data []byte, shard int, seq uint64) (entry, error) {
	e := entry{shard: shard, seq: seq}
	if err := json.Unmarshal(data, &e.Told); err != nil {
		return e, fmt.Errorf("shard %d, record at %d: %w", shard, seq, err)
	}
	return e, nil
}

// writer publishes the events of one term of leadership, one after the other. Sending the next before the last is known
// to be stored would not do: a sequence names a place and not a message, so when a stranger takes the place of one
// event, the event behind it would still be let in, and the first be lost.
type writer struct {
	projector *Projector
	at        positions
	last      uint64 // the sequence of the event before the next
}

func (w *writer) run(ctx context.Context, entries <-chan entry) error {
	for {
		select {
		case <-ctx.Done():
			return ctx.Err()
		case e := <-entries:
			if err := w.write(ctx, e, 0); err != nil {
				return err
			}
		}
	}
}

// finish writes the rest of the record that a former leader left half told. It comes before everything else.
func (w *writer) finish(ctx context.Context) error {
	if w.at.part == 0 {
		return nil
	}
	k := w.at.shard
	seq := w.at.done[k] + 1
	msg, err := w.projector.journal.shards[k].GetMsg(ctx, seq)
	if err != nil {
		return err
	}
	e, err := readEntry(msg.Data, k, seq)
	if err != nil {
		return err
	}
	return w.write(ctx, e, w.at.part)
}

// write publishes the entry's events from number first on.
func (w *writer) write(ctx context.Context, e entry, first int) error {
	if len(e.Events) == 0 {
		w.at = w.at.after(e.shard, e.seq, 0, 0)
		return nil
	}
	for i := first; i < len(e.Events); i++ {
		w.at = w.at.after(e.shard, e.seq, i, len(e.Events))
		msg, err := e.EventMessage(e.Events[i], w.at.String())
		if err != nil {
			return err
		}
		ack, err := w.projector.js.PublishMsg(ctx, msg, jetstream.WithExpectLastSequence(w.last))
		if err != nil {
			return fmt.Errorf("event not stored: %w", err)
		}
		w.last = ack.Sequence
		w.projector.Emitted(ctx, 1)
	}
	return nil
}
