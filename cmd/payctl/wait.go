package main

import (
	"context"
	"errors"
	"fmt"
	"io"
	"slices"
	"sync"
	"time"

	"tolov/client"
)

// sendAndWait publishes a command and shows what comes of it.
func (a *app) sendAndWait(ctx context.Context, c *client.Client, cmd client.Command, how sending) error {
	p := startProgress(a.errs, paletteFor(a.errs, a.getenv), a.flags.JSON)
	e, err := c.Do(ctx, cmd, p.tell)
	p.stop()
	if err != nil {
		return err
	}
	if a.flags.JSON {
		show(a.out, "%s\n", string(e.Raw))
	} else {
		a.showEnd(e)
	}
	return judge(e, how)
}

// showEnd prints the event that ended the waiting, and the payment.
func (a *app) showEnd(e client.Event) {
	sign := mark(e.Type)
	show(a.out, "%s %s  %s\n", a.paint.in(sign.style, sign.text), a.paint.in(bold, string(e.Type)),
		tell(e, time.Now()))
	if e.Payment != nil {
		a.showPayment(e.Payment)
	}
	if text := next(e); text != "" {
		show(a.out, "\nnext: %s\n", text)
	}
}

// next tells what follows an event by whoever sits here, if anything does.
func next(e client.Event) string {
	switch {
	case e.Type == client.EventHeld:
		return fmt.Sprintf("payctl charge %s, or payctl cancel %s", e.Payment.ExtID, e.Payment.ExtID)
	case e.Type == client.EventActionRequired && e.Payment.Action != nil && e.Payment.Action.URL != "":
		return "the customer pays at the page; payctl watch " + e.Payment.ExtID
	case e.Type == client.EventActionRequired:
		return "payctl confirm " + e.Payment.ExtID
	case e.Type == client.EventCardLinked:
		return "keep the token: payctl --json watch --from-start " + e.Payment.ExtID + " shows the event that has it"
	default:
		return ""
	}
}

// judge makes the exit code's error of an event: nil when it is what the command was meant to lead to.
func judge(e client.Event, how sending) error {
	switch {
	case slices.Contains(how.good, e.Type):
		return nil
	case e.Type == client.EventNeedsReview:
		return fmt.Errorf("%w: a person must look: see payctl history %s, then payctl resolve", errUnknown, how.extID)
	case e.Type == client.EventRejected && how.resolved && e.Rejection.Verb != "resolve":
		return nil // the command that was in doubt came to nothing, as two persons said
	case e.Type == client.EventRejected:
		return errors.New("refused: " + tell(e, time.Now()))
	case e.Type == client.EventActionRequired:
		return errors.New("not done: " + tell(e, time.Now()))
	default:
		return fmt.Errorf("the payment is %s", e.Payment.Status)
	}
}

const progressStep = 100 * time.Millisecond

// progress shows that something is being waited for: one line, written again and again, on a terminal; elsewhere a line
// per event.
type progress struct {
	w     io.Writer
	paint palette
	live  bool // on a terminal
	mute  bool
	start time.Time

	mu   sync.Mutex
	last string
	end  chan struct{}
	over chan struct{}
}

func startProgress(w io.Writer, paint palette, machine bool) *progress {
	p := &progress{
		w: w, paint: paint, live: isTerminal(w), start: time.Now(), last: "published",
		end: make(chan struct{}), over: make(chan struct{}),
	}
	p.mute = machine && !p.live
	go p.turn()
	return p
}

// turn redraws the line until the end, then wipes it.
func (p *progress) turn() {
	defer close(p.over)
	if !p.live {
		return
	}
	tick := time.NewTicker(progressStep)
	defer tick.Stop()
	wheel := []string{"⠋", "⠙", "⠹", "⠸", "⠼", "⠴", "⠦", "⠧", "⠇", "⠏"}
	for n := 0; ; n++ {
		p.mu.Lock()
		show(p.w, "\r\x1b[K%s %s  %s", p.paint.in(cyan, wheel[n%len(wheel)]),
			apart(time.Since(p.start)), p.last)
		p.mu.Unlock()
		select {
		case <-tick.C:
		case <-p.end:
			show(p.w, "\r\x1b[K")
			return
		}
	}
}

// tell takes an event into the line.
func (p *progress) tell(e client.Event) {
	p.mu.Lock()
	defer p.mu.Unlock()
	p.last = string(e.Type)
	if !p.live && !p.mute {
		sign := mark(e.Type)
		show(p.w, "%9s  %s %s\n", apart(time.Since(p.start)), sign.text, e.Type)
	}
}

func (p *progress) stop() {
	close(p.end)
	<-p.over
}
