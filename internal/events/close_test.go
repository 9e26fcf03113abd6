package events_test

import (
	"context"
	"testing"
	"testing/synctest"
	"time"

	"github.com/ThreeDotsLabs/watermill/message"
	"github.com/nats-io/nats.go/jetstream"

	"tolov/internal/events"
)

// closing closes a subscriber and tells when that is done.
func closing(s *events.Subscriber) <-chan struct{} {
	done := make(chan struct{})
	go func() { defer close(done); _ = s.Close() }()
	return done
}

func isDone(done <-chan struct{}) bool {
	select {
	case <-done:
		return true
	default:
		return false
	}
}

// H71: on the way down nothing new is taken, and what is in hand is finished and settled, however long it takes.
func TestCloseWaitsForTheMessagesInHandAndSettlesThem(t *testing.T) {
	synctest.Test(t, func(t *testing.T) {
		b := newBench(t)
		for _, lane := range []string{"a", "b", "b"} {
			b.publish(t, payTopic, lane)
		}
		s := b.subscriber(10)
		s.Grace = 0 // as long as it takes
		out := subscribe(t, s)
		one, two := next(t, out), next(t, out)
		done := closing(s)
		none(t, subscribe(t, b.subscriber(10)), 10*ackWait) // another worker gets none of them
		if isDone(done) || one.Context().Err() != nil {
			t.Fatal("Close gave up a message in hand")
		}
		one.Ack()
		two.Nack()
		<-done
		if _, open := <-out; open {
			t.Error("the channel is open")
		}
		if n := b.stored(t, events.StreamCommands); n != 2 { // the third waited for its turn
			t.Errorf("%d messages are left, want the two that were given back", n)
		}
	})
}

// The router ends a subscription by its context. Its messages in hand are kept like those of Close: no other worker
// may get them while they are worked on.
func TestTheEndOfTheContextWaitsForTheMessagesInHandToo(t *testing.T) {
	synctest.Test(t, func(t *testing.T) {
		b := newBench(t)
		b.publish(t, payTopic, "a")
		ctx, cancel := context.WithCancel(t.Context())
		s := b.subscriber(10)
		out, err := s.Subscribe(ctx, events.TopicCommands)
		if err != nil {
			t.Fatal(err)
		}
		m := next(t, out)
		cancel()
		none(t, subscribe(t, b.subscriber(10)), 5*ackWait)
		if m.Context().Err() != nil {
			t.Error("the message's context ended before it was settled")
		}
		m.Ack()
		if _, open := <-out; open {
			t.Error("the channel is open")
		}
		<-closing(s)
		if m.Context().Err() == nil || b.stored(t, events.StreamCommands) != 0 {
			t.Error("the message was not settled")
		}
	})
}

// A message that never is settled does not hold up the end for ever: AckWait gives it to another.
func TestWhatIsInHandAfterTheGraceIsLeftToAckWait(t *testing.T) {
	synctest.Test(t, func(t *testing.T) {
		b := newBench(t)
		b.publish(t, payTopic, "a")
		s := b.subscriber(10)
		s.Grace = 5 * time.Second
		m := next(t, subscribe(t, s))
		start := time.Now()
		<-closing(s)
		if took := time.Since(start); took < s.Grace || m.Context().Err() == nil {
			t.Errorf("given up after %s, %v", took, m.Context().Err())
		}
		again := next(t, subscribe(t, b.subscriber(10)))
		if n := events.DeliveryOf(again.Context()).Deliveries; n != 2 || time.Since(start) < s.Grace+ackWait/2 {
			t.Errorf("delivery %d after %s", n, time.Since(start))
		}
		again.Ack()
		m.Ack() // too late, and harmless
	})
}

// What comes while we stop is given back once, for later: not over and over to our own last pull.
func TestWhatComesWhileWeStopIsGivenBackOnce(t *testing.T) {
	synctest.Test(t, func(t *testing.T) {
		b := newBench(t)
		s := b.subscriber(10)
		out := subscribe(t, s)
		synctest.Wait() // a pull is open
		done := closing(s)
		synctest.Wait()
		b.publish(t, payTopic, "a")
		if _, open := <-out; open {
			t.Error("a message was handed out")
		}
		<-done
		m := next(t, subscribe(t, b.subscriber(10)))
		if n := events.DeliveryOf(m.Context()).Deliveries; n != 2 {
			t.Errorf("delivery %d", n)
		}
		m.Ack()
	})
}

func TestAClosedSubscriberStaysClosed(t *testing.T) {
	synctest.Test(t, func(t *testing.T) {
		b := newBench(t)
		s := b.subscriber(10)
		for range 3 {
			if err := s.Close(); err != nil {
				t.Error(err)
			}
		}
		if out, err := s.Subscribe(t.Context(), events.TopicCommands); err == nil || out != nil {
			t.Error("it subscribes")
		}
	})
}

