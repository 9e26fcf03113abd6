package saga

import (
	"context"
	"errors"
	"fmt"
	"time"

	"tolov/internal/payment"
)

// ErrConflict says that the record on which a decision stood is not the last one any more.
var ErrConflict = errors.New("the payment has a newer record")

// Journal keeps records. Append is a compare-and-swap on r.Seq, the position that the decision stood on, and gives
// the position of the new record, or ErrConflict.
type Journal interface {
	Load(ctx context.Context, paymentID string) (Record, error)
	Append(ctx context.Context, paymentID string, r Record) (uint64, error)
}

// Provider makes one provider call. It never retries, and a failure to learn the outcome is an Answer too.
type Provider interface {
	Do(ctx context.Context, call Call) payment.Answer
}

// Timers wakes payments. A timer is a hint: it may come late, twice or never (H38).
type Timers interface {
	Arm(ctx context.Context, paymentID string, due time.Time) error
	Disarm(ctx context.Context, paymentID string) error
}

// Flows finds the flow of a payment.
type Flows interface {
	Opening(c *payment.Command) *Flow // that an opening command opens
	Named(name string) *Flow          // of a payment that was opened
}

// Runner walks payments along their flows. All fields are required but Paused.
type Runner struct {
	Flows    Flows
	Journal  Journal
	Provider Provider
	Timers   Timers
	Policy   Policy
	Now      func() time.Time
	Observe  func(ctx context.Context, r Record) // told of every record that was saved

	Paused func(merchant, provider string) bool // by an operator; nil: none is
}

// Result is where Handle left a payment.
type Result struct {
	Record Record
	Back   time.Duration // how long to wait before the message is looked at again; zero: it is done with
	Paused bool          // nothing was done, because the provider is paused: look at the message again later
}

// Handle decides and acts until the payment rests. When the result names no time to come back, the message is done
// with and everything that follows from it is durable.
//
// fresh tells that the payment is surely new, so that its record need not be looked up; when that is wrong the first
// append fails and the record is looked up after all.
func (r *Runner) Handle(ctx context.Context, paymentID string, in Input, fresh bool) (Result, error) {
	var last Record
	var err error
	if !fresh {
		if last, err = r.Journal.Load(ctx, paymentID); err != nil {
			return Result{}, err
		}
	}
	for {
		flow := r.Flow(last, in)
		if flow == nil && last.Payment != nil {
			return Result{}, fmt.Errorf("no flow has the name %s", last.State.Flow)
		}
		d := Next(flow, last, in, r.Now(), r.Policy)
		if r.Halts(in, d) {
			return Result{Record: last, Paused: true}, nil
		}
		last, err = r.save(ctx, paymentID, d)
		switch {
		case errors.Is(err, ErrConflict):
			if last, err = r.Journal.Load(ctx, paymentID); err != nil {
				return Result{}, err
			}
			in = overtaken(in)
		case err != nil:
			return Result{}, err
		case d.Call == nil:
			return Result{Record: last, Back: d.Back}, r.timer(ctx, paymentID, d)
		default:
			in.Answer = r.call(ctx, *d.Call)
		}
	}
}

// Halts tells whether a decision would begin something at a paused provider. Nothing of it is recorded then, so that
// the message finds everything as it was. What has begun goes on to its end: its answers are taken, it is asked about,
// and a payment can be cancelled and a hold released.
func (r *Runner) Halts(in Input, d Decision) bool {
	if r.Paused == nil || in.Answer != nil || d.Call == nil || d.Call.Asks {
		return false
	}
	path, p := d.Record.State.Path, d.Call.Payment
	return path != payment.VerbCancel && path != Release && r.Paused(p.Merchant, p.Provider)
}

// save appends the decision's record, if it is to be saved, and gives it with its position.
func (r *Runner) save(ctx context.Context, paymentID string, d Decision) (Record, error) {
	if !d.Save {
		return d.Record, nil
	}
	seq, err := r.Journal.Append(ctx, paymentID, d.Record)
	if err != nil {
		return Record{}, err
	}
	d.Record.Seq = seq
	r.Observe(ctx, d.Record)
	return d.Record, nil
}

// overtaken is the input to decide on again after another worker's record came first. What a provider said of money
// still counts; what it said of a draft belongs to a record that does not exist.
func overtaken(in Input) Input {
	if a := in.Answer; a != nil && a.Call.Attempt == 0 && !a.Call.Asks {
		in.Answer = nil
	}
	return in
}

// Flow is the flow by which an input is decided on, nil when there is none.
func (r *Runner) Flow(last Record, in Input) *Flow {
	switch {
	case last.Payment != nil:
		return r.Flows.Named(last.State.Flow)
	case in.Command != nil && in.Refused == nil:
		return r.Flows.Opening(in.Command)
	default:
		return nil
	}
}

// call makes the call, unless it is a money call whose time to leave has passed (H4).
func (r *Runner) call(ctx context.Context, c Call) *Answered {
	now := r.Now()
	if !c.SendBy.IsZero() && (now.After(c.SendBy) || now.Round(0).After(c.SendBy.Round(0))) {
		late := payment.Answer{Outcome: payment.NotSent, Note: "the send deadline had passed"}
		return &Answered{Call: c, Answer: late, AskedAt: now}
	}
	return &Answered{Call: c, Answer: r.Provider.Do(ctx, c), AskedAt: now}
}

func (r *Runner) timer(ctx context.Context, paymentID string, d Decision) error {
	switch {
	case d.Arm:
		return r.Timers.Arm(ctx, paymentID, d.Record.State.Due.Time)
	case d.Disarm:
		return r.Timers.Disarm(ctx, paymentID)
	default:
		return nil
	}
}
