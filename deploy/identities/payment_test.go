package identities_test

import (
	"context"
	"net/http"
	"os"
	"os/exec"
	"path/filepath"
	"strings"
	"sync"
	"syscall"
	"testing"
	"time"

	"tolov/client"
)

// programs builds ours, once.
func programs(t *testing.T) string {
	t.Helper()
	dir := t.TempDir()
	build := exec.Command("go", "build", "-o", dir+string(filepath.Separator), "./cmd/worker", "./cmd/webhook-ingress",
		"./cmd/sandbox", "./cmd/payctl")
	build.Dir = "../.."
	if out, err := build.CombinedOutput(); err != nil {
		t.Fatalf("%v: %s", err, out)
	}
	return dir
}

// output keeps what a program says, and tells when it says something that is waited for.
type output struct {
	mu    sync.Mutex
	text  strings.Builder
	want  string
	heard chan struct{}
}

func (o *output) Write(b []byte) (int, error) {
	o.mu.Lock()
	defer o.mu.Unlock()
	o.text.Write(b)
	if o.heard != nil && strings.Contains(o.text.String(), o.want) {
		close(o.heard)
		o.heard = nil
	}
	return len(b), nil
}

func (o *output) String() string {
	o.mu.Lock()
	defer o.mu.Unlock()
	return o.text.String()
}

// start runs a program until the test ends, and waits until it says want.
func start(t *testing.T, want string, environ []string, path string, args ...string) *output {
	t.Helper()
	heard := make(chan struct{})
	out := &output{want: want, heard: heard}
	cmd := exec.Command(path, args...)
	cmd.Env, cmd.Stdout, cmd.Stderr = append([]string{"LOG_FORMAT=json"}, environ...), out, out
	if err := cmd.Start(); err != nil {
		t.Fatal(err)
	}
	t.Cleanup(func() {
		_ = cmd.Process.Signal(syscall.SIGTERM)
		if err := cmd.Wait(); err != nil {
			t.Errorf("%s: %v\n%s", filepath.Base(path), err, out)
		}
	})
	select {
	case <-heard:
		return out
	case <-time.After(patience):
		t.Fatalf("%s never says %q:\n%s", filepath.Base(path), want, out)
		return nil
	}
}

// address finds host:port behind a mark in what a program said.
func address(t *testing.T, out *output, mark string) string {
	t.Helper()
	_, rest, found := strings.Cut(out.String(), mark)
	if !found {
		t.Fatalf("no %q in %s", mark, out)
	}
	return strings.TrimRight(strings.FieldsFunc(rest, func(r rune) bool { return r == '"' || r == '\n' })[0], " ")
}

// environ are the settings that every program of ours gets as files, as the Deployments mount them.
func (s *site) environ(identity string) []string {
	return []string{
		"NATS_URL=" + s.url(), "NATS_CREDS=" + s.file("nats-"+identity, "nats.seed"),
		"NATS_CA=" + s.file("nats-"+identity, "ca.crt"), "ADMIN_ADDR=127.0.0.1:0", "NATS_REPLICAS=3",
		"ATMOS_CONSUMER_KEY=k", "ATMOS_CONSUMER_SECRET=s", "ATMOS_STORE_ID=1", "ATMOS_API_KEY=api",
		"UZUM_LOGIN=uzum", "UZUM_PASSWORD=bank", "UZUM_SERVICE_ID=101202",
	}
}

// The real programs, on three servers with the configuration that is shipped: a payment with a sealed card by its
// number goes through, Uzum Bank is answered, operators ask, and NATS refuses nothing that anybody tried. So the
// permissions are enough.
func TestPaymentsGoThroughWithTheShippedIdentities(t *testing.T) {
	s, bin := openThree(t), programs(t)
	box := start(t, "sandbox listens on ", nil, filepath.Join(bin, "sandbox"), "-listen", "127.0.0.1:0")
	atmos := "ATMOS_BASE_URL=" + address(t, box, "sandbox listens on ") + "/atmos"
	worker := start(t, "worker is ready", append(s.environ("worker"), atmos,
		"KEYS_FILE="+s.file("card-keys", "keys.json")), filepath.Join(bin, "worker"))
	ingress := start(t, "ingress is ready", append(s.environ("ingress"), atmos, "BILLING=nats",
		"HTTP_ADDR=127.0.0.1:0"), filepath.Join(bin, "webhook-ingress"))

	ctx, cancel := context.WithTimeout(t.Context(), patience)
	defer cancel()
	shop, err := client.Connect(s.url(), s.options(t, "publisher")...)
	if err != nil {
		t.Fatal(err)
	}
	t.Cleanup(shop.Close)
	s.paid(ctx, t, shop)
	s.told(ctx, t)
	s.asked(t, bin)
	s.banked(ctx, t, address(t, ingress, `"ingress address","addr":"`))
	for _, out := range []*output{worker, ingress} {
		if strings.Contains(strings.ToLower(out.String()), "permissions violation") {
			t.Errorf("refused:\n%s", out)
		}
	}
}

