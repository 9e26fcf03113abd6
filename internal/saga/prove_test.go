package saga_test

import (
	"strings"
	"testing"

	"tolov/internal/payment"
	"tolov/internal/saga"
)

func TestProveAcceptsAFlowThatCannotStrandAPayment(t *testing.T) {
	if err := saga.Prove(bank()); err != nil {
		t.Error(err)
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
