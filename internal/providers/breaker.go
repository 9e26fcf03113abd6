package providers

import (
	"errors"
	"sync"
	"time"

	"github.com/sony/gobreaker/v2"
	"go.opentelemetry.io/otel/attribute"
	"go.opentelemetry.io/otel/metric"

	"tolov/internal/payment"
	"tolov/internal/saga"
	"tolov/internal/telemetry"
)

const (
	tripAfter = 20 // failures in a row
	tripFor   = 5 * time.Second
)

var errFault = errors.New("fault of the provider")

// breakers hold one circuit breaker per (provider, merchant). It stops new calls only: questions about money that is
// in doubt always go out, on their own budget (H17). A decline is no failure.
type breakers struct {
	mu  sync.Mutex
	all map[account]*gobreaker.TwoStepCircuitBreaker[any]
}

func newBreakers() *breakers {
	return &breakers{all: map[account]*gobreaker.TwoStepCircuitBreaker[any]{}}
}

func (b *breakers) of(who account) *gobreaker.TwoStepCircuitBreaker[any] {
	b.mu.Lock()
	defer b.mu.Unlock()
	breaker, ok := b.all[who]
	if !ok {
		breaker = gobreaker.NewTwoStepCircuitBreaker[any](gobreaker.Settings{
			Name: who.provider + "/" + who.merchant, Timeout: tripFor,
			ReadyToTrip: func(c gobreaker.Counts) bool { return c.ConsecutiveFailures >= tripAfter },
		})
		b.all[who] = breaker
	}
	return breaker
}

// allow lets a call go out, or tells how long to wait. done must be told what came of it, once.
func (b *breakers) allow(call saga.Call) (done func(payment.Answer), wait time.Duration) {
	if call.Asks {
		return func(payment.Answer) {}, 0
	}
	tell, err := b.of(accountOf(call)).Allow()
	if err != nil {
		return nil, tripFor
	}
	return func(a payment.Answer) {
		switch a.Outcome {
		case payment.Unknown, payment.NotSent:
			tell(errFault)
		default:
			tell(nil)
		}
	}, 0
}

// observe reports the states of all breakers.
func (b *breakers) observe(report telemetry.Report) {
	b.mu.Lock()
	defer b.mu.Unlock()
	for who, breaker := range b.all {
		report(int64(breaker.State()), metric.WithAttributes(
			attribute.String(telemetry.AttrProvider, who.provider), attribute.String(telemetry.AttrMerchant, who.merchant)))
	}
}
