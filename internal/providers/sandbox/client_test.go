package sandbox_test

import (
	"context"
	"errors"
	"fmt"
	"io"
	"net"
	"net/http"
	"strings"
	"testing"
	"time"

	"github.com/go-json-experiment/json"

	"tolov/internal/providers/sandbox"
)

const (
	number  = `"card_number":"9860090101014364","expiry":"2802"`
	token   = `"card_token":"tok-1"`
	amount  = 100500
	account = "order-1"
)

// bench is a sandbox and a client of it, joined by net.Pipe, so that both live in a synctest bubble.
type bench struct {
	*sandbox.Sandbox
	t      testing.TB
	client *http.Client
	bearer string
}

func newBench(t testing.TB, o sandbox.Options) *bench {
	t.Helper()
	b := &bench{Sandbox: sandbox.New(o), t: t}
	pipes := pipes{conns: make(chan net.Conn), closed: make(chan struct{})}
	server := &http.Server{Handler: b.Handler()}
	served := make(chan struct{})
	go func() {
		defer close(served)
		_ = server.Serve(pipes)
	}()
	transport := &http.Transport{DialContext: pipes.dial}
	b.client = &http.Client{Transport: transport, Timeout: 2 * time.Second}
	t.Cleanup(func() {
		b.Close()
		_ = server.Close()
		transport.CloseIdleConnections()
		<-served
	})
	b.bearer = b.token()
	return b
}

// pipes is a listener whose connections never touch a network.
type pipes struct {
	conns  chan net.Conn
	closed chan struct{}
}

func (p pipes) Accept() (net.Conn, error) {
	select {
	case c := <-p.conns:
		return c, nil
	case <-p.closed:
		return nil, net.ErrClosed
	}
}

func (p pipes) Close() error {
	close(p.closed)
	return nil
}

func (p pipes) Addr() net.Addr { return &net.UnixAddr{Name: "pipes"} }

func (p pipes) dial(context.Context, string, string) (net.Conn, error) {
	near, far := net.Pipe()
	select {
	case p.conns <- far:
		return near, nil
	case <-p.closed:
		return nil, net.ErrClosed
	}
}

// reply is what came back, or why nothing did.
type reply struct {
	status int
	header http.Header
	body   string
	err    error
}

func (b *bench) send(method, path, body string, change func(*http.Request)) reply {
	b.t.Helper()
	r, err := http.NewRequestWithContext(b.t.Context(), method, "http://sandbox"+path, strings.NewReader(body))
	if err != nil {
		b.t.Fatal(err)
	}
	change(r)
	answer, err := b.client.Do(r)
	if err != nil {
		return reply{err: err}
	}
	defer func() { _ = answer.Body.Close() }()
	text, err := io.ReadAll(answer.Body)
	return reply{status: answer.StatusCode, header: answer.Header, body: string(text), err: err}
}

func basic(r *http.Request) {
	r.SetBasicAuth("key", "secret")
	r.Header.Set("Content-Type", "application/x-www-form-urlencoded")
}

func (b *bench) token() string {
	b.t.Helper()
	got := b.send("POST", "/atmos/token", "grant_type=client_credentials", basic)
	return got.read(b.t).AccessToken
}

// pay makes a call under /merchant/pay with a live token.
func (b *bench) pay(call, body string, args ...any) reply {
	b.t.Helper()
	return b.send("POST", "/atmos/merchant/pay/"+call, fmt.Sprintf(body, args...), func(r *http.Request) {
		r.Header.Set("Authorization", "Bearer "+b.bearer)
	})
}

// create opens a payment and gives its number.
func (b *bench) create(account string) int64 {
	b.t.Helper()
	return b.id(b.pay("create", `{"store_id":7,"amount":%d,"account":%q}`, amount, account), "transaction_id")
}

// prepared opens a payment and gives it a card.
func (b *bench) prepared(account, card string) int64 {
	b.t.Helper()
	id := b.create(account)
	b.code("OK", b.preApply(id, card))
	return id
}

func (b *bench) preApply(id int64, card string) reply {
	b.t.Helper()
	return b.pay("pre-apply", `{"store_id":7,"transaction_id":%d,%s}`, id, card)
}

func (b *bench) apply(id int64, code string) reply {
	b.t.Helper()
	return b.pay("apply", `{"store_id":7,"transaction_id":%d,"otp":%q}`, id, code)
}

func (b *bench) get(id int64) reply {
	b.t.Helper()
	return b.pay("get", `{"store_id":7,"transaction_id":%d}`, id)
}

// code insists on an answer's result code.
func (b *bench) code(want string, got reply) {
	b.t.Helper()
	if code := got.at(b.t, "result/code"); code != want {
		b.t.Errorf("answered %q, want %q", code, want)
	}
}

// debits insists on how many there are.
func (b *bench) debits(want int) {
	b.t.Helper()
	if got := b.Debits(); len(got) != want {
		b.t.Errorf("%d debits, want %d: %v", len(got), want, got)
	}
}

// said is every field that the tests look at.
type said struct {
	AccessToken string `json:"access_token"`
	ExpiresIn   int    `json:"expires_in"`
	Result      struct {
		Code        string `json:"code"`
		Description string `json:"description"`
	} `json:"result"`
	TransactionID int64 `json:"transaction_id"`
	Transaction   struct {
		ID        int64 `json:"trans_id"`
		Success   int64 `json:"success_trans_id"`
		Amount    int64 `json:"amount"`
		Confirmed bool  `json:"confirmed"`
	} `json:"store_transaction"`
}

// read insists on an answer in JSON.
func (r reply) read(t testing.TB) said {
	t.Helper()
	var s said
	if r.err != nil {
		t.Fatal(r.err)
	}
	if err := json.Unmarshal([]byte(r.body), &s); err != nil {
		t.Fatalf("HTTP %d %q: %v", r.status, r.body, err)
	}
	return s
}

// story puts a reply into words.
func (r reply) story(t testing.TB, id int64) string {
	t.Helper()
	var timeout net.Error
	switch {
	case errors.As(r.err, &timeout) && timeout.Timeout():
		return "never answered"
	case errors.Is(r.err, io.ErrUnexpectedEOF):
		return "broke off"
	case errors.Is(r.err, io.EOF):
		return "closed"
	case r.err != nil:
		return r.err.Error()
	case r.status != http.StatusOK:
		return fmt.Sprint(r.status)
	case r.body == "":
		return "empty"
	case len(r.body) > 2<<20:
		return "huge " + r.read(t).Result.Code
	case strings.Contains(r.body, "<html>"):
		return "html"
	}
	s := r.read(t)
	switch {
	case s.Transaction.ID != 0 && s.Transaction.ID != id:
		return s.Result.Code + " for another transaction"
	case s.Transaction.Amount != 0 && s.Transaction.Amount != amount:
		return s.Result.Code + " for another amount"
	}
	return s.Result.Code
}

// pass lets time go by in a bubble.
func pass(d time.Duration) { <-time.After(d) }
