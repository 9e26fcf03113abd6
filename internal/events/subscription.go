package events

import (
	"context"
	"errors"
	"sync"
	"time"

	"github.com/ThreeDotsLabs/watermill/message"
	"github.com/nats-io/nats.go/jetstream"
)

var errGivenUp = errors.New("still in hand when the subscription's time was over")

// subscription is one topic's pull loop.
type subscription struct {
	*Subscriber
	topic    string
	consumer jetstream.Consumer
	out      chan *message.Message
	closing  chan struct{} // the subscriber's: stop pulling
	late     chan struct{} // the time for what is in hand is over
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
	consumer, err := s.place(ctx, stream, s.Consumer(s.topic))
	if err != nil {
		return err // the one we have stays: the next pull tells whether it works again
	}
	s.consumer = consumer
	return nil
}

// place takes the durable consumer as it is when it is as it must be, so that a start changes nothing, and needs no
// right to.
func (s *subscription) place(
	ctx context.Context, stream string, want jetstream.ConsumerConfig,
) (jetstream.Consumer, error) {
	if want.Durable == "" {
		return s.JS.CreateOrUpdateConsumer(ctx, stream, want)
	}
	consumer, err := s.JS.Consumer(ctx, stream, want.Durable)
	switch {
	case errors.Is(err, jetstream.ErrConsumerNotFound):
		return s.JS.CreateOrUpdateConsumer(ctx, stream, want)
	case err != nil:
		return nil, err
	}
	have := consumer.CachedInfo().Config
	if have.FilterSubject != want.FilterSubject || have.AckPolicy != want.AckPolicy || have.AckWait != want.AckWait ||
		have.MaxDeliver != want.MaxDeliver || have.MaxAckPending != want.MaxAckPending {
		return s.JS.CreateOrUpdateConsumer(ctx, stream, want)
	}
	return consumer, nil
}

// run pulls until it is stopped, then waits for what is in hand, with heartbeats until the last message is settled.
func (s *subscription) run(ctx context.Context) {
	every, settled, beating := s.consumer.CachedInfo().Config.AckWait/3, make(chan struct{}), make(chan struct{})
	go func() { defer close(beating); s.heartbeat(every, settled) }()
	for !s.stopped(ctx) {
		s.pull(ctx)
	}
	if s.Grace > 0 {
		defer time.AfterFunc(s.Grace, func() { close(s.late) }).Stop()
	}
	s.handlers.Wait()
	close(settled)
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
		s.giveUp(m)
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
	delivery := DeliveryOf(out.Context())
	select {
	case s.out <- out:
	case <-s.closing:
		s.giveUp(m)
		return
	case <-ctx.Done():
		s.giveUp(m)
		return
	}
	if err := s.settle(m, out, delivery); err != nil {
		s.Log.WarnContext(ctx, "settling failed, the message will come again", "topic", s.topic, "err", err)
	}
}

// settle waits for the handler's word and passes it on. The message leaves the hand first, so that no heartbeat
// follows its end.
func (s *subscription) settle(m jetstream.Msg, out *message.Message, delivery *Delivery) error {
	select {
	case <-out.Acked():
		s.release(m)
		return m.Ack()
	case <-out.Nacked():
		s.release(m)
		return m.NakWithDelay(delivery.delay)
	case <-s.late:
		return errGivenUp
	}
}

// giveUp gives a message back that came while we stop. It comes again when our last pull has ended: sooner, it would
// only come to us. If this is lost too, AckWait brings it back.
func (s *subscription) giveUp(m jetstream.Msg) {
	s.release(m)
	_ = m.NakWithDelay(pullWait)
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
func (s *subscription) heartbeat(every time.Duration, settled <-chan struct{}) {
	tick := time.NewTicker(every)
	defer tick.Stop()
	for {
		select {
		case <-settled:
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
