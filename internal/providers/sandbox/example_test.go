package sandbox_test

import (
	"fmt"
	"io"
	"net/http"
	"net/http/httptest"
	"strings"

	"github.com/go-json-experiment/json"

	"tolov/internal/providers/sandbox"
)

// One payment from its draft to the ledger.
func Example() {
	box := sandbox.New(sandbox.Options{})
	defer box.Close()
	server := httptest.NewServer(box.Handler())
	defer server.Close()

	post := func(path, authorization, body string) []byte {
		r, _ := http.NewRequest(http.MethodPost, server.URL+path, strings.NewReader(body))
		r.Header.Set("Authorization", authorization)
		answer, err := http.DefaultClient.Do(r)
		if err != nil {
			return []byte(err.Error())
		}
		defer func() { _ = answer.Body.Close() }()
		text, _ := io.ReadAll(answer.Body)
		return text
	}
	var auth struct {
		Token string `json:"access_token"`
	}
	basic := "Basic a2V5OnNlY3JldA==" // key:secret
	_ = json.Unmarshal(post("/atmos/token?grant_type=client_credentials", basic, ""), &auth)
	pay := func(call, body string) []byte {
		return post("/atmos/merchant/pay/"+call, "Bearer "+auth.Token, body)
	}

	pay("create", `{"store_id": 7, "amount": 5000000, "account": "order-1", "lang": "en"}`)
	fmt.Printf("%s\n", pay("pre-apply", `{"store_id": 7, "transaction_id": 1, "card_token": "tok", "lang": "en"}`))
	pay("apply", `{"store_id": 7, "transaction_id": 1, "otp": 111111, "lang": "en"}`)
	for _, d := range box.Debits() {
		fmt.Println(d.Provider, d.Store, d.Transaction, d.Account, d.Amount, d.Card)
	}
	// Output:
	// {"transaction_id":1,"result":{"code":"OK","description":"No errors"}}
	// atmos 7 1 order-1 5000000 token
}

// A bench scripts what goes wrong, then looks at what really happened.
func ExampleSandbox_Script() {
	box := sandbox.New(sandbox.Options{})
	defer box.Close()
	box.Script(sandbox.Fault{Op: "token", Kind: sandbox.TooMany, Times: 1})

	for range 2 {
		w := httptest.NewRecorder()
		r := httptest.NewRequest(http.MethodPost, "/atmos/token?grant_type=client_credentials", nil)
		r.SetBasicAuth("key", "secret")
		box.Handler().ServeHTTP(w, r)
		fmt.Printf("%d %q\n", w.Code, w.Header().Get("Retry-After"))
	}
	fmt.Println(box.Calls())
	// Output:
	// 429 "1"
	// 200 ""
	// map[atmos.token:2]
}
