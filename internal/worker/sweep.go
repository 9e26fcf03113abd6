package worker

import (
	"cmp"
	"context"
	"errors"
	"math/rand/v2"
	"time"

	"golang.org/x/sync/errgroup"

	"tolov/internal/events"
	"tolov/internal/journal"
	"tolov/internal/saga"
	"tolov/internal/telemetry"
)

const (
	sweepEvery = 30 * time.Second
	sweepShare = 20              // reading the records may take one part in so many of the time
	sweepLate  = 5 * time.Second // how late a timer may be before the sweep does its work
	sweepHands = 32              // payments that a sweep wakes at once: of a provider that hangs, each takes its time
)

// sweepLoop wakes payments whose timer or message was lost, and counts what is open (H22, H38).
func (w *Worker) sweepLoop(ctx context.Context) error {
	every := cmp.Or(w.parts.Testing.SweepEvery, sweepEvery)
	pause := every/2 + rand.N(every)
	for {
		select {
		case <-ctx.Done():
			return nil
		case <-time.After(pause):
		}
		read, err := w.sweep(ctx)
		if err != nil && ctx.Err() == nil {
			w.parts.Log.WarnContext(ctx, "sweep not finished", "err", err)
		}
		pause = max(every, sweepShare*read)
	}
}

// sweep tells how long it took to read the records.
func (w *Worker) sweep(ctx context.Context) (read time.Duration, err error) {
	var due []string
	count := newCensus()
	start := time.Now()
	before := start.Add(-sweepLate)
	err = w.journal.Sweep(ctx, func(s journal.Standing) {
		count.add(s)
		if !s.Due.IsZero() && s.Due.Before(before) {
			due = append(due, s.PaymentID)
		}
	})
	read = time.Since(start)
	if err != nil {
		return read, err
	}
	count.overdue, count.at = int64(len(due)), time.Now()
	w.metrics.counted(count)
	var hands errgroup.Group
	hands.SetLimit(sweepHands)
	for _, id := range due {
		hands.Go(func() error { w.sweepOne(ctx, id); return nil })
	}
	return read, hands.Wait()
}

// sweepOne wakes one payment, in its lane like every message about it.
func (w *Worker) sweepOne(ctx context.Context, id string) {
	turn, leave := w.lanes.Enter(id)
	defer leave()
	if turn != nil {
		<-turn
	}
	if ctx.Err() != nil {
		return
	}
	ctx, span := w.parts.Telemetry.Tracer.Start(ctx, telemetry.SpanProcess+"sweep")
	defer span.End()
	err := w.wake(context.WithoutCancel(ctx), id, saga.BySweep)
	if err != nil && !errors.As(err, &events.Again{}) { // the next sweep looks again anyhow
		w.parts.Log.WarnContext(ctx, "payment not swept", "payment_id", id, "err", err)
	}
}
