package events_test

import (
	"log/slog"
	"slices"
	"testing"
	"testing/synctest"
	"time"

	"github.com/ThreeDotsLabs/watermill/message"
	"github.com/nats-io/nats.go"
	"github.com/nats-io/nats.go/jetstream"

	"tolov/internal/events"
)

const (
	ackWait = 3 * time.Second
	patient = time.Minute // far longer than anything here takes
)

// subscriber takes commands; a message's lane is its body.
func (b *bench) subscriber(slots int) *events.Subscriber {
	return &events.Subscriber{
		JS: b.js, Slots: slots, Lanes: events.NewLanes(), Log: slog.New(slog.DiscardHandler), Grace: patient,
		Lane: func(m jetstream.Msg) string { return string(m.Data()) },
		Consumer: func(topic string) jetstream.ConsumerConfig {
			c := events.ConsumerConfig(events.DurableWorker, topic)
			c.AckWait = ackWait
			return c
		},
	}
}

// subscribe subscribes to commands, until the test ends.
func subscribe(t *testing.T, s *events.Subscriber) <-chan *message.Message {
	t.Helper()
	out, err := s.Subscribe(t.Context(), events.TopicCommands)
	if err != nil {
		t.Fatal(err)
	}
	t.Cleanup(func() { _ = s.Close() })
	return out
}

// next is the next message.
func next(t *testing.T, out <-chan *message.Message) *message.Message {
	t.Helper()
	select {
	case m, ok := <-out:
		if !ok {
			t.Fatal("the channel is closed")
		}
		return m
	case <-time.After(patient):
		t.Fatal("no message came")
		return nil
	}
}

// none wants no message for a while.
func none(t *testing.T, out <-chan *message.Message, while time.Duration) {
	t.Helper()
	select {
	case m, ok := <-out:
		if ok {
			t.Fatalf("%s came, delivery %d", m.Payload, events.DeliveryOf(m.Context()).Deliveries)
		}
		t.Fatal("the channel is closed")
	case <-time.After(while):
	}
}

const payTopic = "payments.commands.pay"

// A start finds its durable consumer and leaves it as it is; one that would lose or repeat messages is mended (H33).
func TestDurableConsumerIsMadeOnceAndMendedWhenItIsWrong(t *testing.T) {
	synctest.Test(t, func(t *testing.T) {
		b := newBench(t)
		asked := make(chan *nats.Msg, 8)
		if _, err := b.Conn.ChanSubscribe("$JS.API.CONSUMER.CREATE.>", asked); err != nil {
			t.Fatal(err)
		}
		for n, v := range []struct {
			spoil bool
			asked int
		}{{false, 1}, {false, 0}, {true, 2}} { // who spoils it asks too
			if v.spoil {
				spoilt := b.subscriber(1).Consumer(events.TopicCommands)
				spoilt.MaxDeliver = 3
				if _, err := b.js.UpdateConsumer(t.Context(), events.StreamCommands, spoilt); err != nil {
					t.Fatal(err)
				}
			}
			s := b.subscriber(1)
			subscribe(t, s)
			_ = s.Close()
			synctest.Wait()
			if got := len(asked); got != v.asked {
				t.Errorf("start %d asks for the consumer %d times, want %d", n, got, v.asked)
			}
			for len(asked) > 0 {
				<-asked
			}
			if info := b.consumer(t, events.StreamCommands); info.Config.MaxDeliver != -1 {
				t.Errorf("after start %d max deliver is %d", n, info.Config.MaxDeliver)
			}
		}
	})
}

// H26: what one payment is told stays in order, one at a time.
func TestMessagesOfALaneComeOneByOneInOrder(t *testing.T) {
	synctest.Test(t, func(t *testing.T) {
		b := newBench(t)
		var want, got []uint64
		for range 5 {
			want = append(want, b.publish(t, payTopic, "a"))
		}
		out := subscribe(t, b.subscriber(10))
		for range want {
			m := next(t, out)
			none(t, out, ackWait/2)
			got = append(got, events.DeliveryOf(m.Context()).Sequence)
			m.Ack()
		}
		if !slices.Equal(got, want) {
			t.Errorf("%v, want %v", got, want)
		}
	})
}

// H28: a payment that takes long holds up no other.
func TestLanesRunInParallel(t *testing.T) {
	synctest.Test(t, func(t *testing.T) {
		b := newBench(t)
		for _, lane := range []string{"a", "b", "a", "c", "b"} {
			b.publish(t, payTopic, lane)
		}
		out := subscribe(t, b.subscriber(10))
		var lanes []string
		for range 3 {
			lanes = append(lanes, string(next(t, out).Payload))
		}
		if !slices.Equal(sorted(lanes), []string{"a", "b", "c"}) {
			t.Error(lanes)
		}
		none(t, out, time.Second)
	})
}

