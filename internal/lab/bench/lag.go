package main

import (
	"context"
	"fmt"
	"slices"
	"time"

	"tolov/internal/events"
	"tolov/internal/payment"
)

// lagSample is how many payments of the last batch are looked at.
const lagSample = 200

// lags are how long events were stored after the records that they tell of, in order of length: the part of a payment's
// time that passed when its money had moved already. The times are the server's.
func (r *rig) lags(ctx context.Context) ([]time.Duration, error) {
	told, err := r.js.Stream(ctx, events.StreamEvents)
	if err != nil {
		return nil, err
	}
	var lags []time.Duration
	for i := 0; i < r.Payments; i += max(r.Payments/lagSample, 1) {
		id := payment.ID(payment.DefaultMerchant, fmt.Sprintf("b%d-%d", r.load.batches, i))
		k := events.Shard(id, len(r.shards))
		record, err := r.shards[k].GetLastMsgForSubject(ctx, events.JournalSubject(k, id))
		if err != nil {
			return nil, err
		}
		event, err := told.GetLastMsgForSubject(ctx, events.EventSubject(payment.EventCompleted, id))
		if err != nil {
			return nil, err
		}
		lags = append(lags, event.Time.Sub(record.Time))
	}
	slices.Sort(lags)
	return lags, nil
}
