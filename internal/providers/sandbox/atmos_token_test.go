package sandbox_test

import (
	"net/http"
	"testing"
	"testing/synctest"
	"time"

	"tolov/internal/providers/sandbox"
)

func TestOnlyALiveTokenOpensThePayments(t *testing.T) {
	synctest.Test(t, func(t *testing.T) {
		b := newBench(t, sandbox.Options{})
		live := func(want bool) {
			t.Helper()
			if got := b.get(1).status == http.StatusOK; got != want {
				t.Errorf("token %q is live: %v", b.bearer, got)
			}
		}
		live(true)
		pass(time.Hour)
		live(false)
		b.bearer = b.token()
		pass(40 * time.Minute)
		refreshed := b.send("POST", "/atmos/token",
			"grant_type=client_credentials&refresh_token="+b.bearer, basic).read(t)
		if refreshed.AccessToken != b.bearer || refreshed.ExpiresIn != 3600 {
			t.Errorf("refreshed to %+v", refreshed)
		}
		pass(40 * time.Minute)
		live(true)
		b.send("POST", "/atmos/revoke", "token="+b.bearer, basic)
		live(false)
		b.bearer = ""
		live(false)
	})
}

func TestTokenWantsTheCredentials(t *testing.T) {
	const grant = "grant_type=client_credentials"
	b := newBench(t, sandbox.Options{ConsumerKey: "key", ConsumerSecret: "secret"})
	for _, row := range []struct {
		key, secret, body string
		want              int
	}{
		{"key", "secret", grant, http.StatusOK},
		{"key", "other", grant, http.StatusUnauthorized},
		{"other", "secret", grant, http.StatusUnauthorized},
		{"", "", grant, http.StatusUnauthorized},
		{"key", "secret", "grant_type=password", http.StatusBadRequest},
		{"key", "secret", "%zz", http.StatusBadRequest},
	} {
		got := b.send("POST", "/atmos/token", row.body, func(r *http.Request) { r.SetBasicAuth(row.key, row.secret) })
		if got.status != row.want {
			t.Errorf("%+v: HTTP %d", row, got.status)
		}
	}
	got := b.send("POST", "/atmos/revoke", "token=x", func(*http.Request) {})
	if got.status != http.StatusUnauthorized {
		t.Errorf("revoke without credentials: HTTP %d", got.status)
	}
}
