package client

import (
	"context"
	"fmt"
	"time"
)

// replayWait is how long Do listens for news of a payment that was there before the command, before it takes what was
// there for the answer: the worker is silent about a repeat.
const replayWait = 2 * time.Second

// Do publishes a command and waits for what comes of it: what the command was meant to lead to, another end of the
// payment, a customer who must act, a person who must look, or the command's rejection. Whoever is given as seen hears
// of every event on the way. A doubt is no end: Do waits until it is settled, or ctx ends. With an error comes the last
// event that there was.
//
//	Pay         completed, action_required, failed, cancelled
//	Hold        held, action_required, failed, cancelled
//	Withdraw    completed, failed, cancelled
//	Payout      completed, failed, cancelled
//	LinkCard    card_linked, action_required, failed, cancelled
//	Confirm     as the command that it confirms
//	ResendCode  action_required
//	Charge      completed; cancelled when the hold ran out or nothing could be charged
//	Cancel      cancelled; completed or failed when the money was faster
//	Refund      refunded or refund_failed, with its RefundID
//	RemoveCard  card_removed
//
// To do the same opening command again is safe: it moves nothing, and Do gives how the payment stands. So is the same
// Refund, whose end it gives, and every command with a CommandID. A Recheck that finds nothing new has no event of its
// own, so Do waits for the next one: give ctx a deadline.
//
// A rejected event names the verb and not the command. So of two commands with one verb that are done to one payment at
// once, each may be told of the other's rejection.
func (c *Client) Do(ctx context.Context, cmd Command, seen ...func(Event)) (Event, error) {
	feed, err := c.open(ctx, Filter{PaymentID: cmd.PaymentID(), FromStart: true})
	if err != nil {
		return Event{}, err
	}
	defer feed.stop()
	past, err := feed.past(ctx)
	if err != nil {
		return feed.unsettled(cmd.PaymentID(), err)
	}
	if err := c.Publish(ctx, cmd); err != nil {
		return feed.last, err
	}
	return feed.settle(ctx, cmd, past, seen)
}

// settle reads on until the command is settled. When the payment was there before and nothing settles the command for a
// moment, it may be a repeat, about which the worker is silent: then what there is may be the answer.
func (f *feed) settle(ctx context.Context, cmd Command, known []Event, seen []func(Event)) (Event, error) {
	listen := ctx
	if len(known) > 0 {
		soon, cancel := context.WithTimeout(ctx, replayWait)
		defer cancel()
		listen = soon
	}
	for {
		e, err := f.next(listen)
		switch {
		case err != nil && listen.Err() != nil && ctx.Err() == nil: // the moment is over
			listen = ctx
			if e = standing(cmd, known); e.Type != "" {
				return e, nil
			}
			continue
		case err != nil:
			return f.unsettled(cmd.PaymentID(), err)
		}
		for _, tell := range seen {
			tell(e)
		}
		if settles(cmd, e) {
			return e, nil
		}
		known = append(known, e) // the last of what there was before may still be coming in
	}
}

// Wait gives the payment's first event that match accepts, whether it was published before or comes later. With an
// error comes the last event that there was.
func (c *Client) Wait(ctx context.Context, paymentID string, match func(Event) bool) (Event, error) {
	return c.wait(ctx, paymentID, func(e Event, _ uint64) bool { return match(e) })
}

// Outcome waits for how a payment ended: completed, failed, cancelled or card_linked, or its opening command rejected.
// A customer who must act is no end; see Do, or Wait for EventActionRequired.
//
// When an opening command was corrected and published again under the same ExtID, Outcome may still find the rejection
// of the first if the worker has not come to the second; Do does not.
func (c *Client) Outcome(ctx context.Context, paymentID string) (Event, error) {
	return c.wait(ctx, paymentID, func(e Event, left uint64) bool {
		return e.Type.Ends() || e.Type == EventRejected && e.Payment == nil && left == 0
	})
}

func (c *Client) wait(ctx context.Context, paymentID string, match func(Event, uint64) bool) (Event, error) {
	if err := checkID(paymentID); err != nil {
		return Event{}, err
	}
	feed, err := c.open(ctx, Filter{PaymentID: paymentID, FromStart: true})
	if err != nil {
		return Event{}, err
	}
	defer feed.stop()
	for {
		e, err := feed.next(ctx)
		if err != nil {
			return feed.unsettled(paymentID, err)
		}
		if match(e, feed.left) {
			return e, nil
		}
	}
}

// unsettled tells how far the payment was when the waiting ended.
func (f *feed) unsettled(paymentID string, err error) (Event, error) {
	if f.last.Type == "" {
		return f.last, fmt.Errorf("payment %s: no event yet: check that a worker runs, then wait again, nothing is lost: %w",
			paymentID, err)
	}
	return f.last, fmt.Errorf("payment %s: not settled, the last event was %s: wait again, nothing is lost: %w",
		paymentID, f.last.Type, err)
}
