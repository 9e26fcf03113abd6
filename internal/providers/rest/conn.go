package rest

import (
	"errors"
	"net"
	"sync/atomic"
	"time"
)

var errTooLate = errors.New("the send deadline passed before the request left")

// watchedConn knows whether any byte of the request that has it went out (H8), and refuses to begin one whose time to
// leave has passed. It asks the clock right before the write, so even a process that was frozen in between sends
// nothing (H4). A connection carries one request at a time.
type watchedConn struct {
	net.Conn
	flight atomic.Pointer[flight]
}

// flight is one request on its way.
type flight struct {
	sendBy time.Time   // zero: no limit
	late   atomic.Bool // it was refused
	left   atomic.Bool // a byte is out, or may be
}

// Write writes unless it is too late to begin.
func (c *watchedConn) Write(b []byte) (int, error) {
	f := c.flight.Load()
	if f == nil || f.left.Load() {
		return c.Conn.Write(b)
	}
	if f.passed(time.Now()) {
		f.late.Store(true)
		return 0, errTooLate
	}
	f.left.Store(true) // before the write: it may be cut off in the middle
	n, err := c.Conn.Write(b)
	if n == 0 && err != nil {
		f.left.Store(false)
	}
	return n, err
}

// passed tells whether the time to leave is over, by either of the clocks: one may have been set back, and the other
// stands still while the machine sleeps (H67).
func (f *flight) passed(now time.Time) bool {
	return !f.sendBy.IsZero() && (now.After(f.sendBy) || now.Round(0).After(f.sendBy.Round(0)))
}

// board gives the connection to a request.
func (f *flight) board(conn net.Conn) {
	if wrapped, ok := conn.(interface{ NetConn() net.Conn }); ok { // TLS
		conn = wrapped.NetConn()
	}
	if watched, ok := conn.(*watchedConn); ok {
		watched.flight.Store(f)
		return
	}
	f.left.Store(true) // a connection that nobody watches: assume the worst
}
