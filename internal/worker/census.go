package worker

import (
	"time"

	"go.opentelemetry.io/otel/attribute"
	"go.opentelemetry.io/otel/metric"

	"tolov/internal/journal"
	"tolov/internal/payment"
	"tolov/internal/saga"
	"tolov/internal/telemetry"
)

// census counts the payments that are not final.
type census struct {
	at          time.Time // of the sweep
	open        map[payment.Status]int64
	review      map[saga.Review]int64
	inDoubt     int64
	exposure    payment.Money // tiyin of all that are in doubt
	oldestDoubt time.Time
	overdue     int64
	differ      int64 // from their provider's books
}

func newCensus() census {
	c := census{
		open:   map[payment.Status]int64{},
		review: map[saga.Review]int64{saga.ReviewByTime: 0, saga.ReviewByContradiction: 0},
	}
	for _, status := range payment.Statuses() {
		if !status.Final() {
			c.open[status] = 0
		}
	}
	return c
}

func (c *census) add(s journal.Standing) {
	if !s.Differs.IsZero() {
		c.differ++
	}
	if s.Status == "" || s.Status.Final() {
		return
	}
	c.open[s.Status]++
	if s.Review != "" {
		c.review[s.Review]++
	}
	if s.Doubt.IsZero() {
		return
	}
	c.inDoubt++
	c.exposure += s.Exposure
	if c.oldestDoubt.IsZero() || s.Doubt.Before(c.oldestDoubt) {
		c.oldestDoubt = s.Doubt
	}
}

// gauges tell what the last census counted.
func (m *metrics) gauges(make *telemetry.Maker) {
	make.Gauge(telemetry.MetricOpen, "payments that are not final, at the last sweep", func(r telemetry.Report) {
		for status, n := range m.last().open {
			r(n, metric.WithAttributes(attribute.String(telemetry.AttrStatus, string(status))))
		}
	})
	make.Gauge(telemetry.MetricReview, "payments that a person must look at", func(r telemetry.Report) {
		for why, n := range m.last().review {
			r(n, metric.WithAttributes(attribute.String(telemetry.AttrReason, string(why))))
		}
	})
	make.Gauge(telemetry.MetricDoubt, "payments in doubt, at the last sweep", func(r telemetry.Report) {
		r(m.last().inDoubt)
	})
	make.Gauge(telemetry.MetricExposure, "tiyin of payments in doubt, at the last sweep", func(r telemetry.Report) {
		r(int64(m.last().exposure))
	})
	make.Gauge(telemetry.MetricDoubtAge, "seconds since the oldest doubt began", func(r telemetry.Report) {
		r(age(m.last().oldestDoubt))
	})
	make.Gauge(telemetry.MetricOverdue, "payments whose timer did not come, at the last sweep", func(r telemetry.Report) {
		r(m.last().overdue)
	})
	make.Gauge(telemetry.MetricDiffer, "payments that differ from their provider's books, at the last sweep",
		func(r telemetry.Report) { r(m.last().differ) })
	make.Gauge(telemetry.MetricSweepAge, "seconds since the last whole sweep, or the start", func(r telemetry.Report) {
		r(age(m.last().at))
	})
}

// age is the seconds since a time, 0 when there was none.
func age(since time.Time) int64 {
	if since.IsZero() {
		return 0
	}
	return int64(time.Since(since).Seconds())
}
