package events

import (
	"context"
	"errors"
	"log/slog"
	"sync"
	"time"

	"github.com/ThreeDotsLabs/watermill/message"
	"github.com/nats-io/nats.go/jetstream"
)

var _ message.Subscriber = (*Subscriber)(nil)

const (
	pullWait  = 2 * time.Second // how long a pull stays open; also how long Close may take when idle
	retryPull = 500 * time.Millisecond
)

// Subscriber is a Watermill subscriber on JetStream. The topic is a subject filter.
//
// Unlike watermill-nats it has many messages in flight, one per lane; it pulls no more than it can take in hand (H21);
// it tells the server that a message is still being worked on (H20); and on Close it waits for the messages in hand
// and settles them (H71). See docs/adr for the reasons.
type Subscriber struct {
	JS       jetstream.JetStream
	Consumer func(topic string) jetstream.ConsumerConfig
	Slots    int                          // messages in hand at once, per subscription
	Lanes    *Lanes                       // may be shared between subscribers
	Lane     func(m jetstream.Msg) string // the lane of a message; empty for none
	Log      *slog.Logger

	// Grace is how long a subscription that ends waits for the messages in hand; zero: as long as it takes. A message
	// that is still in hand then is left as it is: its context ends, and AckWait brings it back.
	Grace time.Duration

	mu      sync.Mutex
	closing chan struct{}
	done    sync.WaitGroup
}

var errClosed = errors.New("subscriber is closed")

// Subscribe starts to pull. The channel is closed when the subscription ends, by ctx or by Close.
func (s *Subscriber) Subscribe(ctx context.Context, topic string) (<-chan *message.Message, error) {
	sub := &subscription{
		Subscriber: s, topic: topic, out: make(chan *message.Message), closing: s.closed(), late: make(chan struct{}),
		slots: newSlots(s.Slots), inHand: make(map[jetstream.Msg]struct{}),
	}
	if err := sub.connect(ctx); err != nil {
		return nil, err
	}
	if err := s.start(func() { sub.run(ctx) }); err != nil {
		return nil, err
	}
	return sub.out, nil
}

// start runs a subscription, unless Close came first.
func (s *Subscriber) start(run func()) error {
	s.mu.Lock()
	defer s.mu.Unlock()
	select {
	case <-s.closing:
		return errClosed
	default:
		s.done.Go(run)
		return nil
	}
}

// Close stops pulling, waits until the messages in hand are settled, and closes the channels.
func (s *Subscriber) Close() error {
	closing := s.closed()
	s.mu.Lock()
	select {
	case <-closing:
	default:
		close(closing)
	}
	s.mu.Unlock()
	s.done.Wait()
	return nil
}

func (s *Subscriber) closed() chan struct{} {
	s.mu.Lock()
	defer s.mu.Unlock()
	if s.closing == nil {
		s.closing = make(chan struct{})
	}
	return s.closing
}
