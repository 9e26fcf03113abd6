// Worker takes payment commands from NATS JetStream and walks each payment through its provider.
//
// The rooms, in reading order: internal/payment (the nouns), internal/saga (the engine; read next.go, then runner.go),
// internal/providers/atmos (one provider; flow.go, then client.go), internal/journal (the store and the projector),
// internal/events (the wire), internal/idempotency (the fast guard), internal/worker (all of it put together), and this
// program, which reads the settings and connects.
package main

import (
	"context"
	"errors"
	"fmt"
	"io"
	"os"
	"os/signal"
	"runtime/debug"
	"sync/atomic"
	"syscall"

	"tolov/internal/build"
	"tolov/internal/config"
	"tolov/internal/telemetry"
	"tolov/internal/worker"
)

func main() {
	ctx, stop := signal.NotifyContext(context.Background(), syscall.SIGINT, syscall.SIGTERM)
	err := run(ctx, os.Args[1:], os.Environ(), os.Stdout)
	stop()
	if err != nil {
		fmt.Fprintln(os.Stderr, "worker:", err)
		os.Exit(1)
	}
}

// run is the program: settings, connections, the worker, and the way down in reverse order.
func run(ctx context.Context, args, environ []string, out io.Writer) error {
	if len(args) > 0 {
		if args[0] == "--version" {
			_, err := fmt.Fprintln(out, "tolov worker", build.This())
			return err
		}
		return fmt.Errorf("settings come from the environment, not from arguments such as %q", args[0])
	}
	cfg, err := config.Load(environ)
	if err != nil {
		return err
	}
	log, err := telemetry.NewLogger(out, cfg.LogLevel, cfg.LogFormat)
	if err != nil {
		return err
	}
	thrift()
	base := &base{cfg: cfg, environ: environ, log: log, about: build.This()}
	log.Info("worker starts", "version", base.about.Version, "commit", base.about.Commit, "go", base.about.Go)
	return errors.Join(live(ctx, base), base.leave())
}

// live builds the worker on its base and lets it work until ctx ends. To be told to end during the start is no error.
func live(ctx context.Context, b *base) error {
	var running atomic.Pointer[worker.Worker]
	ready := func() error {
		w := running.Load()
		if w == nil {
			return errors.New("starting")
		}
		if err := w.Ready(); err != nil || b.disk == nil {
			return err
		}
		return b.disk()
	}
	err := b.build(ctx, ready)
	if err != nil || ctx.Err() != nil {
		return unlessEnded(ctx, err)
	}
	w, err := worker.New(ctx, b.parts)
	if err != nil {
		return unlessEnded(ctx, err)
	}
	running.Store(w)
	return w.Run(ctx)
}

// unlessEnded drops an error that came of being told to end.
func unlessEnded(ctx context.Context, err error) error {
	if ctx.Err() != nil && errors.Is(err, context.Cause(ctx)) {
		return nil
	}
	return err
}

// gcPercent lets the heap grow to five times what is alive before it is collected. What is alive is small (the messages
// in hand), so this costs some megabytes and saves a good part of the collector's work. GOGC overrules it.
const gcPercent = 400

func thrift() {
	if os.Getenv("GOGC") == "" {
		debug.SetGCPercent(gcPercent)
	}
}
