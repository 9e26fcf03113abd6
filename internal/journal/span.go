package journal

import (
	"context"

	"github.com/nats-io/nats.go"
	"go.opentelemetry.io/otel/attribute"
	"go.opentelemetry.io/otel/codes"
	"go.opentelemetry.io/otel/trace"

	"tolov/internal/events"
	"tolov/internal/payment"
	"tolov/internal/saga"
	"tolov/internal/telemetry"
)

// span begins an event's span at the time of its record, as a child of the message that opened the payment, or of the
// command that was refused. So it shows how long the world waited for the news. What reads the event hangs from it.
func (p *Projector) span(ctx context.Context, r *events.Told, e saga.Event, msg *nats.Msg) trace.Span {
	parent := events.SpanContext(r.Trace(e))
	ctx, span := p.Tracer.Start(trace.ContextWithRemoteSpanContext(ctx, parent), telemetry.SpanEvent+string(e.Type),
		trace.WithSpanKind(trace.SpanKindProducer), trace.WithTimestamp(r.At.Time))
	if !span.IsRecording() {
		return span
	}
	span.SetAttributes(attribute.String(telemetry.AttrPaymentID, r.PaymentID),
		attribute.String(telemetry.AttrMerchant, r.Merchant), attribute.String(telemetry.AttrEvent, string(e.Type)))
	if e.Type == payment.EventInDoubt {
		span.SetAttributes(attribute.Bool(telemetry.AttrInDoubt, true))
	}
	telemetry.Propagator().Inject(ctx, events.Header(msg.Header))
	return span
}

// end ends an event's span.
func end(span trace.Span, err error) {
	if err != nil {
		span.SetStatus(codes.Error, "not stored by this projector")
	}
	span.End()
}
