package atmospinfl_test

import (
	"bytes"
	"context"
	"fmt"
	"net/http/httptest"
	"time"

	"tolov/internal/payment"
	"tolov/internal/providers/atmospinfl"
	"tolov/internal/providers/gateway"
	"tolov/internal/providers/rest"
	"tolov/internal/providers/sandbox"
	"tolov/internal/saga"
)

// A withdrawal and a question about it. The person comes sealed, and is opened for the requests alone.
func Example() {
	box := sandbox.New(sandbox.Options{})
	server := httptest.NewServer(box.Handler())
	defer server.Close()
	account := gateway.New(gateway.Settings{
		BaseURL: server.URL + "/atmos", Now: time.Now,
		ConsumerKey: payment.NewSecret("key"), ConsumerSecret: payment.NewSecret("secret"),
	}, rest.New(1, nil))
	key, err := payment.NewKey("k1", bytes.Repeat([]byte{1}, 32))
	if err != nil {
		fmt.Println(err)
		return
	}
	keys := payment.Keyring{key}
	client := atmospinfl.New(account, keys.OpenPerson)

	p := &payment.Payment{ID: payment.ID("default", "order-1"), Amount: 5000}
	call := saga.Call{Payment: p, Amount: p.Amount}
	call.Order.ContractNumber, call.Order.Partial = "contract-7", true
	call.Order.Person, err = keys.SealPerson(person("41508950230106"), p.ID) // whose cards hold less
	if err != nil {
		fmt.Println(err)
		return
	}
	for _, call.Step = range []string{"create", "confirm", "check"} {
		answer := client.Do(context.Background(), call)
		fmt.Println(call.Step, answer.Outcome, answer.Code, answer.Amount, len(answer.Parts), "cards")
		call.Transaction = answer.Transaction
	}
	// Output:
	// create done 200 5000 0 cards
	// confirm done 200 3000 2 cards
	// check done 200 3000 2 cards
}
