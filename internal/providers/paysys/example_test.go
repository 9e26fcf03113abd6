package paysys_test

import (
	"context"
	"fmt"
	"net/http/httptest"
	"time"

	"tolov/internal/payment"
	"tolov/internal/providers/paysys"
	"tolov/internal/providers/rest"
	"tolov/internal/providers/sandbox"
	"tolov/internal/saga"
)

// The two calls of a payout, and a question about it.
func Example() {
	box := sandbox.New(sandbox.Options{PaysysSecret: "secret"})
	server := httptest.NewServer(box.Handler())
	defer server.Close()
	client := paysys.New(paysys.Settings{
		URL: server.URL + "/paysys/gateway", ServiceID: "7", SecretKey: payment.NewSecret("secret"), Now: time.Now,
	}, rest.New(1, nil))

	card := &payment.CardInput{Number: payment.NewSecret("8600530410609500")}
	call := saga.Call{
		Payment: &payment.Payment{ID: "pay_1", Card: &payment.Card{Masked: card.Masked()}}, Amount: 400_000, Card: card,
		Sender: &payment.Sender{LastName: payment.NewSecret("Karimova"), FirstName: payment.NewSecret("Dilnoza")},
	}
	for _, call.Step = range []string{"prepare", "confirm", "check"} {
		answer := client.Do(context.Background(), call)
		fmt.Println(call.Step, answer.Outcome, answer.Code, answer.Transaction, answer.Amount)
		call.Transaction = answer.Transaction
	}
	fmt.Println(len(box.Payouts()), "payout to", box.Payouts()[0].Card)
	// Output:
	// prepare done  900000000 400000
	// confirm done 1 900000000 0
	// check done 1 900000000 400000
	// 1 payout to 860053******9500
}
