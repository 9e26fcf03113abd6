package ingress

import (
	"context"
	"errors"
	"fmt"
	"io"
	"log/slog"
	"mime"
	"net"
	"net/http"
	"time"

	"github.com/go-json-experiment/json"
	"go.opentelemetry.io/otel/attribute"
	"go.opentelemetry.io/otel/codes"
	"go.opentelemetry.io/otel/metric"
	"go.opentelemetry.io/otel/propagation"
	"go.opentelemetry.io/otel/trace"

	"tolov/internal/telemetry"
)

const (
	maxBody    = 64 << 10
	answerWait = 8 * time.Second // for a handler: longer than billing and an append with its repeats
)

// Route is one path that a provider calls.
type Route struct {
	Path   string // exact, or with a last / for everything below
	Name   string // of spans, metrics and log lines: few values
	Handle func(ctx context.Context, r *Request) (Reply, error)

	// Authorize tells who calls, by the headers alone. nil: only the body can tell, and Handle must.
	Authorize func(h http.Header) (Party, bool)

	// Refuse gives the body of a refusal before Handle, in the caller's own words; nil: none.
	Refuse func(status int) any
}

// Party names the merchants whose credentials a caller has shown.
type Party []string

// Request is a call that was let in.
type Request struct {
	Party  Party
	Header http.Header
	Body   []byte // at most 64 KiB
	Source string // the address that it came from, without its port
	At     time.Time
}

// Reply is an answer.
type Reply struct {
	Status int   // of HTTP
	Body   any   // written as JSON; nil: none
	Told   []any // for the log line, as slog has them; never a secret
}

// shell is what every route has in common: who may come in, and how much of it.
type shell struct {
	parts  Parts
	mux    *http.ServeMux
	ready  func() error
	limits *limits
	took   metric.Float64Histogram
	forged metric.Int64Counter
}

func newShell(parts Parts, routes []Route, ready func() error) (*shell, error) {
	m := telemetry.Maker{Meter: parts.Telemetry.Meter}
	s := &shell{
		parts: parts, ready: ready, mux: http.NewServeMux(), limits: newLimits(),
		took:   m.Seconds(telemetry.MetricReceived, "how long a provider's call took to answer"),
		forged: m.Counter(telemetry.MetricSignatures, "calls without the right credentials or signature"),
	}
	for _, route := range routes {
		s.forged.Add(context.Background(), 0, metric.WithAttributes(attribute.String(telemetry.AttrRoute, route.Name)))
		s.mux.HandleFunc(route.Path, func(w http.ResponseWriter, r *http.Request) { s.receive(w, r, route) })
	}
	return s, m.Err()
}

// ServeHTTP leads a request to its route.
func (s *shell) ServeHTTP(w http.ResponseWriter, r *http.Request) { s.mux.ServeHTTP(w, r) }

// receive answers one request of a route, with a span, a metric and a log line of its own.
func (s *shell) receive(w http.ResponseWriter, r *http.Request, route Route) {
	start := time.Now()
	ctx, span := s.span(r, route)
	defer span.End()
	reply := s.answer(ctx, w, r, route)
	s.write(ctx, w, reply)
	status := attribute.Int(telemetry.AttrHTTPStatus, reply.Status)
	span.SetAttributes(status)
	if reply.Status >= http.StatusInternalServerError || reply.Status == http.StatusUnauthorized {
		span.SetStatus(codes.Error, http.StatusText(reply.Status))
	}
	name := attribute.String(telemetry.AttrRoute, route.Name)
	if reply.Status == http.StatusUnauthorized {
		s.forged.Add(ctx, 1, metric.WithAttributes(name))
	}
	s.took.Record(ctx, time.Since(start).Seconds(), metric.WithAttributes(name, status))
	s.parts.Log.Log(ctx, level(reply.Status), route.Name, append([]any{
		"http_status", reply.Status, "took_ms", time.Since(start).Milliseconds(), "source", source(r),
	}, reply.Told...)...)
}

// level keeps a flood of refusals from filling the log.
func level(status int) slog.Level {
	switch {
	case status >= http.StatusInternalServerError:
		return slog.LevelWarn
	case status == http.StatusTooManyRequests:
		return slog.LevelDebug
	default:
		return slog.LevelInfo
	}
}

