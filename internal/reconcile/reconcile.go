package reconcile

import (
	"context"
	"fmt"
	"sync"
	"time"

	"tolov/internal/events"
	"tolov/internal/journal"
	"tolov/internal/payment"
	"tolov/internal/saga"
)

// Account is one merchant at one provider whose books can be read.
type Account struct {
	Merchant string
	Provider string
	saga.Books
}

// Period is from its first moment to the first behind it.
type Period struct{ From, To time.Time }

func (p Period) has(at time.Time) bool { return !at.Before(p.From) && at.Before(p.To) }

// Journal is where our records are.
type Journal interface {
	Sweep(ctx context.Context, visit func(journal.Standing)) error
	Load(ctx context.Context, paymentID string) (saga.Record, error)
}

// Reconciler compares. All fields are required.
type Reconciler struct {
	Journal  Journal
	Provider saga.Provider
	Hand     func(ctx context.Context, paymentID string, b saga.Stated) (saga.Record, error) // to the payment, in its lane
	Policy   saga.Policy
	Now      func() time.Time
}

// Report is what came of comparing one account's period.
type Report struct {
	Merchant string       `json:"merchant"`
	Provider string       `json:"provider"`
	From     payment.Time `json:"from"`
	To       payment.Time `json:"to"` // the first moment behind the period
	Payments int          `json:"payments"`
	Lines    int          `json:"lines"`
	Agreed   int          `json:"agreed"`
	Open     int          `json:"open"` // not at rest, or too young: not compared this time
	Differ   []Finding    `json:"differ"`
	Closed   []Finding    `json:"closed"` // that differed before and agree now
	LeftOut  int          `json:"left_out,omitzero"`
}

// Cut keeps at most so many findings of each kind, for an answer that must not be too long.
func (r Report) Cut(most int) Report {
	for _, list := range []*[]Finding{&r.Differ, &r.Closed} {
		extra := max(len(*list)-most, 0)
		*list, r.LeftOut = (*list)[:len(*list)-extra], r.LeftOut+extra
	}
	return r
}

// Finding is a discrepancy that is open, or that was closed.
type Finding struct {
	PaymentID string `json:"payment_id"`
	ExtID     string `json:"ext_id,omitzero"` // empty of a line that no payment of ours is found for
	New       bool   `json:"new,omitzero"`    // found this time
	payment.Discrepancy
}

// run is one comparison under way.
type run struct {
	*Reconciler
	account Account
	period  Period

	mu     sync.Mutex
	report Report
}

// Run compares an account's period. The error tells why it could not be finished; what was found by then is recorded.
func (r *Reconciler) Run(ctx context.Context, account Account, period Period) (Report, error) {
	one := &run{Reconciler: r, account: account, period: period, report: Report{
		Merchant: account.Merchant, Provider: account.Provider, From: payment.At(period.From), To: payment.At(period.To),
		Differ: []Finding{}, Closed: []Finding{},
	}}
	compare := one.byStatement
	if account.Key == nil {
		compare = one.singly
	}
	if err := compare(ctx); err != nil {
		return one.report, fmt.Errorf("reconcile %s of %s: %w", account.Provider, account.Merchant, err)
	}
	return one.report, nil
}

// ours finds what the journal has of the period: payments that were opened in it, or that differ from its books, and
// strangers that do.
func (r *run) ours(ctx context.Context) (payments, strangers []string, err error) {
	account := events.AccountName(r.account.Provider, r.account.Merchant)
	err = r.Journal.Sweep(ctx, func(s journal.Standing) {
		switch {
		case s.Account != account:
		case s.Created.IsZero() && r.period.has(s.Differs):
			strangers = append(strangers, s.PaymentID)
		case !s.Created.IsZero() && (r.period.has(s.Created) || r.period.has(s.Differs)):
			payments = append(payments, s.PaymentID)
		}
	})
	return payments, strangers, err
}

// hand gives a payment what the books say of it, and counts what came of that.
func (r *run) hand(ctx context.Context, ours known, line *payment.Line, askedAt time.Time) error {
	after, err := r.Hand(ctx, ours.id, saga.Stated{
		PaymentID: ours.id, Merchant: r.account.Merchant, Provider: r.account.Provider, By: r.account.Step, Line: line,
		AskedAt: askedAt,
	})
	if err != nil {
		return fmt.Errorf("%s: %w", ours.id, err)
	}
	r.mu.Lock()
	defer r.mu.Unlock()
	f := Finding{PaymentID: ours.id}
	if after.Payment != nil {
		f.ExtID = after.Payment.ExtID
	}
	was, is := ours.differs, after.State.Differs
	switch {
	case is != nil:
		f.Discrepancy, f.New = is.Discrepancy, was == nil || !was.Same(is.Discrepancy)
		r.report.Differ = append(r.report.Differ, f)
	case !after.Comparable(askedAt, r.Policy):
		r.report.Open++
	case was != nil:
		f.Discrepancy = was.Discrepancy
		f.Closed = true
		r.report.Closed = append(r.report.Closed, f)
	default:
		r.report.Agreed++
	}
	return nil
}
