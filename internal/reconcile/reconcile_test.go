package reconcile_test

import (
	"context"
	"errors"
	"fmt"
	"strconv"
	"testing"
	"testing/synctest"
	"time"

	"tolov/internal/events"
	"tolov/internal/journal"
	"tolov/internal/payment"
	"tolov/internal/reconcile"
	"tolov/internal/saga"
)

// office is a journal in memory and a provider with a statement. It decides by saga.Next, as a worker does.
type office struct {
	records map[string]saga.Record
	lines   []payment.Line
	most    int // lines that fit into one answer; 0: all
	asked   []saga.Call
	refuses int // answers that say nothing, first
}

func (o *office) Sweep(_ context.Context, visit func(journal.Standing)) error {
	for id, r := range o.records {
		s := journal.Standing{PaymentID: id}
		if r.Payment != nil {
			s.Account, s.Created = events.AccountName(r.Payment.Provider, r.Merchant), r.Payment.CreatedAt.Time
		}
		if d := r.State.Differs; d != nil {
			s.Account, s.Differs = events.AccountName(d.Provider, r.Merchant), d.On.Time
		}
		visit(s)
	}
	return nil
}

func (o *office) Load(_ context.Context, id string) (saga.Record, error) { return o.records[id], nil }

func (o *office) Do(_ context.Context, call saga.Call) payment.Answer {
	o.asked = append(o.asked, call)
	if len(o.asked) <= o.refuses {
		return payment.Answer{Outcome: payment.Unknown, RetryAfter: time.Minute, Note: "HTTP status 429"}
	}
	a := payment.Answer{Outcome: payment.Done}
	for _, line := range o.lines {
		if !line.At.Before(call.From) && line.At.Before(call.To) {
			a.Lines = append(a.Lines, line)
		}
	}
	if o.most > 0 && len(a.Lines) > o.most {
		return payment.Answer{Outcome: payment.Unknown, TooLong: true}
	}
	return a
}

func (o *office) reconciler() *reconcile.Reconciler {
	policy := saga.Policy{Timeout: 15 * time.Second, Schedule: []time.Duration{time.Second}, ReviewAfter: time.Minute}
	return &reconcile.Reconciler{
		Journal: o, Provider: o, Policy: policy, Now: func() time.Time { return day().To.AddDate(0, 0, 4) },
		Hand: func(_ context.Context, id string, b saga.Stated) (saga.Record, error) {
			d := saga.Next(nil, o.records[id], saga.Input{Stated: &b}, time.Now(), policy)
			if d.Save {
				o.records[id] = d.Record
			}
			return d.Record, nil
		},
	}
}

// paid adds a payout that was completed at a moment, and its line.
func (o *office) paid(ext string, at time.Time) string {
	id := payment.ID("shop", ext)
	if o.records == nil {
		o.records = map[string]saga.Record{}
	}
	number := strconv.Itoa(len(o.records) + 1)
	o.records[id] = saga.Record{
		PaymentID: id, Merchant: "shop", At: payment.At(at), State: saga.State{Transaction: number},
		Payment: &payment.Payment{
			ID: id, ExtID: ext, Merchant: "shop", Provider: "bank", Status: payment.Completed, Amount: 500, AmountCharged: 500,
			CreatedAt: payment.At(at), UpdatedAt: payment.At(at),
		},
	}
	o.lines = append(o.lines, payment.Line{
		Key: id, Transaction: number, Outcome: payment.Done, Code: "1", Amount: 500, Amounted: true, At: payment.At(at),
	})
	return id
}

func bank() reconcile.Account {
	key := func(paymentID string) string { return paymentID }
	return reconcile.Account{Merchant: "shop", Provider: "bank", Books: saga.Books{Step: "statement", Key: key}}
}

func day() reconcile.Period {
	from := time.Date(2026, 11, 20, 0, 0, 0, 0, time.UTC)
	return reconcile.Period{From: from, To: from.AddDate(0, 0, 1)}
}

// Whatever our records and the statement do not have in common is a finding.
func Example() {
	o := &office{}
	noon := day().From.Add(12 * time.Hour)
	for _, ext := range []string{"agrees", "unknown to them", "of another amount"} {
		o.paid(ext, noon)
	}
	o.lines[1].Key = "10181" // somebody else's
	o.lines[1].Transaction = "9"
	o.lines[2].Amount = 600
	report, err := o.reconciler().Run(context.Background(), bank(), day())
	fmt.Println(report.Payments, "payments,", report.Lines, "lines,", report.Agreed, "agree", err)
	for _, f := range report.Differ {
		if f.PaymentID == payment.ID("shop", f.ExtID) || f.ExtID == "" {
			fmt.Printf("%q: %s: ours %d, theirs %d\n", f.ExtID, f.Why, f.Ours.Amount, f.Theirs.Amount)
		}
	}
	// Unordered output:
	// 3 payments, 3 lines, 1 agree <nil>
	// "unknown to them": the provider's books do not have the payment: ours 500, theirs 0
	// "of another amount": the provider names another amount: ours 500, theirs 600
	// "": the provider's books have a payment that we know nothing of: ours 0, theirs 500
}

