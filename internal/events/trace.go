package events

import (
	"crypto/sha256"
	"encoding/hex"
	"regexp"
	"strings"

	"github.com/nats-io/nats.go"
	"go.opentelemetry.io/otel/propagation"
)

var _ propagation.TextMapCarrier = Header(nil)

// Header carries trace context in NATS headers, whose names are case-sensitive: the field's usual lower-case names
// are written, any case is read.
type Header nats.Header

// Get reads a field whatever its case.
func (h Header) Get(key string) string {
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

var traceParentForm = regexp.MustCompile(`^[0-9a-f]{2}-([0-9a-f]{32})-([0-9a-f]{16})-[0-9a-f]{2}$`)

// TraceParent is the command's trace context as its publisher sent it. A publisher without tracing gets one that
// derives from the payment id, so that all of a payment's events share a trace id, telemetry on or off.
func TraceParent(h nats.Header, paymentID string) string {
	sent := Header(h).Get("traceparent")
	if m := traceParentForm.FindStringSubmatch(sent); m != nil && strings.Trim(m[1], "0") != "" {
		return sent
	}
	sum := sha256.Sum256([]byte(paymentID))
	return "00-" + hex.EncodeToString(sum[:16]) + "-" + hex.EncodeToString(sum[16:24]) + "-01"
}
