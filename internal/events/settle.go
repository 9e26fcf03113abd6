package events

import (
	"context"
	"errors"
	"fmt"
	"log/slog"
	"time"

	"github.com/ThreeDotsLabs/watermill/message"
)

// Again says that a message cannot be finished yet and must come back.
type Again struct{ After time.Duration }

// Error makes Again an error.
func (a Again) Error() string { return fmt.Sprintf("comes again in %s", a.After) }

// Dead says that nobody can use a message.
type Dead struct{ Reason string }

// Error makes Dead an error.
func (d Dead) Error() string { return "dead letter: " + d.Reason }

// retryWait is how soon a message comes back after a fault of ours or of the infrastructure.
const (
	retryWait    = 500 * time.Millisecond
	maxRetryWait = 30 * time.Second
)

// Settler is the one place where a message's fate is decided: acknowledged, given back, or buried.
type Settler struct {
	Dead   message.Publisher
	Log    *slog.Logger
	Buried func(ctx context.Context, reason string)
}

// Middleware settles what the handler returns.
//
//	nil    acknowledge: everything that follows from the message is durable (law 7)
//	Again  give back, to come after the time it names
//	Dead   publish to PAYMENTS_DEAD without secrets, then acknowledge
//	other  a fault of the infrastructure: give back with a growing pause; nothing is lost and nothing loops hot
//
// Then what the message held is wiped: it may have been a card, and the memory lives longer than the message (I8).
func (s *Settler) Middleware(next message.HandlerFunc) message.HandlerFunc {
	return func(m *message.Message) ([]*message.Message, error) {
		defer clear(m.Payload)
		_, err := next(m)
		ctx, d := m.Context(), DeliveryOf(m.Context())
		var again Again
		var dead Dead
		switch {
		case err == nil:
			m.Ack()
		case errors.As(err, &again):
			giveBack(m, d, again.After)
		case errors.As(err, &dead):
			s.bury(m, d, dead.Reason)
		default:
			wait := min(retryWait<<min(d.Deliveries-1, 10), maxRetryWait)
			s.Log.ErrorContext(ctx, "message failed", "subject", d.Subject, "sequence", d.Sequence,
				"deliveries", d.Deliveries, "again_in", wait, "err", err)
			giveBack(m, d, wait)
		}
		return nil, nil
	}
}

func giveBack(m *message.Message, d *Delivery, wait time.Duration) {
	d.delay = wait
	m.Nack()
}

// bury publishes the dead letter first: if that fails the message comes again.
func (s *Settler) bury(m *message.Message, d *Delivery, reason string) {
	ctx := m.Context()
	letter := deadLetter(d, m.Payload, reason)
	letter.SetContext(ctx)
	if err := s.Dead.Publish(deadSubject(reason), letter); err != nil {
		s.Log.ErrorContext(ctx, "dead letter not stored", "subject", d.Subject, "sequence", d.Sequence, "err", err)
		giveBack(m, d, retryWait)
		return
	}
	s.Log.WarnContext(ctx, "dead letter", "subject", d.Subject, "sequence", d.Sequence, "reason", reason)
	s.Buried(ctx, reason)
	m.Ack()
}