func TestATopicThatNoStreamStoresIsAnError(t *testing.T) {
	synctest.Test(t, func(t *testing.T) {
		b := newBench(t)
		if out, err := b.subscriber(1).Subscribe(t.Context(), "orders.>"); err == nil || out != nil {
			t.Error("it subscribes")
		}
	})
}

// watermill-nats loses the acknowledgement of a handler that ends after Router.Close: ours does not.
func TestTheRouterFinishesWhatIsInHand(t *testing.T) {
	synctest.Test(t, func(t *testing.T) {
		b := newBench(t)
		b.publish(t, payTopic, "a")
		router, err := message.NewRouter(message.RouterConfig{CloseTimeout: patient}, nil)
		if err != nil {
			t.Fatal(err)
		}
		started, finish := make(chan struct{}), make(chan struct{})
		router.AddConsumerHandler("commands", events.TopicCommands, b.subscriber(10), func(m *message.Message) error {
			close(started)
			<-finish
			return m.Context().Err()
		})
		stopped := make(chan error)
		go func() { stopped <- router.Run(t.Context()) }()
		<-started
		closed := make(chan error)
		go func() { closed <- router.Close() }()
		<-time.After(5 * ackWait)
		close(finish)
		if err := <-closed; err != nil {
			t.Error(err)
		}
		if err := <-stopped; err != nil {
			t.Error(err)
		}
		if c := b.consumer(t, events.StreamCommands); c.NumAckPending != 0 || c.NumRedelivered != 0 {
			t.Errorf("in hand %d, redelivered %d", c.NumAckPending, c.NumRedelivered)
		}
	})
}

// H33: a consumer that someone deleted is made anew, and nothing is lost.
func TestADeletedConsumerIsMadeAnew(t *testing.T) {
	synctest.Test(t, func(t *testing.T) {
		b := newBench(t)
		out := subscribe(t, b.subscriber(10))
		b.publish(t, payTopic, "a")
		held := next(t, out)
		if err := b.js.DeleteConsumer(t.Context(), events.StreamCommands, events.DurableWorker); err != nil {
			t.Fatal(err)
		}
		b.publish(t, payTopic, "b")
		if m := next(t, out); string(m.Payload) != "b" {
			t.Errorf("%s came", m.Payload)
		} else {
			m.Ack()
		}
		held.Ack()            // counts for the new consumer too, or
		m := next(t, out)     // the message comes again,
		m.Ack()               // after its turn in the lane,
		none(t, out, ackWait) // once.
		if b.stored(t, events.StreamCommands) != 0 {
			t.Error("a message is left")
		}
	})
}

// As long as someone else's consumer is in the way, ours cannot be made anew; then it is.
func TestAConsumerThatCannotBeMadeIsTriedAgain(t *testing.T) {
	synctest.Test(t, func(t *testing.T) {
		b := newBench(t)
		out := subscribe(t, b.subscriber(10))
		synctest.Wait()
		if err := b.js.DeleteConsumer(t.Context(), events.StreamCommands, events.DurableWorker); err != nil {
			t.Fatal(err)
		}
		foreign := events.ConsumerConfig("foreign", events.TopicCommands) // a work queue takes one per subject
		if _, err := b.js.CreateConsumer(t.Context(), events.StreamCommands, foreign); err != nil {
			t.Fatal(err)
		}
		b.publish(t, payTopic, "a")
		none(t, out, patient)
		if err := b.js.DeleteConsumer(t.Context(), events.StreamCommands, "foreign"); err != nil {
			t.Fatal(err)
		}
		next(t, out).Ack()
	})
}

// A server that is away for long stops nothing but the messages: the subscription goes on when it is back.
func TestASubscriptionSurvivesAServerThatIsAway(t *testing.T) {
	synctest.Test(t, func(t *testing.T) {
		b := newBenchOf(t, events.Layout{Shards: 1, Replicas: 1})
		out := subscribe(t, b.subscriber(10))
		b.publish(t, payTopic, "a")
		held := next(t, out)
		b.Stop(0)
		<-time.After(patient)
		if err := b.Start(0); err != nil {
			t.Fatal(err)
		}
		held.Ack()
		if _, err := publishUntilStored(t, b, payTopic, "b"); err != nil {
			t.Fatal(err)
		}
		for m := range out {
			m.Ack()
			if string(m.Payload) == "b" {
				break
			}
		}
	})
}

// publishUntilStored publishes to a server that has just come back.
func publishUntilStored(t *testing.T, b *bench, subject, body string) (ack *jetstream.PubAck, err error) {
	for range 10 {
		if ack, err = b.js.Publish(t.Context(), subject, []byte(body)); err == nil {
			return ack, nil
		}
		<-time.After(time.Second)
	}
	return nil, err
}
