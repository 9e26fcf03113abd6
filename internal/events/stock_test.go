package events_test

import (
	"context"
	"testing"

	"github.com/ThreeDotsLabs/watermill"
	stockjs "github.com/ThreeDotsLabs/watermill-nats/v2/pkg/jetstream"
	stock "github.com/ThreeDotsLabs/watermill-nats/v2/pkg/nats"
	"github.com/ThreeDotsLabs/watermill/message"
	"github.com/go-json-experiment/json"
	"github.com/nats-io/nats.go"
	"github.com/nats-io/nats.go/jetstream"

	"tolov/internal/events"
	"tolov/internal/payment"
)

// A service that uses watermill-nats as it comes publishes our commands and reads our events: the wire is its own.
// Each has a connection of its own, which it closes.
func (b *bench) dial(t *testing.T) *nats.Conn {
	t.Helper()
	conn, err := b.Connect()
	if err != nil {
		t.Fatal(err)
	}
	t.Cleanup(conn.Close)
	return conn
}

func (b *bench) stockPublishers(t *testing.T) map[string]message.Publisher {
	t.Helper()
	js, err := stockjs.NewPublisher(stockjs.PublisherConfig{
		Conn: b.dial(t), Logger: watermill.NopLogger{},
		ConfigureStream: func(topic string) jetstream.StreamConfig { return jetstream.StreamConfig{Name: topic} },
	})
	if err != nil {
		t.Fatal(err)
	}
	legacy, err := stock.NewPublisherWithNatsConn(b.dial(t), stock.PublisherPublishConfig{
		Marshaler: &stock.NATSMarshaler{}, SubjectCalculator: stock.DefaultSubjectCalculator,
		JetStream: stock.JetStreamConfig{TrackMsgId: true},
	}, nil)
	if err != nil {
		t.Fatal(err)
	}
	return map[string]message.Publisher{"jetstream": js, "nats": legacy}
}

func (b *bench) stockSubscribers(t *testing.T) map[string]message.Subscriber {
	t.Helper()
	bind := func(ctx context.Context, js jetstream.JetStream, topic string) (
		jetstream.Consumer, func(context.Context, watermill.LoggerAdapter), error,
	) {
		c, err := js.CreateOrUpdateConsumer(ctx, events.StreamEvents, jetstream.ConsumerConfig{
			Durable: "billing-js", FilterSubject: topic, AckPolicy: jetstream.AckExplicitPolicy,
		})
		return c, nil, err
	}
	js, err := stockjs.NewSubscriber(stockjs.SubscriberConfig{
		Conn: b.dial(t), Logger: watermill.NopLogger{}, ResourceInitializer: bind,
	})
	if err != nil {
		t.Fatal(err)
	}
	legacy, err := stock.NewSubscriberWithNatsConn(b.dial(t), stock.SubscriberSubscriptionConfig{
		QueueGroupPrefix: "billing", JetStream: stock.JetStreamConfig{DurablePrefix: "billing"},
	}, nil)
	if err != nil {
		t.Fatal(err)
	}
	return map[string]message.Subscriber{"jetstream": js, "nats": legacy}
}

func TestAStockPublisherSendsCommandsThatWeRead(t *testing.T) {
	b := newBench(t)
	out := subscribe(t, b.subscriber(1))
	for name, publisher := range b.stockPublishers(t) {
		uuid := watermill.NewUUID()
		m := messageOf(uuid, payBody().String(), message.Metadata{"traceparent": trace, "source": "shop"})
		if err := publisher.Publish(events.CommandSubject(payment.VerbPay), m); err != nil {
			t.Fatalf("%s: %v", name, err)
		}
		got := next(t, out)
		d := events.DeliveryOf(got.Context())
		in, dead := decoder().Decode(d.Subject, got.Payload, d.ID())
		if dead != "" || in.Refused != nil || in.Command.PaymentID() != payment.ID("default", "order-1") {
			t.Errorf("%s: dead %q, refused %v", name, dead, in.Refused)
		}
		if got.UUID != uuid || got.Metadata.Get("source") != "shop" || events.Header(d.Header).Get("traceparent") != trace {
			t.Errorf("%s: %s, %v", name, got.UUID, got.Metadata)
		}
		got.Ack()
	}
}

func TestAStockSubscriberReadsOurEvents(t *testing.T) {
	b := newBench(t)
	told := recordOf(t, completed())
	event, err := told.EventMessage(told.Events[0], "1.0")
	if err != nil {
		t.Fatal(err)
	}
	if _, err := b.js.PublishMsg(t.Context(), event); err != nil {
		t.Fatal(err)
	}
	for name, subscriber := range b.stockSubscribers(t) {
		out, err := subscriber.Subscribe(t.Context(), events.TopicEvents)
		if err != nil {
			t.Fatalf("%s: %v", name, err)
		}
		m := next(t, out)
		var got events.CloudEvent
		if err := json.Unmarshal(m.Payload, &got); err != nil {
			t.Fatalf("%s: %v", name, err)
		}
		if got.Type != "tolov.payment.completed.v1" || m.UUID != got.ID || got.ID != told.PaymentID+".3" {
			t.Errorf("%s: %s is %s %s", name, m.UUID, got.Type, got.ID)
		}
		if m.Metadata.Get("Content-Type") != events.ContentType {
			t.Errorf("%s: %v", name, m.Metadata)
		}
		m.Ack()
		if err := subscriber.Close(); err != nil {
			t.Errorf("%s: %v", name, err)
		}
	}
}

// The other way round a stock service reads what our Publisher writes.
func TestAStockSubscriberReadsWhatOurPublisherWrites(t *testing.T) {
	b := newBench(t)
	m := messageOf("id-1", "body", message.Metadata{"k": "v"})
	if err := (&events.Publisher{JS: b.js}).Publish("payments.events.x.y", m); err != nil {
		t.Fatal(err)
	}
	for name, subscriber := range b.stockSubscribers(t) {
		out, err := subscriber.Subscribe(t.Context(), events.TopicEvents)
		if err != nil {
			t.Fatalf("%s: %v", name, err)
		}
		if got := next(t, out); !got.Equals(m) {
			t.Errorf("%s: %s %s %v", name, got.UUID, got.Payload, got.Metadata)
		} else {
			got.Ack()
		}
		if err := subscriber.Close(); err != nil {
			t.Errorf("%s: %v", name, err)
		}
	}
}
