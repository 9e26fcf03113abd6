package atmosips_test

import (
	"context"
	"fmt"
	"net/http/httptest"
	"time"

	"tolov/internal/payment"
	"tolov/internal/providers/atmosips"
	"tolov/internal/providers/gateway"
	"tolov/internal/providers/rest"
	"tolov/internal/providers/sandbox"
	"tolov/internal/saga"
)

// A card that is not linked is refused for certain; what cannot be told is asked about later.
func Example() {
	box := sandbox.New(sandbox.Options{})
	defer box.Close()
	server := httptest.NewServer(box.Handler())
	defer server.Close()
	http := rest.New(1, nil)
	defer http.Close()
	client := atmosips.New(atmosips.Settings{StoreID: "3", Zone: time.UTC, Now: time.Now}, gateway.New(gateway.Settings{
		BaseURL: server.URL + "/atmos", ConsumerKey: payment.NewSecret("key"), ConsumerSecret: payment.NewSecret("secret"),
		Now: time.Now,
	}, http))

	call := saga.Call{
		Step: "create-template", Amount: 100_000, Order: payment.Order{CustomerIP: "192.168.200.1"},
		Payment: &payment.Payment{ID: "pay_1", Account: "order-1"},
	}
	for _, id := range []string{"77", "900005"} {
		call.Card = &payment.CardInput{ID: payment.NewSecret(id)}
		answer := client.Do(context.Background(), call)
		fmt.Println(answer.Outcome, answer.Code, len(box.Debits()))
	}
	// Output:
	// declined -200 0
	// pending 0 1
}
