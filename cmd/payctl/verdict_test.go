package main

import (
	"bytes"
	"testing"

	"tolov/client"
	"tolov/internal/providers/sandbox"
)

// I1, I2 and I3, as the demo checks them: the ledger is compared with what scenes expect and what payments say.
func TestVerdictFindsEveryDisagreement(t *testing.T) {
	const amount = 500_00
	debit := sandbox.Debit{Account: "a", Amount: amount}
	for name, c := range map[string]struct {
		debits  []sandbox.Debit
		charged int64
		expect  int
		agrees  bool
	}{
		"one debit":              {[]sandbox.Debit{debit}, amount, 1, true},
		"none, none expected":    {nil, 0, 0, true},
		"two debits":             {[]sandbox.Debit{debit, debit}, amount, 1, false},
		"no debit":               {nil, amount, 1, false},
		"another amount":         {[]sandbox.Debit{{Account: "a", Amount: amount + 1}}, amount, 1, false},
		"charged says otherwise": {[]sandbox.Debit{debit}, 0, 1, false},
		"failed, yet debited":    {[]sandbox.Debit{debit}, 0, 0, false},
		"a debit of nobody":      {[]sandbox.Debit{debit, {Account: "b", Amount: 1}}, amount, 1, false},
	} {
		played := []performance{{
			scene{title: name, amount: amount, debits: c.expect}, &client.Payment{Account: "a", AmountCharged: c.charged},
		}}
		err := (&app{out: &bytes.Buffer{}}).verdict(played, c.debits)
		if agrees := err == nil; agrees != c.agrees {
			t.Errorf("%s: %v", name, err)
		}
	}
}
