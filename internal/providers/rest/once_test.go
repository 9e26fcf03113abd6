package rest_test

import (
	"context"
	"errors"
	"fmt"
	"io"
	"net"
	"net/http"
	"net/http/httptest"
	"strings"
	"sync/atomic"
	"testing"

	"tolov/internal/providers/rest"
)

// provider serves h on a real port and gives a client of it.
func provider(t *testing.T, h http.HandlerFunc) (*rest.Client, string) {
	t.Helper()
	server := httptest.NewServer(h)
	client := rest.New(1, nil)
	t.Cleanup(server.Close)
	t.Cleanup(client.Close)
	return client, server.URL
}

func ok(w http.ResponseWriter) {
	w.Header().Set("Content-Type", "application/json")
	_, _ = io.WriteString(w, `{}`)
}

// hangUp closes the connection after the whole request was read.
func hangUp(t *testing.T, w http.ResponseWriter, r *http.Request) {
	if _, err := io.Copy(io.Discard, r.Body); err != nil {
		t.Error(err)
	}
	conn, _, err := http.NewResponseController(w).Hijack()
	if err != nil {
		t.Error(err)
		return
	}
	_ = conn.Close()
}

// H15: net/http repeats some requests by itself when the server hangs up, above all on a connection used before.
func TestServerThatClosesAfterReadingGetsExactlyOneRequest(t *testing.T) {
	for _, method := range []string{http.MethodPost, http.MethodPut, http.MethodDelete, http.MethodGet} {
		for _, body := range []string{"", `{"otp":"111111"}`} {
			for _, reused := range []bool{false, true} {
				name := fmt.Sprintf("%s of %d bytes, connection used %v", method, len(body), reused)
				t.Run(name, func(t *testing.T) { exactlyOnce(t, method, body, reused) })
			}
		}
	}
}

func exactlyOnce(t *testing.T, method, body string, reused bool) {
	var requests atomic.Int32
	client, url := provider(t, func(w http.ResponseWriter, r *http.Request) {
		if r.URL.Path == "/warm" {
			ok(w)
			return
		}
		requests.Add(1)
		hangUp(t, w, r)
	})
	if reused {
		if reply := client.Exchange(t.Context(), rest.Request{Method: "POST", URL: url + "/warm"}); reply.Err != nil {
			t.Fatal(reply.Err)
		}
	}
	reply := client.Exchange(t.Context(), rest.Request{Method: method, URL: url + "/apply", Body: []byte(body)})
	if !reply.Sent || reply.Err == nil || reply.Status != 0 {
		t.Errorf("replied %+v", reply)
	}
	if n := requests.Load(); n != 1 {
		t.Errorf("%d requests arrived", n)
	}
}

// H15: with this header net/http would replay a POST.
func TestIdempotencyKeyIsNeverSent(t *testing.T) {
	var requests atomic.Int32
	client, url := provider(t, func(w http.ResponseWriter, _ *http.Request) { requests.Add(1); ok(w) })
	for _, name := range []string{"Idempotency-Key", "X-Idempotency-Key", "idempotency-key", "x-idempotency-key"} {
		reply := client.Exchange(t.Context(), rest.Request{
			Method: "POST", URL: url, Header: http.Header{name: {"order-1"}},
		})
		if reply.Sent || reply.Err == nil {
			t.Errorf("%s: replied %+v", name, reply)
		}
	}
	if n := requests.Load(); n != 0 {
		t.Errorf("%d requests arrived", n)
	}
}

// H15: a redirect is a reply like any other.
func TestRedirectIsNotFollowed(t *testing.T) {
	for _, status := range []int{301, 302, 303, 307, 308} {
		for _, location := range []string{"/elsewhere", "https://elsewhere.example/", "::not a url::", ""} {
			var followed atomic.Bool
			client, url := provider(t, func(w http.ResponseWriter, r *http.Request) {
				if r.URL.Path != "/pay" {
					followed.Store(true)
				}
				w.Header().Set("Location", location)
				w.WriteHeader(status)
			})
			reply := client.Exchange(t.Context(), rest.Request{Method: "POST", URL: url + "/pay", Body: []byte(`{}`)})
			if followed.Load() || reply.Status != status || !reply.Sent || reply.Err != nil {
				t.Errorf("%d to %q: followed %v, replied %+v", status, location, followed.Load(), reply)
			}
		}
	}
}

// H15: card numbers do not pass through whatever HTTP_PROXY names.
func TestProxyOfTheEnvironmentIsNotUsed(t *testing.T) {
	for _, name := range []string{"HTTP_PROXY", "http_proxy", "HTTPS_PROXY", "https_proxy", "ALL_PROXY"} {
		t.Setenv(name, "http://proxy.example:3128")
	}
	var dialled []string
	client := rest.New(1, func(_ context.Context, _, address string) (net.Conn, error) {
		dialled = append(dialled, address)
		return nil, errors.New("no network here")
	})
	for _, url := range []string{"http://provider.example/pay", "https://provider.example/pay"} {
		client.Exchange(t.Context(), rest.Request{Method: "POST", URL: url})
	}
	if got := strings.Join(dialled, " "); got != "provider.example:80 provider.example:443" {
		t.Errorf("dialled %s", got)
	}
}

// What the provider reads is what was asked for, and nothing that net/http likes to add.
func TestRequestIsSentAsItIs(t *testing.T) {
	var got *http.Request
	var body []byte
	client, url := provider(t, func(w http.ResponseWriter, r *http.Request) {
		got = r.Clone(context.Background())
		body, _ = io.ReadAll(r.Body)
		ok(w)
	})
	reply := client.Exchange(t.Context(), rest.Request{
		Method: http.MethodPut, URL: url + "/hold/apply/1", Body: []byte(`{"otp":"1"}`), Header: http.Header{"Apikey": {"k"}},
	})
	switch {
	case reply.Err != nil || string(reply.Body) != `{}`:
		t.Errorf("replied %+v", reply)
	case got.Method != http.MethodPut || got.URL.Path != "/hold/apply/1" || string(body) != `{"otp":"1"}`:
		t.Errorf("sent %s %s %s", got.Method, got.URL, body)
	case got.ContentLength != int64(len(body)) || got.TransferEncoding != nil || got.ProtoMajor != 1:
		t.Errorf("sent as %s, length %d, encoding %v", got.Proto, got.ContentLength, got.TransferEncoding)
	case got.Header.Get("Apikey") != "k" || got.Header.Get("Accept-Encoding") != "" || got.Header.Get("Cookie") != "":
		t.Errorf("sent with %v", got.Header)
	}
}

// I8: a card or a code does not stay in memory longer than its request.
func TestBodyIsWipedWhenTheRequestIsOver(t *testing.T) {
	client, url := provider(t, func(w http.ResponseWriter, r *http.Request) {
		if got, err := io.ReadAll(r.Body); string(got) != `{"cvc2":"680"}` {
			t.Errorf("came as %q, %v", got, err)
		}
		ok(w)
	})
	body := []byte(`{"cvc2":"680"}`)
	reply := client.Exchange(t.Context(), rest.Request{Method: http.MethodPost, URL: url, Body: body})
	if reply.Err != nil {
		t.Fatal(reply.Err)
	}
	if strings.Trim(string(body), "\x00") != "" {
		t.Errorf("left is %q", body)
	}
}
