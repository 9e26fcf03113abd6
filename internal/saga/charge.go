package saga

import (
	"strconv"
	"time"

	"tolov/internal/payment"
)

// Charge is a debit that the provider may make now.
type Charge struct {
	Transaction string // the provider's; empty when it makes one only with the debit, as for held funds
	Account     string
	Amount      payment.Money // tiyin
}

// Charges lists the debits of the payment that the provider may make now, by what is recorded: while the customer is at
// the provider's page, and while a call of ours that debits is open. None before that, and none when the payment was
// given up, came to its end, or is in doubt: what would land late is not to land at all (H5).
func (r Record) Charges(now time.Time) []Charge {
	s, p := r.State, r.Payment
	switch {
	case p == nil || p.Status.Final() || s.Doubt != nil || s.Review != "" || s.Ending != "":
		return nil
	case s.Intent == nil:
		return r.atPage(now)
	case !now.Before(s.Due.Time): // the call cannot be under way any more
		return nil
	case s.Path == payment.VerbPay:
		return r.ofItems(Charge{s.Intent.Transaction, p.Account, s.Intent.Amount}, s.Items)
	case s.Path == payment.VerbHold:
		return r.ofItems(Charge{"", p.Account, s.Intent.Amount}, nil)
	case s.Path == payment.VerbCharge:
		return r.ofHeld()
	default:
		return nil
	}
}

// atPage is the debit of a customer who is at the provider's page.
func (r Record) atPage(now time.Time) []Charge {
	p, a := r.Payment, r.Payment.Action
	waits := p.Status == payment.ActionRequired && a != nil && a.Type == payment.ActionRedirect
	if !waits || !now.Before(a.ExpiresAt.Time) {
		return nil
	}
	return []Charge{{r.State.Transaction, p.Account, p.Amount}}
}

// ofItems is a debit for each item, or the one for the whole payment when it has none.
func (r Record) ofItems(whole Charge, transactions []string) []Charge {
	p := r.Payment
	if len(p.Items) == 0 {
		return []Charge{whole}
	}
	charges := make([]Charge, len(p.Items))
	for i, item := range p.Items {
		charges[i] = Charge{Account: item.Account, Amount: item.Amount}
		if i < len(transactions) {
			charges[i].Transaction = transactions[i]
		}
	}
	return charges
}

// ofHeld is the debit of held funds for which a call is open: of a multiple hold, that of the item whose turn it is.
// Items that were not chosen are let go, which is no debit.
func (r Record) ofHeld() []Charge {
	s, p := r.State, r.Payment
	if len(p.Items) == 0 {
		return []Charge{{"", p.Account, s.Intent.Amount}}
	}
	for i, item := range p.Items {
		if i < len(s.Items) && s.Items[i] == s.Intent.Transaction && chosenAmount(s.Chosen, i) > 0 {
			return []Charge{{"", item.Account, s.Intent.Amount}}
		}
	}
	return nil
}

// Key is what the payment can be found by when the provider asks about the debit: the transaction, or account and
// amount when there is none yet.
func (c Charge) Key() string {
	if c.Transaction != "" {
		return c.Transaction
	}
	return "held/" + strconv.FormatInt(int64(c.Amount), 10) + "/" + c.Account
}
