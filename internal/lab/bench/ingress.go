package main

import (
	"bytes"
	"context"
	"crypto/rand"
	"encoding/base64"
	"encoding/hex"
	"errors"
	"fmt"
	"io"
	"net/http"
	"os"
	"slices"
	"time"

	"github.com/nats-io/nats.go"
	"golang.org/x/sync/errgroup"

	"tolov/internal/events"
	"tolov/internal/lab"
)

const (
	ingressWarmUp = 2 * time.Second
	opGap         = 500 * time.Millisecond // between the calls of one transaction, as the bank debits in between
	callWait      = 10 * time.Second
	idleAtMost    = 20 * time.Second // less than the server, which must not be the one to hang up
)

// ingressOps are the calls of a transaction, in their order.
func ingressOps() []string { return []string{"check", "create", "confirm"} }

// ingressReport is what was measured of the ingress, beside the bare handler.
type ingressReport struct {
	Machine  machine         `json:"machine"`
	Sync     string          `json:"sync"`
	PerS     int             `json:"requests_per_s"`
	TookS    float64         `json:"took_s"`
	Requests int             `json:"requests"`
	Ops      []ingressTiming `json:"ops"`
	CPUs     float64         `json:"cpus"`        // that the ingress kept busy
	Others   float64         `json:"others_cpus"` // that programs which are none of ours kept busy meanwhile
}

// ingressTiming is one operation: from when it was due to its whole answer.
type ingressTiming struct {
	Op        string  `json:"op"`
	P50MS     float64 `json:"p50_ms"`
	P99MS     float64 `json:"p99_ms"`
	MaxMS     float64 `json:"max_ms"`
	BareP50MS float64 `json:"bare_p50_ms"`
	BareP99MS float64 `json:"bare_p99_ms"`
	RatioP50  float64 `json:"ratio_p50"`
	RatioP99  float64 `json:"ratio_p99"`
}

// ingressTest measures check, create and confirm at a steady rate, for each way to sync, and the bare handler at the
// same rate in the same run.
func (b *bench) ingressTest(ctx context.Context) error {
	b.tell("%s\n", b.machine)
	var all []*ingressReport
	for _, sync := range b.syncs {
		r, err := b.ingressUnder(ctx, sync)
		if err != nil {
			return fmt.Errorf("sync %s: %w", sync, err)
		}
		all = append(all, r)
		if !b.json {
			if err := r.print(b.out); err != nil {
				return err
			}
		}
	}
	if b.json {
		return b.printJSON(all)
	}
	return nil
}

func (b *bench) ingressUnder(ctx context.Context, sync string) (*ingressReport, error) {
	rig, leave, err := b.build(ctx, setup{Sync: sync, InFlight: 1})
	defer leave()
	if err != nil {
		return nil, err
	}
	asked, err := rig.nc.Subscribe(events.SubjectBillingCheck, func(m *nats.Msg) {
		_ = m.Respond([]byte(`{"ok":true,"data":{"fio":{"value":"Ivanov Ivan Ivanovich"}}}`)) // unanswered shows as 500
	})
	if err != nil {
		return nil, err
	}
	defer func() { _ = asked.Unsubscribe() }()
	ingress, err := rig.servers.Ingress("ingress", append([]string{"BILLING=nats"}, b.settings...)...)
	if err != nil {
		return nil, err
	}
	self, err := os.Executable()
	if err != nil {
		return nil, err
	}
	handler, err := rig.servers.Another("bare", self, "-bare")
	if err != nil {
		return nil, err
	}
	for _, server := range []*lab.Server{&ingress, &handler} {
		if server.Process, err = server.Boot(ctx); err != nil {
			return nil, err
		}
	}
	return b.ingressMeasure(ctx, rig, ingress, handler)
}

func (b *bench) ingressMeasure(ctx context.Context, rig *rig, ingress, handler lab.Server) (*ingressReport, error) {
	r := &ingressReport{Machine: b.machine, Sync: rig.Sync, PerS: b.perS}
	var took [2]map[string][]time.Duration
	for i, server := range []lab.Server{handler, ingress} {
		d := &drive{url: server.URL, perS: b.perS, client: &http.Client{Timeout: callWait, Transport: &http.Transport{
			MaxIdleConnsPerHost: 1024, IdleConnTimeout: idleAtMost,
		}}}
		b.tell("sync %s: %s\n", rig.Sync, server.Name)
		if _, err := d.run(ctx, ingressWarmUp); err != nil {
			return nil, err
		}
		var err error
		if took[i], err = d.watched(ctx, rig, server, b.bound, r); err != nil {
			return nil, err
		}
		d.client.CloseIdleConnections()
	}
	for _, op := range ingressOps() {
		r.Requests += len(took[1][op])
		r.Ops = append(r.Ops, timing(op, took[0][op], took[1][op]))
	}
	return r, nil
}

