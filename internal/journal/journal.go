package journal

import (
	"context"
	"errors"
	"fmt"
	"log/slog"
	"strconv"
	"time"

	"github.com/go-json-experiment/json"
	"github.com/go-json-experiment/json/jsontext"
	"github.com/nats-io/nats.go"
	"github.com/nats-io/nats.go/jetstream"
	"github.com/nats-io/nuid"

	"tolov/internal/events"
	"tolov/internal/saga"
)

var _ saga.Journal = (*Journal)(nil)

const (
	appendTries = 9
	appendPause = 10 * time.Millisecond // doubled at every try: 2.5 s in all; a lost race on a cluster needs one
)

// Journal keeps the records of payments in the streams PAYMENTS_JOURNAL_<k>.
type Journal struct {
	Leaking func(ctx context.Context) // told of a record that holds what looks like a card number (I8)

	js     jetstream.JetStream
	shards []jetstream.Stream
	log    *slog.Logger
}

// Open finds the journal's streams, which events.Layout.Ensure has made.
func Open(ctx context.Context, js jetstream.JetStream, shards int, log *slog.Logger) (*Journal, error) {
	j := &Journal{Leaking: func(context.Context) {}, js: js, log: log}
	for k := range shards {
		stream, err := js.Stream(ctx, events.JournalStream(k))
		if err != nil {
			return nil, fmt.Errorf("journal shard %d: %w", k, err)
		}
		j.shards = append(j.shards, stream)
	}
	return j, nil
}

func (j *Journal) place(paymentID string) (jetstream.Stream, string) {
	k := events.Shard(paymentID, len(j.shards))
	return j.shards[k], events.JournalSubject(k, paymentID)
}

// Load gives the payment's last record, the zero Record when there is none. The read may be stale (H35): a decision
// that stood on a stale record fails at its append.
func (j *Journal) Load(ctx context.Context, paymentID string) (saga.Record, error) {
	stream, subject := j.place(paymentID)
	msg, err := stream.GetLastMsgForSubject(ctx, subject)
	if errors.Is(err, jetstream.ErrMsgNotFound) {
		return saga.Record{}, nil
	}
	if err != nil {
		return saga.Record{}, fmt.Errorf("load %s: %w", paymentID, err)
	}
	return decode(msg.Data, msg.Sequence)
}

// decode reads a record. A field that this version does not know is an error: the record was written by a newer one, to
// which the payment is left, for a record written here would lose that field (H69, H70).
func decode(data []byte, seq uint64) (saga.Record, error) {
	var r saga.Record
	if err := json.Unmarshal(data, &r, json.RejectUnknownMembers(true)); err != nil {
		return saga.Record{}, fmt.Errorf("record at %d: %w", seq, err)
	}
	r.Seq = seq
	return r, nil
}

// Append adds a record behind the one at r.Seq, or fails with saga.ErrConflict when that is not the last one any more.
//
// The answers of JetStream to a repeated write differ between one server and a cluster, and an acknowledgement may
// get lost after the write (H30). So whatever the error says, the subject is read again and the last record's id
// tells whether it is ours.
func (j *Journal) Append(ctx context.Context, paymentID string, r saga.Record) (uint64, error) {
	stream, subject := j.place(paymentID)
	r.ID = nuid.Next()
	msg, err := message(subject, r)
	if err != nil {
		return 0, err
	}
	if events.HoldsCardNumber(msg.Data) {
		j.log.ErrorContext(ctx, "a record holds what looks like a card number", "payment_id", paymentID)
		j.Leaking(ctx)
	}
	for try := 1; ; try++ {
		ack, err := j.js.PublishMsg(ctx, msg, jetstream.WithExpectLastSequencePerSubject(r.Seq))
		if err == nil {
			return ack.Sequence, nil
		}
		seq, found, readErr := j.look(ctx, stream, subject, r)
		switch {
		case readErr == nil && found == ours:
			return seq, nil
		case readErr == nil && found == others:
			return 0, saga.ErrConflict
		case ctx.Err() != nil, try == appendTries:
			return 0, fmt.Errorf("append to %s: %w", paymentID, errors.Join(err, readErr))
		}
		j.log.WarnContext(ctx, "append not acknowledged, trying again", "payment_id", paymentID, "err", err)
		select {
		case <-time.After(appendPause << (try - 1)):
		case <-ctx.Done():
		}
	}
}