func TestLanesMayBeSharedBySubscribers(t *testing.T) {
	synctest.Test(t, func(t *testing.T) {
		b := newBench(t)
		commands, timers := b.subscriber(10), b.subscriber(10)
		timers.Lanes = commands.Lanes
		b.publish(t, payTopic, "a")
		m := next(t, subscribe(t, commands))
		out, err := timers.Subscribe(t.Context(), events.TopicTimers)
		if err != nil {
			t.Fatal(err)
		}
		defer func() { _ = timers.Close() }()
		b.publish(t, "payments.timers.due.x.wake", "a")
		none(t, out, time.Second)
		m.Ack()
		next(t, out).Ack()
	})
}

func TestMessagesWithoutALaneWaitForNobody(t *testing.T) {
	synctest.Test(t, func(t *testing.T) {
		b := newBench(t)
		for range 3 {
			b.publish(t, payTopic, "")
		}
		out := subscribe(t, b.subscriber(10))
		for range 3 {
			next(t, out)
		}
	})
}

// H21: a message that was pulled and waits in a buffer would run out of time there.
func TestASubscriberPullsNoMoreThanItHasSlots(t *testing.T) {
	synctest.Test(t, func(t *testing.T) {
		b := newBench(t)
		for range 10 {
			b.publish(t, payTopic, "")
		}
		out := subscribe(t, b.subscriber(3))
		held := []*message.Message{next(t, out), next(t, out), next(t, out)}
		none(t, out, 4*ackWait)
		if c := b.consumer(t, events.StreamCommands); c.NumAckPending != 3 || c.NumPending != 7 || c.NumRedelivered != 0 {
			t.Errorf("in hand %d, waiting %d, redelivered %d", c.NumAckPending, c.NumPending, c.NumRedelivered)
		}
		held[1].Ack()
		next(t, out)
		none(t, out, time.Second)
		if c := b.consumer(t, events.StreamCommands); c.NumAckPending != 3 || c.NumPending != 6 {
			t.Errorf("in hand %d, waiting %d", c.NumAckPending, c.NumPending)
		}
	})
}

// H20: neither a handler that takes long nor the messages that wait behind it in their lane come twice.
func TestASlowHandlerKeepsItsMessages(t *testing.T) {
	synctest.Test(t, func(t *testing.T) {
		b := newBench(t)
		b.publish(t, payTopic, "a")
		b.publish(t, payTopic, "a")
		out := subscribe(t, b.subscriber(10))
		for range 2 {
			m := next(t, out)
			none(t, out, 10*ackWait)
			if n := events.DeliveryOf(m.Context()).Deliveries; n != 1 {
				t.Errorf("delivery %d", n)
			}
			m.Ack()
		}
		none(t, out, 2*ackWait)
		if n := b.stored(t, events.StreamCommands); n != 0 {
			t.Errorf("%d messages are left", n)
		}
	})
}

// H23: what a worker had in hand when it died comes back within AckWait.
func TestMessagesOfADeadWorkerComeBackAfterAckWait(t *testing.T) {
	synctest.Test(t, func(t *testing.T) {
		b := newBench(t)
		b.publish(t, payTopic, "a")
		s := b.subscriber(10)
		dead, err := b.Connect()
		if err != nil {
			t.Fatal(err)
		}
		if s.JS, err = jetstream.New(dead); err != nil {
			t.Fatal(err)
		}
		first := next(t, subscribe(t, s))
		dead.Close()
		start := time.Now()
		again := next(t, subscribe(t, b.subscriber(10)))
		if time.Since(start) > ackWait+time.Second {
			t.Errorf("it came after %s", time.Since(start))
		}
		one, two := events.DeliveryOf(first.Context()), events.DeliveryOf(again.Context())
		if two.Deliveries != 2 || one.ID() != two.ID() || one.Sequence != two.Sequence {
			t.Errorf("%+v, then %+v", one, two)
		}
	})
}

// A header that was sent twice does not crash us, and what the server says to itself stays out of the metadata.
func TestHeadersBecomeMetadata(t *testing.T) {
	synctest.Test(t, func(t *testing.T) {
		b := newBench(t)
		m := nats.NewMsg(payTopic)
		m.Header = nats.Header{
			"tracestate": {"a=1", "b=2"}, "traceparent": {"00-x"}, "Nats-Msg-Id": {"id-1"},
			"Nats-Expected-Stream": {"PAYMENTS_COMMANDS"}, "empty": {""},
		}
		if _, err := b.js.PublishMsg(t.Context(), m); err != nil {
			t.Fatal(err)
		}
		got := next(t, subscribe(t, b.subscriber(1)))
		want := message.Metadata{"tracestate": "a=1", "traceparent": "00-x", "empty": ""}
		if got.UUID != "id-1" || len(got.Metadata) != len(want) {
			t.Errorf("%s, %v", got.UUID, got.Metadata)
		}
		for name, value := range want {
			if got.Metadata.Get(name) != value {
				t.Errorf("%s: %q", name, got.Metadata.Get(name))
			}
		}
		d := events.DeliveryOf(got.Context())
		if d.Subject != payTopic || d.Sequence != 1 || d.Deliveries != 1 || len(d.Header["tracestate"]) != 2 {
			t.Errorf("%+v", d)
		}
	})
}
