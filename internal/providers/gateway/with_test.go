package gateway_test

import (
	"io"
	"net/http"
	"testing"
	"time"

	"tolov/internal/payment"
	"tolov/internal/providers/gateway"
	"tolov/internal/providers/providertest"
	"tolov/internal/providers/rest"
)

// An account with a header of its own shares the access token, and leaves the account that it came from as it was.
func TestAccountWithAHeaderSharesTheToken(t *testing.T) {
	var tokens int
	var keys []string
	http := rest.New(1, providertest.Serve(t, http.HandlerFunc(func(w http.ResponseWriter, r *http.Request) {
		w.Header().Set("Content-Type", "application/json")
		if r.URL.Path == "/token" {
			tokens++
			_, _ = io.WriteString(w, `{"access_token":"t","expires_in":3600}`)
			return
		}
		keys = append(keys, r.Header.Get("apikey")+r.Header.Get("other")+" "+r.Header.Get("Authorization"))
	})))
	t.Cleanup(http.Close)
	plain := gateway.New(gateway.Settings{
		BaseURL: "http://atmos", ConsumerKey: payment.NewSecret("k"), ConsumerSecret: payment.NewSecret("s"), Now: time.Now,
	}, http)
	with := plain.With("apikey", "one")
	for _, account := range []*gateway.Account{with, plain, with.With("other", "two"), with} {
		account.Read(t.Context(), "GET", "/x", nil)
	}
	want := []string{"one Bearer t", " Bearer t", "onetwo Bearer t", "one Bearer t"}
	for i := range want {
		if len(keys) != len(want) || keys[i] != want[i] {
			t.Fatalf("%q, want %q", keys, want)
		}
	}
	if tokens != 1 {
		t.Errorf("%d tokens", tokens)
	}
}
