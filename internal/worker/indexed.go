package worker

import (
	"context"
	"errors"

	"golang.org/x/sync/errgroup"

	"tolov/internal/journal"
	"tolov/internal/payment"
	"tolov/internal/saga"
)

var _ saga.Journal = indexed{}

// indexed is the journal, and beside it the index by which an ingress finds the payment when the provider asks about a
// debit (ADR 0013). Merchants whose provider asks nobody pay nothing for it.
//
// Before the call that debits, the intent is recorded and the debit noted, both at once. A crash between the two does
// no harm. Noted and not recorded: whoever finds the payment sees no intent in its record and refuses. Recorded and not
// noted: the call was not made, for Append has not returned; the intent is asked about, never sent, and an attempt
// after that has an intent of its own, which is noted again.
//
// A page is different: its address goes out with the record, by itself. So it is noted first.
type indexed struct {
	*journal.Journal
	index *journal.Index
	asks  func(merchant, provider string) bool // before it debits
	tells func(merchant, provider string) bool // that a card was linked
}

// Append adds a record, as the journal does. When it returns nil, every debit that the record lets the provider ask
// about can be found.
func (j indexed) Append(ctx context.Context, paymentID string, r saga.Record) (uint64, error) {
	charges := j.begun(r)
	switch card := j.linked(r); {
	case card != "":
		if err := j.index.Note(ctx, r.Payment.Provider, r.Merchant, cardKey(card), r.PaymentID); err != nil {
			return 0, err
		}
		return j.Journal.Append(ctx, paymentID, r)
	case len(charges) == 0:
		return j.Journal.Append(ctx, paymentID, r)
	case r.State.Intent == nil:
		if err := j.note(ctx, r, charges); err != nil {
			return 0, err
		}
		return j.Journal.Append(ctx, paymentID, r)
	}
	var noted errgroup.Group
	noted.Go(func() error { return j.note(ctx, r, charges) })
	seq, err := j.Journal.Append(ctx, paymentID, r)
	return seq, errors.Join(err, noted.Wait())
}

// linked is the provider's id of the card that is linked with this record, if one is. It is noted first: whoever does
// not find the payment among those that wait finds the card.
func (j indexed) linked(r saga.Record) string {
	if r.Payment == nil || r.Payment.Card == nil || !j.tells(r.Merchant, r.Payment.Provider) {
		return ""
	}
	for _, e := range r.Events {
		if e.Type == payment.EventCardLinked {
			return r.Payment.Card.ID
		}
	}
	return ""
}

// cardKey is what the payment is noted under that linked a card.
func cardKey(id string) string { return "card/" + id }

// begun lists the debits that become possible with this record.
func (j indexed) begun(r saga.Record) []saga.Charge {
	if r.Payment == nil || !j.asks(r.Merchant, r.Payment.Provider) {
		return nil
	}
	begins := r.State.Intent != nil && r.State.Intent.At.Equal(r.At.Time)
	for _, e := range r.Events {
		begins = begins || e.Type == payment.EventActionRequired
	}
	if !begins {
		return nil
	}
	return r.Charges(r.At.Time)
}

func (j indexed) note(ctx context.Context, r saga.Record, charges []saga.Charge) error {
	var group errgroup.Group
	for _, c := range charges {
		group.Go(func() error { return j.index.Note(ctx, r.Payment.Provider, r.Merchant, c.Key(), r.PaymentID) })
	}
	return group.Wait()
}
