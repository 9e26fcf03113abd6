package main

import (
	"context"
	"fmt"
)

// soakStep is how many payments lie between two looks at the memory.
const soakStep = 10_000

// soak is how memory grew.
type soak struct {
	Machine machine `json:"machine"`
	Setup   setup   `json:"setup"`
	Looks   []look  `json:"looks"`
	Growth  float64 `json:"worker_growth"` // of the worker, from the first look to the last; 1 is none
}

// look is one look at the memory.
type look struct {
	Payments     int                `json:"payments"` // so far
	PaymentsPerS float64            `json:"payments_per_s"`
	MemoryMiB    map[string]float64 `json:"memory_mib"` // resident, by process
}

// soakTest pays on and on and looks at the memory now and then.
func (b *bench) soakTest(ctx context.Context) error {
	s := b.setups()[0]
	s.Payments = b.soak
	b.tell("%s\n", b.machine)
	r, leave, err := b.build(ctx, s)
	defer leave()
	if err != nil {
		return err
	}
	found := soak{Machine: b.machine, Setup: s}
	for paid := 0; paid < b.soak; {
		n := min(soakStep, b.soak-paid)
		flown, err := r.load.pay(ctx, n)
		if err != nil {
			return err
		}
		paid += n
		l := look{Payments: paid, PaymentsPerS: float64(n) / flown.took.Seconds(), MemoryMiB: map[string]float64{}}
		if err := r.remember(l.MemoryMiB); err != nil {
			return err
		}
		found.Looks = append(found.Looks, l)
		b.tell("%d payments: worker %.0f MiB\n", paid, l.MemoryMiB[theWorker])
	}
	found.Growth = found.Looks[len(found.Looks)-1].MemoryMiB[theWorker] / found.Looks[0].MemoryMiB[theWorker]
	if b.json {
		return b.printJSON(found)
	}
	return b.printSoak(&found)
}

func (b *bench) printSoak(s *soak) error {
	_, _ = fmt.Fprintf(b.out, "\n%s\n", s.Setup)
	rows := [][]string{{"payments", "payments/s", "memory, MiB"}}
	for _, l := range s.Looks {
		rows = append(rows, []string{fmt.Sprint(l.Payments), f0(l.PaymentsPerS), byName(l.MemoryMiB, "%s %.0f")})
	}
	rows = append(rows, []string{"growth", fmt.Sprintf("%.2f", s.Growth), "of the worker, last look ÷ first"})
	return table(b.out, rows)
}
