package worker

import (
	"context"
	"errors"

	"github.com/ThreeDotsLabs/watermill/message"
	"go.opentelemetry.io/otel/attribute"
	"go.opentelemetry.io/otel/codes"
	"go.opentelemetry.io/otel/trace"

	"tolov/internal/events"
	"tolov/internal/payment"
	"tolov/internal/saga"
	"tolov/internal/telemetry"
)

// traced opens a span per message, as a child of its publisher's.
func (w *Worker) traced(next message.HandlerFunc) message.HandlerFunc {
	return func(m *message.Message) ([]*message.Message, error) {
		w.metrics.inHand.Add(1)
		defer w.metrics.inHand.Add(-1)
		d := events.DeliveryOf(m.Context())
		options := []trace.SpanStartOption{trace.WithSpanKind(trace.SpanKindConsumer)}
		ctx := telemetry.Propagator().Extract(m.Context(), events.Header(d.Header))
		if events.Long(d) { // a trace that spans hours is hard to read: begin anew and point back
			options = append(options, trace.WithNewRoot(), trace.WithLinks(trace.LinkFromContext(ctx)))
		}
		ctx, span := w.parts.Telemetry.Tracer.Start(ctx, telemetry.SpanProcess+events.Template(d.Subject), options...)
		defer span.End()
		if d.Deliveries > 1 {
			w.metrics.redeliveries.Add(ctx, 1)
			span.SetAttributes(attribute.Int(telemetry.AttrDeliveries, d.Deliveries))
		}
		m.SetContext(ctx)
		out, err := next(m)
		markError(span, err)
		return out, err
	}
}

// markError marks the span of a message that failed, or that nobody could use. One that comes again is no failure. What
// the error says stands in the log: its text is not made for spans.
func markError(span trace.Span, err error) {
	var again events.Again
	var dead events.Dead
	switch {
	case err == nil, errors.As(err, &again):
	case errors.As(err, &dead):
		span.SetAttributes(attribute.String(telemetry.AttrReason, dead.Reason))
		span.SetStatus(codes.Error, dead.Error())
	default:
		span.SetStatus(codes.Error, "failed, and will come again")
	}
}

// mark says on the span of ctx where its payment stands now, and links it with the payment's own trace: who confirms
// or charges, minutes or days later, most often has another one.
func mark(ctx context.Context, r saga.Record) {
	span := trace.SpanFromContext(ctx)
	if !span.IsRecording() {
		return
	}
	span.SetAttributes(attribute.String(telemetry.AttrPaymentID, r.PaymentID))
	span.SetAttributes(standing(r)...)
	opened := events.SpanContext(r.State.Trace)
	if opened.IsValid() && opened.TraceID() != span.SpanContext().TraceID() {
		span.AddLink(trace.Link{SpanContext: opened})
	}
}

// standing is where a payment stands, in attributes.
func standing(r saga.Record) []attribute.KeyValue {
	status := payment.Status("")
	if r.Payment != nil {
		status = r.Payment.Status
	}
	attributes := []attribute.KeyValue{attribute.String(telemetry.AttrStatus, string(status))}
	if r.State.Doubt != nil {
		attributes = append(attributes, attribute.Bool(telemetry.AttrInDoubt, true))
	}
	return attributes
}

var _ saga.Journal = noted{}

// noted is a journal with a span around each append, so that a trace shows what was recorded before which call.
type noted struct {
	saga.Journal
	tracer trace.Tracer
}

// Append appends, in a span.
func (j noted) Append(ctx context.Context, paymentID string, r saga.Record) (uint64, error) {
	ctx, span := j.tracer.Start(ctx, telemetry.SpanRecord)
	defer span.End()
	seq, err := j.Journal.Append(ctx, paymentID, r)
	if !span.IsRecording() {
		return seq, err
	}
	span.SetAttributes(standing(r)...)
	if i := r.State.Intent; i != nil && r.State.Doubt == nil {
		span.SetAttributes(attribute.String(telemetry.AttrIntent, i.Step))
	}
	switch {
	case errors.Is(err, saga.ErrConflict):
		span.SetStatus(codes.Error, "another worker was first")
	case err != nil:
		span.SetStatus(codes.Error, "not acknowledged")
	}
	return seq, err
}
