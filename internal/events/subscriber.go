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
	slotPause = 5 * time.Millisecond
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

	mu      sync.Mutex
	closing chan struct{}
	done    sync.WaitGroup
}

// Subscribe starts to pull. The channel is closed when the subscription ends, by ctx or by Close.
func (s *Subscriber) Subscribe(ctx context.Context, topic string) (<-chan *message.Message, error) {
	closing := s.closed()
	select {
	case <-closing:
		return nil, errors.New("subscriber is closed")
	default:
	}
	sub := &subscription{
		Subscriber: s, topic: topic, out: make(chan *message.Message), closing: closing,
		slots: newSlots(s.Slots), inHand: make(map[jetstream.Msg]struct{}),
	}
	if err := sub.connect(ctx); err != nil {
		return nil, err
	}
	s.done.Go(func() { sub.run(ctx) })
	return sub.out, nil
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

// subscription is one topic's pull loop.
type subscription struct {
	*Subscriber
	topic    string
	consumer jetstream.Consumer
	out      chan *message.Message
	closing  chan struct{}
	slots    slots
	handlers sync.WaitGroup

	held   sync.Mutex
	inHand map[jetstream.Msg]struct{}
}

// connect finds the stream that stores the topic and makes sure of the consumer.
func (s *subscription) connect(ctx context.Context) error {
	stream, err := s.JS.StreamNameBySubject(ctx, s.topic)
	if err != nil {
		return err
	}
	s.consumer, err = s.JS.CreateOrUpdateConsumer(ctx, stream, s.Consumer(s.topic))
	return err
}

func (s *subscription) run(ctx context.Context) {
	ctx, stop := context.WithCancel(ctx)
	defer stop()
	beating := make(chan struct{})
	go func() { defer close(beating); s.heartbeat(ctx) }()
	for !s.stopped(ctx) {
		s.pull(ctx)
	}
	s.handlers.Wait()
	stop()
	<-beating
	close(s.out)
}

func (s *subscription) stopped(ctx context.Context) bool {
	select {
	case <-ctx.Done():
		return true
	case <-s.closing:
		return true
	default:
		return false
	}
}

// pull asks for as many messages as there are free slots.
func (s *subscription) pull(ctx context.Context) {
	n := s.slots.take(ctx, s.closing)
	if n == 0 {
		return
	}
	batch, err := s.consumer.Fetch(n, jetstream.FetchMaxWait(pullWait))
	used := 0
	if err == nil {
		for m := range batch.Messages() {
			used++
			s.dispatch(ctx, m)
		}
		err = batch.Error()
	}
	s.slots.give(n - used)
	if err != nil && !s.stopped(ctx) {
		s.recover(ctx, err)
	}
}

// recover waits a little after a failed pull, and makes the consumer anew if someone deleted it (H33).
func (s *subscription) recover(ctx context.Context, err error) {
	s.Log.WarnContext(ctx, "pull failed", "topic", s.topic, "err", err)
	select {
	case <-time.After(retryPull):
	case <-ctx.Done():
	case <-s.closing:
	}
	if err := s.connect(ctx); err != nil && !s.stopped(ctx) {
		s.Log.WarnContext(ctx, "consumer is not there", "topic", s.topic, "err", err)
	}
}

// dispatch gives the message its place in its lane, then hands it out.
func (s *subscription) dispatch(ctx context.Context, m jetstream.Msg) {
	meta, err := m.Metadata()
	if err != nil {
		s.Log.ErrorContext(ctx, "message without metadata", "topic", s.topic, "err", err)
		s.slots.give(1)
		return
	}
	if s.stopped(ctx) {
		_ = m.Nak() // another worker takes it at once; if this is lost too, AckWait brings it back
		s.slots.give(1)
		return
	}
	lane := s.Lane(m)
	turn, leave := s.Lanes.Enter(lane)
	if lane == "" {
		turn = nil
	}
	s.hold(m)
	s.handlers.Go(func() {
		defer s.slots.give(1)
		defer s.release(m)
		defer leave()
		if turn != nil {
			<-turn
		}
		s.handle(ctx, m, meta)
	})
}

// handle hands the message out and settles it as the handler decided.
func (s *subscription) handle(ctx context.Context, m jetstream.Msg, meta *jetstream.MsgMetadata) {
	// A message in hand is finished even while we stop: its context ends only when it is settled.
	work, cancel := context.WithCancel(context.WithoutCancel(ctx))
	defer cancel()
	out := ToMessage(work, m, meta)
	select {
	case s.out <- out:
	case <-s.closing:
		_ = m.Nak()
		return
	case <-ctx.Done():
		_ = m.Nak()
		return
	}
	var err error
	select {
	case <-out.Acked():
		err = m.Ack()
	case <-out.Nacked():
		err = m.NakWithDelay(DeliveryOf(out.Context()).delay)
	}
	if err != nil {
		s.Log.WarnContext(ctx, "settling failed, the message will come again", "topic", s.topic, "err", err)
	}
}

func (s *subscription) hold(m jetstream.Msg) {
	s.held.Lock()
	defer s.held.Unlock()
	s.inHand[m] = struct{}{}
}

func (s *subscription) release(m jetstream.Msg) {
	s.held.Lock()
	defer s.held.Unlock()
	delete(s.inHand, m)
}

// heartbeat tells the server every third of AckWait that the messages in hand are being worked on. It may get lost,
// so nothing relies on it.
func (s *subscription) heartbeat(ctx context.Context) {
	wait := s.consumer.CachedInfo().Config.AckWait / 3
	tick := time.NewTicker(wait)
	defer tick.Stop()
	for {
		select {
		case <-ctx.Done():
			return
		case <-tick.C:
		}
		s.held.Lock()
		for m := range s.inHand {
			_ = m.InProgress()
		}
		s.held.Unlock()
	}
}
