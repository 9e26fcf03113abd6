package gateway_test

import (
	"context"
	"fmt"
	"net/http"
	"net/http/httptest"
	"time"

	"tolov/internal/payment"
	"tolov/internal/providers/gateway"
	"tolov/internal/providers/rest"
	"tolov/internal/providers/sandbox"
)

// Two calls of one account take one token, which is given back in the end.
func Example() {
	box := sandbox.New(sandbox.Options{})
	server := httptest.NewServer(box.Handler())
	defer server.Close()
	account := gateway.New(gateway.Settings{
		BaseURL: server.URL + "/atmos", Now: time.Now,
		ConsumerKey: payment.NewSecret("key"), ConsumerSecret: payment.NewSecret("secret"),
	}, rest.New(1, nil))

	for range 2 {
		reply := account.Read(context.Background(), http.MethodPost, "/partner/list-cards", struct{}{})
		fmt.Println(reply.Status, gateway.Failed(reply))
	}
	fmt.Println(account.Close(context.Background()), box.Calls())
	// Output:
	// 200 <nil>
	// 200 <nil>
	// <nil> map[atmos.list-cards:2 atmos.revoke:1 atmos.token:1]
}
