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
	"tolov/internal/saga"
)

// Standing is where a payment stood at a sweep.
type Standing struct {
	PaymentID string
	Status    payment.Status
	At        time.Time // of the record
	Due       time.Time // zero when nothing is due
	Doubt     time.Time // since when it is in doubt, zero when it is not
	Exposure  payment.Money
	Review    saga.Review
	Account   string    // provider/merchant; empty when nothing but refusals was recorded
	Created   time.Time // when it was opened, zero when it was not
	Differs   time.Time // the moment of an open discrepancy with the provider's books, zero when there is none
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

const sweepBatch = 500

var errCutShort = errors.New("the server stopped giving records")

func sweepShard(ctx context.Context, shard jetstream.Stream, visit func(Standing)) error {
	r, err := newReader(ctx, shard, jetstream.ConsumerConfig{
		DeliverPolicy: jetstream.DeliverLastPerSubjectPolicy, FilterSubject: shard.CachedInfo().Config.Subjects[0],
		HeadersOnly: true,
	})
	if err != nil {
		return err
	}
	defer r.close(ctx)
	for left := int(r.consumer.CachedInfo().NumPending); left > 0; {
		got, err := r.pull(ctx, min(left, sweepBatch), func(msg jetstream.Msg) error {
			visit(standingOf(msg))
			return nil
		})
		if err != nil {
			return err
		}
		if got == 0 {
			return errCutShort
		}
		left -= got
	}
	return nil
}

func standingOf(msg jetstream.Msg) Standing {
	header, subject := msg.Headers(), msg.Subject()
	var at time.Time
	if meta, err := msg.Metadata(); err == nil { // what a stream gives always has it
		at = meta.Timestamp
	}
	return Standing{
		At:        at,
		PaymentID: subject[strings.LastIndexByte(subject, '.')+1:],
		Status:    payment.Status(header.Get(events.HeaderStatus)),
		Due:       millis(header.Get(events.HeaderDue)),
		Doubt:     millis(header.Get(events.HeaderDoubt)),
		Exposure:  tiyin(header.Get(events.HeaderExposure)),
		Review:    saga.Review(header.Get(events.HeaderReview)),
		Account:   header.Get(events.HeaderAccount),
		Created:   millis(header.Get(events.HeaderCreated)),
		Differs:   millis(header.Get(events.HeaderDiffers)),
	}
}

func millis(s string) time.Time {
	n, err := strconv.ParseInt(s, 10, 64)
	if err != nil {
		return time.Time{}
	}
	return time.UnixMilli(n)
}

func tiyin(s string) payment.Money {
	n, err := strconv.ParseInt(s, 10, 64)
	if err != nil {
		return 0
	}
	return payment.Money(n)
}
