package rest

import (
	"context"
	"crypto/tls"
	"errors"
	"fmt"
	"io"
	"net"
	"net/http"
	"net/http/httptrace"
	"strconv"
	"strings"
	"time"

	"github.com/go-json-experiment/json"
)

const (
	maxBody        = 1 << 20  // of a reply, in bytes (H9)
	maxHeader      = 64 << 10 // likewise
	dialTimeout    = 5 * time.Second
	tlsTimeout     = 5 * time.Second // a handshake outlives the call that began it, and would never end by itself
	idleTimeout    = 60 * time.Second
	maxRetryAfter  = time.Hour
	maxErrorLength = 200
)

// Dialer opens connections; tests put an in-memory network in its place.
type Dialer func(ctx context.Context, network, address string) (net.Conn, error)

// Client exchanges requests with one provider. It stands on a Transport alone: what http.Client adds to one, redirects
// and cookies, is not wanted here.
type Client struct{ transport *http.Transport }

// New makes a client that keeps up to idle connections open. dial may be nil.
func New(idle int, dial Dialer) *Client {
	if dial == nil {
		dial = (&net.Dialer{Timeout: dialTimeout}).DialContext
	}
	protocols := new(http.Protocols)
	protocols.SetHTTP1(true) // HTTP/2 resends requests on its own when a connection goes away
	return &Client{&http.Transport{
		DialContext: func(ctx context.Context, network, address string) (net.Conn, error) {
			conn, err := dial(ctx, network, address)
			if err != nil {
				return nil, err
			}
			return &watchedConn{Conn: conn}, nil
		},
		Protocols: protocols, TLSClientConfig: &tls.Config{MinVersion: tls.VersionTLS12},
		TLSHandshakeTimeout: tlsTimeout, MaxResponseHeaderBytes: maxHeader,
		MaxIdleConns: idle, MaxIdleConnsPerHost: idle, IdleConnTimeout: idleTimeout, DisableCompression: true,
	}}
}

// Close drops idle connections.
func (c *Client) Close() { c.transport.CloseIdleConnections() }

// Request is one call.
type Request struct {
	Method string
	URL    string
	Header http.Header
	Body   []byte    // belongs to Exchange, which wipes it: it may hold a card or a code (I8)
	SendBy time.Time // a request that has not left by then does not leave; zero: no limit (H4)
}

// Reply is what came of it.
type Reply struct {
	Status     int // 0 when none came
	Body       []byte
	RetryAfter time.Duration
	Sent       bool  // a byte may have left us
	Err        error // why there is no whole reply
}

// Exchange sends the request once and reads the reply. A span in ctx gets a child for it.
func (c *Client) Exchange(ctx context.Context, r Request) Reply {
	ctx, span := startSpan(ctx, r)
	defer span.End()
	reply := c.exchange(ctx, r)
	endSpan(span, reply)
	return reply
}

func (c *Client) exchange(ctx context.Context, r Request) Reply {
	if err := r.check(); err != nil {
		return Reply{Err: err}
	}
	flight := &flight{sendBy: r.SendBy}
	ctx = httptrace.WithClientTrace(ctx, &httptrace.ClientTrace{
		GotConn: func(info httptrace.GotConnInfo) { flight.board(info.Conn) },
	})
	req, err := http.NewRequestWithContext(ctx, r.Method, r.URL, r.onceOnly())
	if err != nil {
		return Reply{Err: clean(err)}
	}
	req.ContentLength = int64(len(r.Body))
	if r.Header != nil {
		req.Header = r.Header
	}
	res, err := c.transport.RoundTrip(req)
	switch {
	case err != nil && flight.late.Load():
		return Reply{Sent: flight.left.Load(), Err: errTooLate}
	case err != nil:
		return Reply{Sent: flight.left.Load(), Err: clean(err)}
	}
	defer func() { _ = res.Body.Close() }()
	reply := Reply{Sent: true, Status: res.StatusCode, RetryAfter: retryAfter(res.Header.Get("Retry-After"))}
	reply.Body, reply.Err = readBody(res)
	return reply
}

// check refuses the headers that make net/http send a POST again by itself (H15).
func (r Request) check() error {
	for name := range r.Header {
		switch http.CanonicalHeaderKey(name) {
		case "Idempotency-Key", "X-Idempotency-Key":
			return errors.New("an " + name + " header would let the request be sent twice")
		}
	}
	return nil
}

// ErrTooLong says that a reply was too long to be read (H9).
var ErrTooLong = errors.New("the reply is larger than 1 MiB")

func readBody(res *http.Response) ([]byte, error) {
	if kind := res.Header.Get("Content-Type"); kind != "" && !strings.Contains(kind, "json") {
		return nil, errors.New("the reply is not JSON but " + cut(kind))
	}
	body, err := io.ReadAll(io.LimitReader(res.Body, maxBody+1))
	switch {
	case err != nil:
		return nil, clean(err)
	case len(body) > maxBody:
		return nil, ErrTooLong
	default:
		return body, nil
	}
}

// Decode reads a whole reply strictly: one JSON value, no key twice, nothing behind it. Unknown fields are the
// provider's business.
func (r Reply) Decode(into any) error {
	if r.Err != nil {
		return r.Err
	}
	if err := json.Unmarshal(r.Body, into); err != nil {
		return errors.New("the reply cannot be read as JSON of the documented form")
	}
	return nil
}

// retryAfter reads the seconds form of the header (RFC 9110 §10.2.3).
func retryAfter(header string) time.Duration {
	seconds, err := strconv.ParseUint(header, 10, 32)
	if err != nil && !errors.Is(err, strconv.ErrRange) {
		return 0
	}
	return min(time.Duration(seconds)*time.Second, maxRetryAfter)
}

// clean keeps the reason of a network error and drops the URL, which may hold what nobody should read.
func clean(err error) error {
	var withURL interface{ Unwrap() error }
	if errors.As(err, &withURL) && withURL.Unwrap() != nil {
		err = withURL.Unwrap()
	}
	return fmt.Errorf("network: %s", cut(err.Error()))
}

func cut(s string) string {
	if len(s) > maxErrorLength {
		return s[:maxErrorLength]
	}
	return s
}
