package rest_test

import (
	"bytes"
	"context"
	"errors"
	"io"
	"net"
	"net/http"
	"net/http/httptest"
	"strings"
	"testing"
	"testing/synctest"
	"time"

	"tolov/internal/providers/rest"
)

const whole = "HTTP/1.1 200 OK\r\nContent-Type: application/json\r\nContent-Length: 15\r\n\r\n{\"answer\":\"ok\"}"

// piped gives a client whose every connection ends in serve, which must close it.
func piped(serve func(server net.Conn)) *rest.Client {
	return rest.New(1, func(context.Context, string, string) (net.Conn, error) {
		near, far := net.Pipe()
		go serve(far)
		return near, nil
	})
}

func post(t *testing.T, client *rest.Client, url string) rest.Reply {
	t.Helper()
	ctx, cancel := context.WithTimeout(t.Context(), 10*time.Second)
	defer cancel()
	return client.Exchange(ctx, rest.Request{
		Method: "POST", URL: url, Body: []byte(`{"transaction_id":1,"otp":"111111"}`),
		Header: http.Header{"Content-Type": {"application/json"}},
	})
}

// requestLength is how many bytes post sends.
func requestLength(t *testing.T) int {
	t.Helper()
	length := make(chan int, 1)
	client := piped(func(server net.Conn) {
		defer func() { _ = server.Close() }()
		buffer := make([]byte, 64<<10)
		n, _ := server.Read(buffer)
		length <- n
	})
	post(t, client, "http://provider.example/apply")
	return <-length
}

// H8: wherever a request is cut, one byte of it makes the outcome unknown, and none makes it certain.
func TestRequestIsSentOnceAByteOfItLeft(t *testing.T) {
	synctest.Test(t, func(t *testing.T) {
		total := requestLength(t)
		if total < 100 {
			t.Fatalf("a request of %d bytes", total)
		}
		for n := range total + 1 {
			client := piped(func(server net.Conn) {
				_, _ = io.CopyN(io.Discard, server, int64(n))
				_ = server.Close()
			})
			reply := post(t, client, "http://provider.example/apply")
			if reply.Sent != (n > 0) || reply.Err == nil {
				t.Errorf("cut after %d bytes of the request: %+v", n, reply)
			}
		}
	})
}

// H8: a head larger than net/http's buffer leaves in parts, before any hook of it fires.
func TestPartOfALargeHeadIsSent(t *testing.T) {
	synctest.Test(t, func(t *testing.T) {
		gone := make(chan struct{})
		defer close(gone)
		client := piped(func(server net.Conn) {
			_, _ = io.CopyN(io.Discard, server, 1)
			<-gone // the rest is stuck until the client gives up
			_ = server.Close()
		})
		ctx, cancel := context.WithTimeout(t.Context(), time.Second)
		defer cancel()
		reply := client.Exchange(ctx, rest.Request{
			Method: "POST", URL: "http://provider.example/apply", Body: []byte(`{}`),
			Header: http.Header{"Authorization": {"Bearer " + strings.Repeat("x", 8<<10)}},
		})
		if !reply.Sent || !strings.Contains(reply.Err.Error(), "deadline") {
			t.Errorf("replied %+v", reply)
		}
	})
}

// H8: wherever a reply is cut, there is no reply, and the request was sent.
func TestReplyCutAnywhereIsNoReply(t *testing.T) {
	synctest.Test(t, func(t *testing.T) {
		for n := range len(whole) + 1 {
			client := piped(func(server net.Conn) {
				_, _ = http.ReadRequest(newReader(server))
				_, _ = io.WriteString(server, whole[:n])
				_ = server.Close()
			})
			reply := post(t, client, "http://provider.example/apply")
			var into struct{ Answer string }
			if complete := n == len(whole); !reply.Sent || (reply.Err == nil) != complete ||
				(reply.Decode(&into) == nil) != complete {
				t.Errorf("cut after %d bytes of the reply: %+v", n, reply)
			}
		}
	})
}

