package worker

import (
	"cmp"
	"context"
	"errors"
	"slices"
	"time"

	"github.com/ThreeDotsLabs/watermill/message"

	"tolov/internal/events"
	"tolov/internal/journal"
	"tolov/internal/payment"
	"tolov/internal/reconcile"
	"tolov/internal/saga"
)

const (
	lookBack  = 3                // days that each planned comparison covers: what was on its way is seen at rest later
	keepAfter = 90               // days for which an open discrepancy is looked at again
	planEvery = 10 * time.Minute // how often it is seen to that the next comparison is planned
	planAgain = 15 * time.Minute // after one that could not be finished
	planTries = 20               // then the next one is waited for
)

// reconciler compares our records with the providers' books.
func (w *Worker) reconciler() *reconcile.Reconciler {
	return &reconcile.Reconciler{
		Journal: w.journal, Provider: w.runner.Provider, Hand: w.handBooks, Policy: w.runner.Policy, Now: time.Now,
	}
}

// handBooks gives a payment what its provider's books say, in its lane like every message about it.
func (w *Worker) handBooks(ctx context.Context, id string, b saga.Stated) (saga.Record, error) {
	turn, leave := w.lanes.Enter(id)
	defer leave()
	if turn != nil {
		<-turn
	}
	if err := ctx.Err(); err != nil {
		return saga.Record{}, err
	}
	result, err := w.runner.Handle(context.WithoutCancel(ctx), id, saga.Input{Stated: &b}, false)
	return result.Record, err
}

// accounts are those whose books can be read: of one merchant and provider, or, where these are empty, of all.
func (w *Worker) accounts(merchant, provider string) []reconcile.Account {
	var all []reconcile.Account
	for _, b := range w.registry.Books() {
		if (merchant == "" || merchant == b.Merchant) && (provider == "" || provider == b.Provider) {
			all = append(all, reconcile.Account{Merchant: b.Merchant, Provider: b.Provider, Books: b.Books})
		}
	}
	return all
}

// reconcile is one comparison at a time in this process.
func (w *Worker) reconcile(
	ctx context.Context, account reconcile.Account, period reconcile.Period,
) (reconcile.Report, error) {
	select {
	case w.comparing <- struct{}{}:
		defer func() { <-w.comparing }()
	case <-ctx.Done():
		return reconcile.Report{}, ctx.Err()
	}
	start := time.Now()
	report, err := w.reconciler().Run(ctx, account, period)
	w.parts.Log.InfoContext(ctx, "books compared", "merchant", account.Merchant, "provider", account.Provider,
		"from", report.From, "to", report.To, "payments", report.Payments, "lines", report.Lines,
		"agreed", report.Agreed, "open", report.Open, "differ", len(report.Differ), "closed", len(report.Closed),
		"took_ms", time.Since(start).Milliseconds(), "err", err)
	return report, err
}

// planned handles the timer of the planned comparison. JetStream gives it to one worker, and to another one when that
// dies; comparing again changes nothing.
func (w *Worker) planned(m *message.Message) error {
	d := events.DeliveryOf(m.Context())
	ctx, cancel := w.untilStop(m.Context())
	defer cancel()
	err := w.compareAll(ctx, time.Now())
	switch {
	case w.pulling.Err() != nil:
		return events.Again{After: time.Second} // to another worker
	case err != nil && d.Deliveries < planTries:
		w.parts.Log.WarnContext(ctx, "books not compared", "again_in", planAgain, "err", err)
		return events.Again{After: planAgain}
	case err != nil:
		w.parts.Log.ErrorContext(ctx, "books not compared, the next time is waited for", "err", err)
	}
	return w.plan(m.Context())
}

// untilStop ends with the context and when the worker stops: a comparison can take minutes, and another worker goes on.
func (w *Worker) untilStop(ctx context.Context) (context.Context, context.CancelFunc) {
	ctx, cancel := context.WithCancel(ctx)
	stop := context.AfterFunc(w.pulling, cancel)
	return ctx, func() { stop(); cancel() }
}

// compareAll compares the last days of every account, and the days on which a discrepancy is open.
func (w *Worker) compareAll(ctx context.Context, now time.Time) error {
	open := map[string][]time.Time{}
	err := w.journal.Sweep(ctx, func(s journal.Standing) {
		if !s.Differs.IsZero() {
			open[s.Account] = append(open[s.Account], s.Differs)
		}
	})
	if err != nil {
		return err
	}
	var faults []error
	for _, account := range w.accounts("", "") {
		today := startOfDay(now.In(w.zone(account.Merchant)))
		for _, period := range periodsOf(today, open[events.AccountName(account.Provider, account.Merchant)]) {
			if _, err := w.reconcile(ctx, account, period); err != nil {
				faults = append(faults, err)
			}
		}
	}
	return errors.Join(faults...)
}

// periodsOf are what is compared: the last days before today, and earlier days of open discrepancies.
func periodsOf(today time.Time, open []time.Time) []reconcile.Period {
	last := reconcile.Period{From: today.AddDate(0, 0, -lookBack), To: today}
	var starts []time.Time
	for _, at := range open {
		start := startOfDay(at.In(today.Location()))
		known := slices.ContainsFunc(starts, start.Equal)
		if !known && start.Before(last.From) && start.After(today.AddDate(0, 0, -keepAfter)) {
			starts = append(starts, start)
		}
	}
	slices.SortFunc(starts, time.Time.Compare)
	periods := []reconcile.Period{last}
	for _, start := range starts {
		periods = append(periods, reconcile.Period{From: start, To: start.AddDate(0, 0, 1)})
	}
	return periods
}

func startOfDay(at time.Time) time.Time {
	return time.Date(at.Year(), at.Month(), at.Day(), 0, 0, 0, 0, at.Location())
}

// zone is where a merchant's days begin and end.
func (w *Worker) zone(merchant string) *time.Location {
	name := cmp.Or(w.parts.Config.Merchants[merchant].Atmos.Timezone, w.parts.Config.Single.Atmos.Timezone)
	zone, err := time.LoadLocation(name)
	if err != nil { // the settings were checked
		return time.UTC
	}
	return zone
}

// planLoop sees to it that the next comparison is planned.
func (w *Worker) planLoop(ctx context.Context) error {
	for {
		if err := w.plan(ctx); err != nil && ctx.Err() == nil {
			w.parts.Log.WarnContext(ctx, "next comparison of books not planned", "err", err)
		}
		select {
		case <-ctx.Done():
			return nil
		case <-time.After(planEvery):
		}
	}
}

// plan arms the timer of the next comparison. One that is about to fire, or was to while nobody was there, is left
// alone.
func (w *Worker) plan(ctx context.Context) error {
	now := time.Now().In(w.zone(payment.DefaultMerchant))
	next, wanted := w.parts.Config.Worker.Reconcile.Next(now)
	is, err := w.timers.Planned(ctx)
	switch {
	case err != nil:
		return err
	case !wanted && !is.IsZero():
		return w.timers.Disarm(ctx, events.TimerReconcile)
	case !wanted, !is.IsZero() && !is.After(now), is.Equal(next):
		return nil
	default:
		return w.timers.Arm(ctx, events.TimerReconcile, next)
	}
}
