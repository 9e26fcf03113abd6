package main

import (
	"fmt"
	"io"
	"strings"
	"text/tabwriter"
	"time"
)

// callsOfPayment is how many calls a payment by token needs: create, pre-apply, apply.
const callsOfPayment = 3

// report is what was measured of one configuration.
type report struct {
	Setup        setup              `json:"setup"`
	PaymentsPerS float64            `json:"payments_per_s"`
	P50MS        float64            `json:"p50_ms"` // from publish to the completed event
	P99MS        float64            `json:"p99_ms"`
	MaxMS        float64            `json:"max_ms"`
	LagP50MS     float64            `json:"lag_p50_ms"` // of it, from the last record to its event
	LagP99MS     float64            `json:"lag_p99_ms"`
	Bound        bound              `json:"bound"`
	PerPayment   perPayment         `json:"per_payment"`
	CPUPer1000S  map[string]float64 `json:"cpu_s_per_1000"` // by process
	OthersCPUs   float64            `json:"others_cpus"`    // processors that other programs kept busy meanwhile
	MemoryMiB    map[string]float64 `json:"memory_mib"`     // resident, by process, after the payments
	TookS        float64            `json:"took_s"`
	Debits       int                `json:"debits"`
}

// bound is the most that the parts allow.
type bound struct {
	CallsPerS           float64 `json:"calls_per_s"`
	AppendsPerS         float64 `json:"appends_per_s"`
	SandboxPaymentsPerS float64 `json:"sandbox_payments_per_s"`
	JournalPaymentsPerS float64 `json:"journal_payments_per_s"`
	Reached             float64 `json:"reached"` // of the lower bound, 1 is all of it
}

// perPayment is what one payment costs on average.
type perPayment struct {
	Appends       float64            `json:"appends"` // to the journal
	Events        float64            `json:"events"`
	Timers        float64            `json:"timers"`
	Calls         float64            `json:"calls"` // to the sandbox
	RedisCommands float64            `json:"redis_commands"`
	RedisByName   map[string]float64 `json:"redis_by_name"`
	DiskBytes     float64            `json:"disk_bytes"`
}

func newReport(s setup, f *flown, used spent, before, after *counts) *report {
	n := float64(s.Payments)
	r := &report{
		Setup: s, TookS: f.took.Seconds(), PaymentsPerS: n / f.took.Seconds(), Debits: after.debits - before.debits,
		P50MS: ms(percentile(f.latency, 50)), P99MS: ms(percentile(f.latency, 99)), MaxMS: ms(percentile(f.latency, 100)),
		OthersCPUs: used.others, CPUPer1000S: map[string]float64{}, MemoryMiB: map[string]float64{},
		PerPayment: perPayment{
			Appends: float64(after.appends-before.appends) / n, Events: float64(after.events-before.events) / n,
			Timers: float64(after.timers-before.timers) / n, Calls: float64(after.calls-before.calls) / n,
			DiskBytes: float64(after.disk-before.disk) / n, RedisByName: map[string]float64{},
		},
	}
	for name, took := range used.by {
		r.CPUPer1000S[name] = took.Seconds() / n * 1000
	}
	for name, total := range after.redis {
		if grown := total - before.redis[name]; grown > 0 {
			r.PerPayment.RedisByName[name] = float64(grown) / n
			r.PerPayment.RedisCommands += float64(grown) / n
		}
	}
	return r
}

func ms(d time.Duration) float64 { return float64(d.Microseconds()) / 1000 }

// compare relates what was achieved to the lower bound.
func (r *report) compare() {
	b := &r.Bound
	b.SandboxPaymentsPerS = b.CallsPerS / callsOfPayment
	b.JournalPaymentsPerS = b.AppendsPerS / r.PerPayment.Appends
	b.Reached = r.PaymentsPerS / min(b.SandboxPaymentsPerS, b.JournalPaymentsPerS)
}

// print writes the table.
func (r *report) print(out io.Writer) error {
	_, _ = fmt.Fprintf(out, "\n%s\n", r.Setup)
	b, p := r.Bound, r.PerPayment
	return table(out, [][]string{
		{"payments/s", f0(r.PaymentsPerS), fmt.Sprintf("%.0f%% of the lower bound", 100*b.Reached)},
		{"bound: sandbox", f0(b.SandboxPaymentsPerS), fmt.Sprintf("%.0f calls/s ÷ %d", b.CallsPerS, callsOfPayment)},
		{"bound: journal", f0(b.JournalPaymentsPerS), fmt.Sprintf("%.0f appends/s ÷ %.2f", b.AppendsPerS, p.Appends)},
		{"publish → completed, ms", fmt.Sprintf("%.1f", r.P50MS), fmt.Sprintf("p50; p99 %.1f, max %.1f", r.P99MS, r.MaxMS)},
		{"of it record → event, ms", fmt.Sprintf("%.1f", r.LagP50MS), fmt.Sprintf("p50; p99 %.1f", r.LagP99MS)},
		{"CPU s per 1,000", fmt.Sprintf("%.2f", r.CPUPer1000S[theWorker]+r.CPUPer1000S[theNATS]),
			"worker + nats; " + byName(r.CPUPer1000S, "%s %.2f")},
		{"memory, MiB", f0(r.MemoryMiB[theWorker]), byName(r.MemoryMiB, "%s %.0f")},
		{"bytes on disk", f0(p.DiskBytes), "per payment"},
		{"per payment", fmt.Sprintf("%.2f", p.Appends), fmt.Sprintf(
			"journal appends, %.2f Redis commands, %.2f calls, %.2f events, %.2f timers",
			p.RedisCommands, p.Calls, p.Events, p.Timers)},
		{"took, s", fmt.Sprintf("%.1f", r.TookS), fmt.Sprintf(
			"%d debits; other programs kept %.1f CPUs busy meanwhile", r.Debits, r.OthersCPUs)},
	})
}

func f0(v float64) string { return fmt.Sprintf("%.0f", v) }

// byName lists values by process.
func byName(values map[string]float64, format string) string {
	var parts []string
	for _, name := range names() {
		if v, ok := values[name]; ok {
			parts = append(parts, fmt.Sprintf(format, name, v))
		}
	}
	return strings.Join(parts, ", ")
}

// table writes rows with their columns in line.
func table(out io.Writer, rows [][]string) error {
	w := tabwriter.NewWriter(out, 0, 0, 3, ' ', 0)
	for _, row := range rows {
		_, _ = fmt.Fprintln(w, "  "+strings.Join(row, "\t"))
	}
	return w.Flush()
}
