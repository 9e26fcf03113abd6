package main

import (
	"errors"
	"fmt"
	"slices"

	"tolov/client"
)

// performance is a scene that was played and the payment that came of it.
type performance struct {
	scene   scene
	payment *client.Payment
}

// tally is what the ledger has of some accounts. Amounts are tiyin.
type tally struct {
	debits   int
	debited  int64
	refunds  int
	refunded int64
	held     int64
	released int64 // of what was held
	cards    int   // that were linked and then debited
	payouts  int
	paidOut  int64
}

// moves counts the debits and the payouts: a payment has one or the other.
func (t tally) moves() int { return t.debits + t.payouts }

// moved adds them up, in tiyin.
func (t tally) moved() int64 { return t.debited + t.paidOut }

// verdict prints the ledger and compares it with the payments. It is an error when they do not agree.
func (a *app) verdict(played []performance, ledger books) error {
	show(a.out, "\n%s\n\n", a.paint.in(bold, "What really happened on the cards: the provider's ledger"))
	a.showBooks(ledger, "   ")
	show(a.out, "\n%s\n\n", a.paint.in(bold, "What the payments say, and the ledger beside it"))
	t := table{
		head: []string{
			"", "SCENE", "PAYMENT", "HELD", "FROZEN", "CHARGED", "MOVED", "MOVES", "REFUNDED", "RETURNED",
		},
		right: "lllrrrrrrr",
	}
	agrees := true
	var known tally
	for i, p := range played {
		found := ledger.of(p.payment)
		known.add(found)
		fits := p.fits(found)
		agrees = agrees && fits
		sign := cell{"✓", green}
		if !fits {
			sign = cell{"✗", red}
		}
		t.add(
			sign, cell{fmt.Sprintf("%d. %s", i+1, p.scene.name()), plain},
			cell{string(p.payment.Status), statusStyle(p.payment.Status)},
			cell{some(p.payment.AmountHeld), plain}, cell{some(found.held), plain},
			cell{sums(p.payment.AmountCharged), plain}, cell{sums(found.moved()), plain},
			cell{fmt.Sprintf("%d of %d", found.moves(), p.scene.leads.moves()), plain},
			cell{some(p.payment.AmountRefunded), plain}, cell{some(found.refunded), plain},
		)
	}
	t.write(a.out, a.paint, "   ")
	all := ledger.all()
	switch {
	case !agrees:
		return errors.New("the ledger and the payments do not agree")
	case known != all:
		return fmt.Errorf("the ledger has entries of no scene: %+v in all, %+v of scenes", all, known)
	default:
		return nil
	}
}

// fits tells whether the ledger shows what the scene leads to, and what the payment says.
func (p performance) fits(found tally) bool {
	says := p.payment
	if found.held != 0 && found.held-found.debited != found.released {
		return false
	}
	return found == p.scene.leads && says.AmountCharged == found.moved() && says.AmountRefunded == found.refunded &&
		says.AmountHeld == found.held
}

func (t *tally) add(other tally) {
	t.debits, t.debited = t.debits+other.debits, t.debited+other.debited
	t.refunds, t.refunded = t.refunds+other.refunds, t.refunded+other.refunded
	t.held, t.released, t.cards = t.held+other.held, t.released+other.released, t.cards+other.cards
	t.payouts, t.paidOut = t.payouts+other.payouts, t.paidOut+other.paidOut
}

// entry is what tells whose an entry of the ledger is. A payout has no account.
type entry struct{ account, provider, transaction string }

// of adds up what the ledger has of a payment's accounts, and of its transaction: a withdrawal and a payout have no
// account.
func (l books) of(p *client.Payment) tally {
	accounts, transaction := []string{p.Account}, p.ProviderRefs["transaction_id"]
	for _, item := range p.Items {
		accounts = append(accounts, item.Account)
	}
	return l.sum(func(e entry) bool {
		return e.account != "" && slices.Contains(accounts, e.account) ||
			transaction != "" && e.transaction == transaction && e.provider == p.Provider
	}, false)
}

// all adds up everything that the ledger has.
func (l books) all() tally { return l.sum(func(entry) bool { return true }, true) }

// sum adds up the entries of the accounts that are wanted. Links have no account: those are counted whose card was
// debited for one, or every one.
func (l books) sum(wanted func(entry) bool, everyCard bool) (t tally) {
	debited := map[string]bool{}
	for _, d := range l.Debits {
		if wanted(entry{d.Account, d.Provider, d.Transaction}) {
			t.debits, t.debited = t.debits+1, t.debited+d.Amount
			debited[d.Card] = true
		}
	}
	for _, r := range l.Refunds {
		if wanted(entry{r.Account, r.Provider, r.Transaction}) {
			t.refunds, t.refunded = t.refunds+1, t.refunded+r.Amount
		}
	}
	for _, h := range l.Holds {
		if wanted(entry{h.Account, h.Provider, h.Transaction}) {
			t.held, t.released = t.held+h.Held, t.released+h.Released+h.Expired
		}
	}
	for _, p := range l.Payouts {
		if wanted(entry{"", p.Provider, p.Transaction}) {
			t.payouts, t.paidOut = t.payouts+1, t.paidOut+p.Amount
		}
	}
	for _, c := range l.Cards {
		if everyCard || debited[c.Card] {
			t.cards += c.Links
		}
	}
	return t
}
