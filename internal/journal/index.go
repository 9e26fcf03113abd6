package journal

import (
	"context"
	"errors"
	"fmt"
	"time"

	"github.com/nats-io/nats.go/jetstream"

	"tolov/internal/events"
	"tolov/internal/payment"
)

// Index tells which payment a provider speaks of, in the stream PAYMENTS_INDEX: one subject per provider, merchant and
// key, whose last message is the payment's id. It is a hint: whoever finds a payment in it compares with its record.
type Index struct{ js jetstream.JetStream }

// NewIndex makes an index on the stream that events.Layout.Ensure has made.
func NewIndex(js jetstream.JetStream) *Index { return &Index{js} }

// Note makes a payment found under a key. To note it again changes nothing, so a lost acknowledgement is no reason to
// look what was stored (H30): it is noted again.
func (x *Index) Note(ctx context.Context, provider, merchant, key, paymentID string) error {
	subject := events.IndexSubject(provider, merchant, key)
	for try := 1; ; try++ {
		_, err := x.js.Publish(ctx, subject, []byte(paymentID))
		switch {
		case err == nil:
			return nil
		case ctx.Err() != nil, try == appendTries:
			return fmt.Errorf("index %s of %s: %w", provider, paymentID, err)
		}
		select {
		case <-time.After(appendPause << (try - 1)):
		case <-ctx.Done():
		}
	}
}

// Find gives the id of the payment that was noted under a key, empty when there is none. It reads what was acknowledged
// last, never what a replica still has (H35).
func (x *Index) Find(ctx context.Context, provider, merchant, key string) (string, error) {
	found, err := latest(ctx, x.js, events.StreamIndex, events.IndexSubject(provider, merchant, key))
	switch {
	case errors.Is(err, jetstream.ErrMsgNotFound):
		return "", nil
	case err != nil:
		return "", fmt.Errorf("index %s: %w", provider, err)
	case !payment.IsID(string(found.Data)):
		return "", fmt.Errorf("index %s: the message at %d names no payment", provider, found.Sequence)
	default:
		return string(found.Data), nil
	}
}
