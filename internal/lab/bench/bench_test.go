package main

import (
	"encoding/json"
	"os"
	"strings"
	"testing"
	"time"

	"tolov/internal/events"
	"tolov/internal/lab"
)

// One small run of everything, so that the program itself does not rot. Its figures mean nothing.
func TestASmallRunMeasuresEverything(t *testing.T) {
	if testing.Short() {
		t.Skip("it starts processes")
	}
	if _, err := lab.FindRedis(); err != nil {
		if os.Getenv("CI") == "true" {
			t.Fatal(err)
		}
		t.Skip(err)
	}
	if _, err := lab.MachineCPU(); err != nil {
		t.Skip("no /proc")
	}
	t.Parallel()
	var out, side strings.Builder
	err := run(t.Context(), []string{
		"-n", "200", "-inflight", "8", "-bound", "100ms", "-sync", "default", "-latency", "0", "-json", "-dir", t.TempDir(),
	}, &out, &side)
	if err != nil {
		t.Fatalf("%v\n%s", err, &side)
	}
	var got struct{ Runs []report }
	if err := json.Unmarshal([]byte(out.String()), &got); err != nil || len(got.Runs) != 1 {
		t.Fatalf("%v\n%s", err, &out)
	}
	r := got.Runs[0]
	if p := r.PerPayment; r.Debits != 200 || p.Calls != 3 || p.Appends < 1 || p.DiskBytes <= 0 {
		t.Errorf("%d debits, %+v", r.Debits, p)
	}
	if b := r.Bound; r.PaymentsPerS <= 0 || r.P99MS <= 0 || b.CallsPerS <= 0 || b.AppendsPerS <= 0 || b.Reached <= 0 {
		t.Errorf("%+v", r)
	}
	if err := r.print(&out); err != nil {
		t.Error(err)
	}
	t.Log(out.String())
}

// The same of the ingress: every transaction of the run is there, confirmed.
func TestASmallRunMeasuresTheIngress(t *testing.T) {
	if testing.Short() {
		t.Skip("it starts processes")
	}
	if _, err := lab.FindRedis(); err != nil {
		t.Skip(err)
	}
	if _, err := lab.MachineCPU(); err != nil {
		t.Skip("no /proc")
	}
	var out, side strings.Builder
	err := run(t.Context(), []string{
		"-ingress", "30", "-bound", "1s", "-sync", "default", "-json", "-dir", t.TempDir(),
	}, &out, &side)
	if err != nil {
		t.Fatalf("%v\n%s", err, &side)
	}
	var got []ingressReport
	if err := json.Unmarshal([]byte(out.String()), &got); err != nil || len(got) != 1 {
		t.Fatalf("%v\n%s", err, &out)
	}
	if r := got[0]; r.Requests != 30 || len(r.Ops) != 3 || r.Ops[1].P50MS <= 0 || r.Ops[1].BareP50MS <= 0 {
		t.Errorf("%+v", r)
	}
	if err := got[0].print(&out); err != nil {
		t.Error(err)
	}
	t.Log(out.String())
}

// The bare handler is this test's own program: it is started as bench is.
func TestMain(m *testing.M) {
	if len(os.Args) > 2 && os.Args[1] == "-bare" {
		main()
		return
	}
	os.Exit(m.Run())
}

func TestSlowConfigurationsGetFewerPayments(t *testing.T) {
	o, err := parse([]string{"-n", "1000"}, &strings.Builder{})
	if err != nil {
		t.Fatal(err)
	}
	var got []string
	for _, s := range o.setups() {
		got = append(got, s.String())
	}
	want := `sync default, sandbox latency 0 ms: 1000 payments, 64 in flight
sync default, sandbox latency 20 ms: 500 payments, 64 in flight
sync always, sandbox latency 0 ms: 250 payments, 64 in flight
sync always, sandbox latency 20 ms: 250 payments, 64 in flight`
	if text := strings.Join(got, "\n"); text != want {
		t.Errorf("%s", text)
	}
}

func TestWrongFlagsAreRefused(t *testing.T) {
	for _, args := range [][]string{
		{"-n", "0"}, {"-inflight", "0"}, {"-bound", "0s"}, {"-soak", "-1"}, {"-sync", "never"}, {"-latency", "long"},
		{"more"},
	} {
		if _, err := parse(args, &strings.Builder{}); err == nil {
			t.Errorf("took %v", args)
		}
	}
}

func TestPercentilesAreThoseOfTheOrder(t *testing.T) {
	var values []time.Duration
	for i := range 101 {
		values = append(values, time.Duration(i))
	}
	for _, p := range []int{0, 50, 99, 100} {
		if got := percentile(values, p); got != time.Duration(p) {
			t.Errorf("p%d is %d", p, got)
		}
	}
	if percentile(nil, 50) != 0 {
		t.Error("nothing has a percentile")
	}
}

// The load finds its payment in an event without decoding it, and takes no other's.
func TestThePaymentIsFoundInItsEvent(t *testing.T) {
	prefix := []byte("b2-")
	const event = `{"id":"pay_a.2","data":{"payment":{"id":"pay_a","ext_id":"b2-17",` +
		`"metadata":{"a":"\"ext_id\":\"b2-9\""}}}}`
	if i, err := number([]byte(event), prefix); err != nil || i != 17 {
		t.Errorf("%d, %v", i, err)
	}
	for _, other := range []string{``, `{"ext_id":"b1-17"}`, `{"ext_id":"b2-x"}`, `{"ext_id":"b2-17`, `{"ext_id":5}`} {
		if i, err := number([]byte(other), prefix); err == nil {
			t.Errorf("%s is payment %d", other, i)
		}
	}
}

func TestACommandIsOneThatAWorkerTakes(t *testing.T) {
	body := command([]byte("b1-"), 42)
	if !json.Valid(body) || !strings.Contains(string(body), `"ext_id":"b1-42"`) || events.PaymentOf(body) == "" {
		t.Errorf("%s", body)
	}
}
