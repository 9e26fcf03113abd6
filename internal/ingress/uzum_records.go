package ingress

import (
	"context"
	"errors"
	"fmt"
	"strconv"
	"time"

	"tolov/internal/payment"
	"tolov/internal/providers/uzum"
	"tolov/internal/saga"
)

// serviceRef is where the payment keeps the bank's service, in provider_refs.
const serviceRef = "service_id"

const (
	raceTries   = 20
	racePause   = 2 * time.Millisecond // longer with every try
	historyWait = 5 * time.Millisecond
)

// transaction is what the records say of one. A time is zero when nothing happened.
type transaction struct {
	last           saga.Record
	refused        payment.RefusedBy // why billing refused to have it opened
	created        payment.Time
	confirmed      payment.Time
	reversed       payment.Time // cancelled or refunded
	confirmRefused bool
}

// settle lets next say what is to be recorded in the light of what is, until there is nothing: then the records have
// the answer. Whoever loses the race for the next record looks again (law 4).
func (u *uzumDesk) settle(
	ctx context.Context, v *visit, next func(*transaction) (*saga.Input, error),
) (*transaction, error) {
	for try := range raceTries {
		found, err := u.find(ctx, v, try > 0)
		if err != nil {
			return nil, err
		}
		in, err := next(found)
		if err != nil {
			return nil, err
		}
		if in == nil {
			join(ctx, found.last)
			return found, nil
		}
		err = u.record(ctx, v, found, *in)
		switch {
		case err == nil:
			return found, nil
		case !errors.Is(err, saga.ErrConflict):
			return nil, err
		}
		select {
		case <-time.After(time.Duration(try) * racePause):
		case <-ctx.Done():
			return nil, ctx.Err()
		}
	}
	return nil, errLostRace
}

// record appends what follows from the bank's word, and takes it into the transaction.
func (u *uzumDesk) record(ctx context.Context, v *visit, found *transaction, in saga.Input) error {
	join(ctx, found.last)
	d := saga.Next(u.flow, found.last, in, u.ingress.parts.Now(), u.policy)
	if !d.Save || d.Call != nil { // the engine heard this word before, and the records do not say what came of it
		return fmt.Errorf("%s of %s: nothing is to be recorded", in.Command.Verb, v.paymentID)
	}
	seq, err := u.ingress.records().Append(ctx, v.paymentID, d.Record)
	if err != nil {
		return err
	}
	d.Record.Seq = seq
	u.ingress.metrics.saved(ctx, d.Record)
	found.take(d.Record)
	return nil
}

// find reads what is recorded. A record that was not found is looked for where it cannot be missed: the bank hears
// "unknown" as "failed" (H35).
func (u *uzumDesk) find(ctx context.Context, v *visit, now bool) (found *transaction, err error) {
	found = &transaction{}
	records := u.ingress.records()
	var last saga.Record
	if !now {
		if last, err = records.Load(ctx, v.paymentID); err != nil {
			return nil, err
		}
	}
	if last.Seq == 0 {
		if last, err = records.Latest(ctx, v.paymentID); err != nil || last.Seq == 0 {
			return found, err
		}
	}
	if last.State.Records > 1 {
		return found, u.history(ctx, v.paymentID, last, found)
	}
	found.take(last)
	return found, nil
}

// history takes all records up to the last. A replica that does not have them all yet is asked again.
func (u *uzumDesk) history(ctx context.Context, id string, last saga.Record, found *transaction) error {
	for {
		records, err := u.ingress.records().History(ctx, id)
		if err != nil {
			return err
		}
		if n := len(records); n > 0 && records[n-1].Seq >= last.Seq {
			for _, r := range records {
				found.take(r)
			}
			return nil
		}
		select {
		case <-time.After(historyWait):
		case <-ctx.Done():
			return ctx.Err()
		}
	}
}

// take reads one record more.
func (t *transaction) take(r saga.Record) {
	t.last = r
	for _, e := range r.Events {
		switch e.Type {
		case payment.EventAccepted:
			t.created = r.At
		case payment.EventCompleted:
			t.confirmed = r.At
		case payment.EventCancelled, payment.EventRefunded:
			t.reversed = r.At
		case payment.EventRejected:
			t.rejected(r, e.Rejection)
		}
	}
}

// rejected reads what the bank itself was refused. What others were is nothing to it.
func (t *transaction) rejected(r saga.Record, why *payment.Rejection) {
	switch {
	case r.Cause.Kind != saga.ByProvider || why == nil:
	case why.Verb == payment.VerbPay && r.Payment == nil:
		t.refused = why.Code
	case why.Verb == payment.VerbConfirm:
		t.confirmRefused = true
	}
}

func (t *transaction) opened() bool { return t.last.Payment != nil }

// of tells whether the transaction is there, is the bank's, and is of the service that the call names.
func (t *transaction) of(v *visit) bool {
	return t.opened() && t.last.Payment.Provider == uzum.Name &&
		t.last.Payment.ProviderRefs[serviceRef] == strconv.FormatInt(*v.ServiceID, 10)
}

// unknown is the error code of a transaction that is not of the call.
func (t *transaction) unknown(*visit) uzum.Code {
	if t.opened() && t.last.Payment.Provider == uzum.Name {
		return uzum.InvalidService
	}
	return uzum.CheckFailed
}

var errUndecided = errors.New("the payment waits for a person's decision")

// decided is the reason for which nothing can be said now.
func (t *transaction) decided() error {
	if s := t.last.Payment.Status; s == payment.InDoubt || s == payment.NeedsReview {
		return errUndecided
	}
	return nil
}

// state is what the bank calls where the payment stands. One that ran out of time is failed: the bank asks until it
// hears that or confirmed.
func (t *transaction) state() uzum.State {
	p := t.last.Payment
	switch {
	case p.Status == payment.Failed, p.Status == payment.Cancelled && p.CancelReason == saga.CancelExpired:
		return uzum.Failed
	case !t.reversed.IsZero():
		return uzum.Reversed
	case !t.confirmed.IsZero():
		return uzum.Confirmed
	default:
		return uzum.Created
	}
}

func (t *transaction) data() uzum.Data { return uzum.Show(t.last.State.Shown) }

func (t *transaction) amount() payment.Money { return t.last.Payment.Amount }
