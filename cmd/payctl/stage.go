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
	out    io.Writer
	paint  palette

	now   scene
	extID string
	start time.Time // of the scene
	next  func() (client.Event, error, bool)
	last  client.Event
}

// act is a piece of a scene.
type act func(ctx context.Context, s *stage) error

// How often a command is published.
const (
	once      = 1
	fiveTimes = 5
)

// timelineIndent is where the texts of a timeline begin: behind the time, the sign and the event.
const timelineIndent = 10 + 2 + 1 + 1 + eventWidth + 2

// pay publishes the scene's payment, that many times.
func pay(card client.Card, times int) act {
	return func(ctx context.Context, s *stage) error {
		with := "by token"
		if masked := card.Masked(); masked != "" {
			with = "by card " + masked
		}
		name := "pay"
		if times > 1 {
			name = fmt.Sprintf("pay ×%d", times)
		}
		s.line(cell{"→", bold}, name, fmt.Sprintf("%s UZS for %s, %s", sums(s.now.amount), s.account(), with))
		for range times {
			if err := s.client.Publish(ctx, client.Pay{
				ExtID: s.extID, Provider: "atmos", Amount: s.now.amount, Account: s.account(), Card: card,
			}); err != nil {
				return err
			}
		}
		return nil
	}
}

// enter plays the customer, who enters the code.
func enter(code client.Secret) act {
	return func(ctx context.Context, s *stage) error {
		s.line(cell{"→", bold}, "confirm", "the customer enters "+string(code)) // the sandbox's only code: no secret
		return s.client.Publish(ctx, client.Confirm{ExtID: s.extID, Code: code})
	}
}

// breaks makes the provider misbehave at the scene's next call of an operation.
func breaks(op, kind string) act {
	return func(ctx context.Context, s *stage) error {
		s.line(cell{"⚡", yellow}, "sandbox fault", "the next "+op+" will take effect and never be answered")
		return s.bench.script(ctx, sandbox.Fault{Op: op, Kind: kind, Account: s.account(), Times: once})
	}
}

// until shows what happens until an event of the type.
func until(want client.EventType) act {
	return func(ctx context.Context, s *stage) error {
		for {
			if err := s.show(ctx); err != nil {
				return err
			}
			switch got := s.last.Type; {
			case got == want:
				return nil
			case got.Ends(), got == client.EventRejected:
				return fmt.Errorf("%s: expected %s, got %s: %s", s.now.title, want, got, tell(s.last, time.Now()))
			}
		}
	}
}

// account is whom the scene's payment is for.
func (s *stage) account() string { return "shop-" + s.extID }

// play runs a scene to its end and gives the payment as it stands then.
func (s *stage) play(ctx context.Context, number int, sc scene) (*client.Payment, error) {
	ctx, cancel := context.WithCancel(ctx)
	defer cancel()
	s.now, s.extID, s.start, s.last = sc, fmt.Sprintf("demo-%d", number), time.Now(), client.Event{}
	title := fmt.Sprintf("%d. %s", number, sc.title)
	show(s.out, "\n%s\n   %s\n\n", s.paint.in(bold, title), s.paint.in(dim, sc.story))
	var stop func()
	s.next, stop = iter.Pull2(s.client.Watch(ctx, client.Filter{
		PaymentID: client.PaymentID("", s.extID), FromStart: true,
	}))
	defer stop()
	for _, act := range sc.acts {
		if err := act(ctx, s); err != nil {
			return nil, err
		}
	}
	return s.last.Payment, s.rest(ctx)
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
