package reconcile

import (
	"context"
	"slices"
	"time"

	"tolov/internal/events"
	"tolov/internal/journal"
	"tolov/internal/payment"
	"tolov/internal/saga"
)

// byStatement compares a period with the provider's statement of it.
func (r *run) byStatement(ctx context.Context) error {
	ids, before, err := r.ours(ctx)
	if err != nil {
		return err
	}
	ours, until, err := r.load(ctx, ids)
	if err != nil {
		return err
	}
	r.report.Payments = len(ours)
	askedAt := r.Now()
	lines, err := r.statement(ctx, Period{
		From: r.period.From.Add(-clocksApart).Truncate(shortest), To: until.Add(clocksApart).Truncate(shortest),
	})
	if err != nil {
		return err
	}
	rest := newLines(lines)
	pairs := rest.match(r.account.Key, ours)
	late, err := r.elsewhere(ctx, rest, ids)
	if err != nil {
		return err
	}
	pairs = append(pairs, rest.match(r.account.Key, late)...)
	for _, p := range pairs {
		if err := r.hand(ctx, p.ours, p.line, askedAt); err != nil {
			return err
		}
	}
	for _, line := range lines {
		if r.period.has(line.At.Time) {
			r.report.Lines++
		}
	}
	return r.strangers(ctx, rest.left(), before, askedAt)
}

// known is what there is to know of a payment of ours before its books are.
type known struct {
	id          string
	transaction string
	differs     *saga.Difference // found before
}

// load reads the records of payments, and until when the provider may have begun the last of them: a payout that waited
// for its provider is in the books of a later day.
func (r *run) load(ctx context.Context, ids []string) (all []known, until time.Time, err error) {
	until = r.period.To
	for _, id := range ids {
		record, err := r.Journal.Load(ctx, id)
		if err != nil {
			return nil, until, err
		}
		all = append(all, known{id, record.State.Transaction, record.State.Differs})
		if p := record.Payment; p != nil && p.AmountCharged > 0 && p.UpdatedAt.After(until) {
			until = p.UpdatedAt.Time
		}
	}
	return all, until, nil
}

// elsewhere finds the payments of lines of the period that were opened outside of it, or since we looked.
func (r *run) elsewhere(ctx context.Context, rest *lines, seen []string) ([]known, error) {
	wanted := map[string]bool{}
	for _, line := range rest.left() {
		if line.At.IsZero() || r.period.has(line.At.Time) {
			wanted[line.Key] = true
		}
	}
	if len(wanted) == 0 {
		return nil, nil
	}
	account := events.AccountName(r.account.Provider, r.account.Merchant)
	var ids []string
	err := r.Journal.Sweep(ctx, func(s journal.Standing) {
		if s.Account == account && !s.Created.IsZero() && wanted[r.account.Key(s.PaymentID)] {
			ids = append(ids, s.PaymentID)
		}
	})
	if err != nil {
		return nil, err
	}
	ids = slices.DeleteFunc(ids, func(id string) bool { return slices.Contains(seen, id) })
	all, _, err := r.load(ctx, ids)
	return all, err
}

// strangers records the lines of the period that no payment of ours is found for. Those from before that are found for
// none no more are closed.
func (r *run) strangers(ctx context.Context, left []payment.Line, before []string, askedAt time.Time) error {
	for _, line := range left {
		switch {
		case !line.At.IsZero() && !r.period.has(line.At.Time):
			continue
		case line.At.After(askedAt.Add(-r.Policy.Quiet())): // so young that our record of it may just be on its way
			r.report.Open++
			continue
		}
		id := saga.Stranger(r.account.Merchant, r.account.Provider, line)
		before = slices.DeleteFunc(before, func(other string) bool { return other == id })
		if err := r.handStranger(ctx, id, &line, askedAt); err != nil {
			return err
		}
	}
	for _, id := range before {
		if err := r.handStranger(ctx, id, nil, askedAt); err != nil {
			return err
		}
	}
	return nil
}

func (r *run) handStranger(ctx context.Context, id string, line *payment.Line, askedAt time.Time) error {
	was, err := r.Journal.Load(ctx, id)
	if err != nil {
		return err
	}
	return r.hand(ctx, known{id: id, differs: was.State.Differs}, line, askedAt)
}

// pair is a payment of ours and the line of the books that is its own, nil when there is none.
type pair struct {
	ours known
	line *payment.Line
}

// lines are those of a statement that no payment has taken yet, by key.
type lines struct{ byKey map[string][]*payment.Line }

func newLines(all []payment.Line) *lines {
	l := &lines{byKey: map[string][]*payment.Line{}}
	seen := map[payment.Line]bool{}
	for _, line := range all {
		if !seen[line] { // the very same line twice is one
			l.byKey[line.Key] = append(l.byKey[line.Key], &line)
		}
		seen[line] = true
	}
	return l
}

// match finds each payment's line. Who knows its transaction chooses first: two payments may share a key, and one of
// them may have been refused for just that.
func (l *lines) match(key func(string) string, ours []known) []pair {
	pairs := make([]pair, len(ours))
	for i, p := range ours {
		pairs[i] = pair{ours: p, line: l.take(key(p.id), func(line *payment.Line) bool {
			return p.transaction != "" && line.Transaction == p.transaction
		})}
	}
	for i, p := range pairs {
		if p.line == nil {
			pairs[i].line = l.take(key(p.ours.id), func(*payment.Line) bool { return true })
		}
	}
	return pairs
}

func (l *lines) take(key string, fits func(*payment.Line) bool) *payment.Line {
	i := slices.IndexFunc(l.byKey[key], fits)
	if i < 0 {
		return nil
	}
	line := l.byKey[key][i]
	l.byKey[key] = slices.Delete(l.byKey[key], i, i+1)
	return line
}

// left lists the lines that nobody took.
func (l *lines) left() []payment.Line {
	var all []payment.Line
	for _, some := range l.byKey {
		for _, line := range some {
			all = append(all, *line)
		}
	}
	slices.SortFunc(all, func(a, b payment.Line) int { return a.At.Compare(b.At.Time) })
	return all
}
