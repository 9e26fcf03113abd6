package events

import (
	"context"
	"crypto/sha256"
	"encoding/hex"
	"strconv"
	"strings"
	"time"

	"github.com/nats-io/nats.go"
	"go.opentelemetry.io/otel/propagation"
	"go.opentelemetry.io/otel/trace"

	"tolov/internal/telemetry"
)

var _ propagation.TextMapCarrier = Header(nil)

// Header carries trace context in NATS headers, whose names are case-sensitive: the field's usual lower-case names
// are written, any case is read.
type Header nats.Header

// Get reads a field whatever its case; of several spellings the exact one counts first.
func (h Header) Get(key string) string {
	if values := h[key]; len(values) > 0 {
		return values[0]
	}
	for name, values := range h {
		if strings.EqualFold(name, key) && len(values) > 0 {
			return values[0]
		}
	}
	return ""
}

// Set writes a field.
func (h Header) Set(key, value string) { h[strings.ToLower(key)] = []string{value} }

// Keys lists the fields.
func (h Header) Keys() []string {
	keys := make([]string, 0, len(h))
	for name := range h {
		keys = append(keys, name)
	}
	return keys
}

// TraceParent writes the trace context of ctx as a traceparent header. A message whose publisher sent none, handled
// with telemetry off, gets one that derives from the payment id, so that all events of a payment share a trace id.
func TraceParent(ctx context.Context, paymentID string) string {
	h := Header{}
	telemetry.Propagator().Inject(ctx, h)
	if sent := h.Get("traceparent"); sent != "" {
		return sent
	}
	sum := sha256.Sum256([]byte(paymentID))
	return "00-" + hex.EncodeToString(sum[:16]) + "-" + hex.EncodeToString(sum[16:24]) + "-00"
}

// SpanContext reads a traceparent header.
func SpanContext(traceParent string) trace.SpanContext {
	ctx := telemetry.Propagator().Extract(context.Background(), Header{"traceparent": {traceParent}})
	return trace.SpanContextFromContext(ctx)
}

// longWait is how long a timer may have run for its wake-up to stand in the trace of whoever armed it.
const longWait = time.Hour

// Long tells whether hours lie between a timer's message and what armed it.
func Long(d *Delivery) bool {
	armed, err := strconv.ParseInt(d.Header.Get(HeaderArmed), 10, 64)
	return err == nil && d.Stored.Sub(time.UnixMilli(armed)) > longWait
}
