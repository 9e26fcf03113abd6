package events_test

import (
	"log/slog"
	"os"
	"testing"
	"time"

	"github.com/ThreeDotsLabs/watermill/message"
	"github.com/ThreeDotsLabs/watermill/pubsub/tests"
	"github.com/nats-io/nats.go/jetstream"

	"tolov/internal/events"
	"tolov/internal/events/eventstest"
)

// provisioned makes a stream per topic, as Watermill's suite wants it; our own streams are made by Layout.Ensure.
type provisioned struct {
	*events.Subscriber
	t *testing.T
}

var _ message.SubscribeInitializer = provisioned{}

// SubscribeInitialize makes the topic's stream.
func (p provisioned) SubscribeInitialize(topic string) error {
	_, err := p.JS.CreateOrUpdateStream(p.t.Context(), jetstream.StreamConfig{
		Name: topic, Subjects: []string{topic}, Storage: jetstream.MemoryStorage,
	})
	return err
}

// Watermill's own suite for every Pub/Sub, in its short form unless WATERMILL_FULL is set. The features are what we
// are: at least once, in order within a lane as long as one process works, gone when acknowledged.
func TestWatermillsOwnSuite(t *testing.T) {
	js := jetStream(t, eventstest.Server(t))
	group := func(t *testing.T, durable string) (message.Publisher, message.Subscriber) {
		return &events.Publisher{JS: js}, provisioned{t: t, Subscriber: &events.Subscriber{
			JS: js, Slots: 64, Lanes: events.NewLanes(), Log: slog.New(slog.DiscardHandler), Grace: time.Second,
			Lane: func(m jetstream.Msg) string { return m.Subject() + string(m.Data()) }, // what the suite wants in order
			Consumer: func(topic string) jetstream.ConsumerConfig {
				c := events.ConsumerConfig(durable, topic)
				c.AckWait = ackWait
				return c
			},
		}}
	}
	tests.TestPubSub(t, tests.Features{
		ConsumerGroups: true, GuaranteedOrder: true, GuaranteedOrderWithSingleSubscriber: true, Persistent: true,
		ForceShort: os.Getenv("WATERMILL_FULL") == "",
	}, func(t *testing.T) (message.Publisher, message.Subscriber) { return group(t, events.DurableWorker) }, group)
}