// span begins a trace of its own: what a stranger says of traces is linked to, not believed.
func (s *shell) span(r *http.Request, route Route) (context.Context, trace.Span) {
	options := []trace.SpanStartOption{
		trace.WithSpanKind(trace.SpanKindServer), trace.WithNewRoot(),
		trace.WithAttributes(attribute.String(telemetry.AttrRoute, route.Name)),
	}
	said := telemetry.Propagator().Extract(r.Context(), propagation.HeaderCarrier(r.Header))
	if link := trace.LinkFromContext(said); link.SpanContext.IsValid() {
		options = append(options, trace.WithLinks(link))
	}
	return s.parts.Telemetry.Tracer.Start(r.Context(), telemetry.SpanReceive+route.Name, options...)
}

// answer lets the request in, or refuses it with the first rule that it breaks.
func (s *shell) answer(ctx context.Context, w http.ResponseWriter, r *http.Request, route Route) Reply {
	in := &Request{Header: r.Header, Source: source(r), At: s.parts.Now()}
	if status := s.admit(w, r, route, in); status != 0 {
		reply := Reply{Status: status}
		if route.Refuse != nil {
			reply.Body = route.Refuse(status)
		}
		return reply
	}
	// A caller who leaves ends nothing: what was begun must not stay half known. And the time is no deadline, which each
	// request to NATS would take whole for itself.
	ctx, cancel := context.WithCancel(context.WithoutCancel(ctx))
	defer cancel()
	defer time.AfterFunc(answerWait, cancel).Stop()
	reply, err := handle(ctx, route, in)
	if err != nil {
		return Reply{Status: http.StatusInternalServerError, Told: append(reply.Told, "err", err)}
	}
	return reply
}

// admit gives 0, or the status of the refusal. Who calls is asked before anything is read of what he says.
func (s *shell) admit(w http.ResponseWriter, r *http.Request, route Route, in *Request) int {
	if r.Method != http.MethodPost {
		w.Header().Set("Allow", http.MethodPost)
		return http.StatusMethodNotAllowed
	}
	who := anybody
	if route.Authorize != nil {
		in.Party, who = authorized(route, r.Header)
	}
	if !s.limits.allow(in.Source, who, in.At) {
		w.Header().Set("Retry-After", "1")
		return http.StatusTooManyRequests
	}
	if who == stranger {
		w.Header().Set("WWW-Authenticate", "Basic")
		return http.StatusUnauthorized
	}
	if s.ready() != nil {
		w.Header().Set("Retry-After", "1")
		return http.StatusInternalServerError // by which a caller knows that it must ask again: nothing can be recorded
	}
	if kind, _, err := mime.ParseMediaType(r.Header.Get("Content-Type")); err != nil || kind != "application/json" {
		return http.StatusUnsupportedMediaType
	}
	var err error
	if in.Body, err = io.ReadAll(http.MaxBytesReader(w, r.Body, maxBody)); err == nil {
		return 0
	}
	if _, tooLarge := errors.AsType[*http.MaxBytesError](err); tooLarge {
		return http.StatusRequestEntityTooLarge
	}
	return http.StatusBadRequest
}

func authorized(route Route, h http.Header) (Party, standing) {
	if party, ok := route.Authorize(h); ok {
		return party, known
	}
	return nil, stranger
}

// handle turns a panic into an error. Its value may hold anything, so only its type is told (H73).
func handle(ctx context.Context, route Route, in *Request) (reply Reply, err error) {
	defer func() {
		if fault := recover(); fault != nil {
			err = fmt.Errorf("panic with a %T", fault)
		}
	}()
	return route.Handle(ctx, in)
}

func (s *shell) write(ctx context.Context, w http.ResponseWriter, reply Reply) {
	if reply.Body == nil {
		w.WriteHeader(reply.Status)
		return
	}
	body, err := json.Marshal(reply.Body, json.Deterministic(true))
	if err != nil { // answers are made of text and numbers
		s.parts.Log.ErrorContext(ctx, "answer cannot be written", "err", err)
		w.WriteHeader(http.StatusInternalServerError)
		return
	}
	w.Header().Set("Content-Type", "application/json")
	w.Header().Set("Cache-Control", "no-store")
	w.WriteHeader(reply.Status)
	if _, err := w.Write(body); err != nil {
		s.parts.Log.DebugContext(ctx, "caller left before the answer", "err", err)
	}
}

// source is the address of whoever is at the other end of the connection. No header is believed about it.
func source(r *http.Request) string {
	host, _, err := net.SplitHostPort(r.RemoteAddr)
	if err != nil {
		return r.RemoteAddr
	}
	return host
}
