package main

import (
	"context"
	"fmt"
	"syscall"
	"time"

	"github.com/nats-io/nats.go"
	"github.com/nats-io/nats.go/jetstream"

	"tolov/internal/events"
	"tolov/internal/lab"
)

const (
	warmUp     = 1000 // payments at most, before anything is measured
	settleWait = 20 * time.Second
	settleLook = 100 * time.Millisecond
)

// rig is one configuration with all its processes.
type rig struct {
	setup
	servers *lab.Servers
	worker  *lab.Process
	nc      *nats.Conn
	js      jetstream.JetStream
	shards  []jetstream.Stream // the journal's
	load    *load
}

// build starts everything on fresh files. leave ends it and must be called.
func (b *bench) build(ctx context.Context, s setup) (r *rig, leave func(), err error) {
	l, err := lab.New(b.dir, b.bins)
	if err != nil {
		return nil, func() {}, err
	}
	r, leave = &rig{setup: s}, l.Close
	r.servers, err = l.Serve(ctx, lab.Settings{
		SyncAlways: s.Sync == syncAlways, Latency: time.Duration(s.LatencyMS) * time.Millisecond,
	})
	if err != nil {
		return nil, leave, err
	}
	leave = func() { _ = r.servers.Close(); l.Close() }
	program, err := r.servers.Worker("worker", b.settings...)
	if err != nil {
		return nil, leave, err
	}
	if r.worker, err = program.Boot(ctx); err != nil {
		return nil, leave, err
	}
	if r.nc, err = r.servers.Connect(); err != nil {
		return nil, leave, err
	}
	leave = func() { r.nc.Close(); _ = r.servers.Close(); l.Close() }
	return r, leave, r.connect(ctx)
}

func (r *rig) connect(ctx context.Context) (err error) {
	if r.js, err = jetstream.New(r.nc); err != nil {
		return err
	}
	if r.load, err = newLoad(r.nc, r.InFlight); err != nil {
		return err
	}
	for k := 0; ; k++ {
		shard, err := r.js.Stream(ctx, events.JournalStream(k))
		if err != nil && k > 0 { // that was the last one
			return nil
		}
		if err != nil {
			return err
		}
		r.shards = append(r.shards, shard)
	}
}

// measure warms up, pays, and then measures the bounds on the same processes.
func (r *rig) measure(ctx context.Context, bound time.Duration, tell func(string)) (*report, error) {
	tell("warming up")
	if _, err := r.load.pay(ctx, min(warmUp, max(r.Payments/5, 1))); err != nil {
		return nil, err
	}
	if err := r.settle(ctx); err != nil {
		return nil, err
	}
	before, err := r.count(ctx)
	if err != nil {
		return nil, err
	}
	tell("paying")
	used, flown, err := r.paying(ctx)
	if err != nil {
		return nil, err
	}
	after, err := r.count(ctx)
	if err != nil {
		return nil, err
	}
	out := newReport(r.setup, flown, used, before, after)
	if err := r.remember(out.MemoryMiB); err != nil {
		return nil, err
	}
	lags, err := r.lags(ctx)
	if err != nil {
		return nil, fmt.Errorf("records and their events: %w", err)
	}
	out.LagP50MS, out.LagP99MS = ms(percentile(lags, 50)), ms(percentile(lags, 99))
	tell("measuring the bound of the sandbox")
	if out.Bound.CallsPerS, err = r.callsPerSecond(ctx, bound); err != nil {
		return nil, fmt.Errorf("bound of the sandbox: %w", err)
	}
	tell("measuring the bound of the journal")
	if out.Bound.AppendsPerS, err = r.appendsPerSecond(ctx, bound); err != nil {
		return nil, fmt.Errorf("bound of the journal: %w", err)
	}
	out.compare()
	return out, nil
}

// paying makes the payments and tells what processor time everyone used until the last message was settled.
func (r *rig) paying(ctx context.Context) (spent, *flown, error) {
	before, err := r.usage()
	if err != nil {
		return spent{}, nil, err
	}
	flown, err := r.load.pay(ctx, r.Payments)
	if err != nil {
		return spent{}, nil, err
	}
	if err := r.settle(ctx); err != nil {
		return spent{}, nil, err
	}
	after, err := r.usage()
	return after.since(before), flown, err
}

// settle waits until no command is left in the stream.
func (r *rig) settle(ctx context.Context) error {
	deadline := time.Now().Add(settleWait)
	for {
		stream, err := r.js.Stream(ctx, events.StreamCommands)
		if err != nil {
			return err
		}
		left := stream.CachedInfo().State.Msgs
		if left == 0 {
			return nil
		}
		if time.Now().After(deadline) {
			return fmt.Errorf("%d commands are not acknowledged", left)
		}
		select {
		case <-ctx.Done():
			return ctx.Err()
		case <-time.After(settleLook):
		}
	}
}

// The processes, as reports name them.
const (
	theWorker  = "worker"
	theNATS    = "nats"
	theRedis   = "redis"
	theSandbox = "sandbox"
	theLoad    = "load"
)

func names() []string { return []string{theWorker, theNATS, theRedis, theSandbox, theLoad} }

func (r *rig) processes() map[string]*lab.Process {
	return map[string]*lab.Process{
		theWorker: r.worker, theNATS: r.servers.NATS.Process, theRedis: r.servers.Redis.Process,
		theSandbox: r.servers.Sandbox.Process,
	}
}

// usage is processor time.
type usage struct {
	at     time.Time
	by     map[string]time.Duration // processes
	others time.Duration            // everything else on the machine
}

func (r *rig) usage() (u usage, err error) {
	u.at, u.by = time.Now(), map[string]time.Duration{}
	for name, process := range r.processes() {
		if u.by[name], err = process.CPU(); err != nil {
			return u, err
		}
	}
	var own syscall.Rusage
	if err = syscall.Getrusage(syscall.RUSAGE_SELF, &own); err != nil {
		return u, err
	}
	u.by[theLoad] = time.Duration(own.Utime.Nano() + own.Stime.Nano())
	u.others, err = lab.MachineCPU()
	for _, ours := range u.by {
		u.others -= ours
	}
	return u, err
}

// spent is processor time over a while.
type spent struct {
	by     map[string]time.Duration
	others float64 // processors that everything else on the machine kept busy
}

func (u usage) since(before usage) spent {
	used := spent{
		by: map[string]time.Duration{}, others: (u.others - before.others).Seconds() / u.at.Sub(before.at).Seconds(),
	}
	for name := range u.by {
		used.by[name] = u.by[name] - before.by[name]
	}
	return used
}

// remember notes the resident memory of every process.
func (r *rig) remember(mib map[string]float64) error {
	for name, process := range r.processes() {
		bytes, err := process.Memory()
		if err != nil {
			return err
		}
		mib[name] = float64(bytes) / (1 << 20)
	}
	return nil
}
