package ingress

import (
	"context"

	"go.opentelemetry.io/otel/attribute"
	"go.opentelemetry.io/otel/metric"

	"tolov/internal/payment"
	"tolov/internal/saga"
	"tolov/internal/telemetry"
)

// metrics are what is counted of the records made here, under the names that the worker counts its own under.
type metrics struct {
	payments metric.Int64Counter
	money    metric.Int64Counter
}

func newMetrics(t *telemetry.Telemetry) (*metrics, error) {
	m := telemetry.Maker{Meter: t.Meter}
	return &metrics{
		payments: m.Counter(telemetry.MetricPayments, "events of payments, by provider and event"),
		money:    m.Counter(telemetry.MetricMoney, "tiyin of completed payments"),
	}, m.Err()
}

// saved is told of every record.
func (m *metrics) saved(ctx context.Context, r saga.Record) {
	provider := attribute.String(telemetry.AttrProvider, "")
	if r.Payment != nil {
		provider = attribute.String(telemetry.AttrProvider, r.Payment.Provider)
	}
	for _, e := range r.Events {
		m.payments.Add(ctx, 1, metric.WithAttributes(provider, attribute.String(telemetry.AttrEvent, string(e.Type))))
		if e.Type == payment.EventCompleted {
			m.money.Add(ctx, int64(r.Payment.AmountCharged), metric.WithAttributes(provider))
		}
	}
}
