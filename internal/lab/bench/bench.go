package main

import (
	"context"
	"encoding/json"
	"fmt"
	"io"
	"os"
	"path/filepath"
	"runtime"
	"slices"
	"time"

	"tolov/internal/lab"
)

// bench runs the configurations one after the other.
type bench struct {
	options
	bins    lab.Binaries
	machine machine
	out     io.Writer
	side    io.Writer
}

// setup is one configuration.
type setup struct {
	Sync      string `json:"sync"`
	LatencyMS int64  `json:"latency_ms"` // of the sandbox, per call
	Payments  int    `json:"payments"`
	InFlight  int    `json:"in_flight"`
}

func (s setup) String() string {
	return fmt.Sprintf("sync %s, sandbox latency %d ms: %d payments, %d in flight",
		s.Sync, s.LatencyMS, s.Payments, s.InFlight)
}

// setups are the configurations asked for. Slow ones get fewer payments.
func (o options) setups() []setup {
	var all []setup
	for _, sync := range o.syncs {
		for _, lag := range o.lags {
			n := o.n
			switch {
			case sync == syncAlways:
				n /= 4
			case lag > 0:
				n /= 2
			}
			all = append(all, setup{
				Sync: sync, LatencyMS: lag.Milliseconds(), Payments: max(n, 1), InFlight: o.inflight,
			})
		}
	}
	return all
}

// compare measures every configuration, each on fresh files, and prints its table as soon as there is one.
func (b *bench) compare(ctx context.Context) error {
	b.tell("%s\n", b.machine)
	var reports []*report
	for _, s := range b.setups() {
		r, err := b.measure(ctx, s)
		if err != nil {
			return fmt.Errorf("%s: %w", s, err)
		}
		reports = append(reports, r)
		if !b.json {
			if err := r.print(b.out); err != nil {
				return err
			}
		}
	}
	if !b.json {
		return nil
	}
	return b.printJSON(struct {
		Machine machine   `json:"machine"`
		Runs    []*report `json:"runs"`
	}{b.machine, reports})
}

func (b *bench) measure(ctx context.Context, s setup) (*report, error) {
	r, leave, err := b.build(ctx, s)
	defer leave()
	if err != nil {
		return nil, err
	}
	return r.measure(ctx, b.bound, func(what string) { b.tell("%s: %s\n", s, what) })
}

func (b *bench) printJSON(v any) error {
	encoder := json.NewEncoder(b.out)
	encoder.SetIndent("", "  ")
	return encoder.Encode(v)
}

func (b *bench) tell(format string, args ...any) { _, _ = fmt.Fprintf(b.side, format, args...) }

// machine is what every figure depends on.
type machine struct {
	CPUs    int     `json:"cpus"`
	Go      string  `json:"go"`
	FsyncUS float64 `json:"fsync_us"` // the median of 4 KiB, where the files are
}

func (m machine) String() string {
	return fmt.Sprintf("%d CPUs, %s, fsync %.0f µs", m.CPUs, m.Go, m.FsyncUS)
}

const (
	fsyncs    = 51
	fsyncSize = 4096
)

// lookAround measures the disk: figures for sync always from a file system in memory would be a lie.
func lookAround(dir string) (machine, error) {
	m := machine{CPUs: runtime.NumCPU(), Go: runtime.Version()}
	file, err := os.Create(filepath.Join(dir, "fsync"))
	if err != nil {
		return m, err
	}
	defer func() { _ = file.Close() }()
	took := make([]time.Duration, 0, fsyncs)
	for range fsyncs {
		start := time.Now()
		if _, err := file.Write(make([]byte, fsyncSize)); err != nil {
			return m, err
		}
		if err := file.Sync(); err != nil {
			return m, err
		}
		took = append(took, time.Since(start))
	}
	slices.Sort(took)
	m.FsyncUS = float64(percentile(took, 50).Nanoseconds()) / 1e3
	return m, nil
}

// percentile is the p-th of values in order.
func percentile(sorted []time.Duration, p int) time.Duration {
	if len(sorted) == 0 {
		return 0
	}
	return sorted[(len(sorted)-1)*p/100]
}
