package saga_test

import (
	"fmt"
	"testing"
	"time"

	"tolov/internal/payment"
	"tolov/internal/saga"
)

// standing is a payment as it stands, and the debits that the provider may make of it then.
type standing struct {
	name    string
	changes []func(*saga.Record)
	want    string
}

// standings lists them, at the instant now.
func standings(now time.Time) []standing {
	intent := func(path payment.Verb) func(*saga.Record) {
		return func(r *saga.Record) {
			r.State.Path = path
			r.State.Intent = &saga.Intent{Transaction: "77", Amount: 5000, At: payment.At(now)}
			r.State.Due = payment.At(now.Add(time.Second))
		}
	}
	items := func(r *saga.Record) {
		r.Payment.Items = []payment.Item{{Account: "a1", Amount: 3000}, {Account: "a2", Amount: 2000}}
		r.State.Items = []string{"77", "78"}
	}
	chosen := func(r *saga.Record) { r.State.Chosen = []saga.Choice{{Index: 1, Amount: 1500}} }
	second := func(r *saga.Record) { r.State.Intent.Transaction, r.State.Intent.Amount = "78", 1500 }
	page := func(r *saga.Record) {
		r.State.Path, r.State.Transaction, r.Payment.Status = payment.VerbPay, "77", payment.ActionRequired
		r.Payment.Action = &payment.Action{Type: payment.ActionRedirect, ExpiresAt: payment.At(now.Add(time.Second))}
	}
	failed := func(r *saga.Record) { r.Payment.Status = payment.Failed }
	late := func(r *saga.Record) { r.State.Due = payment.At(now) }
	left := func(r *saga.Record) { r.Payment.Action.ExpiresAt = payment.At(now) }
	doubted := func(r *saga.Record) { r.State.Doubt = &saga.Doubt{} }
	ending := func(r *saga.Record) { r.State.Ending = saga.CancelByCommand }
	review := func(r *saga.Record) { r.State.Review = saga.ReviewByContradiction }
	code := func(r *saga.Record) { r.Payment.Action.Type = payment.ActionCode }
	type change = func(*saga.Record)
	return []standing{
		{"nothing was called yet", nil, "[]"},
		{"apply is open", []change{intent(payment.VerbPay)}, "[{77 order 5000}]"},
		{"its time is over", []change{intent(payment.VerbPay), late}, "[]"},
		{"it is in doubt", []change{intent(payment.VerbPay), doubted}, "[]"},
		{"it came to its end", []change{intent(payment.VerbPay), failed}, "[]"},
		{"parts", []change{items, intent(payment.VerbPay)}, "[{77 a1 3000} {78 a2 2000}]"},
		{"a hold", []change{intent(payment.VerbHold)}, "[{ order 5000}]"},
		{"a hold of parts", []change{items, intent(payment.VerbHold)}, "[{ a1 3000} { a2 2000}]"},
		{"what is held is charged", []change{intent(payment.VerbCharge)}, "[{ order 5000}]"},
		{"a part of it", []change{items, intent(payment.VerbCharge), chosen, second}, "[{ a2 1500}]"},
		{"a part is let go", []change{items, intent(payment.VerbCharge), chosen}, "[]"},
		{"a refund is open", []change{intent(payment.VerbRefund)}, "[]"},
		{"a release is open", []change{intent(saga.Release)}, "[]"},
		{"a card is being linked", []change{intent(payment.VerbLinkCard)}, "[]"},
		{"at the page", []change{page}, "[{77 order 5000}]"},
		{"the page's time is over", []change{page, left}, "[]"},
		{"it is being cancelled", []change{page, ending}, "[]"},
		{"a person must look", []change{page, review}, "[]"},
		{"a code is awaited", []change{page, code}, "[]"},
	}
}

// TestTheProviderMayDebitOnlyWhileTheRecordSaysSo is the contract's "Hosted pages": a page that waits for its customer,
// and otherwise only a call of our own that debits and has no answer yet.
func TestTheProviderMayDebitOnlyWhileTheRecordSaysSo(t *testing.T) {
	now := time.Unix(1_800_000_000, 0)
	for _, c := range standings(now) {
		r := saga.Record{Payment: &payment.Payment{Account: "order", Amount: 5000, Status: payment.Processing}}
		for _, change := range c.changes {
			change(&r)
		}
		if got := fmt.Sprint(r.Charges(now)); got != c.want {
			t.Errorf("%s: %s, want %s", c.name, got, c.want)
		}
	}
	if got := (saga.Record{}).Charges(now); got != nil {
		t.Error("no payment: ", got)
	}
}

// A debit is found by its transaction, and one that has none yet by what it is for.
func TestChargesThatDifferHaveKeysThatDiffer(t *testing.T) {
	keys := map[string]saga.Charge{}
	for _, c := range []saga.Charge{
		{Transaction: "77", Account: "a", Amount: 1}, {Transaction: "78", Account: "a", Amount: 1},
		{Account: "a", Amount: 1}, {Account: "a", Amount: 11}, {Account: "1/a", Amount: 1}, {Account: "", Amount: 1},
	} {
		if other, taken := keys[c.Key()]; taken {
			t.Errorf("%v and %v are found by %s", c, other, c.Key())
		}
		keys[c.Key()] = c
	}
}
