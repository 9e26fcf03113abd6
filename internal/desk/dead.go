package desk

import (
	"context"
	"errors"
	"fmt"
	"slices"
	"strconv"
	"time"

	"github.com/go-json-experiment/json"
	"github.com/go-json-experiment/json/jsontext"
	"github.com/nats-io/nats.go"
	"github.com/nats-io/nats.go/jetstream"

	"tolov/internal/events"
	"tolov/internal/payment"
)

// Letter is a message that nobody could use. Its body names the fields and hides every value that may be a secret.
type Letter struct {
	Sequence uint64         `json:"sequence"` // of PAYMENTS_DEAD
	At       payment.Time   `json:"at"`
	Reason   string         `json:"reason"`
	Subject  string         `json:"subject"`         // where it was published
	Original string         `json:"original"`        // its sequence there
	Body     jsontext.Value `json:"body"`            // redacted
	Replay   *Replay        `json:"replay,omitzero"` // the last one
}

// Replay tells who published a dead letter again, mended, and why.
type Replay struct {
	Sequence  uint64       `json:"sequence"`
	PaymentID string       `json:"payment_id"`
	Verb      payment.Verb `json:"verb"`
	Actor     string       `json:"actor"`
	Reason    string       `json:"reason"`
	At        payment.Time `json:"at"`
}

// ErrNoLetter says that there is no such dead letter, or no more.
var ErrNoLetter = errors.New("there is no dead letter with this number; dead letters are kept for 90 days")

// Letters lists the dead letters, the newest first, and tells how many there are.
func (d *Desk) Letters(ctx context.Context, most int) (letters []Letter, all uint64, err error) {
	stream, err := d.JS.Stream(ctx, events.StreamDead)
	if err != nil {
		return nil, 0, fmt.Errorf("dead letters: %w", err)
	}
	state := stream.CachedInfo().State
	for seq := state.LastSeq; seq >= max(state.FirstSeq, 1) && len(letters) < most && state.Msgs > 0; seq-- {
		l, err := d.letter(ctx, stream, seq)
		switch {
		case errors.Is(err, jetstream.ErrMsgNotFound): // deleted
			continue
		case err != nil:
			return nil, 0, err
		}
		letters = append(letters, l)
	}
	return letters, state.Msgs, nil
}

// Letter gives one dead letter.
func (d *Desk) Letter(ctx context.Context, seq uint64) (Letter, error) {
	stream, err := d.JS.Stream(ctx, events.StreamDead)
	if err != nil {
		return Letter{}, fmt.Errorf("dead letters: %w", err)
	}
	l, err := d.letter(ctx, stream, seq)
	if errors.Is(err, jetstream.ErrMsgNotFound) {
		return Letter{}, ErrNoLetter
	}
	return l, err
}

func (d *Desk) letter(ctx context.Context, stream jetstream.Stream, seq uint64) (Letter, error) {
	m, err := stream.GetMsg(ctx, seq)
	if err != nil {
		return Letter{}, fmt.Errorf("dead letter %d: %w", seq, err)
	}
	l := Letter{
		Sequence: m.Sequence, At: payment.At(m.Time), Reason: m.Header.Get(events.HeaderReason),
		Subject: m.Header.Get(events.HeaderSubject), Original: m.Header.Get(events.HeaderSequence), Body: m.Data,
	}
	if !l.Body.IsValid() {
		l.Body = jsontext.Value(strconv.Quote("unreadable"))
	}
	l.Replay, err = d.replayed(ctx, seq)
	return l, err
}

func (d *Desk) replayed(ctx context.Context, seq uint64) (*Replay, error) {
	stream, err := d.JS.Stream(ctx, events.StreamOperations)
	if err != nil {
		return nil, fmt.Errorf("replays: %w", err)
	}
	m, err := stream.GetLastMsgForSubject(ctx, events.ReplaySubject(seq))
	if errors.Is(err, jetstream.ErrMsgNotFound) {
		return nil, nil
	}
	if err != nil {
		return nil, fmt.Errorf("replays: %w", err)
	}
	r := &Replay{}
	if err := json.Unmarshal(m.Data, r); err != nil {
		return nil, fmt.Errorf("replay of %d: it cannot be read: %w", seq, err)
	}
	return r, nil
}

// Again publishes a dead letter's mended command, as a command like every other. Who did it and why is noted first, so
// that nothing is done that nobody knows of.
func (d *Desk) Again(ctx context.Context, r Replay, body []byte) error {
	r.At = payment.At(time.Now())
	note, err := json.Marshal(r, json.Deterministic(true))
	if err != nil {
		return err
	}
	if _, err := d.JS.Publish(ctx, events.ReplaySubject(r.Sequence), note); err != nil {
		return fmt.Errorf("the replay is not noted, so nothing was published: %w", err)
	}
	m := nats.NewMsg(events.CommandSubject(r.Verb))
	m.Data = slices.Clone(body)
	if _, err := d.JS.PublishMsg(ctx, m); err != nil {
		return fmt.Errorf("not acknowledged, so it may be stored or not: replay it again: %w", err)
	}
	return nil
}
