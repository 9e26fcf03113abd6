package events_test

import (
	"context"
	"errors"
	"strings"
	"testing"
	"testing/synctest"

	"github.com/ThreeDotsLabs/watermill/message"

	"tolov/internal/events"
	"tolov/internal/payment"
)

func messageOf(uuid, payload string, metadata message.Metadata) *message.Message {
	m := message.NewMessage(uuid, []byte(payload))
	m.Metadata = metadata
	return m
}

// The wire format is watermill-nats': the UUID in its header, metadata as headers.
func TestAPublishedMessageIsInWatermillsForm(t *testing.T) {
	synctest.Test(t, func(t *testing.T) {
		b := newBench(t)
		pub := &events.Publisher{JS: b.js}
		m := messageOf("id-1", "body", message.Metadata{
			"traceparent": "00-x", "Nats-Schedule": "@at now", "Nats-Rollup": "all",
		})
		if err := pub.Publish("payments.dead.x", m); err != nil {
			t.Fatal(err)
		}
		got := b.last(t, events.StreamDead, "payments.dead.x")
		want := map[string]string{"_watermill_message_uuid": "id-1", "Nats-Msg-Id": "id-1", "traceparent": "00-x"}
		if string(got.Data) != "body" || got.Header.Get("Nats-Schedule") != "" || got.Header.Get("Nats-Rollup") != "" {
			t.Errorf("%s, %v", got.Data, got.Header)
		}
		for name, value := range want {
			if got.Header.Get(name) != value {
				t.Errorf("%s: %q", name, got.Header.Get(name))
			}
		}
	})
}

func TestAMessageOfTheSameUUIDIsStoredOnce(t *testing.T) {
	synctest.Test(t, func(t *testing.T) {
		b := newBench(t)
		pub := &events.Publisher{JS: b.js}
		for range 2 {
			if err := pub.Publish("payments.dead.x", messageOf("id-1", "body", nil), messageOf("", "body", nil)); err != nil {
				t.Fatal(err)
			}
		}
		if n := b.stored(t, events.StreamDead); n != 3 {
			t.Errorf("%d messages, want one with a UUID and two without", n)
		}
	})
}

func TestPublishStopsAtTheFirstMessageThatIsNotStored(t *testing.T) {
	synctest.Test(t, func(t *testing.T) {
		b := newBench(t)
		pub := &events.Publisher{JS: b.js}
		ended, cancel := context.WithCancel(t.Context())
		cancel()
		second := messageOf("2", "", nil)
		second.SetContext(ended)
		err := pub.Publish("payments.dead.x", messageOf("1", "", nil), second, messageOf("3", "", nil))
		if !errors.Is(err, context.Canceled) || !strings.Contains(err.Error(), "payments.dead.x") {
			t.Error(err)
		}
		if n := b.stored(t, events.StreamDead); n != 1 {
			t.Errorf("%d messages", n)
		}
		if err := pub.Publish("orders.x", messageOf("1", "", nil)); err == nil {
			t.Error("a subject that no stream stores is no error")
		}
	})
}

// The router closes a handler's publisher when that handler stops; others still use the connection.
func TestClosingAPublisherClosesNothing(t *testing.T) {
	synctest.Test(t, func(t *testing.T) {
		b := newBench(t)
		pub := &events.Publisher{JS: b.js}
		if err := pub.Close(); err != nil {
			t.Error(err)
		}
		if err := pub.Publish("payments.dead.x", messageOf("1", "", nil)); err != nil {
			t.Error(err)
		}
	})
}

// The server's instructions to itself in a message that it made, such as a timer that came due, are not repeated to it:
// it would refuse the message for ever.
func TestATimerThatCameDueCanBePublishedAgain(t *testing.T) {
	synctest.Test(t, func(t *testing.T) {
		b := newBench(t)
		b.arm(t.Context(), t, payment.ID("default", "order-1"), 0)
		m := next(t, b.due(t))
		m.UUID = ""
		if err := (&events.Publisher{JS: b.js}).Publish("payments.dead.x", m); err != nil {
			t.Error(err)
		}
		m.Ack()
	})
}
