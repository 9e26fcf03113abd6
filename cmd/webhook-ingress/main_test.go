package main

import (
	"bufio"
	"encoding/base64"
	"encoding/json"
	"io"
	"net/http"
	"os"
	"os/exec"
	"strings"
	"syscall"
	"testing"
	"time"

	"github.com/nats-io/nats.go/jetstream"

	"tolov/internal/embedded"
	"tolov/internal/events"
	"tolov/internal/telemetry"
)

// asProgram makes this test binary the program itself.
const asProgram = "INGRESS_TEST_AS_PROGRAM"

const patience = 20 * time.Second // SIGTERM to exit, says the contract

func TestMain(m *testing.M) {
	if os.Getenv(asProgram) != "" {
		main()
		return
	}
	os.Exit(m.Run())
}

// process is a run of the program, as a process of its own.
type process struct {
	t     *testing.T
	cmd   *exec.Cmd
	lines chan map[string]any
	all   []map[string]any
}

func start(t *testing.T, environ ...string) *process {
	t.Helper()
	p := &process{t: t, cmd: exec.Command(os.Args[0]), lines: make(chan map[string]any, 1000)}
	p.cmd.Env = append([]string{
		asProgram + "=1", "HTTP_ADDR=127.0.0.1:0", "ADMIN_ADDR=127.0.0.1:0", "LOG_FORMAT=json",
		"UZUM_LOGIN=bank", "UZUM_PASSWORD=canary-password", "UZUM_SERVICE_ID=101202",
	}, environ...)
	p.cmd.Stderr = os.Stderr
	out, err := p.cmd.StdoutPipe()
	if err != nil {
		t.Fatal(err)
	}
	if err := p.cmd.Start(); err != nil {
		t.Fatal(err)
	}
	t.Cleanup(func() { _ = p.cmd.Process.Kill() })
	go func() {
		defer close(p.lines)
		for said := bufio.NewScanner(out); said.Scan(); {
			line := map[string]any{}
			if json.Unmarshal(said.Bytes(), &line) != nil {
				line["msg"] = said.Text()
			}
			p.lines <- line
		}
	}()
	return p
}

// said waits for a line and gives one of its attributes.
func (p *process) said(msg, attribute string) string {
	p.t.Helper()
	late := time.After(patience)
	for {
		for _, line := range p.all {
			if line["msg"] == msg {
				text, _ := line[attribute].(string)
				return text
			}
		}
		select {
		case line, running := <-p.lines:
			if !running {
				p.t.Fatalf("ended before it said %q: %v", msg, p.all)
			}
			p.all = append(p.all, line)
		case <-late:
			p.t.Fatalf("never said %q: %v", msg, p.all)
		}
	}
}

// end sends SIGTERM and wants exit code 0 in time.
func (p *process) end() {
	p.t.Helper()
	if err := p.cmd.Process.Signal(syscall.SIGTERM); err != nil {
		p.t.Fatal(err)
	}
	late := time.AfterFunc(patience, func() { _ = p.cmd.Process.Kill() })
	defer late.Stop()
	for line := range p.lines {
		p.all = append(p.all, line)
	}
	if err := p.cmd.Wait(); err != nil {
		p.t.Errorf("after SIGTERM: %v\n%v", err, p.all)
	}
	for _, line := range p.all {
		text, err := json.Marshal(line)
		if err != nil || strings.Contains(string(text), "canary-password") {
			p.t.Errorf("a password in the log: %s, %v", text, err)
		}
	}
}

func (p *process) get(path string) int {
	p.t.Helper()
	answer, err := (&http.Client{}).Get("http://" + p.said("admin address", "addr") + path)
	if err != nil {
		p.t.Fatal(err)
	}
	defer func() { _ = answer.Body.Close() }()
	return answer.StatusCode
}

