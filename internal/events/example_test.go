package events_test

import (
	"bytes"
	"fmt"
	"time"

	"tolov/internal/events"
	"tolov/internal/payment"
)

// shop is one merchant with an account at one provider.
type shop struct{}

func (shop) HasMerchant(merchant string) bool { return merchant == payment.DefaultMerchant }

func (shop) HasProvider(_, provider string) bool { return provider == "atmos" }

func (shop) Shape(c *payment.Command) (payment.Shape, bool) {
	return payment.Shape{
		Required: []string{"amount", "account", "card"}, Cards: []payment.CardForm{payment.CardToken},
	}, c.Verb == payment.VerbPay
}

// A message is a command, a command with the rule that it breaks, or dead.
func Example() {
	key, _ := payment.NewKey("k1", bytes.Repeat([]byte{7}, 32))
	d := &events.Decoder{
		Directory: shop{}, Keys: func(string) payment.Keyring { return payment.Keyring{key} }, Now: time.Now,
	}
	for _, body := range []string{
		`{"ext_id":"order-1","provider":"atmos","amount":5000000,"account":"7","card":{"token":"tok"}}`,
		`{"ext_id":"order-1","provider":"atmos","amount":-1,"account":"7","card":{"token":"tok"}}`,
		`{"ext_id":"order 1"}`,
	} {
		in, dead := d.Decode(events.CommandSubject(payment.VerbPay), []byte(body), "m:1")
		switch {
		case dead != "":
			fmt.Println("dead:", dead)
		case in.Refused != nil:
			fmt.Println(in.Command.PaymentID(), "rejected:", in.Refused.Code, in.Refused.Field)
		default:
			fmt.Println(in.Command.PaymentID(), in.Command.Amount.Sums(), in.Command.Card.Token)
		}
	}
	// Output:
	// pay_fiwr2yvfihfcs7lmghkz7eyi4d 50000.00 ***
	// pay_fiwr2yvfihfcs7lmghkz7eyi4d rejected: invalid_value amount
	// dead: bad_ext_id
}
