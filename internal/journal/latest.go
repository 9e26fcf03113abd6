package journal

import (
	"context"
	"errors"
	"fmt"

	"github.com/go-json-experiment/json"
	"github.com/nats-io/nats.go/jetstream"

	"tolov/internal/saga"
)

// Latest gives the payment's last record as Load does, but as of now: what another program has just appended is in it.
// Load may ask a replica that lags behind, which a decision outlives that ends in an append; an answer that is given by
// the record alone does not (H35).
func (j *Journal) Latest(ctx context.Context, paymentID string) (saga.Record, error) {
	stream, subject := j.place(paymentID)
	found, err := latest(ctx, j.js, stream.CachedInfo().Config.Name, subject)
	if errors.Is(err, jetstream.ErrMsgNotFound) {
		return saga.Record{}, nil
	}
	if err != nil {
		return saga.Record{}, fmt.Errorf("latest of %s: %w", paymentID, err)
	}
	return decode(found.Data, found.Sequence)
}

// stored is a message as the stream's leader gives it.
type stored struct {
	Sequence uint64 `json:"seq"`
	Data     []byte `json:"data"`
}

// latest reads the last message of a subject from the stream's leader, which has acknowledged all there is. The client
// library asks any replica as soon as a stream allows it, and ours all do.
func latest(ctx context.Context, js jetstream.JetStream, stream, subject string) (stored, error) {
	question, err := json.Marshal(map[string]string{"last_by_subj": subject})
	if err != nil {
		return stored{}, err
	}
	ctx, cancel := context.WithTimeout(ctx, js.Options().DefaultTimeout)
	defer cancel()
	said, err := js.Conn().RequestWithContext(ctx, jetstream.DefaultAPIPrefix+"STREAM.MSG.GET."+stream, question)
	if err != nil {
		return stored{}, err
	}
	var reply struct {
		Message *stored             `json:"message"`
		Error   *jetstream.APIError `json:"error"`
	}
	err = json.Unmarshal(said.Data, &reply)
	switch {
	case err != nil:
		return stored{}, err
	case reply.Error != nil && reply.Error.ErrorCode == jetstream.JSErrCodeMessageNotFound:
		return stored{}, jetstream.ErrMsgNotFound
	case reply.Error != nil:
		return stored{}, reply.Error
	case reply.Message == nil:
		return stored{}, jetstream.ErrInvalidJetStreamResponse
	}
	return *reply.Message, nil
}
