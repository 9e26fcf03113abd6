package payment_test

import (
	"bytes"
	"fmt"
	"time"

	"tolov/internal/payment"
)

// A caller names its payment before it publishes, and a rule that a command breaks is a value.
func Example() {
	amount := payment.Money(1_250_050)
	c := &payment.Command{
		Verb: payment.VerbPay, Merchant: payment.DefaultMerchant, ExtID: "order-1", Provider: "atmos", Amount: &amount,
		Account: "998901234567",
		Card:    &payment.CardInput{Number: payment.NewSecret("8600490000003347"), Expiry: payment.NewSecret("2401")},
	}
	shape := payment.Shape{
		Required: []string{"amount", "account", "card"}, Cards: []payment.CardForm{payment.CardNumber},
	}
	now := time.Date(2026, time.March, 1, 0, 0, 0, 0, time.UTC)

	fmt.Println(c.PaymentID(), c.Amount.Sums(), payment.Currency)
	fmt.Println(c.Card.Masked(), c.Card.Number)
	r := c.Check(shape, now)
	fmt.Println(r.Code, r)
	// Output:
	// pay_fiwr2yvfihfcs7lmghkz7eyi4d 12500.50 UZS
	// 860049******3347 ***
	// invalid_value card.expiry: is past
}

// A caller seals the card to the worker's key, for one payment.
func ExampleSeal() {
	key, _ := payment.NewKey("k1", bytes.Repeat([]byte{7}, 32))
	ours := payment.ID("default", "order-1")
	sealed, _ := payment.Seal("k1", key.Public(), ours, []byte(`{"token":"t"}`))

	ring := payment.Keyring{key}
	card, err := ring.Open(payment.NewSecret(sealed), ours)
	fmt.Println(string(card), err)
	_, err = ring.Open(payment.NewSecret(sealed), payment.ID("default", "order-2"))
	fmt.Println(err)
	// Output:
	// {"token":"t"} <nil>
	// cannot be opened: it was sealed for another payment, or is damaged
}
