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

// follow reads a shard from a position on, until ctx ends or anything goes wrong: then the term ends, and the next one
// finds its place by itself. That is why this is no ordered consumer, which would look for its place anew without our
// knowing, and whose iterator cannot be stopped while it does.
func follow(ctx context.Context, shard jetstream.Stream, k int, from uint64, out chan<- entry) error {
	consumer, err := shard.CreateConsumer(ctx, jetstream.ConsumerConfig{
		DeliverPolicy: jetstream.DeliverByStartSequencePolicy, OptStartSeq: from,
		AckPolicy: jetstream.AckNonePolicy, InactiveThreshold: idle, MemoryStorage: true, Replicas: 1,
	})
	if err != nil {
		return err
	}
	defer forget(ctx, shard, consumer)
	messages, err := consumer.Messages(jetstream.PullExpiry(pullFor), jetstream.PullHeartbeat(heartbeat))
	if err != nil {
		return err
	}
	defer messages.Stop()
	for delivered := uint64(1); ; delivered++ {
		msg, err := messages.Next(jetstream.NextContext(ctx))
		if err != nil {
			return fmt.Errorf("shard %d: %w", k, err)
		}
		meta, err := msg.Metadata()
		if err != nil {
			return err
		}
		if meta.Sequence.Consumer != delivered {
			return fmt.Errorf("shard %d: a record before %d got lost on its way", k, meta.Sequence.Stream)
		}
		e, err := readEntry(msg.Headers(), msg.Data(), k, meta.Sequence.Stream)
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

// forget takes a reader's place off the server, which has room for a thousand per stream and would keep this one for a
// while: leaders that contend would fill it up.
func forget(ctx context.Context, shard jetstream.Stream, consumer jetstream.Consumer) {
	ctx, cancel := context.WithTimeout(context.WithoutCancel(ctx), forgetWait)
	defer cancel()
	_ = shard.DeleteConsumer(ctx, consumer.CachedInfo().Name) // the server forgets it by itself after idle
}

func readEntry(header nats.Header, data []byte, shard int, seq uint64) (entry, error) {
	e := entry{shard: shard, seq: seq}
	if !tells(header) {
		return e, nil
	}
	if err := json.Unmarshal(data, &e.Told); err != nil {
		return e, fmt.Errorf("shard %d, record at %d: %w", shard, seq, err)
	}
	return e, nil
}

// tells tells whether a message of the journal can have events. A stranger's message is no record: nothing of it can be
// told, and because it cannot be deleted either, it must not stop the events of others.
func tells(header nats.Header) bool {
	return header.Get(events.HeaderRecord) != "" && header.Get(events.HeaderEvents) != "0"
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
	e, err := readEntry(msg.Header, msg.Data, k, seq)
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
