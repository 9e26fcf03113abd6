package payment_test

import (
	"fmt"
	"slices"
	"strings"
	"testing"
	"time"

	"pgregory.net/rapid"

	"tolov/internal/payment"
)

// rule is one rule of the contract: a change that breaks it in a valid command, and the refusal.
type rule struct {
	name  string
	verb  payment.Verb
	spoil func(c *payment.Command)
	code  payment.RefusedBy // empty: the command stays valid
	field string
}

func now() time.Time { return time.Date(2026, time.March, 1, 0, 0, 0, 0, time.UTC) }

// shapeOf is the shape of a verb; pay's is ATMOS'.
func shapeOf(verb payment.Verb) payment.Shape {
	if !verb.Opens() {
		return payment.ContinuingShape(verb)
	}
	return payment.Shape{
		Required: []string{"amount", "account", "card"}, Optional: []string{"terminal_id", "ofd_items"},
		Cards: []payment.CardForm{payment.CardToken, payment.CardNumber},
	}
}

// valid is a command that keeps every rule.
func valid(verb payment.Verb) *payment.Command {
	c := &payment.Command{Verb: verb, Message: "m:1", Merchant: "default", ExtID: "order-1"}
	switch verb {
	case payment.VerbPay:
		c.Provider, c.Account, c.Amount, c.Card = "atmos", "998901234567", money(5_000_000), token("tok")
	case payment.VerbConfirm:
		c.OTP = payment.NewSecret("123456")
	case payment.VerbResolve:
		c.Outcome, c.Evidence, c.Actor, c.ApprovedBy = payment.Completed, "statement of 1 March", "alisher", "malika"
	}
	return c
}

func money(tiyin payment.Money) *payment.Money { return &tiyin }

func seconds(n int64) *int64 { return &n }

func token(value string) *payment.CardInput {
	return &payment.CardInput{Token: payment.NewSecret(value)}
}

func number(digits, expiry string) *payment.CardInput {
	return &payment.CardInput{Number: payment.NewSecret(digits), Expiry: payment.NewSecret(expiry)}
}

func item(name, code string, amount *payment.Money) payment.OFDItem {
	return payment.OFDItem{Name: name, OFDCode: code, Amount: amount}
}

func TestEveryRuleOfTheContract(t *testing.T) {
	for _, r := range slices.Concat(fieldRules(), textRules(), valueRules(), itemRules(), otherVerbRules(), cardRules()) {
		t.Run(string(r.verb)+"/"+r.name, func(t *testing.T) {
			c := valid(r.verb)
			r.spoil(c)
			got := c.Check(shapeOf(r.verb), now())
			switch {
			case r.code == "" && got != nil:
				t.Fatalf("refused: %s, %s", got.Code, got)
			case r.code == "":
			case got == nil:
				t.Fatalf("taken, want %s of %q", r.code, r.field)
			case got.Code != r.code || got.Field != r.field || got.Verb != r.verb || got.Message == "":
				t.Fatalf("%+v, want %s of %q", got, r.code, r.field)
			}
		})
	}
}

func TestValidCommandsAreTaken(t *testing.T) {
	for _, verb := range []payment.Verb{
		payment.VerbPay, payment.VerbConfirm, payment.VerbResendCode, payment.VerbCancel, payment.VerbRecheck,
		payment.VerbResolve,
	} {
		if r := valid(verb).Check(shapeOf(verb), now()); r != nil {
			t.Errorf("%s: %s", verb, r)
		}
	}
}

// The same command is refused for the same fault however often it comes: a map has no order, the rule has one.
func TestTheFirstRuleBrokenIsAlwaysTheSame(t *testing.T) {
	c := valid(payment.VerbPay)
	c.Metadata = map[string]string{}
	for i := range 20 {
		c.Metadata[fmt.Sprintf("k%02d", i)] = strings.Repeat("v", 501)
	}
	for range 50 {
		if r := c.Check(shapeOf(c.Verb), now()); r == nil || r.Field != "metadata.k00" {
			t.Fatal(r)
		}
	}
}

// A rejection tells the field and the rule, never the value that was wrong (I8).
func TestARejectionNeverRepeatsTheValue(t *testing.T) {
	rapid.Check(t, func(t *rapid.T) {
		const marker = "MARKER"
		long := marker + rapid.StringMatching(`[0-9]{0,40}`).Draw(t, "tail") + strings.Repeat("x", 2001)
		verbs := []payment.Verb{payment.VerbPay, payment.VerbConfirm, payment.VerbResolve}
		c := valid(rapid.SampledFrom(verbs).Draw(t, "verb"))
		spoil := rapid.SampledFrom([]func(){
			func() { c.Account = long }, func() { c.Description = long }, func() { c.Reason = long },
			func() { c.TerminalID = long }, func() { c.Lang = long }, func() { c.CommandID = long },
			func() { c.OTP = payment.NewSecret(long) }, func() { c.Evidence = long }, func() { c.Actor = long },
			func() { c.ApprovedBy = long }, func() { c.Outcome = payment.Status(long) },
			func() { c.Metadata = map[string]string{"k": long} }, func() { c.Metadata = map[string]string{long: "v"} },
			func() { c.Card = token(long) }, func() { c.Card = number(long, "9901") },
			func() { c.Card = number("8600490000003347", long) }, func() { c.Card = number("8600490000003347", marker) },
		}).Draw(t, "spoil")
		spoil()
		r := c.Check(shapeOf(c.Verb), now())
		if r != nil && (strings.Contains(r.Field+r.Message+r.Error(), marker)) {
			t.Fatalf("%+v", r)
		}
	})
}
