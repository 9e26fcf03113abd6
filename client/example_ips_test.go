package client_test

import (
	"context"
	"fmt"
	"net/http"
	"os"
	"time"

	"tolov/client"
)

// A Visa card: the customer passes 3-D Secure at the bank's page before the card is debited.
func ExamplePay_visa() {
	c, err := client.Connect(os.Getenv("TOLOV_TEST_NATS"))
	if err != nil {
		fmt.Println(err)
		return
	}
	defer c.Close()
	ctx, cancel := context.WithTimeout(context.Background(), time.Minute)
	defer cancel()

	e, err := c.Do(ctx, client.Pay{
		ExtID: "order-31", Provider: "atmos-ips", Amount: 120_000, Account: "flat-101", CustomerIP: "192.168.200.1",
		Card: client.Card{Number: "4278310021875430", Expiry: "4912", Holder: "ANDREY PAK", CVC: "680"},
	})
	if err != nil {
		fmt.Println(err)
		return
	}
	fmt.Println(e.Type, e.Payment.Action.Type)

	// Send the customer to e.Payment.Action.URL. In the sandbox a POST there is the customer's button.
	if _, err := (&http.Client{}).Post(e.Payment.Action.URL, "", nil); err != nil {
		fmt.Println(err)
		return
	}
	e, err = c.Outcome(ctx, e.PaymentID)
	if err != nil {
		fmt.Println(err)
		return
	}
	fmt.Println(e.Type, e.Payment.AmountCharged, e.Payment.Card.Masked)
	// Output:
	// action_required redirect
	// completed 120000 427831******5430
}
