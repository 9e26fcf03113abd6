package main

import (
	"context"
	"fmt"
	"io"
	"iter"
	"time"

	"tolov/client"
	"tolov/internal/providers/sandbox"
)

// stage is where the scenes are played.
type stage struct {
	client *client.Client
	bench  *bench
	bank   *sandbox.Uzum
	out    io.Writer
	paint  palette

	now   scene
	name  string    // of the scene, in ext_ids and accounts
	start time.Time // of the scene
	abort context.CancelCauseFunc

	extID string // of the payment that is followed
	next  func() (client.Event, error, bool)
	stop  func()
	last  client.Event
	token client.Secret // of the card that was linked
}

// timelineIndent is where the texts of a timeline begin: behind the time, the sign and the event.
const timelineIndent = 10 + 2 + 1 + 1 + eventWidth + 2

// account is whom the scene's payment is for.
func (s *stage) account() string { return "shop-" + s.name }

// play runs a scene to its end and gives its last payment as it stands then.
func (s *stage) play(ctx context.Context, number int, sc scene) (*client.Payment, error) {
	ctx, s.abort = context.WithCancelCause(ctx)
	defer s.abort(nil)
	s.now, s.name, s.start = sc, fmt.Sprintf("demo-%d", number), time.Now()
	title := fmt.Sprintf("%d. %s", number, sc.title)
	show(s.out, "\n%s\n   %s\n\n", s.paint.in(bold, title), s.paint.in(dim, sc.story))
	s.follow(ctx, s.name)
	defer func() { s.stop() }()
	for _, act := range sc.acts {
		if err := act(ctx, s); err != nil {
			return nil, err
		}
	}
	return s.last.Payment, s.rest(ctx)
}

// follow turns to the payment with this ext_id.
func (s *stage) follow(ctx context.Context, extID string) {
	s.extID, s.last = extID, client.Event{}
	s.next, s.stop = iter.Pull2(s.client.Watch(ctx, client.Filter{
		PaymentID: client.PaymentID("", extID), FromStart: true,
	}))
}

// rest shows the events that the last record has beside the one that ended the scene.
func (s *stage) rest(ctx context.Context) error {
	h, err := s.client.History(ctx, s.last.PaymentID)
	if err != nil {
		return err
	}
	recorded := 0
	for _, r := range h.Records {
		recorded += len(r.Events)
	}
	for s.last.N < recorded {
		if err := s.show(ctx); err != nil {
			return err
		}
	}
	return nil
}

// show waits for the payment's next event and prints it, with what led to it.
func (s *stage) show(ctx context.Context) error {
	e, err, more := s.next()
	switch {
	case err != nil:
		return err
	case !more:
		return ctx.Err()
	}
	s.last = e
	if p := e.Payment; p != nil && p.Card != nil && p.Card.Token != "" {
		s.token = p.Card.Token
	}
	h, err := s.client.History(ctx, e.PaymentID)
	if err != nil {
		return err
	}
	texts := about(e, time.Now())
	if why := because(h, e); why != "" {
		texts = append(texts, "← "+why)
	}
	s.line(mark(e.Type), string(e.Type), texts...)
	return nil
}

// because tells which answer of the provider led to an event.
func because(h client.History, e client.Event) string {
	for _, r := range h.Records {
		if r.Evidence != nil && len(r.Events) > 0 && r.Events[0].N == e.N {
			return evidence(r.Evidence)
		}
	}
	return ""
}

// line prints an entry of the timeline: when, what, and below it whatever else there is to say.
func (s *stage) line(sign cell, name string, texts ...string) {
	first, more := "", texts
	if len(texts) > 0 {
		first, more = texts[0], texts[1:]
	}
	show(s.out, "%s  %s %s  %s\n", s.paint.in(dim, fmt.Sprintf("%10s", apart(time.Since(s.start)))),
		s.paint.in(sign.style, sign.text), s.paint.in(sign.style, fmt.Sprintf("%-*s", eventWidth, name)), printable(first))
	for _, text := range more {
		show(s.out, "%*s%s\n", timelineIndent, "", s.paint.in(dim, printable(text)))
	}
}
