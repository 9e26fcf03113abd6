package reconcile

import (
	"context"
	"errors"
	"fmt"
	"time"

	"tolov/internal/payment"
	"tolov/internal/saga"
)

const (
	// clocksApart is how far the provider's clock and ours may be apart: so much more of the statement is read at both
	// ends.
	clocksApart = 5 * time.Minute

	askTries = 8
	askPause = 5 * time.Second // after an answer that says nothing, doubled each time

	shortest = time.Second // of a period: statements count in seconds
)

var errTooLong = errors.New("the statement of one second is too long to be read")

// statement reads the lines of a period. One that is too long to be read at once is read in halves.
func (r *run) statement(ctx context.Context, p Period) ([]payment.Line, error) {
	answer, err := r.ask(ctx, saga.Call{
		Step: r.account.Step, Asks: true, From: p.From, To: p.To,
		Payment: &payment.Payment{Merchant: r.account.Merchant, Provider: r.account.Provider},
	})
	if err != nil || !answer.TooLong {
		return answer.Lines, err
	}
	if p.To.Sub(p.From) <= shortest {
		return nil, errTooLong
	}
	middle := p.From.Add(p.To.Sub(p.From) / 2).Truncate(shortest)
	first, err := r.statement(ctx, Period{p.From, middle})
	if err != nil {
		return nil, err
	}
	second, err := r.statement(ctx, Period{middle, p.To})
	return append(first, second...), err
}

// ask makes a call until it is answered, or until that takes too long. The rate limit is no reason to give up.
func (r *run) ask(ctx context.Context, call saga.Call) (payment.Answer, error) {
	for try := 1; ; try++ {
		a := r.Provider.Do(ctx, call)
		switch {
		case a.Outcome != payment.Unknown || a.TooLong:
			return a, nil
		case try == askTries:
			return a, fmt.Errorf("%s: no clear answer: %s", call.Step, a.Note)
		}
		select {
		case <-time.After(max(a.RetryAfter, askPause<<(try-1))):
		case <-ctx.Done():
			return a, ctx.Err()
		}
	}
}
