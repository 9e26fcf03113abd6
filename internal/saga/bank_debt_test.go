package saga_test

import (
	"fmt"
	"strings"
	"testing"

	"tolov/internal/payment"
	"tolov/internal/saga"
)

// bankDebt takes what a person owes from whatever cards the bank knows of: less than all will do when the command says
// so, and a draft that was given up is dropped at the bank's too.
func bankDebt() *saga.Flow {
	return &saga.Flow{
		Name: "bank/debt", Provider: "bank", Kind: payment.Withdraw, Opens: payment.VerbWithdraw,
		Paths: saga.Paths{
			payment.VerbWithdraw: {Does: saga.Pays, Ends: payment.Completed, Steps: []saga.Step{
				{Name: "create"},
				{Name: "confirm", Class: saga.Money, Check: "check"},
			}},
			payment.VerbCancel: {
				From: []payment.Status{payment.Accepted, payment.Processing}, Ends: payment.Cancelled,
				Steps: []saga.Step{{Name: "cancel"}},
			},
		},
	}
}

// owed reads what an answer tells beside the usual: keep=word, moved, took=300+200.
func owed(t *testing.T, a *payment.Answer, o map[string]string) {
	if kept, ok := o["keep"]; ok {
		a.Keep = map[string]string{"kept": kept}
	}
	_, a.Moved = o["moved"]
	for _, amount := range strings.Split(o["took"], "+") {
		if amount != "" {
			a.Parts = append(a.Parts, payment.Part{Card: "860066******5544", Amount: number(t, amount)})
		}
	}
}

// describeOwed tells what is kept between attempts, and what was taken from each card.
func describeOwed(r saga.Record) string {
	var b strings.Builder
	if kept := r.State.Kept["kept"]; kept != "" {
		b.WriteString(" keeping " + kept)
	}
	if r.Payment == nil {
		return b.String()
	}
	for _, item := range r.Payment.Items {
		if item.Card != nil {
			fmt.Fprintf(&b, " %d of %s", item.AmountCharged, item.Card.Masked)
		}
	}
	return b.String()
}
