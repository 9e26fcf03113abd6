package journal

import (
	"context"
	"fmt"
	"strconv"

	"github.com/nats-io/nats.go"
	"github.com/nats-io/nats.go/jetstream"
	"github.com/nats-io/nuid"
	"go.opentelemetry.io/otel/trace"
)

// unsettled is how many events may be on their way at once.
const unsettled = 256

// writer publishes the events of one term of leadership, each chained to the one before it.
//
// On one server many are on their way at a time. The first names the sequence behind which it must come; each further
// one names its predecessor by message id. A sequence would not do for those: it names a place and not a message, so
// when a stranger takes the place of one event, the event behind it would still be let in, and the first be lost. The
// ids belong to the term, so no other writer can be taken for this one.
//
// Replicas check an id only when they apply the message, and after one was refused the server loses the next message
// without a word (nats-server 2.15.2). There the next event is sent when the one before it is stored, by its sequence.
type writer struct {
	projector *Projector
	at        positions
	last      uint64 // the sequence of the event before the next, or, when pipelined, before the term
	term      string
	sent      int
	sending   chan underway
}

// underway is an event on its way.
type underway struct {
	ack  jetstream.PubAckFuture
	span trace.Span
}

func newWriter(p *Projector, at positions, last uint64) *writer {
	return &writer{
		projector: p, at: at, last: last, term: nuid.Next(), sending: make(chan underway, unsettled),
	}
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
		if err := w.publish(ctx, msg, w.projector.span(ctx, &e.Told, e.Events[i], msg)); err != nil {
			return err
		}
	}
	return nil
}

// publish sends a message that is stored only behind its predecessor. The span ends when it is stored.
func (w *writer) publish(ctx context.Context, msg *nats.Msg, span trace.Span) error {
	if w.projector.stream.CachedInfo().Config.Replicas > 1 {
		err := w.publishAndWait(ctx, msg)
		end(span, err)
		return err
	}
	behind := jetstream.WithExpectLastMsgID(w.id(w.sent))
	if w.sent == 0 {
		behind = jetstream.WithExpectLastSequence(w.last)
	}
	w.sent++
	ack, err := w.projector.js.PublishMsgAsync(msg, jetstream.WithMsgID(w.id(w.sent)), behind)
	if err != nil {
		end(span, err)
		return fmt.Errorf("event not sent: %w", err)
	}
	select {
	case w.sending <- underway{ack, span}:
		return nil
	case <-ctx.Done():
		end(span, ctx.Err())
		return ctx.Err()
	}
}

func (w *writer) publishAndWait(ctx context.Context, msg *nats.Msg) error {
	ack, err := w.projector.js.PublishMsg(ctx, msg, jetstream.WithExpectLastSequence(w.last))
	if err != nil {
		return notStored(err)
	}
	w.last = ack.Sequence
	w.projector.Emitted(ctx, 1)
	return nil
}

func notStored(err error) error { return fmt.Errorf("event not stored: %w", err) }

func (w *writer) id(n int) string { return w.term + "-" + strconv.Itoa(n) }

// settle waits for the acknowledgements in their order. One that does not come ends the term: what was stored is seen
// when the next one begins.
func (w *writer) settle(ctx context.Context) error {
	for {
		select {
		case <-ctx.Done():
			return ctx.Err()
		case u := <-w.sending:
			err := u.settle(ctx)
			end(u.span, err)
			if err != nil {
				return err
			}
			w.projector.Emitted(ctx, 1)
		}
	}
}

func (u underway) settle(ctx context.Context) error {
	select {
	case <-u.ack.Ok():
		return nil
	case err := <-u.ack.Err():
		return notStored(err)
	case <-ctx.Done():
		return ctx.Err()
	}
}
