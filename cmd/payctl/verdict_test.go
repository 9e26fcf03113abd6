package main

import (
	"bytes"
	"testing"

	"tolov/client"
	"tolov/internal/providers/sandbox"
)

// verdictOn judges one scene.
func verdictOn(leads tally, p client.Payment, ledger books) error {
	played := []performance{{scene{title: "a scene", leads: leads}, &p}}
	return (&app{out: &bytes.Buffer{}}).verdict(played, ledger)
}

// I1, I2 and I3, as the demo checks them: the ledger is compared with what scenes expect and what payments say.
func TestVerdictFindsEveryDisagreement(t *testing.T) {
	const amount = 500_00
	debit := sandbox.Debit{Account: "a", Amount: amount}
	once, none := paid(amount), tally{}
	for name, c := range map[string]struct {
		debits  []sandbox.Debit
		charged int64
		leads   tally
		agrees  bool
	}{
		"one debit":              {[]sandbox.Debit{debit}, amount, once, true},
		"none, none expected":    {nil, 0, none, true},
		"two debits":             {[]sandbox.Debit{debit, debit}, amount, once, false},
		"no debit":               {nil, amount, once, false},
		"another amount":         {[]sandbox.Debit{{Account: "a", Amount: amount + 1}}, amount, once, false},
		"charged says otherwise": {[]sandbox.Debit{debit}, 0, once, false},
		"failed, yet debited":    {[]sandbox.Debit{debit}, 0, none, false},
		"a debit of nobody":      {[]sandbox.Debit{debit, {Account: "b", Amount: 1}}, amount, once, false},
	} {
		err := verdictOn(c.leads, client.Payment{Account: "a", AmountCharged: c.charged}, books{Debits: c.debits})
		if agrees := err == nil; agrees != c.agrees {
			t.Errorf("%s: %v", name, err)
		}
	}
}

// A withdrawal and a payout have no account: the transaction tells whose an entry is.
func TestVerdictFindsWithdrawalsAndPayoutsByTransaction(t *testing.T) {
	of := func(provider string, charged int64) client.Payment {
		return client.Payment{
			Provider: provider, AmountCharged: charged, ProviderRefs: map[string]string{"transaction_id": "7"},
		}
	}
	debit := sandbox.Debit{Provider: "atmos-pinfl", Transaction: "7", Account: "loan-1", Amount: 20}
	out := sandbox.Payout{Provider: "paysys", Transaction: "7", Amount: 50}
	two, one := tally{debits: 2, debited: 40}, tally{payouts: 1, paidOut: 50}
	for name, c := range map[string]struct {
		p      client.Payment
		leads  tally
		ledger books
		agrees bool
	}{
		"withdrawn":         {of("atmos-pinfl", 40), two, books{Debits: []sandbox.Debit{debit, debit}}, true},
		"withdrawn in part": {of("atmos-pinfl", 40), two, books{Debits: []sandbox.Debit{debit}}, false},
		"of another":        {of("atmos", 40), two, books{Debits: []sandbox.Debit{debit, debit}}, false},
		"paid out":          {of("paysys", 50), one, books{Payouts: []sandbox.Payout{out}}, true},
		"paid out twice":    {of("paysys", 50), one, books{Payouts: []sandbox.Payout{out, out}}, false},
		"never paid out":    {of("paysys", 50), one, books{}, false},
		"debited instead":   {of("paysys", 40), one, books{Debits: []sandbox.Debit{debit, debit}}, false},
		"a payout of nobody": {
			of("paysys", 50), one, books{Payouts: []sandbox.Payout{out, {Provider: "paysys", Transaction: "8"}}}, false,
		},
	} {
		if agrees := verdictOn(c.leads, c.p, c.ledger) == nil; agrees != c.agrees {
			t.Errorf("%s: agrees is %v", name, agrees)
		}
	}
}

// I5, as the demo checks it: what is refunded, charged and released adds up on both sides.
func TestVerdictComparesHoldsRefundsAndCards(t *testing.T) {
	pay := client.Payment{
		Items: []client.ItemShown{{Account: "a"}, {Account: "b"}}, AmountHeld: 100, AmountCharged: 70, AmountRefunded: 30,
	}
	leads := tally{debits: 2, debited: 70, refunds: 1, refunded: 30, held: 100, released: 30, cards: 1}
	right := func() books {
		return books{
			Debits:  []sandbox.Debit{{Account: "a", Amount: 50, Card: "860012******0007"}, {Account: "b", Amount: 20}},
			Refunds: []sandbox.Refund{{Account: "a", Amount: 30}},
			Holds:   []sandbox.Hold{{Account: "a", Held: 60, Released: 10}, {Account: "b", Held: 40, Expired: 20}},
			Cards:   []sandbox.Card{{Card: "860012******0007", Links: 1}},
		}
	}
	if err := verdictOn(leads, pay, right()); err != nil {
		t.Error(err)
	}
	for name, spoil := range map[string]func(*books){
		"refunded twice":        func(l *books) { l.Refunds = append(l.Refunds, l.Refunds[0]) },
		"another refund":        func(l *books) { l.Refunds[0].Amount++ },
		"a refund of nobody":    func(l *books) { l.Refunds = append(l.Refunds, sandbox.Refund{Account: "c"}) },
		"not released":          func(l *books) { l.Holds[0].Released = 0 },
		"frozen twice":          func(l *books) { l.Holds[0].Held *= 2 },
		"a hold of nobody":      func(l *books) { l.Holds = append(l.Holds, sandbox.Hold{Account: "c", Held: 1}) },
		"one item not debited":  func(l *books) { l.Debits = l.Debits[:1] },
		"not linked":            func(l *books) { l.Cards = nil },
		"linked twice":          func(l *books) { l.Cards[0].Links = 2 },
		"another card debited":  func(l *books) { l.Debits[0].Card = "token" },
		"a card that none uses": func(l *books) { l.Cards = append(l.Cards, sandbox.Card{Card: "x", Links: 1}) },
	} {
		ledger := right()
		spoil(&ledger)
		if verdictOn(leads, pay, ledger) == nil {
			t.Errorf("%s: no disagreement was found", name)
		}
	}
	for name, other := range map[string]client.Payment{
		"held":     {Items: pay.Items, AmountHeld: 99, AmountCharged: 70, AmountRefunded: 30},
		"charged":  {Items: pay.Items, AmountHeld: 100, AmountCharged: 69, AmountRefunded: 30},
		"refunded": {Items: pay.Items, AmountHeld: 100, AmountCharged: 70, AmountRefunded: 29},
	} {
		if verdictOn(leads, other, right()) == nil {
			t.Errorf("%s says otherwise: no disagreement was found", name)
		}
	}
}
