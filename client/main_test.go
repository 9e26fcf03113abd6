package client_test

import (
	"context"
	"encoding/json"
	"errors"
	"log/slog"
	"net/http"
	"net/http/httptest"
	"os"
	"slices"
	"testing"
	"time"

	"github.com/nats-io/nuid"

	"tolov/client"
	"tolov/internal/config"
	"tolov/internal/embedded"
	"tolov/internal/keyfile"
	"tolov/internal/payment"
	"tolov/internal/providers/sandbox"
	"tolov/internal/telemetry"
	"tolov/internal/worker"
)

const patience = 30 * time.Second

// town is a NATS server, a worker and a provider in this process.
type town struct {
	url   string // of NATS
	api   string // of the provider
	leave []func() error
}

// found starts a town; settings are further ones of the worker's.
func found(dir string, settings ...string) (*town, error) {
	box := sandbox.New(sandbox.Options{})
	api := httptest.NewServer(box.Handler())
	t := &town{api: api.URL}
	t.leaving(func() error { box.Close(); api.Close(); return nil })
	server, err := embedded.StartNATS(embedded.NATSOptions{
		DataDir: dir, Listen: "127.0.0.1:0", Log: slog.New(slog.DiscardHandler),
	})
	if err != nil {
		return t, err
	}
	t.url = server.URL()
	t.leaving(server.Stop)
	cfg, err := config.Load(append([]string{
		"NATS_URL=" + t.url, "ATMOS_BASE_URL=" + api.URL + "/atmos", "ATMOS_CONSUMER_KEY=k", "ATMOS_CONSUMER_SECRET=s",
		"ATMOS_CHECKOUT_URL=" + api.URL + "/atmos/invoice/get", "ATMOS_STORE_ID=1", "ATMOS_IPS_STORE_ID=1",
		"VIA_BASE_URL=" + api.URL + "/via", "VIA_CLIENT_ID=i", "VIA_CLIENT_SECRET=s", "VIA_MERCHANT_ID=m",
		"PAYSYS_URL=" + api.URL + "/paysys/gateway", "PAYSYS_SERVICE_ID=1", "PAYSYS_SECRET_KEY=s",
		"CARD_DATA=clear", "PROVIDER_TIMEOUT_S=5", "POLL_SCHEDULE=100ms",
	}, settings...))
	if err != nil {
		return t, err
	}
	return t, t.work(cfg, server)
}

// work starts the worker.
func (t *town) work(cfg *config.Config, server *embedded.NATS) error {
	key, err := payment.NewKey("k1", []byte("0123456789abcdef0123456789abcdef"))
	if err != nil {
		return err
	}
	if cfg.Keys == nil { // no KEYS_FILE
		cfg.Keys = keyfile.Fixed(payment.Keyring{key})
	}
	store, closeStore := embedded.StartRedis()
	t.leaving(closeStore)
	nc, err := server.Connect()
	if err != nil {
		return err
	}
	t.leaving(func() error { nc.Close(); return nil })
	w, err := worker.New(context.Background(), worker.Parts{
		Config: cfg, NATS: nc, Redis: store, Log: slog.New(slog.DiscardHandler), Telemetry: telemetry.Off(),
		Version: "test", Testing: worker.Testing{InMemory: true},
	})
	if err != nil {
		return err
	}
	ctx, stop := context.WithCancel(context.Background())
	ended := make(chan error, 1)
	go func() { ended <- w.Run(ctx) }()
	t.leaving(func() error { stop(); return <-ended })
	return nil
}

func (t *town) leaving(f func() error) { t.leave = append(t.leave, f) }

// close ends what was started, last first.
func (t *town) close() error {
	var faults []error
	for i := len(t.leave) - 1; i >= 0; i-- {
		faults = append(faults, t.leave[i]())
	}
	return errors.Join(faults...)
}

// The addresses of the town that most tests and examples share, as TestMain leaves them.
const (
	envNATS    = "TOLOV_TEST_NATS"
	envSandbox = "TOLOV_TEST_SANDBOX"
)

func TestMain(m *testing.M) { os.Exit(shared(m)) }

// shared runs the tests in one town: a worker takes its time to stop.
func shared(m *testing.M) int {
	dir, err := os.MkdirTemp("", "tolov-client")
	if err != nil {
		panic(err)
	}
	made, err := found(dir)
	if err == nil {
		err = errors.Join(os.Setenv(envNATS, made.url), os.Setenv(envSandbox, made.api))
	}
	code := 1
	if err == nil {
		code = m.Run()
	}
	if err := errors.Join(err, made.close(), os.RemoveAll(dir)); err != nil {
		panic(err)
	}
	return code
}

// dial gives a client in the shared town.
func dial(t *testing.T) *client.Client {
	t.Helper()
	c, err := client.Connect(os.Getenv(envNATS))
	if err != nil {
		t.Fatal(err)
	}
	t.Cleanup(c.Close)
	return c
}

// books is the ledger of the shared town's provider.
type books struct {
	Debits  []sandbox.Debit
	Payouts []sandbox.Payout
	Refunds []sandbox.Refund
	Holds   []sandbox.Hold
	Cards   []sandbox.Card
}

func ledger(t *testing.T) books {
	t.Helper()
	reply, err := (&http.Client{}).Get(os.Getenv(envSandbox) + "/sandbox/ledger")
	if err != nil {
		t.Fatal(err)
	}
	defer func() { _ = reply.Body.Close() }()
	var b books
	if err := json.NewDecoder(reply.Body).Decode(&b); err != nil {
		t.Fatal(err)
	}
	return b
}

// debits counts what left cards for an account, says the shared town's provider.
func debits(t *testing.T, account string) int {
	t.Helper()
	n := 0
	for _, d := range ledger(t).Debits {
		if d.Account == account {
			n++
		}
	}
	return n
}

// refunded adds up what went back to cards for an account, in tiyin, says the shared town's provider.
func refunded(t *testing.T, account string) int64 {
	t.Helper()
	var sum int64
	for _, r := range ledger(t).Refunds {
		if r.Account == account {
			sum += r.Amount
		}
	}
	return sum
}

// held gives the holds for an account, says the shared town's provider.
func held(t *testing.T, account string) []sandbox.Hold {
	t.Helper()
	return slices.DeleteFunc(ledger(t).Holds, func(h sandbox.Hold) bool { return h.Account != account })
}

func patient(t *testing.T) context.Context {
	t.Helper()
	ctx, cancel := context.WithTimeout(t.Context(), patience)
	t.Cleanup(cancel)
	return ctx
}

// fresh is an ext_id that was never used in the shared town.
func fresh() string { return "t-" + nuid.Next() }

// byToken is a payment that goes through.
func byToken(extID string) client.Pay {
	return client.Pay{
		ExtID: extID, Provider: "atmos", Amount: 5_000_000, Account: "flat-" + extID, Card: client.Card{Token: "tok_5f"},
	}
}

// byNumber is a payment whose customer gets a code: 111111.
func byNumber(extID string) client.Pay {
	p := byToken(extID)
	p.Card = client.Card{Number: "8600490744313347", Expiry: "4912"}
	return p
}

// holding is a hold for a day that goes through.
func holding(extID string) client.Hold {
	return client.Hold{
		ExtID: extID, Provider: "atmos", Amount: 5_000_000, Account: "flat-" + extID, Card: client.Card{Token: "tok_5f"},
		Duration: 24 * time.Hour,
	}
}
