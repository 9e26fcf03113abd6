package rest

import (
	"context"
	"net/http"
	"net/url"
	"regexp"
	"strings"

	"go.opentelemetry.io/otel/attribute"
	"go.opentelemetry.io/otel/codes"
	"go.opentelemetry.io/otel/trace"

	"tolov/internal/telemetry"
)

// startSpan begins the span of a request, by the tracer provider of the step's own span. Of the request it tells the
// method, the host and the words of the path; headers, query, body and ids stay out of it (H73).
func startSpan(ctx context.Context, r Request) (context.Context, trace.Span) {
	parent := trace.SpanFromContext(ctx)
	if !parent.IsRecording() {
		return ctx, noSpan()
	}
	host, path := place(r.URL)
	return parent.TracerProvider().Tracer(telemetry.Scope).Start(ctx, telemetry.SpanExchange+r.Method+" "+path,
		trace.WithSpanKind(trace.SpanKindClient), trace.WithAttributes(
			attribute.String(telemetry.AttrHTTPMethod, r.Method), attribute.String(telemetry.AttrServer, host)))
}

// noSpan is one that nobody hears.
func noSpan() trace.Span { return trace.SpanFromContext(context.Background()) }

// endSpan tells what came of it. The provider's own code stands on the step's span.
func endSpan(span trace.Span, r Reply) {
	if r.Status != 0 {
		span.SetAttributes(attribute.Int(telemetry.AttrHTTPStatus, r.Status))
	}
	switch {
	case r.Err != nil:
		span.SetStatus(codes.Error, r.Err.Error())
	case r.Status >= http.StatusBadRequest:
		span.SetStatus(codes.Error, http.StatusText(r.Status))
	}
}

// word is a part of a path that programmers wrote. Whatever else stands there is an id of something, and ids of cards
// are credentials.
var word = regexp.MustCompile(`^([a-z][a-z_-]{0,23}|v[0-9])$`)

// place gives a URL's host, and its path with every part that is no word left out.
func place(address string) (host, path string) {
	u, err := url.Parse(address)
	if err != nil {
		return "", "/"
	}
	parts := strings.Split(strings.TrimPrefix(u.EscapedPath(), "/"), "/")
	for i, part := range parts {
		if part != "" && !word.MatchString(part) {
			parts[i] = "{id}"
		}
	}
	return u.Hostname(), "/" + strings.Join(parts, "/")
}
