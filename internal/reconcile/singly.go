package reconcile

import (
	"context"

	"golang.org/x/sync/errgroup"

	"tolov/internal/payment"
	"tolov/internal/saga"
)

// asideOf is how many questions are put at once: new payments need their provider too.
const asideOf = 4

// singly compares a period with what the provider answers about each of our payments of it. What the provider has and
// we have not cannot be found so.
func (r *run) singly(ctx context.Context) error {
	ids, _, err := r.ours(ctx)
	if err != nil {
		return err
	}
	group, ctx := errgroup.WithContext(ctx)
	group.SetLimit(asideOf)
	for _, id := range ids {
		group.Go(func() error { return r.compareOne(ctx, id) })
	}
	return group.Wait()
}

func (r *run) compareOne(ctx context.Context, id string) error {
	record, err := r.Journal.Load(ctx, id)
	if err != nil {
		return err
	}
	p, askedAt := record.Payment, r.Now()
	if p == nil || p.Amount == 0 { // a card was linked, no money is in it
		return nil
	}
	r.count(&r.report.Payments)
	if !record.Comparable(askedAt, r.Policy) {
		r.count(&r.report.Open)
		return nil
	}
	a, err := r.ask(ctx, saga.Call{
		Step: r.account.Step, Asks: true, Payment: p, Order: record.State.Order, Items: record.State.Items,
		Transaction: record.State.Transaction, Amount: p.Amount,
	})
	switch {
	case err != nil:
		return err
	case a.Outcome != payment.Done: // it cannot be told
		r.count(&r.report.Open)
		return nil
	}
	var line *payment.Line
	if len(a.Lines) > 0 {
		line = &a.Lines[0]
		r.count(&r.report.Lines)
	}
	return r.hand(ctx, known{id: id, differs: record.State.Differs}, line, askedAt)
}

func (r *run) count(n *int) {
	r.mu.Lock()
	defer r.mu.Unlock()
	*n++
}
