package rest_test

import (
	"bufio"
	"context"
	"crypto/tls"
	"crypto/x509"
	"io"
	"log"
	"net"
	"net/http"
	"net/http/httptest"
	"strings"
	"testing"
	"testing/synctest"
	"time"

	"tolov/internal/providers/rest"
)

func newReader(r io.Reader) *bufio.Reader { return bufio.NewReader(r) }

func quiet(w io.Writer) *log.Logger { return log.New(w, "", 0) }

// slowNetwork gives connections that are there only after a while, and tells what was written to them.
type slowNetwork struct {
	after    time.Duration
	tls      *tls.Config
	answers  bool
	received chan string
}

func (n *slowNetwork) dial(context.Context, string, string) (net.Conn, error) {
	<-time.After(n.after)
	near, far := net.Pipe()
	go n.serve(far)
	return near, nil
}

func (n *slowNetwork) serve(conn net.Conn) {
	if n.tls != nil {
		conn = tls.Server(conn, n.tls)
	}
	defer func() { _ = conn.Close() }()
	if !n.answers {
		got, _ := io.ReadAll(conn)
		n.received <- string(got)
		return
	}
	reader := newReader(conn)
	for {
		r, err := http.ReadRequest(reader)
		if err != nil {
			return
		}
		body, _ := io.ReadAll(r.Body)
		n.received <- string(body)
		_, _ = io.WriteString(conn, whole)
	}
}

// certificate is one that httptest's clients trust, for example.com.
func certificate(t *testing.T) (*tls.Config, *x509.CertPool) {
	t.Helper()
	server := httptest.NewTLSServer(nil)
	defer server.Close()
	roots := x509.NewCertPool()
	roots.AddCert(server.Certificate())
	return &tls.Config{Certificates: server.TLS.Certificates}, roots
}

// H4: a worker that gets its connection too late writes nothing, whatever took so long.
func TestConnectionThatComesAfterTheSendDeadlineCarriesNothing(t *testing.T) {
	config, roots := certificate(t)
	for url, config := range map[string]*tls.Config{"http://example.com/apply": nil, "https://example.com/apply": config} {
		synctest.Test(t, func(t *testing.T) {
			n := &slowNetwork{after: 3 * time.Second, tls: config, received: make(chan string, 1)}
			client := rest.New(1, n.dial)
			client.Trust(roots)
			reply := client.Exchange(t.Context(), rest.Request{
				Method: "POST", URL: url, Body: []byte(`{"otp":"111111"}`), SendBy: time.Now().Add(2 * time.Second),
			})
			if reply.Sent || !strings.Contains(reply.Err.Error(), "send deadline") {
				t.Errorf("%s: replied %+v", url, reply)
			}
			if got := <-n.received; got != "" {
				t.Errorf("%s: %d bytes left: %q", url, len(got), got)
			}
		})
	}
}

// H4: the deadline is for the start of a request, and for that request alone.
func TestConnectionThatComesBeforeTheSendDeadlineCarriesTheRequest(t *testing.T) {
	config, roots := certificate(t)
	for url, config := range map[string]*tls.Config{"http://example.com/apply": nil, "https://example.com/apply": config} {
		synctest.Test(t, func(t *testing.T) {
			n := &slowNetwork{after: time.Second, tls: config, answers: true, received: make(chan string, 1)}
			client := rest.New(1, n.dial)
			client.Trust(roots)
			defer client.Close()
			exchange := func(body string, sendBy time.Time) rest.Reply {
				return client.Exchange(t.Context(), rest.Request{Method: "POST", URL: url, Body: []byte(body), SendBy: sendBy})
			}
			if reply := exchange("first", time.Now().Add(2*time.Second)); reply.Err != nil || <-n.received != "first" {
				t.Errorf("%s: replied %+v", url, reply)
			}
			<-time.After(5 * time.Second) // the first one's deadline is over, the connection idle
			if reply := exchange("second", time.Time{}); reply.Err != nil || <-n.received != "second" {
				t.Errorf("%s: replied %+v", url, reply)
			}
			if reply := exchange("third", time.Now().Add(-time.Nanosecond)); reply.Sent || reply.Err == nil {
				t.Errorf("%s: replied %+v", url, reply)
			}
			if reply := exchange("fourth", time.Time{}); reply.Err != nil || <-n.received != "fourth" {
				t.Errorf("%s: replied %+v", url, reply)
			}
		})
	}
}

// H4: a request that began in time is finished: half of one would be worse than all of it.
func TestRequestThatBeganInTimeMayFinishLate(t *testing.T) {
	synctest.Test(t, func(t *testing.T) {
		body := strings.Repeat("x", 100<<10) // far more than fits one write
		received := make(chan int, 1)
		client := piped(func(server net.Conn) {
			defer func() { _ = server.Close() }()
			reader := newReader(server)
			r, err := http.ReadRequest(reader)
			if err != nil {
				t.Error(err)
				return
			}
			<-time.After(3 * time.Second)
			n, _ := io.Copy(io.Discard, r.Body)
			received <- int(n)
			_, _ = io.WriteString(server, whole)
		})
		reply := client.Exchange(t.Context(), rest.Request{
			Method: "POST", URL: "http://provider.example", Body: []byte(body), SendBy: time.Now().Add(time.Second),
		})
		if reply.Err != nil || !reply.Sent || <-received != len(body) {
			t.Errorf("replied %+v", reply)
		}
	})
}
