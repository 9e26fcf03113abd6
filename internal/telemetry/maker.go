package telemetry

import (
	"context"
	"errors"

	"go.opentelemetry.io/otel/metric"
)

// Maker makes instruments and gathers the errors, so that a list of metrics reads as one.
type Maker struct {
	Meter metric.Meter
	errs  []error
}

// Report tells one value of a gauge.
type Report func(value int64, options ...metric.ObserveOption)

// Counter makes a counter.
func (m *Maker) Counter(name, about string) metric.Int64Counter {
	c, err := m.Meter.Int64Counter(name, metric.WithDescription(about))
	m.errs = append(m.errs, err)
	return c
}

// Seconds makes a histogram of durations.
func (m *Maker) Seconds(name, about string) metric.Float64Histogram {
	h, err := m.Meter.Float64Histogram(name, metric.WithDescription(about), metric.WithUnit("s"))
	m.errs = append(m.errs, err)
	return h
}

// Gauge makes a gauge whose values are asked for when metrics are read.
func (m *Maker) Gauge(name, about string, read func(Report)) {
	_, err := m.Meter.Int64ObservableGauge(name, metric.WithDescription(about),
		metric.WithInt64Callback(func(_ context.Context, o metric.Int64Observer) error {
			read(func(value int64, options ...metric.ObserveOption) { o.Observe(value, options...) })
			return nil
		}))
	m.errs = append(m.errs, err)
}

// Err is what went wrong, nil if nothing did.
func (m *Maker) Err() error { return errors.Join(m.errs...) }
