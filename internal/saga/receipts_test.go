package saga_test

import (
	"testing"

	"tolov/internal/payment"
)

// Contract: receipt_issued, payment.receipts. A payment whose items have receipts of their own lists them all.
func TestReceiptsOfTheItemsAreThePaymentsToo(t *testing.T) {
	s := newStage(t)
	s.play(`flow hold
> hold msg=1 items=1000+4000
> answer done tx=p1 parts=h1,h2
> answer done tx=p1
> charge msg=2
> answer done receipt
> answer done receipt
`)
	p, told := s.saved.Payment, s.saved.Events
	if p.Status != payment.Completed || len(p.Receipts) != 2 || len(p.Items[0].Receipts) != 1 {
		t.Errorf("%s, %d receipts, %+v", p.Status, len(p.Receipts), p.Items)
	}
	if len(told) != 2 || told[1].Type != payment.EventReceiptIssued {
		t.Errorf("%+v", told)
	}
}
