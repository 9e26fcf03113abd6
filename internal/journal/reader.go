package journal

import (
	"context"
	"errors"
	"time"

	"github.com/nats-io/nats.go"
	"github.com/nats-io/nats.go/jetstream"
)

const (
	pullFor    = 5 * time.Second // one pull waits that long for records
	heartbeat  = 2 * time.Second // of the server during a pull: missed twice, the reader's place is gone
	idle       = time.Minute     // after which the server forgets a reader that died
	forgetWait = time.Second
	knownWait  = 20 * time.Millisecond
	knownTries = 100
)

// reader reads a shard from a place of its own on the server. When anything goes wrong it ends, and its user finds
// where to go on: so it is no ordered consumer, which looks for its place anew unseen, cannot be stopped while it does,
// and leaves its places behind, of which a stream has a thousand.
type reader struct {
	shard    jetstream.Stream
	consumer jetstream.Consumer
}

// newReader takes a place as config tells it. Nobody would miss it: it is kept in memory, on one node.
func newReader(ctx context.Context, shard jetstream.Stream, config jetstream.ConsumerConfig) (*reader, error) {
	config.AckPolicy, config.InactiveThreshold = jetstream.AckNonePolicy, idle
	config.MemoryStorage, config.Replicas = true, 1
	consumer, err := shard.CreateConsumer(ctx, config)
	if err != nil {
		return nil, err
	}
	return &reader{shard: shard, consumer: consumer}, nil
}

// close gives the place back. The server takes it by itself after a while, so a fault is no news.
func (r *reader) close(ctx context.Context) {
	ctx, cancel := context.WithTimeout(context.WithoutCancel(ctx), forgetWait)
	defer cancel()
	_ = r.shard.DeleteConsumer(ctx, r.consumer.CachedInfo().Name)
}

// pull gives up to most records to each, as they come, and tells how many; none when none came for a while.
func (r *reader) pull(ctx context.Context, most int, each func(jetstream.Msg) error) (int, error) {
	for try := 1; ; try++ {
		got, err := r.pullOnce(ctx, most, each)
		if !errors.Is(err, nats.ErrNoResponders) || try == knownTries {
			return got, err
		}
		select { // the place is so new that the node we are connected to does not know of it
		case <-time.After(knownWait):
		case <-ctx.Done():
		}
	}
}

func (r *reader) pullOnce(ctx context.Context, most int, each func(jetstream.Msg) error) (got int, err error) {
	pull, cancel := context.WithTimeout(ctx, pullFor)
	defer cancel()
	batch, err := r.consumer.Fetch(most, jetstream.FetchContext(pull), jetstream.FetchHeartbeat(heartbeat))
	if err != nil {
		return 0, errors.Join(ctx.Err(), err)
	}
	for msg := range batch.Messages() {
		if err := each(msg); err != nil {
			return got, err
		}
		got++
	}
	if err := batch.Error(); !errors.Is(err, context.DeadlineExceeded) {
		return got, err
	}
	return got, ctx.Err()
}
