package providertest

import (
	"context"
	"net"
	"net/http"
	"testing"

	"tolov/internal/providers/rest"
)

// Serve answers with h, in memory: client and server can live in one synctest bubble. Every address leads to h.
func Serve(t testing.TB, h http.Handler) rest.Dialer {
	t.Helper()
	wires := wires{conns: make(chan net.Conn), closed: make(chan struct{})}
	server := &http.Server{Handler: h}
	served := make(chan struct{})
	go func() {
		defer close(served)
		_ = server.Serve(wires)
	}()
	t.Cleanup(func() {
		_ = server.Close()
		<-served
	})
	return wires.dial
}

// wires is a listener whose connections never touch a network.
type wires struct {
	conns  chan net.Conn
	closed chan struct{}
}

// Accept waits for the next connection that was dialled.
func (w wires) Accept() (net.Conn, error) {
	select {
	case c := <-w.conns:
		return c, nil
	case <-w.closed:
		return nil, net.ErrClosed
	}
}

// Close refuses every later connection.
func (w wires) Close() error {
	close(w.closed)
	return nil
}

// Addr names the listener; nobody can dial it.
func (w wires) Addr() net.Addr { return &net.UnixAddr{Name: "wires"} }

func (w wires) dial(ctx context.Context, _, _ string) (net.Conn, error) {
	near, far := net.Pipe()
	select {
	case w.conns <- far:
		return near, nil
	case <-w.closed:
		return nil, net.ErrClosed
	case <-ctx.Done():
		return nil, ctx.Err()
	}
}
