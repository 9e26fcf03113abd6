package desk

import (
	"context"
	"errors"
	"fmt"
	"slices"
	"strings"
	"time"

	"github.com/go-json-experiment/json"
	"github.com/nats-io/nats.go"
	"github.com/nats-io/nats.go/jetstream"
	"github.com/nats-io/nats.go/micro"

	"tolov/internal/events"
)

// ErrNoWorker says that nobody answers.
var ErrNoWorker = errors.New("no worker answers: start one, or check that this is the NATS that workers use")

// Desk asks on a connection that stays its caller's.
type Desk struct {
	NATS *nats.Conn
	JS   jetstream.JetStream
}

// New makes a desk.
func New(nc *nats.Conn) (*Desk, error) {
	js, err := jetstream.New(nc)
	if err != nil {
		return nil, fmt.Errorf("JetStream: %w", err)
	}
	return &Desk{NATS: nc, JS: js}, nil
}

// Open lists the payments that are not final. It reads the last record of every payment: give it half a minute.
func (d *Desk) Open(ctx context.Context, q OpenQuestion) (answer OpenAnswer, err error) {
	return answer, d.ask(ctx, events.SubjectQueryOpen, q, &answer)
}

// Preview tells what would become of a command, as things stand.
func (d *Desk) Preview(ctx context.Context, q Preview) (seen Foreseen, err error) {
	return seen, d.ask(ctx, events.SubjectQueryPreview, q, &seen)
}

func (d *Desk) ask(ctx context.Context, subject string, question, into any) error {
	body, err := json.Marshal(question)
	if err != nil {
		return errors.New(subject + ": the question cannot be written as JSON") // the reason might repeat a secret
	}
	reply, err := d.NATS.RequestWithContext(ctx, subject, body)
	switch {
	case errors.Is(err, nats.ErrNoResponders):
		return fmt.Errorf("%s: %w", subject, ErrNoWorker)
	case err != nil:
		return fmt.Errorf("%s: no answer: %w", subject, err)
	}
	if code := reply.Header.Get(micro.ErrorCodeHeader); code != "" {
		return fmt.Errorf("%s: the worker answers %s: %s", subject, code, reply.Header.Get(micro.ErrorHeader))
	}
	if err := json.Unmarshal(reply.Data, into); err != nil {
		return fmt.Errorf("%s: the answer cannot be read, it may be of another version: %w", subject, err)
	}
	return nil
}

// Workers asks every worker how it is set, and listens for wait. The time between question and answer bounds how far
// each clock is from ours: see Heard.
func (d *Desk) Workers(ctx context.Context, wait time.Duration) ([]Heard, error) {
	inbox := d.NATS.NewInbox()
	answers, err := d.NATS.SubscribeSync(inbox)
	if err != nil {
		return nil, err
	}
	defer func() { _ = answers.Unsubscribe() }() // the connection may be gone by then
	ctx, cancel := context.WithTimeout(ctx, wait)
	defer cancel()
	asked := time.Now()
	if err := d.NATS.PublishRequest(events.SubjectQuerySettings, inbox, nil); err != nil {
		return nil, err
	}
	var all []Heard
	for {
		m, err := answers.NextMsgWithContext(ctx)
		switch {
		case errors.Is(err, nats.ErrNoResponders):
			return nil, nil
		case ctx.Err() != nil:
			slices.SortFunc(all, func(a, b Heard) int { return strings.Compare(a.Worker, b.Worker) })
			return all, nil
		case err != nil:
			return nil, err
		}
		h := Heard{Asked: asked, Came: time.Now()}
		if err := json.Unmarshal(m.Data, &h.Settings); err != nil {
			return nil, fmt.Errorf("a worker's settings cannot be read, it may be of another version: %w", err)
		}
		all = append(all, h)
	}
}

// Heard is what one worker answered, and when by our own clock.
type Heard struct {
	Settings

	Asked, Came time.Time
}

// Skew is how far the worker's clock is from ours at least, 0 when both may be the same.
func (h Heard) Skew() time.Duration {
	switch now := h.Now.Time; {
	case now.Before(h.Asked.Truncate(time.Millisecond)):
		return h.Asked.Sub(now)
	case now.After(h.Came):
		return now.Sub(h.Came)
	default:
		return 0
	}
}
