package events

import (
	"context"
	"errors"
	"fmt"
	"strconv"
	"time"

	"github.com/nats-io/nats.go"
	"github.com/nats-io/nats.go/jetstream"

	"tolov/internal/saga"
	"tolov/internal/telemetry"
)

var _ saga.Timers = (*Timers)(nil)

// Timers schedules wake-ups on PAYMENTS_TIMERS. A payment has one timer; arming it again replaces it. The trace of
// whoever arms it travels with it.
type Timers struct {
	js     jetstream.JetStream
	stream jetstream.Stream
}

// NewTimers finds the stream, which Layout.Ensure has made.
func NewTimers(ctx context.Context, js jetstream.JetStream) (*Timers, error) {
	stream, err := js.Stream(ctx, StreamTimers)
	if err != nil {
		return nil, fmt.Errorf("timers: %w", err)
	}
	return &Timers{js: js, stream: stream}, nil
}

// Arm wakes the payment at due. The schedule is written by hand, because the client's helper cuts it to seconds and so
// fires up to one second early.
func (t *Timers) Arm(ctx context.Context, paymentID string, due time.Time) error {
	m := nats.NewMsg(timerSubject(paymentID))
	m.Header.Set(jetstream.ScheduleHeader, "@at "+due.UTC().Format(time.RFC3339Nano))
	m.Header.Set(jetstream.ScheduleTargetHeader, subjectTimerDue+paymentID+"."+timerName)
	m.Header.Set(HeaderArmed, strconv.FormatInt(time.Now().UnixMilli(), 10))
	telemetry.Propagator().Inject(ctx, Header(m.Header))
	if _, err := t.js.PublishMsg(ctx, m); err != nil {
		return fmt.Errorf("arm timer of %s: %w", paymentID, err)
	}
	return nil
}

// Disarm removes the payment's timer, if it has one.
func (t *Timers) Disarm(ctx context.Context, paymentID string) error {
	if err := t.stream.Purge(ctx, jetstream.WithPurgeSubject(timerSubject(paymentID))); err != nil {
		return fmt.Errorf("disarm timer of %s: %w", paymentID, err)
	}
	return nil
}

func timerSubject(paymentID string) string { return subjectTimerSet + paymentID + "." + timerName }

// TimerReconcile names the one timer that belongs to no payment: the next comparison with the providers' books.
const TimerReconcile = "reconcile"

// Planned is when the next comparison is planned, zero when none is.
func (t *Timers) Planned(ctx context.Context) (time.Time, error) {
	found, err := t.stream.GetLastMsgForSubject(ctx, timerSubject(TimerReconcile))
	if errors.Is(err, jetstream.ErrMsgNotFound) {
		return time.Time{}, nil
	}
	if err != nil {
		return time.Time{}, fmt.Errorf("planned comparison: %w", err)
	}
	at, err := time.Parse("@at "+time.RFC3339Nano, found.Header.Get(jetstream.ScheduleHeader))
	if err != nil {
		return time.Time{}, fmt.Errorf("planned comparison: %w", err)
	}
	return at, nil
}
