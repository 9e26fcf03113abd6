// Webhook-ingress is where payment providers call us: Uzum Bank's Merchant API, and ATMOS's Callback API.
//
// It answers from the journal and writes there itself; the worker makes the streams and the events. Without NATS_URL it
// connects to the server that the worker of an embedded set-up runs, at NATS_LISTEN.
//
// The rooms, in reading order: internal/payment (the nouns), internal/saga (the engine; see adr/0012 for payments that
// a provider drives), internal/providers/uzum (the provider's words), internal/ingress (all of it put together), and
// this program, which reads the settings and connects.
package main

import (
	"context"
	"errors"
	"fmt"
	"io"
	"net"
	"os"
	"os/signal"
	"slices"
	"strings"
	"syscall"
	"time"

	"github.com/nats-io/nats.go"

	"tolov/internal/build"
	"tolov/internal/config"
	"tolov/internal/ingress"
	"tolov/internal/natsconn"
	"tolov/internal/telemetry"
)

const stopWait = time.Second

func main() {
	ctx, stop := signal.NotifyContext(context.Background(), syscall.SIGINT, syscall.SIGTERM)
	err := run(ctx, os.Args[1:], os.Environ(), os.Stdout)
	stop()
	if err != nil {
		fmt.Fprintln(os.Stderr, "webhook-ingress:", err)
		os.Exit(1)
	}
}

// run is the program: settings, connections, the ingress, and the way down in reverse order.
func run(ctx context.Context, args, environ []string, out io.Writer) (err error) {
	if len(args) > 0 {
		if args[0] == "--version" {
			_, err := fmt.Fprintln(out, "tolov webhook-ingress", build.This())
			return err
		}
		return fmt.Errorf("settings come from the environment, not from arguments such as %q", args[0])
	}
	p := &program{environ: environ}
	if p.cfg, err = config.Load(environ, "ADMIN_ADDR=:8082"); err != nil {
		return err
	}
	about := build.This()
	p.parts = ingress.Parts{Config: p.cfg, Version: about.Version, Now: time.Now}
	if p.parts.Log, err = telemetry.NewLogger(out, p.cfg.LogLevel, p.cfg.LogFormat); err != nil {
		return err
	}
	p.parts.Log.Info("ingress starts", "version", about.Version, "commit", about.Commit, "go", about.Go)
	return errors.Join(p.live(ctx), p.leave())
}

// program is what the ingress stands on.
type program struct {
	cfg      *config.Config
	environ  []string // for what is no setting of ours: OTEL_*
	parts    ingress.Parts
	closers  []func() error
	listener net.Listener
}

func (p *program) leaving(f func() error) { p.closers = append(p.closers, f) }

// leave gives everything back, last taken first.
func (p *program) leave() error {
	var faults []error
	for _, closer := range slices.Backward(p.closers) {
		faults = append(faults, closer())
	}
	return errors.Join(faults...)
}

// live answers until ctx ends. To be told to end during the start is no error.
func (p *program) live(ctx context.Context) error {
	if err := p.telemetry(ctx); err != nil {
		return err
	}
	if err := p.connect(); err != nil {
		return err
	}
	i, err := ingress.New(p.parts)
	if err != nil {
		return err
	}
	if err := p.listen(ctx); err != nil {
		return unlessEnded(ctx, err)
	}
	if err := p.admin(ctx, i.Ready); err != nil {
		return unlessEnded(ctx, err)
	}
	return i.Serve(ctx, p.listener)
}

// unlessEnded drops an error that came of being told to end.
func unlessEnded(ctx context.Context, err error) error {
	if ctx.Err() != nil && errors.Is(err, context.Cause(ctx)) {
		return nil
	}
	return err
}

// getenv gives a variable of the environment that run was given. What stands last counts.
func (p *program) getenv(name string) string {
	for _, entry := range slices.Backward(p.environ) {
		if value, ok := strings.CutPrefix(entry, name+"="); ok {
			return value
		}
	}
	return ""
}

func (p *program) telemetry(ctx context.Context) error {
	t, err := telemetry.Start(ctx, "tolov-webhook-ingress", build.This(), p.getenv)
	if err != nil {
		return err
	}
	p.parts.Telemetry = t
	p.leaving(func() error {
		ctx, cancel := context.WithTimeout(context.WithoutCancel(ctx), stopWait)
		defer cancel()
		if err := t.Stop(ctx); err != nil { // spans that could not be sent are no reason to fail
			p.parts.Log.Warn("telemetry not flushed", "err", err)
		}
		return nil
	})
	return nil
}

// connect reaches NATS, and goes on trying when it is not there yet: until then the ingress is not ready.
func (p *program) connect() (err error) {
	who := natsconn.Who{Program: "webhook-ingress", Inbox: "ingress", Creds: p.cfg.NATSCreds, CA: p.cfg.NATSCA}
	options, err := natsconn.Options(who, p.parts.Log)
	if err != nil {
		return err
	}
	options = append(options, nats.RetryOnFailedConnect(true))
	if p.parts.NATS, err = nats.Connect(p.cfg.NATSAddress(), options...); err != nil {
		return fmt.Errorf("NATS_URL: %w", err)
	}
	p.leaving(func() error { p.parts.NATS.Close(); return nil })
	return nil
}

func (p *program) listen(ctx context.Context) (err error) {
	if p.listener, err = (&net.ListenConfig{}).Listen(ctx, "tcp", p.cfg.Ingress.HTTPAddr); err != nil {
		return fmt.Errorf("HTTP_ADDR: %w", err)
	}
	p.leaving(func() error { // most often it was closed by then
		if err := p.listener.Close(); !errors.Is(err, net.ErrClosed) {
			return err
		}
		return nil
	})
	p.parts.Log.Info("ingress address", "addr", p.listener.Addr().String())
	return nil
}

// admin opens the operators' address, which no provider reaches.
func (p *program) admin(ctx context.Context, ready func() error) error {
	admin, err := telemetry.NewAdmin(ctx, p.cfg.AdminAddr, p.parts.Telemetry, ready, nil)
	if err != nil {
		return fmt.Errorf("ADMIN_ADDR: %w", err)
	}
	go func() {
		if err := admin.Serve(); err != nil {
			p.parts.Log.Error("admin address is gone", "err", err)
		}
	}()
	p.leaving(func() error {
		ctx, cancel := context.WithTimeout(context.WithoutCancel(ctx), stopWait)
		defer cancel()
		return admin.Stop(ctx)
	})
	p.parts.Log.Info("admin address", "addr", admin.Addr())
	return nil
}
