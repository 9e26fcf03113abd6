package client

import (
	"context"
	"errors"
	"fmt"
	"iter"
	"regexp"
	"time"

	"github.com/nats-io/nats.go/jetstream"
)

// Filter selects events. The zero Filter selects all that come from now on.
type Filter struct {
	PaymentID string    // only this payment's
	Type      EventType // only of this type
	FromStart bool      // those that were published before too, as long as the stream keeps them (90 days)
}

var eventName = regexp.MustCompile(`^[a-z_]+$`)

func (f Filter) subject() (string, error) {
	kind, id := "*", "*"
	if f.Type != "" {
		kind = string(f.Type)
		if !eventName.MatchString(kind) {
			return "", fmt.Errorf("%q is not an event type", kind)
		}
	}
	if f.PaymentID != "" {
		id = f.PaymentID
		if err := checkID(id); err != nil {
			return "", err
		}
	}
	return subjectEvents + kind + "." + id, nil
}

// Watch follows events, in order per payment, until ctx ends. It listens from the moment that the sequence is ranged
// over. After an error the sequence is over; that ctx ended is no error.
func (c *Client) Watch(ctx context.Context, filter Filter) iter.Seq2[Event, error] {
	return func(yield func(Event, error) bool) {
		feed, err := c.open(ctx, filter)
		if err != nil {
			yield(Event{}, err)
			return
		}
		defer feed.stop()
		for {
			e, err := feed.next(ctx)
			if ctx.Err() != nil {
				return
			}
			if !yield(e, err) || err != nil {
				return
			}
		}
	}
}

const (
	forgetFeed = 30 * time.Second // after which the server forgets a feed whose reader is gone
	stopWait   = 2 * time.Second
)

// feed reads events in the order of the stream, without a gap, also over reconnects.
type feed struct {
	messages chan jetstream.Msg
	lost     chan error // the connection was closed for good
	done     chan struct{}
	filled   bool   // there were events when the feed was opened
	left     uint64 // messages behind the last one that was read
	last     Event  // that was read
	stop     func()
}

func (c *Client) open(ctx context.Context, filter Filter) (*feed, error) {
	subject, err := filter.subject()
	if err != nil {
		return nil, err
	}
	from := jetstream.DeliverNewPolicy
	if filter.FromStart {
		from = jetstream.DeliverAllPolicy
	}
	consumer, err := c.js.OrderedConsumer(ctx, streamEvents, jetstream.OrderedConsumerConfig{
		FilterSubjects: []string{subject}, DeliverPolicy: from, InactiveThreshold: forgetFeed,
	})
	switch {
	case errors.Is(err, jetstream.ErrStreamNotFound), errors.Is(err, jetstream.ErrJetStreamNotEnabled):
		return nil, fmt.Errorf("read events: %w", ErrNoStreams)
	case err != nil:
		return nil, fmt.Errorf("read events: %w", err)
	}
	f := &feed{messages: make(chan jetstream.Msg), lost: make(chan error, 1), done: make(chan struct{})}
	f.filled = consumer.CachedInfo().NumPending > 0
	reading, err := consumer.Consume(f.take, jetstream.ConsumeErrHandler(f.fault))
	if err != nil {
		return nil, fmt.Errorf("read events: %w", err)
	}
	f.stop = func() {
		close(f.done)
		go c.forget(consumer, reading) // with NATS gone this takes a while
	}
	return f, nil
}

// forget ends a feed here and on the server.
func (c *Client) forget(consumer jetstream.Consumer, reading jetstream.ConsumeContext) {
	reading.Stop()
	ctx, cancel := context.WithTimeout(context.Background(), stopWait)
	defer cancel()
	_ = c.js.DeleteConsumer(ctx, streamEvents, consumer.CachedInfo().Name) // the server forgets it anyway, later
}

// take hands a message over.
func (f *feed) take(m jetstream.Msg) {
	select {
	case f.messages <- m:
	case <-f.done:
	}
}

// fault hears of every trouble of the reading. Only the end of the connection is one that does not pass.
func (f *feed) fault(_ jetstream.ConsumeContext, err error) {
	if !errors.Is(err, jetstream.ErrConnectionClosed) {
		return
	}
	select {
	case f.lost <- err:
	default:
	}
}

// next gives the next event. Messages that are no events are passed over.
func (f *feed) next(ctx context.Context) (Event, error) {
	for {
		if e, ok, err := f.message(ctx); ok || err != nil {
			return e, err
		}
	}
}

// past gives the events that were there when the feed was opened.
func (f *feed) past(ctx context.Context) ([]Event, error) {
	var events []Event
	for f.filled {
		e, ok, err := f.message(ctx)
		if err != nil {
			return nil, err
		}
		if ok {
			events = append(events, e)
		}
		f.filled = f.left > 0
	}
	return events, nil
}

// message reads one message; it is not ok when it is no event.
func (f *feed) message(ctx context.Context) (e Event, ok bool, err error) {
	select {
	case m := <-f.messages:
		if meta, err := m.Metadata(); err == nil {
			f.left = meta.NumPending
		}
		if e, ok = read(m); ok {
			f.last = e
		}
		return e, ok, nil
	case err := <-f.lost:
		return Event{}, false, fmt.Errorf("read events: %w", err)
	case <-ctx.Done():
		return Event{}, false, ctx.Err()
	}
}
