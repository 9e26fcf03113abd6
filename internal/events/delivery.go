package events

import (
	"context"
	"strconv"
	"time"

	"github.com/ThreeDotsLabs/watermill/message"
	"github.com/nats-io/nats.go"
	"github.com/nats-io/nats.go/jetstream"
)

// Delivery is what JetStream knows of a message, and how it is to be settled.
type Delivery struct {
	Subject    string
	Sequence   uint64
	Stored     time.Time
	Deliveries int // 1 the first time
	Header     nats.Header

	delay time.Duration // after which a message that was not acknowledged comes again
}

type deliveryKey struct{}

// DeliveryOf is the delivery behind a message that our Subscriber gave out, or nil.
func DeliveryOf(ctx context.Context) *Delivery {
	d, _ := ctx.Value(deliveryKey{}).(*Delivery)
	return d
}

// ID names the message for ever: a redelivery has the same one, and a stream that was made anew does not repeat it.
func (d *Delivery) ID() string {
	return "m:" + strconv.FormatUint(d.Sequence, 10) + "-" + strconv.FormatInt(d.Stored.UnixNano(), 36)
}

// ToMessage makes a Watermill message of a NATS message. The server's own headers stay behind: on a republish they
// would be taken for instructions. Of a header that was sent twice the first value is kept.
func ToMessage(ctx context.Context, m jetstream.Msg, meta *jetstream.MsgMetadata) *message.Message {
	header := m.Headers()
	uuid := header.Get(HeaderUUID)
	if uuid == "" {
		uuid = header.Get(jetstream.MsgIDHeader)
	}
	out := message.NewMessage(uuid, m.Data())
	for name, values := range header {
		if !serverHeader(name) && name != HeaderUUID && len(values) > 0 {
			out.Metadata[name] = values[0]
		}
	}
	out.SetContext(context.WithValue(ctx, deliveryKey{}, &Delivery{
		Subject: m.Subject(), Sequence: meta.Sequence.Stream, Stored: meta.Timestamp,
		Deliveries: int(meta.NumDelivered), Header: header,
	}))
	return out
}

func serverHeader(name string) bool { return len(name) > 5 && name[:5] == "Nats-" }