// paid pays by a card's number, which leaves the publisher sealed.
func (s *site) paid(ctx context.Context, t *testing.T, shop *client.Client) {
	t.Helper()
	card, err := shop.Seal(ctx, client.PaymentID("", "order-1"), client.Card{Number: "8600490744313347", Expiry: "4912"})
	if err != nil {
		t.Fatal(err)
	}
	e, err := shop.Do(ctx, client.Pay{
		ExtID: "order-1", Provider: "atmos", Amount: 120_000, Account: "flat-101", Card: card,
	})
	if err != nil || e.Type != client.EventActionRequired {
		t.Fatalf("%+v, %v", e, err)
	}
	if err := shop.Publish(ctx, client.Confirm{ExtID: "order-1", CommandID: "code-1", Code: "111111"}); err != nil {
		t.Fatal(err)
	}
	if e, err = shop.Outcome(ctx, e.PaymentID); err != nil || e.Type != client.EventCompleted {
		t.Fatalf("%+v, %v", e, err)
	}
	if p, err := shop.Get(ctx, e.Payment.ID); err != nil || p.AmountCharged != 120_000 {
		t.Errorf("%+v, %v", p, err)
	}
}

// told reads the events as a subscriber does: by a durable consumer, acknowledged.
func (s *site) told(ctx context.Context, t *testing.T) {
	t.Helper()
	nc, faults := s.as(t, "subscriber")
	consume(ctx, t, nc, 3)
	select {
	case err := <-faults:
		t.Errorf("refused: %v", err)
	default:
	}
}

// asked has the operator look.
func (s *site) asked(t *testing.T, bin string) {
	t.Helper()
	for want, args := range map[string][]string{
		"completed": {"history", "order-1"}, "atmos": {"provider", "pause", "atmos", "--actor", "me", "--reason", "test"},
		"0 open": {"stuck"}, "": {"doctor", "--json"},
	} {
		ask := exec.Command(filepath.Join(bin, "payctl"), args...)
		ask.Env = append(os.Environ(), s.environ("operator")...)
		out, err := ask.CombinedOutput()
		if err != nil || !strings.Contains(string(out), want) || strings.Contains(string(out), "iolation") {
			t.Errorf("payctl %s: %v\n%s", args, err, out)
		}
	}
}

// banked has Uzum Bank ask for an account, of which the merchant's billing knows.
func (s *site) banked(ctx context.Context, t *testing.T, addr string) {
	t.Helper()
	billing, faults := s.as(t, "billing")
	answerBilling(t, billing)
	body := strings.NewReader(`{"serviceId":101202,"timestamp":` + milliseconds() + `,"params":{"account":"7"}}`)
	ask, err := http.NewRequestWithContext(ctx, http.MethodPost, "http://"+addr+"/uzum/check", body)
	if err != nil {
		t.Fatal(err)
	}
	ask.SetBasicAuth("uzum", "bank")
	ask.Header.Set("Content-Type", "application/json")
	reply, err := (&http.Client{}).Do(ask)
	if err != nil {
		t.Fatal(err)
	}
	defer func() { _ = reply.Body.Close() }()
	if text := read(t, reply.Body); reply.StatusCode != http.StatusOK || !strings.Contains(text, "Aziz") {
		t.Errorf("uzum: %d %s", reply.StatusCode, text)
	}
	select {
	case err := <-faults:
		t.Errorf("refused: %v", err)
	default:
	}
}
