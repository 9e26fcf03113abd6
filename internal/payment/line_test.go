package payment_test

import (
	"testing"

	"tolov/internal/payment"
)

// H12, H58: our record and a line of the provider's books agree only when both say that the same money moved, or that
// none did.
func TestRecordAndBooksAgreeOnlyOnTheSameMoney(t *testing.T) {
	line := func(o payment.Outcome, amount payment.Money, transaction string) *payment.Line {
		return &payment.Line{Outcome: o, Amount: amount, Amounted: amount != 0, Transaction: transaction}
	}
	for _, r := range []struct {
		status payment.Status
		line   *payment.Line
		why    string
	}{
		{payment.Completed, line(payment.Done, 5000, "7"), ""},
		{payment.Completed, line(payment.Done, 0, ""), ""}, // nothing that could differ
		{payment.Completed, nil, payment.NotInBooks},
		{payment.Completed, line(payment.Done, 5001, "7"), payment.OtherAmount},
		{payment.Completed, line(payment.Done, 5000, "8"), payment.OtherNumber},
		{payment.Completed, line(payment.Declined, 5000, "7"), payment.NotCarriedOut},
		{payment.Completed, line(payment.Absent, 5000, "7"), payment.NotCarriedOut},
		{payment.Completed, line(payment.Pending, 5000, "7"), payment.NotCarriedOut},
		{payment.Completed, line(payment.Unknown, 5000, "7"), payment.BooksUnclear},
		{payment.PartiallyRefunded, line(payment.Done, 5000, "7"), ""},
		{payment.PartiallyRefunded, nil, payment.NotInBooks},
		{payment.Failed, nil, ""},
		{payment.Failed, line(payment.Declined, 5000, "7"), ""},
		{payment.Failed, line(payment.Absent, 5000, "7"), ""},
		{payment.Failed, line(payment.Done, 5000, "7"), payment.CarriedOut},
		{payment.Failed, line(payment.Declined, 5001, "7"), payment.OtherAmount},
		{payment.Failed, line(payment.Unknown, 5000, "7"), payment.BooksUnclear},
		{payment.Cancelled, line(payment.Done, 5000, "7"), payment.CarriedOut},
		{payment.Refunded, line(payment.Done, 5000, "7"), payment.CarriedOut},
		{payment.Refunded, line(payment.Declined, 5000, "7"), ""},
	} {
		p := &payment.Payment{Status: r.status, Amount: 6000, AmountCharged: 5000}
		if got := p.Differs("7", r.line); got != r.why {
			t.Errorf("%s and %+v: %q, want %q", r.status, r.line, got, r.why)
		}
	}
	failed := &payment.Payment{Status: payment.Failed, Amount: 5000}
	if got := failed.Differs("", line(payment.Declined, 5000, "8")); got != "" {
		t.Errorf("a payment that never learned its transaction: %q", got)
	}
}

func TestDiscrepancyIsNewsOnlyWhenItSaysOtherwise(t *testing.T) {
	d := payment.Discrepancy{Why: payment.OtherAmount, Theirs: payment.Side{Amount: 1, Code: "1"}}
	same := d
	same.By, same.Theirs.At = "statement", payment.At(payment.Time{}.Add(1))
	other, closed := d, d
	other.Theirs.Amount, closed.Closed = 2, true
	if !d.Same(same) || d.Same(other) || d.Same(closed) {
		t.Error("told apart wrongly")
	}
}
