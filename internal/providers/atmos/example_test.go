package atmos_test

import (
	"context"
	"fmt"
	"net/http/httptest"
	"time"

	"tolov/internal/payment"
	"tolov/internal/providers/atmos"
	"tolov/internal/providers/gateway"
	"tolov/internal/providers/rest"
	"tolov/internal/providers/sandbox"
	"tolov/internal/saga"
)

// The three calls of a payment with a linked card, and a question about it.
func Example() {
	box := sandbox.New(sandbox.Options{})
	server := httptest.NewServer(box.Handler())
	defer server.Close()
	client := atmos.New(atmos.Settings{StoreID: "8032", Zone: time.UTC}, gateway.New(gateway.Settings{
		BaseURL: server.URL + "/atmos", Now: time.Now,
		ConsumerKey: payment.NewSecret("key"), ConsumerSecret: payment.NewSecret("secret"),
	}, rest.New(1, nil)))

	call := saga.Call{
		Payment: &payment.Payment{Account: "order-1"}, Amount: 5_000_000,
		Card: &payment.CardInput{Token: payment.NewSecret("token of a linked card")},
	}
	for _, call.Step = range []string{"create", "pre-apply", "apply", "get"} {
		answer := client.Do(context.Background(), call)
		fmt.Println(call.Step, answer.Outcome, answer.Code, answer.Transaction, answer.Amount)
		call.Transaction = answer.Transaction
	}
	fmt.Println(len(box.Debits()), "debit")
	// Output:
	// create done OK 1 5000000
	// pre-apply done OK 1 0
	// apply done OK 1 5000000
	// get done STPIMS-ERR-092 1 5000000
	// 1 debit
}
