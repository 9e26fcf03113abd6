package main

import (
	"bytes"
	"context"
	"encoding/json"
	"io"
	"net"
	"net/http"
	"strings"
	"sync"
	"testing"
	"time"

	"github.com/nats-io/nats.go"
)

const patience = 20 * time.Second // SIGTERM to exit, says the contract

// output keeps the log lines of a run and lets tests wait for one.
type output struct {
	mu    sync.Mutex
	rest  []byte
	lines []map[string]any
	more  chan struct{} // closed when there is a new line
}

func newOutput() *output { return &output{more: make(chan struct{})} }

func (o *output) Write(b []byte) (int, error) {
	o.mu.Lock()
	defer o.mu.Unlock()
	o.rest = append(o.rest, b...)
	for {
		line, rest, whole := bytes.Cut(o.rest, []byte("\n"))
		if !whole {
			return len(b), nil
		}
		o.rest = rest
		said := map[string]any{}
		if json.Unmarshal(line, &said) != nil {
			said["msg"] = string(line)
		}
		o.lines = append(o.lines, said)
		close(o.more)
		o.more = make(chan struct{})
	}
}

// find gives the first line with an attribute, or what is closed when there are more lines.
func (o *output) find(attribute, value string) (said map[string]any, more chan struct{}) {
	o.mu.Lock()
	defer o.mu.Unlock()
	for _, said := range o.lines {
		if said[attribute] == value {
			return said, nil
		}
	}
	return nil, o.more
}

// program is a run of the worker in embedded mode.
type program struct {
	t     *testing.T
	out   *output
	stop  context.CancelFunc
	ended chan error
}

func embeddedIn(dir string) []string {
	return []string{"DATA_DIR=" + dir, "NATS_LISTEN=127.0.0.1:0", "ADMIN_ADDR=127.0.0.1:0"}
}

func start(t *testing.T, environ ...string) *program {
	t.Helper()
	ctx, stop := context.WithCancel(context.Background())
	p := &program{t: t, out: newOutput(), stop: stop, ended: make(chan error, 1)}
	go func() { p.ended <- run(ctx, nil, environ, p.out) }()
	t.Cleanup(stop)
	return p
}

// said waits for a line and gives one of its attributes.
func (p *program) said(msg, attribute string) string {
	p.t.Helper()
	text, _ := p.line("msg", msg)[attribute].(string)
	return text
}

// line waits for a line with an attribute.
func (p *program) line(attribute, value string) map[string]any {
	p.t.Helper()
	late := time.After(patience)
	for {
		said, more := p.out.find(attribute, value)
		if said != nil {
			return said
		}
		select {
		case <-more:
		case err := <-p.ended:
			p.t.Fatalf("ended before %s %q: %v", attribute, value, err)
		case <-late:
			p.t.Fatalf("never said %s %q", attribute, value)
		}
	}
}

// end tells the program to end, as SIGTERM does, and gives what it ended with.
func (p *program) end() error {
	p.t.Helper()
	p.stop()
	select {
	case err := <-p.ended:
		return err
	case <-time.After(patience):
		p.t.Fatal("still running")
		return nil
	}
}

func (p *program) page(path string) string {
	p.t.Helper()
	reply, err := (&http.Client{}).Get("http://" + p.said("admin address", "addr") + path)
	if err != nil {
		p.t.Fatal(err)
	}
	defer func() { _ = reply.Body.Close() }()
	text, err := io.ReadAll(reply.Body)
	if err != nil {
		p.t.Fatal(err)
	}
	return string(text)
}

// client is a service that knows the contract and nothing else.
func (p *program) client() *nats.Conn {
	p.t.Helper()
	p.said("worker is ready", "")
	nc, err := nats.Connect(p.said("embedded NATS", "url"))
	if err != nil {
		p.t.Fatal(err)
	}
	p.t.Cleanup(nc.Close)
	return nc
}

type event struct {
	Type string `json:"type"`
	Data struct {
		Payment paymentView `json:"payment"`
	} `json:"data"`
}

type paymentView struct {
	ExtID   string `json:"ext_id"`
	Status  string `json:"status"`
	Charged int    `json:"amount_charged"`
}

// await gives the next event of a type.
func await(t *testing.T, events *nats.Subscription, kind string) event {
	t.Helper()
	ctx, cancel := context.WithTimeout(t.Context(), patience)
	defer cancel()
	for {
		m, err := events.NextMsgWithContext(ctx)
		if err != nil {
			t.Fatalf("no event %s: %v", kind, err)
		}
		var e event
		if err := json.Unmarshal(m.Data, &e); err != nil {
			t.Fatal(err)
		}
		if e.Type == kind {
			return e
		}
	}
}

