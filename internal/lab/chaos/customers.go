package main

import (
	"context"
	"fmt"
	"time"

	"github.com/nats-io/nats.go"
	"github.com/nats-io/nats.go/jetstream"

	"tolov/internal/events"
	"tolov/internal/payment"
)

const (
	publishWait = time.Second // for an acknowledgement, before the command is published again
	amount      = 150_000     // tiyin
)

// customers are the other side of the payments: they publish commands, read events, and give codes.
type customers struct {
	*chaos
	asked chan request
}

// request is a code that a payment waits for.
type request struct {
	extID string
	event int // the number of the event that asks, which names the answer
}

// ours begins the ext_id of every payment that a command opens.
const ours = "chaos-"

func extID(i int) string { return fmt.Sprintf(ours+"%06d", i) }

func paymentID(i int) string { return payment.ID(payment.DefaultMerchant, extID(i)) }

// byCode tells which payments are by card number: so many of every hundred, spread evenly.
func (o options) byCode(i int) bool { return i*o.coded/100 != (i+1)*o.coded/100 }

// pay publishes the opening commands at the rate asked for.
func (c *customers) pay(ctx context.Context) error {
	expiry := time.Now().AddDate(2, 0, 0).Format("0601")
	tick := time.NewTicker(time.Second / time.Duration(c.rate))
	defer tick.Stop()
	for i := range c.n {
		card := `{"token":"lab"}`
		if c.byCode(i) {
			card = fmt.Sprintf(`{"number":"9860090101014364","expiry":%q}`, expiry)
		}
		body := fmt.Sprintf(`{"ext_id":%q,"provider":"atmos","amount":%d,"account":%q,"card":%s}`,
			extID(i), amount, extID(i), card)
		if err := c.publish(ctx, payment.VerbPay, body); err != nil {
			return err
		}
		select {
		case <-ctx.Done():
			return ctx.Err()
		case <-tick.C:
		}
	}
	return nil
}

// publish publishes until the command is stored for sure. It may be stored more than once, as any caller's.
func (c *customers) publish(ctx context.Context, verb payment.Verb, body string) error {
	for {
		try, cancel := context.WithTimeout(ctx, publishWait)
		_, err := c.js.Publish(try, events.CommandSubject(verb), []byte(body), jetstream.WithRetryAttempts(0))
		cancel()
		if err == nil {
			return nil
		}
		select {
		case <-ctx.Done():
			return err
		case <-time.After(lookEvery):
		}
	}
}

// giveCodes confirms the payments that ask for a code.
func (c *customers) giveCodes(ctx context.Context) error {
	for {
		select {
		case <-ctx.Done():
			return nil
		case r := <-c.asked:
			body := fmt.Sprintf(`{"ext_id":%q,"otp":"111111","command_id":"code-%d"}`, r.extID, r.event)
			if err := c.publish(ctx, payment.VerbConfirm, body); err != nil {
				return err
			}
		}
	}
}

// listen reads the events as they come. When the server was away it begins anew: events need not survive the server's
// death, they are written again, and then in another order perhaps.
func (c *customers) listen(ctx context.Context) error {
	back := c.nc.StatusChanged(nats.CONNECTED)
	defer c.nc.RemoveStatusListener(back)
	for ctx.Err() == nil {
		term, cancel := context.WithCancel(ctx)
		go func() {
			defer cancel()
			select {
			case <-back:
			case <-term.Done():
			}
		}()
		err := read(term, c.js, c.heard)
		cancel()
		if err != nil {
			pause(ctx, lookEvery)
		}
	}
	return nil
}

// heard takes note of an event, and gives the code if it asks for one.
func (c *customers) heard(e event, _ uint64) bool {
	if c.book.note(e) && e.kind == payment.EventActionRequired {
		c.asked <- request{extID: e.extID, event: e.n}
	}
	return true
}
