package rest_test

import (
	"context"
	"fmt"
	"io"
	"net/http"
	"net/http/httptest"

	"tolov/internal/providers/rest"
)

// One exchange, and what it proves.
func Example() {
	provider := httptest.NewServer(http.HandlerFunc(func(w http.ResponseWriter, _ *http.Request) {
		w.Header().Set("Content-Type", "application/json")
		_, _ = io.WriteString(w, `{"transaction_id": "4711", "amount": 5000000.0}`)
	}))
	client := rest.New(1, nil)
	request := rest.Request{Method: http.MethodPost, URL: provider.URL + "/pay", Body: []byte(`{}`)}

	reply := client.Exchange(context.Background(), request)
	var answer struct {
		TransactionID rest.Text `json:"transaction_id"` // a number in one sample, a string in the other
		Amount        rest.Int  `json:"amount"`         // tiyin
	}
	fmt.Println(reply.Sent, reply.Status, reply.Decode(&answer))
	fmt.Println(answer.TransactionID, answer.Amount.Value)

	client.Close()
	provider.Close()
	reply = client.Exchange(context.Background(), request)
	fmt.Println(reply.Sent, reply.Err != nil) // nobody listens, so no byte left: certainly not done
	// Output:
	// true 200 <nil>
	// 4711 5000000
	// false true
}
