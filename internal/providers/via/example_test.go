package via_test

import (
	"context"
	"fmt"
	"net/http/httptest"

	"tolov/internal/payment"
	"tolov/internal/providers/rest"
	"tolov/internal/providers/sandbox"
	"tolov/internal/providers/via"
	"tolov/internal/saga"
)

// The two calls of a payment, and a question about it.
func Example() {
	box := sandbox.New(sandbox.Options{})
	server := httptest.NewServer(box.Handler())
	defer server.Close()
	client := via.New(via.Settings{
		BaseURL: server.URL + "/via", MerchantID: "mrt_1",
		ClientID: payment.NewSecret("id"), ClientSecret: payment.NewSecret("secret"),
	}, rest.New(1, nil))

	call := saga.Call{
		Payment: &payment.Payment{ID: "pay_1", ExtID: "order-1", Account: "12345"}, Amount: 5_000_000,
		Card: &payment.CardInput{Number: payment.NewSecret("9860090101014364"), Expiry: payment.NewSecret("2912")},
		Code: payment.NewSecret("111111"), // which the customer got
	}
	for _, call.Step = range []string{"confirm-pay", "verify", "transaction"} {
		answer := client.Do(context.Background(), call)
		fmt.Println(call.Step, answer.Outcome, answer.Code, answer.Transaction, answer.Amount)
		call.Transaction = answer.Transaction
	}
	fmt.Println(len(box.Debits()), "debit")
	// Output:
	// confirm-pay done  trx_1 0
	// verify done SUCCESS trx_1 5000000
	// transaction done SUCCESS trx_1 5000000
	// 1 debit
}
