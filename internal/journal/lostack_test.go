package journal

import (
	"context"
	"errors"
	"sync"
	"testing"

	"github.com/nats-io/nats.go"
	"github.com/nats-io/nats.go/jetstream"

	"tolov/internal/saga"
)

// wire is a connection on which things go wrong between us and the server.
type wire struct {
	jetstream.JetStream
	fault   func(try int, send sending) (*jetstream.PubAck, error)
	publish int // how often it was tried
}

// sending brings the message to the server and back its answer.
type sending func() (*jetstream.PubAck, error)

// PublishMsg lets the fault decide what becomes of the message.
func (w *wire) PublishMsg(
	ctx context.Context, m *nats.Msg, options ...jetstream.PublishOpt,
) (*jetstream.PubAck, error) {
	w.publish++
	return w.fault(w.publish, func() (*jetstream.PubAck, error) { return w.JetStream.PublishMsg(ctx, m, options...) })
}

// PublishMsgAsync is as PublishMsg, told by a future.
func (w *wire) PublishMsgAsync(m *nats.Msg, options ...jetstream.PublishOpt) (jetstream.PubAckFuture, error) {
	ack, err := w.PublishMsg(context.Background(), m, options...)
	f := future{msg: m, ok: make(chan *jetstream.PubAck, 1), failed: make(chan error, 1)}
	if err != nil {
		f.failed <- err
	} else {
		f.ok <- ack
	}
	return f, nil
}

type future struct {
	msg    *nats.Msg
	ok     chan *jetstream.PubAck
	failed chan error
}

func (f future) Ok() <-chan *jetstream.PubAck { return f.ok }
func (f future) Err() <-chan error            { return f.failed }
func (f future) Msg() *nats.Msg               { return f.msg }

var errLost = nats.ErrTimeout

// H30: whatever gets lost on the way, the record is there once, and nobody conflicts with himself.
func TestLostAcknowledgementIsNoConflictWithOneself(t *testing.T) {
	faults := map[string]func(try int, send sending) (*jetstream.PubAck, error){
		"stored, answer lost": func(try int, send sending) (*jetstream.PubAck, error) {
			if ack, err := send(); try > 1 {
				return ack, err
			}
			return nil, errLost
		},
		"not stored": func(try int, send sending) (*jetstream.PubAck, error) {
			if try < 3 {
				return nil, errLost
			}
			return send()
		},
		"stored twice, second answer seen": func(_ int, send sending) (*jetstream.PubAck, error) {
			_, _ = send()
			return send()
		},
		"late, behind the next try": func(try int, send sending) (*jetstream.PubAck, error) {
			if try == 1 {
				return nil, errLost
			}
			_, _ = send() // the first one
			return send()
		},
		"every answer lost": func(_ int, send sending) (*jetstream.PubAck, error) {
			_, _ = send()
			return nil, errLost
		},
	}
	everywhere(t, func(b *bench) {
		ids := b.payments(len(faults))
		for name, fault := range faults {
			id := ids[0]
			ids = ids[1:]
			last := b.record(id, 1)
			j := b.open(&wire{JetStream: b.js, fault: fault})
			seq, err := j.Append(b.t.Context(), id, next(id, last, 1))
			if err != nil {
				b.t.Errorf("%s: %v", name, err)
			}
			if got := b.history(id, 2); len(got) == 2 && got[1].Seq != seq {
				b.t.Errorf("%s: told %d, is at %d", name, seq, got[1].Seq)
			}
		}
	})
}

// H30, law 4: when another writer's record stands last, the decision is void, whether ours was stored before it or not.
// Only a replica that is behind (H35) may still show ours as the last, and then it is true that it was stored.
func TestOthersBehindALostAcknowledgementAreAConflict(t *testing.T) {
	everywhere(t, func(b *bench) {
		for i, id := range b.payments(2) {
			stored := i == 0
			last, other := b.record(id, 1), uint64(0)
			j := b.open(&wire{JetStream: b.js, fault: func(try int, send sending) (*jetstream.PubAck, error) {
				if try > 1 {
					return send()
				}
				if stored {
					ack, err := send()
					b.ok(err)
					last.Seq = ack.Sequence
				}
				other = b.append(id, next(id, last, 2))
				return nil, errLost
			}})
			_, err := j.Append(b.t.Context(), id, next(id, last, 1))
			behind := stored && b.Replicas > 1 && err == nil
			if !errors.Is(err, saga.ErrConflict) && !behind {
				b.t.Errorf("stored %t: %v", stored, err)
			}
			if got := b.fresh(id, other); len(got.Events) != 2 {
				b.t.Errorf("stored %t: the last record is not the other's: %+v", stored, got)
			}
		}
	})
}

// A worker that is told to stop does not know whether its record is there, and must not say that it lost.
func TestGivenUpAppendIsNoConflict(t *testing.T) {
	everywhere(t, func(b *bench) {
		id := b.payments(1)[0]
		ctx, cancel := context.WithCancel(b.t.Context())
		j := b.open(&wire{JetStream: b.js, fault: func(_ int, send sending) (*jetstream.PubAck, error) {
			_, _ = send()
			cancel()
			return nil, ctx.Err()
		}})
		if _, err := j.Append(ctx, id, next(id, saga.Record{}, 1)); err == nil || errors.Is(err, saga.ErrConflict) {
			b.t.Errorf("got %v", err)
		}
		b.history(id, 1)
	})
}

// H34: the node that leads the payment's stream goes down between the write and its answer.
func TestAppendOutlivesItsServer(t *testing.T) {
	apart(t, func(b *bench) {
		id := b.payments(1)[0]
		last := b.record(id, 1)
		stream, _ := b.journal.place(id)
		leader := max(b.Leads(stream.CachedInfo().Config.Name), 0)
		var start sync.WaitGroup
		defer start.Wait()
		j := b.open(&wire{JetStream: b.js, fault: func(try int, send sending) (*jetstream.PubAck, error) {
			ack, err := send()
			if try > 1 {
				return ack, err
			}
			b.Stop(leader)
			start.Go(func() { b.ok(b.Start(leader)) })
			return nil, errLost
		}})
		r := next(id, last, 1)
		_, err := j.Append(b.t.Context(), id, r)
		for err != nil && !errors.Is(err, saga.ErrConflict) { // the message comes again, and is decided on anew
			_, err = b.journal.Append(b.t.Context(), id, r)
		}
		b.history(id, 2)
	})
}
