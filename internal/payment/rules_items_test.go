package payment_test

import (
	"strings"
	"testing"

	"tolov/internal/payment"
)

// slice is one of the items of a command.
func slice(account string, amount *payment.Money) payment.ItemInput {
	return payment.ItemInput{Account: account, Amount: amount}
}

func place(index int, amount *payment.Money) payment.ItemInput {
	return payment.ItemInput{Index: &index, Amount: amount}
}

// Contract: items are whole, add up to the amount, and there are 1 to 100 of them.
func TestTheItemsOfAnOpeningCommandAreWholeAndAddUp(t *testing.T) {
	missing, bad, unknown := payment.MissingField, payment.InvalidValue, payment.UnknownField
	long := strings.Repeat("ў", 256)
	for name, v := range map[string]struct {
		items []payment.ItemInput
		code  payment.RefusedBy
		field string
	}{
		"one":         {[]payment.ItemInput{slice("a", money(100))}, "", ""},
		"two":         {[]payment.ItemInput{slice("a", money(40)), slice("a", money(60))}, "", ""},
		"none":        {[]payment.ItemInput{}, bad, "items"},
		"101":         {make([]payment.ItemInput, 101), bad, "items"},
		"too little":  {[]payment.ItemInput{slice("a", money(40)), slice("b", money(59))}, bad, "amount"},
		"too much":    {[]payment.ItemInput{slice("a", money(40)), slice("b", money(61))}, bad, "amount"},
		"no account":  {[]payment.ItemInput{slice("a", money(40)), slice("", money(60))}, missing, "items.1.account"},
		"no amount":   {[]payment.ItemInput{slice("a", nil), slice("b", money(60))}, missing, "items.0.amount"},
		"0 tiyin":     {[]payment.ItemInput{slice("a", money(100)), slice("b", money(0))}, bad, "items.1.amount"},
		"below 0":     {[]payment.ItemInput{slice("a", money(101)), slice("b", money(-1))}, bad, "items.1.amount"},
		"long":        {[]payment.ItemInput{slice(long, money(100))}, bad, "items.0.account"},
		"an index":    {[]payment.ItemInput{{Account: "a", Amount: money(100), Index: new(int)}}, unknown, "items.0.index"},
		"long detail": {[]payment.ItemInput{{Account: "a", Amount: money(100), Details: long}}, bad, "items.0.details"},
	} {
		c, shape := valid(payment.VerbPay), shapeOf(payment.VerbPay)
		shape.Required = []string{"amount", "items", "card"}
		c.Account, c.Amount, c.Items = "", money(100), v.items
		checkRefusal(t, name, c.Check(shape, now()), v.code, v.field)
	}
}

// Contract: a charge names items of its hold by their place, each once.
func TestTheItemsOfAChargeAreNamedOnceByTheirPlace(t *testing.T) {
	missing, bad, unknown := payment.MissingField, payment.InvalidValue, payment.UnknownField
	for name, v := range map[string]struct {
		items  []payment.ItemInput
		amount *payment.Money
		code   payment.RefusedBy
		field  string
	}{
		"two":           {[]payment.ItemInput{place(1, nil), place(0, money(5))}, nil, "", ""},
		"none":          {[]payment.ItemInput{}, nil, bad, "items"},
		"twice":         {[]payment.ItemInput{place(1, nil), place(1, nil)}, nil, bad, "items.1.index"},
		"below 0":       {[]payment.ItemInput{place(-1, nil)}, nil, bad, "items.0.index"},
		"no place":      {[]payment.ItemInput{{Amount: money(5)}}, nil, missing, "items.0.index"},
		"0 tiyin":       {[]payment.ItemInput{place(0, money(0))}, nil, bad, "items.0.amount"},
		"an account":    {[]payment.ItemInput{{Index: new(int), Account: "a"}}, nil, unknown, "items.0"},
		"and an amount": {[]payment.ItemInput{place(0, nil)}, money(5), unknown, "amount"},
	} {
		c := valid(payment.VerbCharge)
		c.Items, c.Amount = v.items, v.amount
		checkRefusal(t, name, c.Check(payment.ContinuingShape(payment.VerbCharge), now()), v.code, v.field)
	}
}

func checkRefusal(t *testing.T, name string, got *payment.Rejection, code payment.RefusedBy, field string) {
	t.Helper()
	switch {
	case code == "" && got != nil:
		t.Errorf("%s: refused: %+v", name, got)
	case code != "" && (got == nil || got.Code != code || got.Field != field):
		t.Errorf("%s: %+v, want %s of %q", name, got, code, field)
	}
}
