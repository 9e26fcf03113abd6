package main

import (
	"bytes"
	"log/slog"
	"net"
	"net/http"
	"net/http/httptest"
	"strings"
	"sync/atomic"
	"testing"
)

// pay makes a payment, and waits until it is completed.
func (p *program) pay() {
	p.t.Helper()
	nc := p.client()
	events, err := nc.SubscribeSync("payments.events.>")
	if err != nil {
		p.t.Fatal(err)
	}
	if err := nc.Publish("payments.commands.pay", []byte(
		`{"ext_id":"order-1","provider":"atmos","amount":1,"account":"1","card":{"token":"tok"}}`)); err != nil {
		p.t.Fatal(err)
	}
	await(p.t, events, "tolov.payment.completed.v1")
}

// The environment that run is given decides whether spans leave; that of the process does not.
func TestSpansLeaveWhenTheGivenEnvironmentSaysSo(t *testing.T) {
	var exports atomic.Int64
	collector := httptest.NewServer(http.HandlerFunc(func(http.ResponseWriter, *http.Request) { exports.Add(1) }))
	defer collector.Close()
	const endpoint = "OTEL_EXPORTER_OTLP_ENDPOINT"
	t.Setenv(endpoint, collector.URL) // where the exporter itself looks
	for _, v := range []struct {
		given []string
		leave bool
	}{
		{nil, false},
		{[]string{endpoint + "=" + collector.URL, "OTEL_TRACES_EXPORTER=none"}, false},
		{[]string{"OTEL_TRACES_EXPORTER=none", endpoint + "=" + collector.URL, "OTEL_TRACES_EXPORTER=otlp"}, true},
	} {
		exports.Store(0)
		p := start(t, append(embeddedIn(t.TempDir()), v.given...)...)
		p.pay()
		if err := p.end(); err != nil {
			t.Error(err)
		}
		if n := exports.Load(); (n > 0) != v.leave {
			t.Errorf("%v: %d exports", v.given, n)
		}
	}
}

// H73: what go-redis says of itself is a line of our log like any other, and repeats no password.
func TestRedisThatIsAwayIsAWarningWithoutItsPassword(t *testing.T) {
	const password = "s3cr3t"
	p := start(t, append(embeddedIn(t.TempDir()), "REDIS_URL=redis://user:"+password+"@127.0.0.1:1")...)
	p.pay()
	line := p.line("from", "go-redis")
	text, _ := line["msg"].(string)
	if line["level"] != "WARN" || !strings.Contains(text, "connection refused") {
		t.Errorf("logged %v", line)
	}
	if err := p.end(); err != nil {
		t.Error(err)
	}
	p.out.mu.Lock()
	defer p.out.mu.Unlock()
	for _, line := range p.out.lines {
		for name, value := range line {
			if said, _ := value.(string); strings.Contains(said, password) {
				t.Errorf("%s is %q", name, said)
			}
		}
	}
}

func TestRedisLogHidesPasswordsAndKnowsNewsFromFaults(t *testing.T) {
	for _, v := range []struct{ format, arg, want string }{
		{"redis: dial %s failed", "redis://u:p@w@host:1", `level=WARN msg="dial redis://***@host:1 failed"`},
		{"sentinel: asking %s failed", "rediss://:pw@h", `level=WARN msg="sentinel: asking rediss://***@h failed"`},
		{"sentinel: new master=%s", "10.0.0.7:6379", `level=INFO msg="sentinel: new master=10.0.0.7:6379"`},
	} {
		var out bytes.Buffer
		redisLog{slog.New(slog.NewTextHandler(&out, nil))}.Printf(t.Context(), v.format, v.arg)
		if got := strings.TrimSpace(out.String()); !strings.HasSuffix(got, v.want+" from=go-redis") {
			t.Errorf("%s, want %s", got, v.want)
		}
	}
}

// wantStatus asks a path of a host, at the port that the program's admin address has.
func (p *program) wantStatus(host, path string, want int) {
	p.t.Helper()
	_, port, err := net.SplitHostPort(p.said("admin address", "addr"))
	if err != nil {
		p.t.Fatal(err)
	}
	reply, err := (&http.Client{}).Get("http://" + net.JoinHostPort(host, port) + path)
	if err != nil {
		p.t.Fatal(err)
	}
	_ = reply.Body.Close()
	if reply.StatusCode != want {
		p.t.Errorf("%s of %s is %d, want %d", path, host, reply.StatusCode, want)
	}
}

// outside is an address of this machine that others can reach.
func outside(t *testing.T) string {
	t.Helper()
	addrs, err := net.InterfaceAddrs()
	if err != nil {
		t.Fatal(err)
	}
	for _, addr := range addrs {
		if at, ok := addr.(*net.IPNet); ok && at.IP.To4() != nil && at.IP.IsGlobalUnicast() {
			return at.IP.String()
		}
	}
	t.Skip("this machine has no address but loopback")
	return ""
}

// The embedded sandbox takes faults from anybody who reaches it. By default that is this machine.
func TestSandboxIsForItsOwnMachineUnlessAHostIsNamed(t *testing.T) {
	elsewhere := outside(t)
	for admin, ledger := range map[string]int{
		":0": http.StatusForbidden, "0.0.0.0:0": http.StatusOK, elsewhere + ":0": http.StatusOK,
	} {
		t.Run(admin, func(t *testing.T) {
			t.Parallel()
			p := start(t, append(embeddedIn(t.TempDir()), "ADMIN_ADDR="+admin)...)
			p.pay() // the worker itself reaches it, wherever it is
			p.wantStatus(elsewhere, "/sandbox/ledger", ledger)
			p.wantStatus(elsewhere, "/healthz", http.StatusOK)
			if !strings.HasPrefix(admin, elsewhere) {
				p.wantStatus("127.0.0.1", "/sandbox/ledger", http.StatusOK)
			}
			if err := p.end(); err != nil {
				t.Error(err)
			}
		})
	}
}