// watched runs, and notes what processor time the server and everybody else used meanwhile.
func (d *drive) watched(
	ctx context.Context, rig *rig, server lab.Server, during time.Duration, r *ingressReport,
) (map[string][]time.Duration, error) {
	before, err1 := rig.usage()
	own, err2 := server.CPU()
	took, err3 := d.run(ctx, during)
	if err3 != nil {
		return nil, errors.Join(err3, fate(server))
	}
	after, err4 := rig.usage()
	ownAfter, err5 := server.CPU()
	r.TookS = after.at.Sub(before.at).Seconds()
	r.CPUs = (ownAfter - own).Seconds() / r.TookS
	r.Others = max(r.Others, after.since(before).others-r.CPUs)
	return took, errors.Join(err1, err2, err3, err4, err5)
}

// fate tells whether the server was gone when a call failed, or has only closed its connection.
func fate(server lab.Server) error {
	select {
	case <-server.Ended():
		return fmt.Errorf("%s had ended: %w", server.Name, server.Err())
	case <-time.After(time.Second):
		return fmt.Errorf("%s was alive", server.Name)
	}
}

func timing(op string, bare, ours []time.Duration) ingressTiming {
	slices.Sort(bare)
	slices.Sort(ours)
	t := ingressTiming{
		Op: op, P50MS: ms(percentile(ours, 50)), P99MS: ms(percentile(ours, 99)), MaxMS: ms(percentile(ours, 100)),
		BareP50MS: ms(percentile(bare, 50)), BareP99MS: ms(percentile(bare, 99)),
	}
	t.RatioP50, t.RatioP99 = t.P50MS/t.BareP50MS, t.P99MS/t.BareP99MS
	return t
}

// print writes the table.
func (r *ingressReport) print(out io.Writer) error {
	_, _ = fmt.Fprintf(out, "\nsync %s: %d requests/s, %d requests in %.0f s; CPUs busy: the ingress %.2f, others %.1f\n",
		r.Sync, r.PerS, r.Requests, r.TookS, r.CPUs, r.Others)
	rows := [][]string{{"", "p50 ms", "p99 ms", "max ms", "bare p50", "bare p99", "ratio p50", "ratio p99"}}
	for _, t := range r.Ops {
		row := []string{t.Op}
		for _, v := range []float64{t.P50MS, t.P99MS, t.MaxMS, t.BareP50MS, t.BareP99MS} {
			row = append(row, fmt.Sprintf("%.2f", v))
		}
		rows = append(rows, append(row, fmt.Sprintf("%.1f", t.RatioP50), fmt.Sprintf("%.1f", t.RatioP99)))
	}
	return table(out, rows)
}

// drive calls as the bank does, at a steady rate. A call that cannot leave when it is due is late, and that counts.
type drive struct {
	url    string
	perS   int
	client *http.Client
}

// run gives how long every call took, by operation.
func (d *drive) run(ctx context.Context, during time.Duration) (map[string][]time.Duration, error) {
	ops := ingressOps()
	every := time.Second * time.Duration(len(ops)) / time.Duration(d.perS)
	n := max(int(during/every), 1)
	took := map[string][]time.Duration{}
	for _, op := range ops {
		took[op] = make([]time.Duration, n)
	}
	series := make([]byte, 8)
	if _, err := rand.Read(series); err != nil {
		return nil, err
	}
	group, ctx := errgroup.WithContext(ctx)
	start := time.Now()
	for i := range n {
		due := start.Add(time.Duration(i) * every)
		if err := until(ctx, due); err != nil {
			break
		}
		group.Go(func() error { return d.transaction(ctx, hex.EncodeToString(series), i, due, took) })
	}
	return took, group.Wait()
}

// transaction makes the calls of the i-th transaction, each at its time.
func (d *drive) transaction(
	ctx context.Context, series string, i int, due time.Time, took map[string][]time.Duration,
) error {
	id := fmt.Sprintf("%s-%s-%s-%s-%012d", series[:8], series[8:12], series[12:16], "8000", i)
	for _, op := range ingressOps() {
		if err := until(ctx, due); err != nil {
			return err
		}
		if err := d.call(ctx, op, id); err != nil {
			return err
		}
		took[op][i] = time.Since(due)
		due = due.Add(opGap)
	}
	return nil
}

func until(ctx context.Context, due time.Time) error {
	select {
	case <-time.After(time.Until(due)):
		return nil
	case <-ctx.Done():
		return ctx.Err()
	}
}

func (d *drive) call(ctx context.Context, op, id string) error {
	body := fmt.Sprintf(`{"serviceId":%d,"timestamp":%d,"transId":%q,"params":{"account":123456789},"amount":2500000,`+
		`"paymentSource":"UZCARD","phone":"998901234567"}`, lab.UzumService, time.Now().UnixMilli(), id)
	r, err := http.NewRequestWithContext(ctx, http.MethodPost, d.url+"/uzum/"+op, bytes.NewReader([]byte(body)))
	if err != nil {
		return err
	}
	r.Header.Set("Content-Type", "application/json")
	r.Header.Set("Authorization",
		"Basic "+base64.StdEncoding.EncodeToString([]byte(lab.UzumLogin+":"+lab.UzumPassword)))
	answer, err := d.client.Do(r)
	if err != nil {
		return err
	}
	defer func() { _ = answer.Body.Close() }()
	text, err := io.ReadAll(answer.Body)
	if err == nil && answer.StatusCode != http.StatusOK {
		err = fmt.Errorf("%s of %s: %s %s", op, id, answer.Status, text)
	}
	return err
}
