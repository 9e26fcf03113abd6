package campaign_test

import (
	"context"
	"errors"
	"net"
	"sync"
)

var errCut = errors.New("the wire is cut")

// exchange is a network of pipes: it listens for an HTTP server and is dialled by its clients. Real sockets would keep
// a bubble's clock from moving.
type exchange struct {
	conns  chan net.Conn
	closed chan struct{}
	once   sync.Once
}

func newExchange() *exchange {
	return &exchange{conns: make(chan net.Conn), closed: make(chan struct{})}
}

func (x *exchange) Accept() (net.Conn, error) {
	select {
	case c := <-x.conns:
		return c, nil
	case <-x.closed:
		return nil, net.ErrClosed
	}
}

func (x *exchange) Close() error {
	x.once.Do(func() { close(x.closed) })
	return nil
}

func (x *exchange) Addr() net.Addr { return pipeAddr{} }

func (x *exchange) dial(ctx context.Context) (net.Conn, error) {
	ours, theirs := net.Pipe()
	select {
	case x.conns <- theirs:
		return ours, nil
	case <-x.closed:
		return nil, errCut
	case <-ctx.Done():
		return nil, ctx.Err()
	}
}

type pipeAddr struct{}

func (pipeAddr) Network() string { return "pipe" }
func (pipeAddr) String() string  { return "pipe" }

// wires are all connections of one worker. Killing the worker cuts them for good: what was written is written, and
// nothing more gets in or out. That is all that anyone else sees of a SIGKILL.
type wires struct {
	mu   sync.Mutex
	dead bool
	live map[*wire]struct{}
	fuse *fuse // nil: nothing is counted
}

func newWires() *wires { return &wires{live: map[*wire]struct{}{}} }

// add makes a new connection one of the worker's.
func (w *wires) add(c net.Conn, err error) (net.Conn, error) {
	if err != nil {
		return nil, err
	}
	w.mu.Lock()
	defer w.mu.Unlock()
	if w.dead {
		_ = c.Close()
		return nil, errCut
	}
	one := &wire{Conn: c, of: w}
	w.live[one] = struct{}{}
	return one, nil
}

// cut drops the connections that exist; new ones can be made.
func (w *wires) cut() {
	w.mu.Lock()
	defer w.mu.Unlock()
	for one := range w.live {
		_ = one.Conn.Close()
	}
	clear(w.live)
}

func (w *wires) kill() {
	w.mu.Lock()
	w.dead = true
	w.mu.Unlock()
	w.cut()
}

type wire struct {
	net.Conn
	of *wires
}

// Write has a point before and after it, at which its program may die.
func (w *wire) Write(b []byte) (int, error) {
	w.of.mu.Lock()
	fuse := w.of.fuse
	w.of.mu.Unlock()
	if fuse == nil {
		return w.Conn.Write(b)
	}
	if fuse.point() {
		return 0, errCut
	}
	n, err := w.Conn.Write(b)
	if fuse.point() {
		return n, errCut
	}
	return n, err
}

func (w *wire) Close() error {
	w.of.mu.Lock()
	delete(w.of.live, w)
	w.of.mu.Unlock()
	return w.Conn.Close()
}

func (w *wires) dialer(x *exchange) func(context.Context, string, string) (net.Conn, error) {
	return func(ctx context.Context, _, _ string) (net.Conn, error) { return w.add(x.dial(ctx)) }
}
