package saga_test

import (
	"strings"
	"testing"
	"time"

	"tolov/internal/payment"
	"tolov/internal/saga"
)

func TestProveAcceptsAFlowThatCannotStrandAPayment(t *testing.T) {
	for _, flow := range []*saga.Flow{bank(), bankHold(), bankPage(), bankTold(), bankLink(), bankDebt()} {
		if err := saga.Prove(flow); err != nil {
			t.Error(err)
		}
	}
}

// A provider that drives a payment does so alone, and not for ever.
func TestProveKeepsOurCallsOutOfAPaymentThatIsTold(t *testing.T) {
	told := saga.Step{Name: "told", Class: saga.Told, Await: &saga.Await{Within: time.Hour}}
	for fault, spoil := range map[string]func(f *saga.Flow, pay, refund *saga.Path){
		"waits without a deadline": func(_ *saga.Flow, pay, _ *saga.Path) { pay.Steps[0].Await = nil },
		"path pay makes calls": func(_ *saga.Flow, pay, _ *saga.Path) {
			pay.Steps = append(pay.Steps, saga.Step{Name: "more"})
		},
		"path refund makes calls": func(_ *saga.Flow, _, refund *saga.Path) {
			refund.Steps = []saga.Step{{Name: "reverse", Class: saga.Money, Check: "get"}}
		},
		"path refund waits for the provider's word": func(_ *saga.Flow, pay, refund *saga.Path) {
			pay.Steps, refund.Steps = bank().Paths[payment.VerbPay].Steps, []saga.Step{told}
		},
	} {
		f := bankTold()
		pay, refund := f.Paths[payment.VerbPay], f.Paths[payment.VerbRefund]
		spoil(f, &pay, &refund)
		f.Paths[payment.VerbPay], f.Paths[payment.VerbRefund] = pay, refund
		if err := saga.Prove(f); err == nil || !strings.Contains(err.Error(), fault) {
			t.Errorf("want a fault %q, got %v", fault, err)
		}
	}
}

func TestProveNamesEveryFault(t *testing.T) {
	for fault, spoil := range map[string]func(*saga.Flow){
		"moves money and has no check":    func(f *saga.Flow) { f.Paths[payment.VerbPay].Steps[2].Check = "" },
		"waits without a deadline":        func(f *saga.Flow) { f.Paths[payment.VerbPay].Steps[2].Await.Within = 0 },
		"without a number of attempts":    func(f *saga.Flow) { f.Paths[payment.VerbPay].Steps[2].Await.Attempts = 0 },
		"no way out":                      func(f *saga.Flow) { delete(f.Paths, payment.VerbCancel) },
		"no path for the opening command": func(f *saga.Flow) { f.Opens = payment.VerbHold },
		"stands twice":                    func(f *saga.Flow) { f.Paths[payment.VerbPay].Steps[1].Name = "create" },
		"has no name":                     func(f *saga.Flow) { f.Paths[payment.VerbPay].Steps[1].Name = "" },
		"path cancel has no end": func(f *saga.Flow) {
			f.Paths[payment.VerbCancel] = saga.Path{From: payment.Statuses()}
		},
		"path cancel can start from no status": func(f *saga.Flow) {
			f.Paths[payment.VerbCancel] = saga.Path{Ends: payment.Cancelled}
		},
	} {
		f := bank()
		spoil(f)
		if err := saga.Prove(f); err == nil || !strings.Contains(err.Error(), fault) {
			t.Errorf("want a fault %q, got %v", fault, err)
		}
	}
}
