package main

import (
	"context"
	"errors"
	"fmt"
	"log/slog"
	"net/http"
	"slices"
	"strings"
	"time"

	"github.com/nats-io/nats.go"

	"tolov/internal/build"
	"tolov/internal/config"
	"tolov/internal/embedded"
	"tolov/internal/natsconn"
	"tolov/internal/telemetry"
	"tolov/internal/worker"
)

const stopWait = time.Second

// base is what the worker stands on: embedded in this process, or elsewhere.
type base struct {
	cfg     *config.Config
	environ []string // for what is no setting of ours: OTEL_*
	log     *slog.Logger
	about   build.Info
	parts   worker.Parts
	disk    func() error // tells what is wrong with the embedded server's files; nil: it runs elsewhere
	closers []func() error
}

func (b *base) build(ctx context.Context, ready func() error) error {
	b.parts = worker.Parts{Config: b.cfg, Log: b.log, Version: b.about.Version}
	for _, step := range []func() error{
		func() error { return b.telemetry(ctx) },
		func() error { return b.admin(ctx, ready) },
		b.cfg.LoadKeys, b.nats, b.redis,
	} {
		if err := step(); err != nil {
			return err
		}
	}
	return nil
}

func (b *base) leaving(f func() error) { b.closers = append(b.closers, f) }

// leave gives everything back, last taken first.
func (b *base) leave() error {
	var faults []error
	for i := len(b.closers) - 1; i >= 0; i-- {
		faults = append(faults, b.closers[i]())
	}
	return errors.Join(faults...)
}

// getenv gives a variable of the environment that run was given. What stands last counts.
func (b *base) getenv(name string) string {
	for _, entry := range slices.Backward(b.environ) {
		if value, ok := strings.CutPrefix(entry, name+"="); ok {
			return value
		}
	}
	return ""
}

func (b *base) telemetry(ctx context.Context) error {
	t, err := telemetry.Start(ctx, "tolov-worker", b.about, b.getenv)
	if err != nil {
		return err
	}
	b.parts.Telemetry = t
	b.leaving(func() error {
		ctx, cancel := context.WithTimeout(context.WithoutCancel(ctx), stopWait)
		defer cancel()
		if err := t.Stop(ctx); err != nil { // spans that could not be sent are no reason to fail
			b.log.Warn("telemetry not flushed", "err", err)
		}
		return nil
	})
	return nil
}

// admin opens the operators' address. In embedded mode the sandbox stands there too, for merchants without an account
// of their own.
func (b *base) admin(ctx context.Context, ready func() error) error {
	extra := map[string]http.Handler{}
	release := func() {}
	if b.cfg.Embedded() {
		release = b.sandbox(extra)
	}
	admin, err := telemetry.NewAdmin(ctx, b.cfg.AdminAddr, b.parts.Telemetry, ready, extra)
	if err != nil {
		return fmt.Errorf("ADMIN_ADDR: %w", err)
	}
	go func() {
		if err := admin.Serve(); err != nil {
			b.log.Error("admin address is gone", "err", err)
		}
	}()
	b.leaving(func() error {
		ctx, cancel := context.WithTimeout(context.WithoutCancel(ctx), stopWait)
		defer cancel()
		release() // lets go of the calls that the sandbox never answers, so that nobody waits for them
		return admin.Stop(ctx)
	})
	if b.cfg.Embedded() {
		b.useSandbox(admin.Addr())
	}
	b.log.Info("admin address", "addr", admin.Addr())
	return nil
}

func (b *base) natsOptions() ([]nats.Option, error) {
	who := natsconn.Who{Program: "worker", Inbox: "worker", Creds: b.cfg.NATSCreds, CA: b.cfg.NATSCA}
	return natsconn.Options(who, b.log)
}

func (b *base) nats() error {
	options, err := b.natsOptions()
	switch {
	case err != nil:
		return err
	case b.cfg.Embedded():
		err = b.embeddedNATS(options)
	default:
		b.parts.NATS, err = nats.Connect(b.cfg.NATSURL, options...)
		if err != nil {
			err = fmt.Errorf("NATS_URL: %w", err)
		}
	}
	if err == nil {
		b.leaving(func() error { b.parts.NATS.Close(); return nil })
	}
	return err
}

func (b *base) embeddedNATS(options []nats.Option) error {
	server, err := embedded.StartNATS(embedded.NATSOptions{
		DataDir: b.cfg.DataDir, Listen: b.cfg.NATSListen, SyncAlways: b.cfg.SyncAlways(), Log: b.log,
	})
	if err != nil {
		return err
	}
	b.leaving(server.Stop)
	b.disk = server.Healthy
	b.log.Info("embedded NATS", "url", server.URL(), "sync", b.cfg.Sync, "data_dir", b.cfg.DataDir)
	b.parts.NATS, err = server.Connect(options...)
	return err
}
