package client

import (
	"errors"
	"fmt"
	"net/url"
	"strings"
	"time"

	"github.com/nats-io/nats.go"
	"github.com/nats-io/nats.go/jetstream"
)

// What can be wrong before a worker has the command. What is wrong with a command that it has is told by a rejected
// event. Compare with errors.Is.
var (
	ErrInvalid   = errors.New("the command names no payment, or no worker would read it")
	ErrNoStreams = errors.New("the PAYMENTS streams are not on this NATS: start a worker there, it creates them")
	ErrNoWorker  = errors.New("no worker answers: start one, or check that this is the NATS that workers use")
	ErrUnknown   = errors.New("no payment with this id was ever asked for: check merchant and ExtID, or wait a moment " +
		"if the command was published just now")
)

// The contract's names.
const (
	streamEvents     = "PAYMENTS_EVENTS"
	subjectCommands  = "payments.commands."
	subjectEvents    = "payments.events."
	subjectQuery     = "payments.query."
	subjectReconcile = "payments.reconcile"
)

const reconnectWait = 250 * time.Millisecond

// Client talks to Tolov over NATS. It may be used by many goroutines.
type Client struct {
	nc *nats.Conn
	js jetstream.JetStream
}

// Connect opens a connection that comes back by itself after a loss. servers is a NATS address or a comma list of
// them; options, such as nats.UserCredentials, win over ours.
func Connect(servers string, options ...nats.Option) (*Client, error) {
	ours := []nats.Option{
		nats.Name("tolov-client"), nats.MaxReconnects(-1), nats.ReconnectWait(reconnectWait),
		nats.ReconnectBufSize(-1), // a publish that cannot leave must fail, not wait unseen
	}
	nc, err := nats.Connect(servers, append(ours, options...)...)
	if err != nil {
		return nil, fmt.Errorf("connect to NATS at %s: %w: check the address, and that NATS (or a worker with an "+
			"embedded one) runs there", redacted(servers), err)
	}
	c, err := New(nc)
	if err != nil {
		nc.Close()
		return nil, err
	}
	return c, nil
}

// New makes a client on a connection that stays the caller's: do not Close the client then, close the connection.
func New(nc *nats.Conn) (*Client, error) {
	js, err := jetstream.New(nc)
	if err != nil {
		return nil, fmt.Errorf("JetStream: %w", err)
	}
	return &Client{nc: nc, js: js}, nil
}

// Close ends the connection.
func (c *Client) Close() { c.nc.Close() }

// redacted is the address list without passwords.
func redacted(servers string) string {
	var shown []string
	for server := range strings.SplitSeq(servers, ",") {
		u, err := url.Parse(strings.TrimSpace(server))
		switch {
		case err == nil && u.User != nil:
			u.User = url.User(hidden)
			shown = append(shown, u.String())
		case strings.Contains(server, "@"): // not readable as an address, and a password may be in it
			shown = append(shown, hidden)
		default:
			shown = append(shown, server)
		}
	}
	return strings.Join(shown, ",")
}