// refused is a connection that is gone when it is first written to, such as one that idled too long.
type refused struct{ net.Conn }

func (refused) Write([]byte) (int, error) { return 0, errors.New("broken pipe") }

// H8: nothing of a request leaves before there is a connection that takes it.
func TestRequestWithoutAConnectionIsNotSent(t *testing.T) {
	listener, err := net.Listen("tcp", "127.0.0.1:0")
	if err != nil {
		t.Fatal(err)
	}
	address := listener.Addr().String()
	_ = listener.Close()
	noDNS := &net.Dialer{Resolver: &net.Resolver{
		PreferGo: true, Dial: func(context.Context, string, string) (net.Conn, error) { return nil, errors.New("no DNS") },
	}}
	never := func(ctx context.Context, _, _ string) (net.Conn, error) {
		<-ctx.Done()
		return nil, ctx.Err()
	}
	refusing := func(context.Context, string, string) (net.Conn, error) {
		near, _ := net.Pipe()
		return refused{near}, nil
	}
	for name, try := range map[string]struct {
		dial rest.Dialer
		url  string
	}{
		"refused":     {nil, "http://" + address},
		"unresolved":  {noDNS.DialContext, "http://provider.example"},
		"no address":  {nil, "http://"},
		"no scheme":   {nil, "provider.example"},
		"wrong url":   {nil, "http://provider.example:port"},
		"dial hangs":  {never, "http://provider.example"},
		"dial denied": {func(context.Context, string, string) (net.Conn, error) { return nil, net.ErrClosed }, "http://x"},
		"write fails": {refusing, "http://provider.example"},
	} {
		ctx, cancel := context.WithTimeout(t.Context(), 50*time.Millisecond)
		reply := rest.New(1, try.dial).Exchange(ctx, rest.Request{Method: "POST", URL: try.url, Body: []byte(`{}`)})
		cancel()
		if reply.Sent || reply.Err == nil || reply.Status != 0 {
			t.Errorf("%s: replied %+v", name, reply)
		}
	}
}

// H8: the bytes of a handshake are not the request's.
func TestRequestWhoseTLSFailsIsNotSent(t *testing.T) {
	var log bytes.Buffer
	strange := httptest.NewUnstartedServer(http.HandlerFunc(func(http.ResponseWriter, *http.Request) {
		t.Error("a request arrived through a connection that cannot be trusted")
	}))
	strange.Config.ErrorLog = quiet(&log)
	strange.StartTLS()
	defer strange.Close()
	plain := httptest.NewServer(http.HandlerFunc(func(http.ResponseWriter, *http.Request) {
		t.Error("a request arrived in clear")
	}))
	defer plain.Close()
	for _, url := range []string{strange.URL, strings.Replace(plain.URL, "http:", "https:", 1)} {
		if reply := post(t, rest.New(1, nil), url); reply.Sent || reply.Err == nil {
			t.Errorf("replied %+v", reply)
		}
	}
}

// A handshake that nobody answers outlives the call that began it, and must end all the same.
func TestHandshakeThatHangsIsGivenUp(t *testing.T) {
	synctest.Test(t, func(t *testing.T) {
		closed := make(chan time.Time, 1)
		client := piped(func(server net.Conn) {
			_, _ = io.Copy(io.Discard, server)
			closed <- time.Now()
			_ = server.Close()
		})
		start := time.Now()
		ctx, cancel := context.WithTimeout(t.Context(), time.Second)
		defer cancel()
		reply := client.Exchange(ctx, rest.Request{Method: "POST", URL: "https://provider.example", Body: []byte(`{}`)})
		if reply.Sent || time.Since(start) != time.Second {
			t.Errorf("after %s replied %+v", time.Since(start), reply)
		}
		if took := (<-closed).Sub(start); took > 10*time.Second {
			t.Errorf("the connection was given up after %s", took)
		}
	})
}
