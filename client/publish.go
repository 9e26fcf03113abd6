package client

import (
	"context"
	"errors"
	"fmt"
	"strings"
	"time"

	"github.com/nats-io/nats.go"
	"github.com/nats-io/nats.go/jetstream"
	"github.com/nats-io/nuid"
	"go.opentelemetry.io/otel/attribute"
	"go.opentelemetry.io/otel/codes"
	"go.opentelemetry.io/otel/propagation"
	"go.opentelemetry.io/otel/trace"
)

// A publish whose acknowledgement does not come is repeated. All of it stays far inside the two minutes in which the
// stream knows a message again by its Nats-Msg-Id.
const (
	ackWait      = 2 * time.Second
	publishTries = 5
	publishPause = 250 * time.Millisecond
)

// Publish stores a command on the stream; when it returns nil, a worker will get it. It says nothing about the outcome:
// see Do. The trace of ctx goes with the command and comes back in its events; a span in ctx gets a child for the
// publishing, made by that span's own tracer provider.
//
// After an error the command may be there all the same. Publish it again: a payment is never opened twice, and a
// command with a CommandID counts once.
func (c *Client) Publish(ctx context.Context, cmd Command) error {
	data, err := encode(cmd)
	if err != nil {
		return err
	}
	m := nats.NewMsg(subjectCommands + cmd.Verb())
	m.Data = data
	m.Header.Set(jetstream.MsgIDHeader, nuid.Next())
	ctx, span := startPublish(ctx, m.Subject, cmd.PaymentID())
	defer span.End()
	propagation.TraceContext{}.Inject(ctx, carrier(m.Header))
	if err := c.publish(ctx, m, cmd.Verb()); err != nil {
		span.SetStatus(codes.Error, "not acknowledged")
		return err
	}
	return nil
}

// publish makes attempts until one is acknowledged, or none can be.
func (c *Client) publish(ctx context.Context, m *nats.Msg, verb string) error {
	for try := 1; ; try++ {
		err := c.store(ctx, m)
		var refused *jetstream.APIError
		switch {
		case err == nil:
			return nil
		case errors.Is(err, jetstream.ErrNoStreamResponse):
			return fmt.Errorf("publish %s: %w", verb, ErrNoStreams)
		case errors.As(err, &refused), c.nc.IsClosed():
			return fmt.Errorf("publish %s: %w", verb, err)
		case ctx.Err() != nil, try == publishTries:
			return fmt.Errorf("publish %s: not acknowledged, so it may be stored or not: publish it again: %w",
				verb, err)
		}
		pause(ctx, publishPause)
	}
}

// The names of the span, as Tolov's own programs write them.
const (
	spanPublish   = "publish "
	attrPaymentID = "tolov.payment.id"
	tracerName    = "tolov/client"
)

// startPublish begins the span from which everything that the command leads to hangs.
func startPublish(ctx context.Context, subject, paymentID string) (context.Context, trace.Span) {
	return trace.SpanFromContext(ctx).TracerProvider().Tracer(tracerName).Start(ctx, spanPublish+subject,
		trace.WithSpanKind(trace.SpanKindProducer), trace.WithAttributes(attribute.String(attrPaymentID, paymentID)))
}

// store makes one attempt.
func (c *Client) store(ctx context.Context, m *nats.Msg) error {
	ctx, cancel := context.WithTimeout(ctx, ackWait)
	defer cancel()
	_, err := c.js.PublishMsg(ctx, m)
	return err
}

func pause(ctx context.Context, d time.Duration) {
	select {
	case <-ctx.Done():
	case <-time.After(d):
	}
}

var _ propagation.TextMapCarrier = carrier(nil)

// carrier writes trace context into NATS headers, whose names are case-sensitive: the field's usual lower-case ones.
type carrier nats.Header

// Get reads a field.
func (h carrier) Get(key string) string { return nats.Header(h).Get(strings.ToLower(key)) }

// Set writes a field.
func (h carrier) Set(key, value string) { h[strings.ToLower(key)] = []string{value} }

// Keys lists the fields.
func (h carrier) Keys() []string {
	keys := make([]string, 0, len(h))
	for name := range h {
		keys = append(keys, name)
	}
	return keys
}
