// Chaos proves with real processes that no payment is lost or doubled when what runs it dies.
//
// It publishes payments while workers are killed with SIGKILL about every 300 ms and started again, one in five of
// them by card number, so that a customer's code is asked for and given. Beside them Uzum Bank makes payments of its
// own through two ingress processes, which are killed likewise; it repeats its calls, and no two answers about one
// transaction may differ. On demand workers are frozen for longer than a message waits for its acknowledgement, and
// NATS and Redis are killed too. The sandbox is never touched: its ledger is the judge, and the bank's own book. In
// the end there must be one debit and one completed event per payment, no gap in the events' numbers, no message left
// over, and every payment completed when asked for. Otherwise the faults are listed, with the histories of the first
// payments that have one, and the exit code is 1.
//
// Read next: chaos.go for a run from beginning to end, trouble.go for what is done to it, judge.go for the laws.
package main

import (
	"context"
	"errors"
	"flag"
	"fmt"
	"io"
	"os"
	"os/signal"
	"syscall"
	"time"

	"tolov/internal/lab"
)

func main() {
	ctx, stop := signal.NotifyContext(context.Background(), os.Interrupt, syscall.SIGTERM)
	err := run(ctx, os.Args[1:], os.Stdout)
	stop()
	if err != nil {
		fmt.Fprintln(os.Stderr, "chaos:", err)
		os.Exit(1)
	}
}

// options are the flags.
type options struct {
	n       int
	coded   int           // percent of payments by card number
	rate    int           // payments published per second
	workers int           // processes
	uzum    int           // payments of Uzum Bank
	kill    time.Duration // between two kills, on average
	latency time.Duration // of the sandbox
	within  time.Duration
	freeze  bool
	nats    bool
	redis   bool
	dir     string
}

func parse(args []string, out io.Writer) (o options, err error) {
	flags := flag.NewFlagSet("chaos", flag.ContinueOnError)
	flags.SetOutput(out)
	flags.IntVar(&o.n, "n", 2000, "payments")
	flags.IntVar(&o.coded, "coded", 20, "percent of them by card number, with a code; the others are by token")
	flags.IntVar(&o.rate, "rate", 100, "payments published per second")
	flags.IntVar(&o.workers, "workers", 2, "worker processes")
	flags.IntVar(&o.uzum, "uzum", 200, "payments of Uzum Bank beside them, through two ingress processes")
	flags.DurationVar(&o.kill, "kill", 300*time.Millisecond, "about how often a worker is killed, and an ingress")
	flags.DurationVar(&o.latency, "latency", 50*time.Millisecond, "how long the provider takes for a call")
	flags.DurationVar(&o.within, "within", 5*time.Minute, "give up when the payments have not come to rest by then")
	flags.BoolVar(&o.freeze, "freeze", false, "freeze a worker for 20 to 40 s now and then")
	flags.BoolVar(&o.nats, "nats", false, "kill the NATS server now and then")
	flags.BoolVar(&o.redis, "redis", false, "kill and flush Redis now and then")
	flags.StringVar(&o.dir, "dir", "", "keep files and logs here; default: a directory that is removed after success")
	if err = flags.Parse(args); err != nil {
		return o, err
	}
	switch {
	case flags.NArg() > 0:
		err = fmt.Errorf("unexpected argument %q", flags.Arg(0))
	case o.uzum < 0:
		err = errors.New("-uzum cannot be negative")
	case o.n < 1 || o.rate < 1 || o.workers < 1 || o.kill <= 0 || o.within <= 0:
		err = errors.New("-n, -rate, -workers, -kill and -within must be more than 0")
	case o.coded < 0 || o.coded > 100:
		err = errors.New("-coded must be from 0 to 100")
	}
	return o, err
}

// run is the program.
func run(ctx context.Context, args []string, out io.Writer) error {
	o, err := parse(args, out)
	switch {
	case errors.Is(err, flag.ErrHelp):
		return nil
	case err != nil:
		return err
	case o.dir != "":
		return inLab(ctx, o.dir, o, out)
	}
	dir, err := os.MkdirTemp("", "tolov-chaos-")
	if err != nil {
		return err
	}
	if err := inLab(ctx, dir, o, out); err != nil {
		_ = os.Remove(dir) // only when nothing came into it
		return err
	}
	return os.RemoveAll(dir)
}

// inLab builds the parts and lets the experiment happen.
func inLab(ctx context.Context, dir string, o options, out io.Writer) error {
	bins, err := lab.Build(ctx, dir)
	if err != nil {
		return err
	}
	l, err := lab.New(dir, bins)
	if err != nil {
		return err
	}
	defer l.Close()
	err = experiment(ctx, l, o, out)
	if err != nil || o.dir != "" {
		_, _ = fmt.Fprintln(out, "files and logs are in", l.Dir())
	}
	return err
}