func (p *process) post(op, body string) (int, string) {
	p.t.Helper()
	r, err := http.NewRequest(http.MethodPost, "http://"+p.said("ingress address", "addr")+"/uzum/"+op,
		strings.NewReader(body))
	if err != nil {
		p.t.Fatal(err)
	}
	r.Header.Set("Content-Type", "application/json")
	r.Header.Set("Authorization", "Basic "+base64.StdEncoding.EncodeToString([]byte("bank:canary-password")))
	answer, err := (&http.Client{}).Do(r)
	if err != nil {
		p.t.Fatal(err)
	}
	defer func() { _ = answer.Body.Close() }()
	text, err := io.ReadAll(answer.Body)
	if err != nil {
		p.t.Fatal(err)
	}
	return answer.StatusCode, string(text)
}

// server is the NATS of an embedded worker, with its streams once they are wanted.
func server(t *testing.T) (listen string, streams func()) {
	t.Helper()
	log, err := telemetry.NewLogger(io.Discard, "error", "json")
	if err != nil {
		t.Fatal(err)
	}
	s, err := embedded.StartNATS(embedded.NATSOptions{DataDir: t.TempDir(), Listen: "127.0.0.1:0", Log: log})
	if err != nil {
		t.Fatal(err)
	}
	t.Cleanup(func() { _ = s.Stop() })
	return strings.TrimPrefix(s.URL(), "nats://"), func() {
		nc, err := s.Connect()
		if err != nil {
			t.Fatal(err)
		}
		defer nc.Close()
		js, err := jetstream.New(nc)
		if err != nil {
			t.Fatal(err)
		}
		if err := (events.Layout{Shards: 4}).Ensure(t.Context(), js); err != nil {
			t.Fatal(err)
		}
	}
}

const createBody = `{"serviceId":101202,"timestamp":1,"transId":"5c398d7e-76b6-11ee-96da-f3a095c6289d",` +
	`"params":{"account":1},"amount":5}`

// The program's life: it waits for the streams, answers, survives its own end and ends as the contract says. Without
// NATS_URL it stands beside an embedded worker.
func TestTheProgramWaitsAnswersAndEnds(t *testing.T) {
	listen, streams := server(t)
	p := start(t, "NATS_LISTEN="+listen)
	p.said("waiting for the streams", "")
	if got := p.get("/readyz"); got != http.StatusServiceUnavailable {
		t.Errorf("readyz is %d without streams", got)
	}
	if got := p.get("/healthz"); got != http.StatusOK {
		t.Errorf("healthz is %d", got)
	}
	if status, _ := p.post("create", createBody); status != http.StatusInternalServerError {
		t.Errorf("create without streams is %d", status)
	}
	streams()
	p.said("ingress is ready", "")
	if got := p.get("/readyz"); got != http.StatusOK {
		t.Errorf("readyz is %d", got)
	}
	status, first := p.post("create", createBody)
	if status != http.StatusOK {
		t.Errorf("create is %d %s", status, first)
	}
	p.end()
	after := start(t, "NATS_URL=nats://"+listen, "BILLING=accept")
	after.said("ingress is ready", "")
	if _, again := after.post("create", createBody); again != first {
		t.Errorf("another process answers %s, and the first said %s", again, first)
	}
	after.end()
}

func TestWithoutNATSItWaitsAndEndsWhenTold(t *testing.T) {
	p := start(t, "NATS_URL=nats://127.0.0.1:1")
	p.said("ingress address", "addr")
	if got := p.get("/readyz"); got != http.StatusServiceUnavailable {
		t.Errorf("readyz is %d", got)
	}
	p.end()
}

func TestFaultsOfTheSettingsEndTheStart(t *testing.T) {
	var out strings.Builder
	err := run(t.Context(), nil, []string{"UZUM_LOGIN=a", "HTTP_ADDR=x"}, &out)
	if err == nil || !strings.Contains(err.Error(), "UZUM_PASSWORD: is required") ||
		!strings.Contains(err.Error(), "HTTP_ADDR: must be") {
		t.Error(err)
	}
	if err := run(t.Context(), []string{"serve"}, nil, &out); err == nil {
		t.Error("took an argument")
	}
	if err := run(t.Context(), []string{"--version"}, nil, &out); err != nil || !strings.Contains(out.String(), "dev") {
		t.Errorf("%v, %s", err, &out)
	}
}
