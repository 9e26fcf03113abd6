package payment_test

import (
	"strings"
	"testing"
	"time"

	"tolov/internal/payment"
)

// cardRules: a card is a token, or a number with its expiry, and only what the flow takes.
func cardRules() []rule {
	card := func(in *payment.CardInput) func(*payment.Command) { return func(c *payment.Command) { c.Card = in } }
	sealed := func(in *payment.CardInput) *payment.CardInput {
		in.Sealed = payment.NewSecret("k1.x")
		return in
	}
	both := number("8600490000003347", "2712")
	both.Token = payment.NewSecret("t")
	expiring := token("t")
	expiring.Expiry = payment.NewSecret("2712")
	pay, missing, bad := payment.VerbPay, payment.MissingField, payment.InvalidValue
	return []rule{
		{"token", pay, card(token(strings.Repeat("t", 512))), "", ""},
		{"token of 513 bytes", pay, card(token(strings.Repeat("t", 513))), bad, "card.token"},
		{"number of 13 digits", pay, card(number("8600490000003", "2712")), "", ""},
		{"number of 19 digits", pay, card(number("8600490000003347123", "2712")), "", ""},
		{"number of 12 digits", pay, card(number("860049000000", "2712")), bad, "card.number"},
		{"number of 20 digits", pay, card(number("86004900000033471234", "2712")), bad, "card.number"},
		{"number with blanks", pay, card(number("8600 4900 0000 3347", "2712")), bad, "card.number"},
		{"number without expiry", pay, card(number("8600490000003347", "")), missing, "card.expiry"},
		{"no card at all", pay, card(&payment.CardInput{}), missing, "card"},
		{"only an expiry", pay, card(number("", "2712")), missing, "card.number"},
		{"token and holder", pay, card(with(token("t"), "ALI VALIYEV", "")), payment.UnknownField, "card.holder"},
		{"token and CVC", pay, card(with(token("t"), "", "123")), payment.UnknownField, "card.cvc"},
		{"token and number", pay, card(both), bad, "card"},
		{"token and expiry", pay, card(expiring), bad, "card"},
		{"sealed and clear", pay, card(sealed(number("8600490000003347", "2712"))), bad, "card"},
		{"still sealed", pay, card(sealed(&payment.CardInput{})), bad, "card"},
		{"expiry of three digits", pay, card(number("8600490000003347", "271")), bad, "card.expiry"},
		{"expiry of five digits", pay, card(number("8600490000003347", "27120")), bad, "card.expiry"},
		{"month 0", pay, card(number("8600490000003347", "2700")), bad, "card.expiry"},
		{"month 13", pay, card(number("8600490000003347", "2713")), bad, "card.expiry"},
		{"mmYY of 2027", pay, card(number("8600490000003347", "1227")), bad, "card.expiry"},
		{"expiry with a blank", pay, card(number("8600490000003347", " 271")), bad, "card.expiry"},
		{"expiry with a slash", pay, card(number("8600490000003347", "27/1")), bad, "card.expiry"},
		{"past", pay, card(number("8600490000003347", "2602")), bad, "card.expiry"},
		{"this month", pay, card(number("8600490000003347", "2603")), "", ""},
		{"the year 2099", pay, card(number("8600490000003347", "9912")), "", ""},
		{"the year 2000", pay, card(number("8600490000003347", "0001")), bad, "card.expiry"},
	}
}

func with(card *payment.CardInput, holder, cvc string) *payment.CardInput {
	card.Holder, card.CVC = payment.NewSecret(holder), payment.NewSecret(cvc)
	return card
}

// A flow names the forms of card that it takes; the others are not fields of its command.
func TestACardOfAFormThatTheFlowDoesNotTakeIsRefused(t *testing.T) {
	for _, v := range []struct {
		takes payment.CardForm
		card  *payment.CardInput
		field string
	}{
		{payment.CardToken, number("8600490000003347", "2712"), "card.number"},
		{payment.CardNumber, token("t"), "card.token"},
		{payment.CardToken, token("t"), ""},
		{payment.CardNumber, number("8600490000003347", "2712"), ""},
	} {
		c, shape := valid(payment.VerbPay), shapeOf(payment.VerbPay)
		c.Card, shape.Cards = v.card, []payment.CardForm{v.takes}
		r := c.Check(shape, now())
		if (v.field == "") != (r == nil) || r != nil && (r.Field != v.field || r.Code != payment.UnknownField) {
			t.Errorf("%s: %v", v.takes, r)
		}
	}
}

// Contract: a card past its expiry is refused. It is good until its month ends where it was issued.
func TestACardIsGoodUntilItsMonthEndsInTashkent(t *testing.T) {
	end := time.Date(2026, time.March, 1, 0, 0, 0, 0, time.FixedZone("Tashkent", 5*60*60))
	year := time.Date(2027, time.January, 1, 0, 0, 0, 0, time.FixedZone("Tashkent", 5*60*60))
	for _, v := range []struct {
		expiry string
		at     time.Time
		good   bool
	}{
		{"2602", end.Add(-time.Nanosecond), true},
		{"2602", end, false},
		{"2602", time.Date(2026, time.February, 28, 18, 59, 59, 0, time.UTC), true},
		{"2602", time.Date(2026, time.February, 28, 19, 0, 0, 0, time.UTC), false},
		{"2603", end, true},
		{"2612", year.Add(-time.Second), true},
		{"2612", year, false},
		{"2701", year, true},
		{"9901", year, true}, // two digits of year are of this century
	} {
		c := valid(payment.VerbPay)
		c.Card = number("8600490000003347", v.expiry)
		if r := c.Check(shapeOf(c.Verb), v.at); (r == nil) != v.good {
			t.Errorf("%s at %s: %v", v.expiry, v.at, r)
		}
	}
}
