package worker

import (
	"cmp"
	"context"
	"errors"
	"math/rand/v2"
	"time"

	"tolov/internal/events"
	"tolov/internal/journal"
	"tolov/internal/saga"
	"tolov/internal/telemetry"
)

const (
	sweepEvery = 30 * time.Second
	sweepShare = 20              // a sweep may take one part in so many of the time
	sweepLate  = 5 * time.Second // how late a timer may be before the sweep does its work
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
		start := time.Now()
		if err := w.sweep(ctx); err != nil && ctx.Err() == nil {
			w.parts.Log.WarnContext(ctx, "sweep not finished", "err", err)
		}
		pause = max(every, sweepShare*time.Since(start))
	}
}

func (w *Worker) sweep(ctx context.Context) error {
	var due []string
	count := newCensus()
	before := time.Now().Add(-sweepLate)
	err := w.journal.Sweep(ctx, func(s journal.Standing) {
		count.add(s)
		if !s.Due.IsZero() && s.Due.Before(before) {
			due = append(due, s.PaymentID)
		}
	})
	if err != nil {
		return err
	}
	count.overdue, count.at = int64(len(due)), time.Now()
	w.metrics.counted(count)
	for _, id := range due {
		w.sweepOne(ctx, id)
	}
	return nil
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
