// Bench measures what a worker does per second, and what that costs, against what the machine could do at best.
//
// The worker, NATS, Redis and the sandbox run as processes of their own on this machine; this program pays by token and
// counts its own time too. For NATS that syncs every 2 minutes and NATS that syncs always, and for a sandbox that
// answers at once and one that takes 20 ms, it prints one table: payments per second, the time from publish to the
// completed event, processor time, bytes and calls per payment. Beside them stands the bound that was measured in the
// same run: the sandbox's calls per second divided by those of a payment, and the journal's appends per second divided
// by those of a payment, whichever is lower. With -soak it pays on and on instead, and prints how memory grows. With
// -ingress it calls the webhook ingress instead, as Uzum Bank does, and prints how long its calls take beside those of
// a bare handler.
//
// Read next: rig.go for one configuration from beginning to end, load.go for who pays, bound.go for the bounds.
package main

import (
	"context"
	"errors"
	"flag"
	"fmt"
	"io"
	"os"
	"os/signal"
	"strings"
	"syscall"
	"time"

	"tolov/internal/lab"
)

func main() {
	ctx, stop := signal.NotifyContext(context.Background(), os.Interrupt, syscall.SIGTERM)
	err := run(ctx, os.Args[1:], os.Stdout, os.Stderr)
	stop()
	if err != nil {
		fmt.Fprintln(os.Stderr, "bench:", err)
		os.Exit(1)
	}
}

// options are the flags.
type options struct {
	n        int
	inflight int
	bound    time.Duration // how long each bound is measured
	soak     int
	perS     int    // requests per second to the ingress
	bare     string // be the bare handler at this address
	json     bool
	syncs    []string
	lags     []time.Duration // latencies of the sandbox
	settings []string        // more of the worker's
	dir      string
}

const (
	syncDefault = "default"
	syncAlways  = "always"
)

func parse(args []string, out io.Writer) (o options, err error) {
	flags := flag.NewFlagSet("bench", flag.ContinueOnError)
	flags.SetOutput(out)
	flags.IntVar(&o.n, "n", 20_000,
		"payments at default sync and latency 0; half of it with latency, a quarter at always")
	flags.IntVar(&o.inflight, "inflight", 64, "payments in flight")
	flags.DurationVar(&o.bound, "bound", 3*time.Second, "how long each bound is measured")
	flags.IntVar(&o.soak, "soak", 0, "make so many payments instead, at the first sync and latency, and watch the memory")
	flags.IntVar(&o.perS, "ingress", 0, "measure the webhook ingress instead, at so many requests/s, each for -bound")
	flags.StringVar(&o.bare, "bare", "", "be the bare handler that the ingress is compared with, at this address")
	flags.BoolVar(&o.json, "json", false, "print JSON")
	syncs := flags.String("sync", syncDefault+","+syncAlways, "when NATS waits for the disk: default, always, or both")
	lags := flags.String("latency", "0,20ms", "how long the sandbox takes for a call, a comma list")
	settings := flags.String("set", "", "more settings of the worker, a comma list of NAME=value")
	flags.StringVar(&o.dir, "dir", "", "keep files and logs here; default: a temporary directory")
	if err = flags.Parse(args); err != nil {
		return o, err
	}
	if *settings != "" {
		o.settings = strings.Split(*settings, ",")
	}
	o.syncs = strings.Split(*syncs, ",")
	for _, sync := range o.syncs {
		if sync != syncDefault && sync != syncAlways {
			return o, errors.New("-sync must be default, always or default,always")
		}
	}
	for text := range strings.SplitSeq(*lags, ",") {
		lag, err := time.ParseDuration(text)
		if err != nil || lag < 0 {
			return o, errors.New("-latency must be a comma list of durations")
		}
		o.lags = append(o.lags, lag)
	}
	switch {
	case flags.NArg() > 0:
		return o, fmt.Errorf("unexpected argument %q", flags.Arg(0))
	case o.n < 1 || o.inflight < 1 || o.bound <= 0 || o.soak < 0 || o.perS < 0:
		return o, errors.New("-n, -inflight and -bound must be more than 0")
	}
	return o, nil
}

// run is the program. Progress and what stands around the result go to side.
func run(ctx context.Context, args []string, out, side io.Writer) (err error) {
	o, err := parse(args, side)
	if errors.Is(err, flag.ErrHelp) {
		return nil
	}
	if err != nil {
		return err
	}
	if o.bare != "" {
		return bare(ctx, o.bare)
	}
	if o.dir == "" {
		if o.dir, err = os.MkdirTemp("", "tolov-bench-"); err != nil {
			return err
		}
		defer func() { err = errors.Join(err, os.RemoveAll(o.dir)) }()
	}
	bins, err := lab.Build(ctx, o.dir)
	if err != nil {
		return err
	}
	machine, err := lookAround(o.dir)
	if err != nil {
		return err
	}
	b := &bench{options: o, bins: bins, out: out, side: side, machine: machine}
	switch {
	case o.soak > 0:
		return b.soakTest(ctx)
	case o.perS > 0:
		return b.ingressTest(ctx)
	default:
		return b.compare(ctx)
	}
}