// A plain NATS client publishes a command and hears of the outcome; the payment outlives the program.
func TestPaymentOfAPlainClientCompletesAndOutlivesTheProgram(t *testing.T) {
	dir := t.TempDir()
	p := start(t, embeddedIn(dir)...)
	nc := p.client()
	events, err := nc.SubscribeSync("payments.events.>")
	if err != nil {
		t.Fatal(err)
	}
	if err := nc.Publish("payments.commands.pay", []byte(
		`{"ext_id":"order-1","provider":"atmos","amount":5000000,"account":"12345","card":{"token":"tok"}}`)); err != nil {
		t.Fatal(err)
	}
	done := await(t, events, "tolov.payment.completed.v1").Data.Payment
	if want := (paymentView{"order-1", "completed", 5_000_000}); done != want {
		t.Errorf("completed as %+v", done)
	}
	if got := p.page("/readyz"); got != "ready\n" {
		t.Errorf("readyz says %q", got)
	}
	if got := p.page("/sandbox/ledger"); strings.Count(got, `"amount":5000000`) != 1 {
		t.Errorf("the ledger says %s", got)
	}
	if got := p.page("/metrics"); !strings.Contains(got, `tolov_payments_total{`) {
		t.Errorf("no payments among the metrics")
	}
	if err := p.end(); err != nil {
		t.Errorf("ended with %v", err)
	}

	again := start(t, embeddedIn(dir)...)
	reply, err := again.client().Request("payments.query.get", []byte(`{"ext_id":"order-1"}`), patience)
	if err != nil {
		t.Fatal(err)
	}
	var kept paymentView
	if err := json.Unmarshal(reply.Data, &kept); err != nil || kept != done {
		t.Errorf("after a restart %+v, %v", kept, err)
	}
	if err := again.end(); err != nil {
		t.Errorf("ended with %v", err)
	}
}

// H71: a provider that never answers does not keep the program up.
func TestProgramEndsWithinItsBoundsWhileAProviderIsSilent(t *testing.T) {
	p := start(t, append(embeddedIn(t.TempDir()), "PROVIDER_TIMEOUT_S=2")...)
	nc := p.client()
	events, err := nc.SubscribeSync("payments.events.>")
	if err != nil {
		t.Fatal(err)
	}
	if err := nc.Publish("payments.commands.pay", []byte(
		`{"ext_id":"order-1","provider":"atmos","amount":1,"account":"1","card":{"token":"silent"}}`)); err != nil {
		t.Fatal(err)
	}
	await(t, events, "tolov.payment.accepted.v1")
	if err := p.end(); err != nil {
		t.Errorf("ended with %v", err)
	}
}

func TestWrongSettingsAreToldAtOnce(t *testing.T) {
	err := run(t.Context(), nil, []string{
		"LOG_LEVEL=loud", "NATS_REPLICAS=9", "KEYS_FILE=/nowhere", "ATMOS_BASE_URL=nowhere", "NATS_LISTEN=x",
	}, io.Discard)
	for _, name := range []string{
		"LOG_LEVEL", "NATS_REPLICAS", "KEYS_FILE", "ATMOS_BASE_URL", "ATMOS_CONSUMER_KEY", "ATMOS_STORE_ID", "NATS_LISTEN",
	} {
		if err == nil || !strings.Contains(err.Error(), name+":") {
			t.Errorf("%s is not told in %v", name, err)
		}
	}
}

func TestStartThatCannotBeIsAnError(t *testing.T) {
	taken, err := net.Listen("tcp", "127.0.0.1:0")
	if err != nil {
		t.Fatal(err)
	}
	defer func() { _ = taken.Close() }()
	addr := taken.Addr().String()
	for want, setting := range map[string]string{
		"NATS_LISTEN " + addr: "NATS_LISTEN=" + addr, "ADMIN_ADDR: ": "ADMIN_ADDR=" + addr,
		"NATS_URL: ": "NATS_URL=nats://127.0.0.1:1", "REDIS_URL: ": "REDIS_URL=redis://127.0.0.1:6379/nought",
	} {
		environ := append(embeddedIn(t.TempDir()), "ATMOS_BASE_URL=http://127.0.0.1:1", "ATMOS_CONSUMER_KEY=k",
			"ATMOS_CONSUMER_SECRET=s", "ATMOS_STORE_ID=1", setting)
		if err := run(t.Context(), nil, environ, io.Discard); err == nil || !strings.Contains(err.Error(), want) {
			t.Errorf("%s: %v", setting, err)
		}
	}
}

func TestEndDuringTheStartIsNoError(t *testing.T) {
	ctx, stop := context.WithCancel(t.Context())
	stop()
	if err := run(ctx, nil, embeddedIn(t.TempDir()), io.Discard); err != nil {
		t.Errorf("told to end, ended with %v", err)
	}
}

func TestVersionIsToldAndArgumentsAreRefused(t *testing.T) {
	var out bytes.Buffer
	err := run(t.Context(), []string{"--version"}, nil, &out)
	if err != nil || !strings.HasPrefix(out.String(), "tolov worker dev (commit ") {
		t.Errorf("%q, %v", out.String(), err)
	}
	if err := run(t.Context(), []string{"--port=1"}, nil, &out); err == nil || !strings.Contains(err.Error(), "--port=1") {
		t.Errorf("%v", err)
	}
}
