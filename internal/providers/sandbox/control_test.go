package sandbox_test

import (
	"net/http"
	"strings"
	"testing"
	"time"

	"tolov/internal/providers/sandbox"
)

func none(*http.Request) {}

func TestControlPaths(t *testing.T) {
	at := time.Date(2026, 1, 2, 3, 4, 5, 0, time.UTC)
	b := newBench(t, sandbox.Options{Now: func() time.Time { return at }})
	for _, row := range []struct {
		method, path, body string
		status             int
		want               string
	}{
		{"GET", "/sandbox/ledger", "", 200, `{"debits":[],"transactions":0,"calls":{"atmos.token":1}}`},
		{"POST", "/sandbox/faults", `{"op":"apply","kind":"fail_after","times":1}`, 204, ""},
		{"POST", "/sandbox/faults", `{"op":"create","kind":"fail_before"}`, 204, ""},
		{"DELETE", "/sandbox/faults", "", 204, ""},
		{"POST", "/sandbox/faults", `{"op":"apply","kind":"fail_after","times":1}`, 204, ""},
		{"POST", "/sandbox/faults", `{"op":"apply","kind":"fail"}`, 400, "sandbox: no fault is of the kind \"fail\"\n"},
		{"POST", "/sandbox/faults", `{"op":"pay","kind":"late"}`, 400, "sandbox: no operation is called \"pay\"\n"},
		{"GET", "/sandbox/transactions/1", "", 404, "no such transaction\n"},
		{"GET", "/sandbox/transactions/x", "", 404, "no such transaction\n"},
	} {
		got := b.send(row.method, row.path, row.body, none)
		if got.status != row.status || got.body != row.want {
			t.Errorf("%s %s %s: %d %q", row.method, row.path, row.body, got.status, got.body)
		}
	}
	for _, body := range []string{`{"op":"*","kind":"late","tmes":1}`, `{`, `{"op":"*","kind":"late","delay_ms":-1}`} {
		if got := b.send("POST", "/sandbox/faults", body, none); got.status != http.StatusBadRequest {
			t.Errorf("%s: HTTP %d", body, got.status)
		}
	}
	if got := b.send("GET", "/atmos/token", "", none); got.status != http.StatusMethodNotAllowed {
		t.Errorf("GET of a token: HTTP %d", got.status)
	}
}

func TestControlShowsTheLedger(t *testing.T) {
	at := time.Date(2026, 1, 2, 3, 4, 5, 0, time.UTC)
	b := newBench(t, sandbox.Options{Now: func() time.Time { return at }})
	b.apply(b.prepared(account, number), "111111")
	const ledger = `{"debits":[{"n":1,"provider":"atmos","store":"7","transaction":"1","account":"order-1",` +
		`"amount":100500,"card":"986009******4364","at":"2026-01-02T03:04:05Z","reversed_amount":0}],` +
		`"transactions":1,"calls":{"atmos.apply":1,"atmos.create":1,"atmos.pre-apply":1,"atmos.token":1}}`
	if got := b.send("GET", "/sandbox/ledger", "", none).body; got != ledger {
		t.Errorf("ledger %s", got)
	}
	const transaction = `{"provider":"atmos","id":"1","store":"7","account":"order-1","amount":100500,` +
		`"state":"confirmed","card":"986009******4364","wrong_codes":0,"applies":1,"created_at":"2026-01-02T03:04:05Z"}`
	if got := b.send("GET", "/sandbox/transactions/1", "", none).body; got != transaction {
		t.Errorf("transaction %s", got)
	}
	b.result("OK", b.confirm(1, b.partial(1, 500)))
	b.result("STPIMS-ERR-145", b.cancel(b.held(70)))
	b.link("9860090101014364")
	more := b.send("GET", "/sandbox/ledger", "", none).body
	for _, part := range []string{
		`"refunds":[{"n":1,"provider":"atmos","store":"7","transaction":"1","account":"order-1","partial":"2",` +
			`"request_id":"r","amount":500,"at":"2026-01-02T03:04:05Z"}]`,
		`"holds":[{"n":1,"provider":"atmos","id":"3","store":"7","transaction":"4","account":"order-1","card":"token",` +
			`"held":70,"charged":0,"released":70,"expired":0,"freezes":1,"at":"2026-01-02T03:04:05Z",` +
			`"till":"2026-01-02T03:14:05Z"}]`,
		`"cards":[{"n":1,"provider":"atmos","id":"6","card":"986009******4364","links":1,` +
			`"linked_at":"2026-01-02T03:04:05Z"}]`,
	} {
		if !strings.Contains(more, part) {
			t.Errorf("ledger %s\nhas no %s", more, part)
		}
	}
}
