// Command sandbox serves the provider sandbox: ATMOS under /atmos, what really happened under /sandbox/ledger.
//
// It keeps nothing on disk. Transaction numbers start from the clock, so that a restart never gives one twice.
//
// Read next: internal/providers/sandbox.
package main

import (
	"context"
	"errors"
	"flag"
	"fmt"
	"io"
	"net"
	"net/http"
	"os"
	"os/signal"
	"syscall"
	"time"

	"tolov/internal/build"
	"tolov/internal/providers/sandbox"
)

const (
	headerTimeout = 5 * time.Second  // no write timeout: silence is one of the faults
	closeTimeout  = time.Second      // then connections are cut: there is nothing to lose
	billingPause  = 10 * time.Second // then a merchant's billing that does not answer has not agreed
)

func main() {
	ctx, stop := signal.NotifyContext(context.Background(), os.Interrupt, syscall.SIGTERM)
	err := run(ctx, os.Args[1:], os.Getenv, os.Stdout)
	stop()
	if err != nil {
		fmt.Fprintln(os.Stderr, "sandbox:", err)
		os.Exit(1)
	}
}

// run serves until ctx ends. SANDBOX_CONSUMER_KEY and SANDBOX_CONSUMER_SECRET, when set, are the only credentials
// that get a token. SANDBOX_API_KEY signs what the merchant's billing is asked, where -callback names one.
func run(ctx context.Context, args []string, getenv func(string) string, stdout io.Writer) error {
	o := sandbox.Options{
		ConsumerKey: getenv("SANDBOX_CONSUMER_KEY"), ConsumerSecret: getenv("SANDBOX_CONSUMER_SECRET"),
		CallbackKey: getenv("SANDBOX_API_KEY"), FirstID: time.Now().Unix(),
	}
	flags := flag.NewFlagSet("sandbox", flag.ContinueOnError)
	flags.SetOutput(io.Discard) // an error is printed once, by main
	listen := flags.String("listen", "127.0.0.1:8090", "address to serve on")
	flags.DurationVar(&o.Latency, "latency", 0, "time that every operation takes")
	flags.Uint64Var(&o.Seed, "seed", 0, "seed of drift and swarm")
	flags.BoolVar(&o.Drift, "drift", false, "write some numbers of the answers as strings")
	callback := flags.String("callback", "", "address of the merchant's billing, asked before a debit")
	version := flags.Bool("version", false, "tell the version")
	err := flags.Parse(args)
	switch {
	case err == nil && *version:
		_, err := fmt.Fprintln(stdout, "tolov sandbox", build.This())
		return err
	case errors.Is(err, flag.ErrHelp):
		flags.SetOutput(stdout)
		flags.Usage()
		return nil
	case err != nil:
		return err
	case flags.NArg() > 0:
		return fmt.Errorf("unexpected argument %q", flags.Arg(0))
	}
	if *callback != "" {
		o.Callback = sandbox.CallbackTo(*callback, &http.Client{Timeout: billingPause})
	}
	listener, err := (&net.ListenConfig{}).Listen(ctx, "tcp", *listen)
	if err != nil {
		return err
	}
	box := sandbox.New(o)
	server := &http.Server{Handler: box.Handler(), ReadHeaderTimeout: headerTimeout}
	if _, err := fmt.Fprintf(stdout, "sandbox listens on http://%s\n", listener.Addr()); err != nil {
		return errors.Join(err, listener.Close())
	}
	return serve(ctx, server, listener, box.Close)
}

// serve ends cleanly with ctx: it lets go of hanging calls first, because a shutdown waits for them.
func serve(ctx context.Context, server *http.Server, listener net.Listener, release func()) error {
	failed := make(chan error, 1)
	go func() { failed <- server.Serve(listener) }()
	select {
	case err := <-failed:
		return err
	case <-ctx.Done():
	}
	release()
	last, cancel := context.WithTimeout(context.WithoutCancel(ctx), closeTimeout)
	defer cancel()
	if err := server.Shutdown(last); !errors.Is(err, context.DeadlineExceeded) {
		return err
	}
	return server.Close()
}
