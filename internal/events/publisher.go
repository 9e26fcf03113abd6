package events

import (
	"fmt"

	"github.com/ThreeDotsLabs/watermill/message"
	"github.com/nats-io/nats.go"
	"github.com/nats-io/nats.go/jetstream"
)

var _ message.Publisher = (*Publisher)(nil)

// Publisher is a Watermill publisher on JetStream: the topic is the subject, the UUID is the Nats-Msg-Id, metadata are
// headers. It writes watermill-nats' wire format, so a stock Watermill service reads what it publishes.
type Publisher struct{ JS jetstream.JetStream }

// Publish stores the messages one after the other and returns at the first that was not.
func (p *Publisher) Publish(topic string, messages ...*message.Message) error {
	for _, m := range messages {
		out := nats.NewMsg(topic)
		out.Data = m.Payload
		for name, value := range m.Metadata {
			if !serverHeader(name) {
				out.Header.Set(name, value)
			}
		}
		out.Header.Set(HeaderUUID, m.UUID)
		if m.UUID != "" {
			out.Header.Set(jetstream.MsgIDHeader, m.UUID)
		}
		if _, err := p.JS.PublishMsg(m.Context(), out); err != nil {
			return fmt.Errorf("publish to %s: %w", topic, err)
		}
	}
	return nil
}

// Close does nothing: the router closes a handler's publisher when that handler stops, and others still use the
// connection.
func (p *Publisher) Close() error { return nil }
