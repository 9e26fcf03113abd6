package worker

import (
	"context"
	"log/slog"
	"time"

	"github.com/ThreeDotsLabs/watermill/message"

	"tolov/internal/events"
	"tolov/internal/idempotency"
	"tolov/internal/payment"
	"tolov/internal/saga"
)

// busyWait is how soon a command comes back that another worker claimed moments ago.
const busyWait = 300 * time.Millisecond

// command handles one message of payments.commands.>.
func (w *Worker) command(m *message.Message) error {
	ctx, d := m.Context(), events.DeliveryOf(m.Context())
	start := time.Now()
	in, dead := w.decoder.Decode(d.Subject, m.Payload, d.ID())
	if dead != "" {
		return events.Dead{Reason: dead}
	}
	c := in.Command
	defer c.Forget()
	id := c.PaymentID()
	in.Trace = events.TraceParent(ctx, id)
	fresh, err := w.claim(ctx, in, d)
	if err != nil {
		return err
	}
	result, err := w.runner.Handle(ctx, id, in, fresh)
	if err != nil {
		return err
	}
	w.told(ctx, "command", result, start, "verb", c.Verb, "deliveries", d.Deliveries)
	return again(result, d)
}

// claim asks the fast guard about an opening command. Its answer only saves work: the journal decides. A refused one
// claims nothing: the runner records its rejection, and leaves the ext_id to a corrected command.
func (w *Worker) claim(ctx context.Context, in saga.Input, d *events.Delivery) (fresh bool, err error) {
	claims := in.Command.Verb.Opens() && in.Refused == nil
	if !claims {
		return false, nil
	}
	claim := w.claims.Claim(ctx, in.Command, in.Print)
	w.metrics.claimed(ctx, claim)
	if claim == idempotency.Busy && d.Deliveries == 1 {
		return false, events.Again{After: busyWait}
	}
	return claim == idempotency.Fresh, nil
}

// timer handles one message of payments.timers.due.>: a hint that a payment may be due (H38).
func (w *Worker) timer(m *message.Message) error {
	ctx, d := m.Context(), events.DeliveryOf(m.Context())
	about := events.TimerPayment(d.Subject)
	if about == events.TimerReconcile {
		return w.planned(m)
	}
	return w.wake(ctx, about, saga.ByTimer)
}

// notice handles one message of payments.notices.>: what a provider told by itself. It wakes a payment that is on its
// way; nothing comes of one about any other payment (H60, H63).
func (w *Worker) notice(m *message.Message) error {
	ctx, d := m.Context(), events.DeliveryOf(m.Context())
	start := time.Now()
	n, ok := events.ReadNotice(d.Subject, m.Payload)
	if !ok {
		return events.Dead{Reason: events.DeadNotJSON}
	}
	if n.PaymentID == "" && n.CardID != "" {
		return w.cardBound(ctx, n, d.Deliveries)
	}
	last, err := w.noticed(ctx, n)
	if err != nil {
		return err
	}
	if p := last.Payment; p == nil || p.Provider != n.Provider || p.Merchant != n.Merchant || p.Status.Final() {
		w.told(ctx, "notice dropped", saga.Result{Record: last}, start, "kind", n.Kind, "merchant", n.Merchant)
		return nil
	}
	result, err := w.runner.Handle(ctx, n.PaymentID, saga.Input{Notice: &payment.Evidence{
		Step: n.Kind, Outcome: payment.Unknown, Transaction: n.Transaction, Amount: n.Amount,
		Note: "was told " + n.Answer, AskedAt: n.At,
	}}, false)
	if err != nil {
		return err
	}
	w.told(ctx, "notice", result, start, "kind", n.Kind)
	return again(result, d)
}

// noticed is the last record of the payment that a notice names, the zero Record when it names none.
func (w *Worker) noticed(ctx context.Context, n events.Notice) (saga.Record, error) {
	if n.PaymentID == "" {
		return saga.Record{}, nil
	}
	r, err := w.journal.Load(ctx, n.PaymentID)
	r.PaymentID = n.PaymentID
	return r, err
}

func (w *Worker) wake(ctx context.Context, paymentID string, why saga.CauseKind) error {
	if !payment.IsID(paymentID) {
		return events.Dead{Reason: events.DeadBadExtID}
	}
	start := time.Now()
	result, err := w.runner.Handle(ctx, paymentID, saga.Input{Wake: why}, false)
	if err != nil {
		return err
	}
	w.told(ctx, string(why), result, start)
	return again(result, events.DeliveryOf(ctx))
}

// How soon a message comes back that waits for a paused provider: sooner at first, for most pauses are short.
const (
	pausedWait    = time.Second
	maxPausedWait = 30 * time.Second
)

// again gives a message back that is not done with. d is nil when there is none, as in a sweep.
func again(r saga.Result, d *events.Delivery) error {
	switch {
	case r.Paused && d != nil:
		return events.Again{After: min(pausedWait<<min(d.Deliveries-1, 10), maxPausedWait)}
	case r.Paused:
		return events.Again{After: maxPausedWait}
	case r.Back > 0:
		return events.Again{After: r.Back}
	default:
		return nil
	}
}

// told writes the one log line of a message, and says on its span what became of it.
func (w *Worker) told(ctx context.Context, what string, r saga.Result, start time.Time, more ...any) {
	status := payment.Status("")
	if r.Record.Payment != nil {
		status = r.Record.Payment.Status
	}
	args := append([]any{
		"payment_id", r.Record.PaymentID, "status", status, "took_ms", time.Since(start).Milliseconds(),
	}, more...)
	if r.Back > 0 {
		args = append(args, "again_in", r.Back)
	}
	level := slog.LevelInfo
	if r.Paused { // and so will every other message to that provider, again and again
		level, args = slog.LevelDebug, append(args, "paused", true)
	}
	w.parts.Log.Log(ctx, level, what, args...)
	mark(ctx, r.Record)
}
