package main

import (
	"context"
	"crypto/rand"
	"errors"
	"fmt"
	"net/http"
	"os"
	"path/filepath"
	"time"

	"github.com/nats-io/nats.go"
	"github.com/nats-io/nats.go/jetstream"

	"tolov/client"
	"tolov/internal/providers/sandbox"
)

// demoVerb starts everything and plays the scenes.
type demoVerb struct {
	Worker string `placeholder:"PATH" help:"The worker, webhook-ingress beside it; when not given, next to payctl."`
}

// Run plays the demo. It is an error when the ledger and the payments do not agree.
func (v demoVerb) Run(ctx context.Context, a *app) error {
	dir, err := os.MkdirTemp("", "tolov-demo")
	if err != nil {
		return err
	}
	defer func() { _ = os.RemoveAll(dir) }()
	path, err := v.worker()
	if err != nil {
		return err
	}
	start := time.Now()
	show(a.out, "%s  a worker with NATS, Redis and the provider's sandbox in one process, webhook-ingress beside it\n",
		a.paint.in(bold, "Tolov demo"))
	worker, err := startWorker(ctx, path, dir, environment(a.getenv))
	if err != nil {
		return unlessInterrupted(ctx, err)
	}
	own := uzumAccount()
	ingress, err := startIngress(ctx, path, worker.NATS, append(environment(a.getenv), settings(own)...))
	if err != nil {
		return unlessInterrupted(ctx, errors.Join(err, worker.stop()))
	}
	own.URLs = []string{ingress.HTTP + "/uzum"}
	ready := fmt.Sprintf("ready after %s, NATS at %s, ledger at %s/sandbox/ledger",
		apart(time.Since(start))[1:], worker.NATS, worker.Admin)
	show(a.out, "            %s\n            %s\n", a.paint.in(dim, ready),
		a.paint.in(dim, "Uzum Bank calls "+own.URLs[0]))
	err = a.perform(ctx, worker, sandbox.NewUzum(own))
	if err == nil {
		show(a.out, "\n%s\n", a.paint.in(green, fmt.Sprintf("✓ the ledger agrees with every payment, %s in all",
			apart(time.Since(start))[1:])))
	}
	return unlessInterrupted(ctx, errors.Join(err, ingress.stop(), worker.stop()))
}

// uzumAccount is an account of ours at Uzum Bank, with a password that nobody else knows.
func uzumAccount() sandbox.UzumOptions {
	return sandbox.UzumOptions{
		Login: "uzum", Password: rand.Text(), ServiceID: 101202,
		Client: &http.Client{Timeout: benchTimeout}, Pause: bankPause,
	}
}

// settings are those by which the ingress knows the account.
func settings(own sandbox.UzumOptions) []string {
	return []string{
		"UZUM_LOGIN=" + own.Login, "UZUM_PASSWORD=" + own.Password,
		fmt.Sprintf("UZUM_SERVICE_ID=%d", own.ServiceID),
	}
}

// unlessInterrupted is the error, or what there is to say when Ctrl-C was its reason.
func unlessInterrupted(ctx context.Context, err error) error {
	if err != nil && ctx.Err() != nil {
		return errors.New("interrupted; everything that was started is stopped")
	}
	return err
}

// worker is the program to start.
func (v demoVerb) worker() (string, error) {
	if v.Worker != "" {
		return v.Worker, nil
	}
	own, err := os.Executable()
	return filepath.Join(filepath.Dir(own), "worker"), err
}

// environment is the worker's: times that fit a demo, and of the surroundings only what a program needs and where
// traces go. Settings of another Tolov must not get in.
func environment(getenv func(string) string) []string {
	environ := []string{"PROVIDER_TIMEOUT_S=2", "POLL_SCHEDULE=500ms,1s,2s"}
	for _, name := range []string{
		"PATH", "HOME", "TMPDIR", "OTEL_EXPORTER_OTLP_ENDPOINT", "OTEL_EXPORTER_OTLP_HEADERS", "OTEL_RESOURCE_ATTRIBUTES",
	} {
		if value := getenv(name); value != "" {
			environ = append(environ, name+"="+value)
		}
	}
	return environ
}

// perform plays the scenes and then looks into the ledger, and into the book of the bank that calls us.
func (a *app) perform(ctx context.Context, worker *program, bank *sandbox.Uzum) error {
	nc, err := nats.Connect(worker.NATS, nats.Name("payctl demo"))
	if err != nil {
		return err
	}
	defer nc.Close()
	c, err := client.New(nc)
	if err != nil {
		return err
	}
	s := &stage{client: c, bench: newBench(worker.Admin), bank: bank, out: a.out, paint: a.paint}
	var played []performance
	for i, sc := range scenes() {
		p, err := s.play(ctx, i+1, sc)
		if err != nil {
			return err
		}
		played = append(played, performance{sc, p})
	}
	if err := drained(ctx, nc); err != nil {
		return err
	}
	ledger, err := s.bench.ledger(ctx)
	if err != nil {
		return err
	}
	ledger.Debits = append(ledger.Debits, bank.Debits()...)
	ledger.Refunds = append(ledger.Refunds, bank.Refunds()...)
	return a.verdict(played, ledger)
}

const (
	drainStep = 20 * time.Millisecond
	bankPause = 200 * time.Millisecond // until the bank asks again
)

// drained waits until the worker has dealt with every command, the repeated ones too.
func drained(ctx context.Context, nc *nats.Conn) error {
	js, err := jetstream.New(nc)
	if err != nil {
		return err
	}
	stream, err := js.Stream(ctx, "PAYMENTS_COMMANDS")
	if err != nil {
		return err
	}
	for {
		info, err := stream.Info(ctx)
		if err != nil || info.State.Msgs == 0 {
			return err
		}
		select {
		case <-ctx.Done():
			return ctx.Err()
		case <-time.After(drainStep):
		}
	}
}
