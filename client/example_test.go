package client_test

import (
	"context"
	"fmt"
	"log/slog"
	"os"
	"time"

	"tolov/client"
)

// A payment with a linked card.
func Example() {
	c, err := client.Connect(os.Getenv("TOLOV_TEST_NATS"))
	if err != nil {
		fmt.Println(err)
		return
	}
	defer c.Close()
	ctx, cancel := context.WithTimeout(context.Background(), time.Minute)
	defer cancel()

	e, err := c.Do(ctx, client.Pay{
		ExtID: "order-17", Provider: "atmos", Amount: 5_000_000, Account: "flat-101",
		Card: client.Card{Token: "tok_5f"},
	})
	if err != nil {
		fmt.Println(err)
		return
	}
	fmt.Println(e.Type, e.Payment.AmountCharged, e.Payment.Currency)
	// Output: completed 5000000 UZS
}

// A payment with a card number: the customer receives a code and enters it.
func ExampleClient_Do() {
	c, err := client.Connect(os.Getenv("TOLOV_TEST_NATS"))
	if err != nil {
		fmt.Println(err)
		return
	}
	defer c.Close()
	ctx, cancel := context.WithTimeout(context.Background(), time.Minute)
	defer cancel()

	e, err := c.Do(ctx, client.Pay{
		ExtID: "order-18", Provider: "atmos", Amount: 120_000, Account: "flat-101",
		Card: client.Card{Number: "8600490744313347", Expiry: "4912"},
	})
	if err != nil {
		fmt.Println(err)
		return
	}
	fmt.Println(e.Type, e.Payment.Card.Masked, e.Payment.Action.AttemptsLeft)

	e, err = c.Do(ctx, client.Confirm{ExtID: "order-18", Code: "111111"})
	if err != nil {
		fmt.Println(err)
		return
	}
	fmt.Println(e.Type, e.Payment.AmountCharged)
	// Output:
	// action_required 860049******3347 3
	// completed 120000
}

// A withdrawal: the provider debits whatever cards it knows of the person, and tells what came from each.
func ExampleWithdraw() {
	c, err := client.Connect(os.Getenv("TOLOV_TEST_NATS"))
	if err != nil {
		fmt.Println(err)
		return
	}
	defer c.Close()
	ctx, cancel := context.WithTimeout(context.Background(), time.Minute)
	defer cancel()

	owed := client.Withdraw{
		ExtID: "loan-7", Provider: "atmos-pinfl", Amount: 5_000_000, ContractNumber: "7", Partial: true,
		Person: client.Person{
			FirstName: "Dilnoza", LastName: "Karimova", MiddleName: "Rustamovna", PINFL: "41508950230106",
			PassportSeries: "AB", PassportNumber: "7654321",
		},
	}
	fmt.Println(owed.Person)
	e, err := c.Do(ctx, owed)
	if err != nil {
		fmt.Println(err)
		return
	}
	fmt.Println(e.Type, e.Payment.AmountCharged, "of", e.Payment.Amount)
	for _, item := range e.Payment.Items {
		fmt.Println(item.Card.Masked, item.AmountCharged)
	}
	// Output:
	// {*** *** *** *** *** ***}
	// completed 3000000 of 5000000
	// 860066******5544 2000000
	// 860049******3347 1000000
}

// What happened to a payment can be read at any time, and by anyone who knows its ext_id.
func ExampleClient_Watch() {
	c, err := client.Connect(os.Getenv("TOLOV_TEST_NATS"))
	if err != nil {
		fmt.Println(err)
		return
	}
	defer c.Close()
	ctx, cancel := context.WithTimeout(context.Background(), time.Minute)
	defer cancel()

	err = c.Publish(ctx, client.Pay{
		ExtID: "order-19", Provider: "atmos", Amount: 5_000_000, Account: "flat-101", Card: client.Card{Token: "tok_5f"},
	})
	if err != nil {
		fmt.Println(err)
		return
	}
	id := client.PaymentID("default", "order-19")
	for e, err := range c.Watch(ctx, client.Filter{PaymentID: id, FromStart: true}) {
		if err != nil {
			fmt.Println(err)
			return
		}
		fmt.Println(e.N, e.Type)
		if e.Type == client.EventReceiptIssued {
			break
		}
	}
	// Output:
	// 1 accepted
	// 2 completed
	// 3 receipt_issued
}

// The id of a payment can be computed before anything is published.
func ExamplePaymentID() {
	fmt.Println(client.PaymentID("default", "order-17"))
	// Output: pay_5ijgfrrns7iusvlt7zwfom5ef4
}

// Secrets do not print, wherever they stand.
func ExampleSecret() {
	pay := client.Pay{ExtID: "order-17", Card: client.Card{Number: "8600490744313347", Expiry: "4912"}}
	fmt.Println(pay.Card, pay.Card.Masked())
	log := slog.New(slog.NewJSONHandler(os.Stdout, &slog.HandlerOptions{
		ReplaceAttr: func(_ []string, a slog.Attr) slog.Attr {
			if a.Key == slog.TimeKey {
				return slog.Attr{}
			}
			return a
		},
	}))
	log.Info("paying", "number", pay.Card.Number)
	// Output:
	// {*** *** *** *** *** *** ***} 860049******3347
	// {"level":"INFO","msg":"paying","number":"***"}
}
