package main

import (
	"errors"
	"fmt"
	"strconv"

	"tolov/client"
	"tolov/internal/providers/sandbox"
)

// performance is a scene that was played and the payment that came of it.
type performance struct {
	scene   scene
	payment *client.Payment
}

// verdict prints the ledger and compares it with the payments. It is an error when they do not agree.
func (a *app) verdict(played []performance, debits []sandbox.Debit) error {
	show(a.out, "\n%s\n\n", a.paint.in(bold, "What really left the cards: the provider's ledger"))
	a.showDebits(debits, "   ")
	show(a.out, "\n%s\n\n", a.paint.in(bold, "What the payments say"))
	t := table{head: []string{"", "SCENE", "PAYMENT", "CHARGED", "DEBITS", "DEBITED", "EXPECTED"}, right: "lllrrrr"}
	agrees, known := true, 0
	for i, p := range played {
		found, debited := of(debits, p.payment.Account)
		known += found
		fits := p.fits(found, debited)
		agrees = agrees && fits
		sign := cell{"✓", green}
		if !fits {
			sign = cell{"✗", red}
		}
		t.add(
			sign, cell{fmt.Sprintf("%d. %s", i+1, p.scene.title), plain},
			cell{string(p.payment.Status), statusStyle(p.payment.Status)}, cell{sums(p.payment.AmountCharged), plain},
			cell{strconv.Itoa(found), plain}, cell{sums(debited), plain}, cell{strconv.Itoa(p.scene.debits), plain},
		)
	}
	t.write(a.out, a.paint, "   ")
	switch {
	case !agrees:
		return errors.New("the ledger and the payments do not agree")
	case known != len(debits):
		return fmt.Errorf("the ledger has %d debits of no scene", len(debits)-known)
	default:
		return nil
	}
}

// fits tells whether the ledger shows what the scene expects and what the payment says.
func (p performance) fits(debits int, debited int64) bool {
	wanted := int64(p.scene.debits) * p.scene.amount
	return debits == p.scene.debits && debited == wanted && p.payment.AmountCharged == wanted
}

// of counts an account's debits and adds them up, in tiyin.
func of(debits []sandbox.Debit, account string) (n int, total int64) {
	for _, d := range debits {
		if d.Account == account {
			n++
			total += d.Amount - d.ReversedAmount
		}
	}
	return n, total
}