// H9: a statement has no pages. What is too long for one answer is asked for in halves, and no line is lost or read
// twice at a seam.
func TestLongStatementIsReadInHalves(t *testing.T) {
	o := &office{most: 7}
	for i := range 60 {
		o.paid(fmt.Sprint("p", i), day().From.Add(time.Duration(i*24)*time.Minute))
	}
	report, err := o.reconciler().Run(t.Context(), bank(), day())
	if err != nil || report.Lines != 60 || report.Agreed != 60 || len(report.Differ) != 0 {
		t.Errorf("%v: %+v", err, report)
	}
	for _, call := range o.asked {
		if call.From.Truncate(time.Second) != call.From || call.To.Truncate(time.Second) != call.To || !call.Asks {
			t.Errorf("asked for %s to %s", call.From, call.To)
		}
	}
}

func TestSecondThatIsTooLongIsAnError(t *testing.T) {
	o := &office{most: 1}
	o.paid("a", day().From)
	o.paid("b", day().From)
	if report, err := o.reconciler().Run(t.Context(), bank(), day()); err == nil {
		t.Errorf("%+v", report)
	}
}

// H16: a provider that wants a pause gets it; one that stays silent is an error, and no discrepancy comes of that.
func TestSilenceOfTheProviderIsNoDifference(t *testing.T) {
	synctest.Test(t, func(t *testing.T) {
		o := &office{refuses: 3}
		o.paid("a", day().From)
		began := time.Now()
		if report, err := o.reconciler().Run(t.Context(), bank(), day()); err != nil || report.Agreed != 1 {
			t.Errorf("%v: %+v", err, report)
		}
		if waited := time.Since(began); waited != 3*time.Minute {
			t.Errorf("waited %s", waited)
		}
		o.asked, o.refuses = nil, 1000
		report, err := o.reconciler().Run(t.Context(), bank(), day())
		if err == nil || len(report.Differ) != 0 || len(o.asked) > 10 {
			t.Errorf("%v: %+v after %d questions", err, report, len(o.asked))
		}
		ctx, cancel := context.WithTimeout(t.Context(), time.Second)
		defer cancel()
		if _, err := o.reconciler().Run(ctx, bank(), day()); !errors.Is(err, context.DeadlineExceeded) {
			t.Errorf("when it must stop: %v", err)
		}
	})
}

// Two payments may have the same number at PaySys; the second one is refused there. The line is the first one's.
func TestLineBelongsToThePaymentThatKnowsItsTransaction(t *testing.T) {
	o := &office{}
	paid, refused := o.paid("paid", day().From), o.paid("refused", day().From)
	r := o.records[refused]
	r.State.Transaction, r.Payment.Status, r.Payment.AmountCharged = "", payment.Failed, 0
	o.records[refused] = r
	o.lines = o.lines[:1]
	account := bank()
	account.Key = func(string) string { return paid }
	report, err := o.reconciler().Run(t.Context(), account, day())
	if err != nil || report.Agreed != 2 || len(report.Differ) != 0 {
		t.Errorf("%v: %+v", err, report)
	}
}

// A line of the period may be of a payment that waited for days, and the line of a payment of the period may come days
// later. Neither is a difference.
func TestPaymentThatWaitedForItsProviderIsFound(t *testing.T) {
	o := &office{}
	before, behind := o.paid("before", day().From), o.paid("behind", day().To.Add(-time.Hour))
	r := o.records[before]
	r.Payment.CreatedAt = payment.At(day().From.AddDate(0, 0, -9))
	o.lines[1].At = payment.At(day().To.AddDate(0, 0, 3))
	r = o.records[behind]
	r.At, r.Payment.UpdatedAt = o.lines[1].At, o.lines[1].At
	o.records[behind] = r
	report, err := o.reconciler().Run(t.Context(), bank(), day())
	if err != nil || report.Agreed != 2 || len(report.Differ) != 0 || report.Payments != 1 || report.Lines != 1 {
		t.Errorf("%v: %+v", err, report)
	}
}

func TestLongReportIsCut(t *testing.T) {
	r := reconcile.Report{Differ: make([]reconcile.Finding, 5), Closed: make([]reconcile.Finding, 2)}
	if cut := r.Cut(3); len(cut.Differ) != 3 || len(cut.Closed) != 2 || cut.LeftOut != 2 || len(r.Differ) != 5 {
		t.Errorf("%+v", cut)
	}
}
