package rest

import (
	"errors"
	"net"
	"sync/atomic"
	"time"
)

var errTooLate = errors.New("the send deadline passed before the request left")

// timedConn refuses to write a request whose time to leave has passed. It asks the clock right before the write, so
// even a process that was frozen in between sends nothing (H4). A connection carries one request at a time.
type timedConn struct {
	net.Conn
	flight atomic.Pointer[flight]
}

// flight is the limit of the request that has the connection.
type flight struct {
	sendBy time.Time
	late   *atomic.Bool // told when the request was refused
	left   atomic.Bool  // a part of it is out: the rest may follow
}

// Write writes unless it is too late to begin.
func (c *timedConn) Write(b []byte) (int, error) {
	if f := c.flight.Load(); f != nil && !f.left.Load() {
		if time.Now().After(f.sendBy) {
			f.late.Store(true)
			return 0, errTooLate
		}
		f.left.Store(true)
	}
	return c.Conn.Write(b)
}

// limit sets until when the request that just got the connection may leave.
func limit(conn net.Conn, sendBy time.Time, late *atomic.Bool) {
	if wrapped, ok := conn.(interface{ NetConn() net.Conn }); ok { // TLS
		conn = wrapped.NetConn()
	}
	timed, ok := conn.(*timedConn)
	switch {
	case !ok:
	case sendBy.IsZero():
		timed.flight.Store(nil)
	default:
		timed.flight.Store(&flight{sendBy: sendBy, late: late})
	}
}