// whose tells who wrote the last record of a subject.
type whose int

const (
	nobody whose = iota // nothing new: our write did not get there, or not yet
	ours
	others
)

func (j *Journal) look(
	ctx context.Context, stream jetstream.Stream, subject string, r saga.Record,
) (uint64, whose, error) {
	last, err := stream.GetLastMsgForSubject(ctx, subject)
	switch {
	case errors.Is(err, jetstream.ErrMsgNotFound):
		return 0, nobody, nil
	case err != nil:
		return 0, nobody, err
	case last.Header.Get(events.HeaderRecord) == r.ID:
		return last.Sequence, ours, nil
	case last.Sequence > r.Seq:
		return 0, others, nil
	default:
		return 0, nobody, nil
	}
}

// message writes a record, with what a sweep needs of it in the headers. Text that is not UTF-8, which a provider's
// note may hold, is mended: no record of money may fail for its text.
func message(subject string, r saga.Record) (*nats.Msg, error) {
	data, err := json.Marshal(r, json.Deterministic(true), jsontext.AllowInvalidUTF8(true))
	if err != nil {
		return nil, fmt.Errorf("encode record: %w", err)
	}
	m := nats.NewMsg(subject)
	m.Data = data
	m.Header.Set(events.HeaderRecord, r.ID)
	m.Header.Set(events.HeaderEvents, strconv.Itoa(len(r.Events)))
	if r.Payment != nil {
		m.Header.Set(events.HeaderStatus, string(r.Payment.Status))
		m.Header.Set(events.HeaderAccount, events.AccountName(r.Payment.Provider, r.Merchant))
		m.Header.Set(events.HeaderCreated, strconv.FormatInt(r.Payment.CreatedAt.UnixMilli(), 10))
	}
	if d := r.State.Differs; d != nil {
		m.Header.Set(events.HeaderAccount, events.AccountName(d.Provider, r.Merchant))
		m.Header.Set(events.HeaderDiffers, strconv.FormatInt(d.On.UnixMilli(), 10))
	}
	if due := r.State.Due; !due.IsZero() {
		m.Header.Set(events.HeaderDue, strconv.FormatInt(due.UnixMilli(), 10))
	}
	if doubt := r.State.Doubt; doubt != nil {
		m.Header.Set(events.HeaderDoubt, strconv.FormatInt(doubt.Since.UnixMilli(), 10))
	}
	if amount, _ := r.Exposure(); amount > 0 {
		m.Header.Set(events.HeaderExposure, strconv.FormatInt(int64(amount), 10))
	}
	if why := r.State.Review; why != "" {
		m.Header.Set(events.HeaderReview, string(why))
	}
	return m, nil
}

// History gives all records of a payment, oldest first.
func (j *Journal) History(ctx context.Context, paymentID string) ([]saga.Record, error) {
	stream, subject := j.place(paymentID)
	var records []saga.Record
	for seq := uint64(1); ; {
		msg, err := stream.GetMsg(ctx, seq, jetstream.WithGetMsgSubject(subject))
		if errors.Is(err, jetstream.ErrMsgNotFound) {
			return records, nil
		}
		if err != nil {
			return nil, fmt.Errorf("history of %s: %w", paymentID, err)
		}
		r, err := decode(msg.Data, msg.Sequence)
		if err != nil {
			return nil, err
		}
		records = append(records, r)
		seq = msg.Sequence + 1
	}
}
