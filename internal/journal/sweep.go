package journal

import (
	"context"
	"errors"
	"fmt"
	"strconv"
	"strings"
	"time"

	"github.com/nats-io/nats.go/jetstream"

	"tolov/internal/events"
	"tolov/internal/payment"
)

// Standing is where a payment stood at a sweep.
type Standing struct {
	PaymentID string
	Status    payment.Status
	Due       time.Time // zero when nothing is due
	Doubt     time.Time // since when it is in doubt, zero when it is not
}

// Sweep reads the last record of every payment, headers only, and gives each to visit. It is slow and runs in the
// background: it makes up for lost timers and lost messages (law 7, H22, H38) and counts what is in doubt.
func (j *Journal) Sweep(ctx context.Context, visit func(Standing)) error {
	for k, shard := range j.shards {
		if err := sweepShard(ctx, shard, visit); err != nil {
			return fmt.Errorf("sweep of shard %d: %w", k, err)
		}
	}
	return nil
}

const (
	sweepBatch = 500
	sweepWait  = 5 * time.Second
	idle       = time.Minute // after which the server forgets a reader that died
)

var errCutShort = errors.New("the server stopped giving records")

func sweepShard(ctx context.Context, shard jetstream.Stream, visit func(Standing)) error {
	consumer, err := shard.CreateConsumer(ctx, jetstream.ConsumerConfig{
		DeliverPolicy: jetstream.DeliverLastPerSubjectPolicy, FilterSubject: shard.CachedInfo().Config.Subjects[0],
		AckPolicy: jetstream.AckNonePolicy, HeadersOnly: true, InactiveThreshold: idle,
		MemoryStorage: true, Replicas: 1, // its place is worth nothing once the sweep is over
	})
	if err != nil {
		return err
	}
	defer forget(ctx, shard, consumer)
	for left := consumer.CachedInfo().NumPending; left > 0; {
		got, err := sweepSome(ctx, consumer, int(min(left, sweepBatch)), visit)
		if err != nil {
			return err
		}
		left -= min(got, left)
	}
	return nil
}

// sweepSome visits up to most records, at least one.
func sweepSome(
	ctx context.Context, consumer jetstream.Consumer, most int, visit func(Standing),
) (got uint64, err error) {
	ctx, cancel := context.WithTimeout(ctx, sweepWait)
	defer cancel()
	batch, err := consumer.Fetch(most, jetstream.FetchContext(ctx))
	if err != nil {
		return 0, err
	}
	for msg := range batch.Messages() {
		got++
		visit(standingOf(msg))
	}
	if got == 0 {
		return 0, errors.Join(errCutShort, batch.Error(), ctx.Err())
	}
	return got, batch.Error()
}

func standingOf(msg jetstream.Msg) Standing {
	header, subject := msg.Headers(), msg.Subject()
	return Standing{
		PaymentID: subject[strings.LastIndexByte(subject, '.')+1:],
		Status:    payment.Status(header.Get(events.HeaderStatus)),
		Due:       millis(header.Get(events.HeaderDue)),
		Doubt:     millis(header.Get(events.HeaderDoubt)),
	}
}

func millis(s string) time.Time {
	n, err := strconv.ParseInt(s, 10, 64)
	if err != nil {
		return time.Time{}
	}
	return time.UnixMilli(n)
}
