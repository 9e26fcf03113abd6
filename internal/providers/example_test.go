package providers_test

import (
	"context"
	"fmt"
	"net/http/httptest"
	"time"

	"tolov/internal/config"
	"tolov/internal/payment"
	"tolov/internal/providers"
	"tolov/internal/providers/rest"
	"tolov/internal/providers/sandbox"
	"tolov/internal/saga"
	"tolov/internal/telemetry"
)

// The guard makes every call of the engine: it finds the merchant's account and keeps to what the provider can bear.
func Example() {
	box := sandbox.New(sandbox.Options{})
	server := httptest.NewServer(box.Handler())
	defer server.Close()
	registry, err := providers.NewRegistry(map[string]config.Merchant{"shop": {Atmos: config.Atmos{
		BaseURL: server.URL + "/atmos", StoreID: "7",
		ConsumerKey: payment.NewSecret("key"), ConsumerSecret: payment.NewSecret("secret"),
	}}}, rest.New(1, nil), time.Now, nil)
	if err != nil {
		fmt.Println(err)
		return
	}
	guard, err := providers.NewGuard(registry, 15*time.Second, telemetry.Off())
	if err != nil {
		fmt.Println(err)
		return
	}
	for _, merchant := range []string{"shop", "stranger"} {
		answer := guard.Do(context.Background(), saga.Call{
			Step: "create", Amount: 5_000_000,
			Payment: &payment.Payment{Merchant: merchant, Provider: "atmos", Account: "order-1"},
		})
		fmt.Printf("%s: %s%s\n", answer.Outcome, answer.Code, answer.Note)
	}
	// Output:
	// done: OK
	// not_sent: merchant stranger has no account at atmos
}
