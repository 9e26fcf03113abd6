package client

import (
	"encoding/json"
	"strconv"
	"strings"
	"time"

	"github.com/nats-io/nats.go/jetstream"

	"tolov/internal/payment"
)

// Event is one thing that happened to a payment.
type Event struct {
	ID          string    // <payment id>.<n>
	N           int       // counts the payment's events from 1, without a gap
	Type        EventType // what happened
	PaymentID   string
	Merchant    string
	Time        time.Time
	TraceParent string // of the command that led to it

	Payment     *Payment     // as it stands after the event; nil while only refusals were recorded
	Rejection   *Rejection   // of a rejected event
	Refund      *RefundShown // of a refunded or refund_failed event
	Discrepancy *Discrepancy // of a discrepancy
	Review      string       // of a needs_review: time or contradiction

	Raw Envelope // the CloudEvent as it was published
}

// EventType names what an event tells.
type EventType string

// The events.
const (
	EventAccepted       = EventType(payment.EventAccepted)
	EventRejected       = EventType(payment.EventRejected)
	EventActionRequired = EventType(payment.EventActionRequired)
	EventHeld           = EventType(payment.EventHeld)
	EventInDoubt        = EventType(payment.EventInDoubt)
	EventCompleted      = EventType(payment.EventCompleted)
	EventFailed         = EventType(payment.EventFailed)
	EventCancelled      = EventType(payment.EventCancelled)
	EventRefunded       = EventType(payment.EventRefunded)
	EventRefundFailed   = EventType(payment.EventRefundFailed)
	EventReceiptIssued  = EventType(payment.EventReceiptIssued)
	EventNeedsReview    = EventType(payment.EventNeedsReview)
	EventCardLinked     = EventType(payment.EventCardLinked)
	EventCardRemoved    = EventType(payment.EventCardRemoved)
	EventDiscrepancy    = EventType(payment.EventDiscrepancy)
)

// Ends tells whether the event says how the payment ended: completed, failed, cancelled or card_linked.
func (t EventType) Ends() bool {
	switch t {
	case EventCompleted, EventFailed, EventCancelled, EventCardLinked:
		return true
	default:
		return false
	}
}

// Rejection tells why a command was refused. It never repeats the value that was wrong.
type Rejection struct {
	Verb    string `json:"verb"`
	Code    string `json:"code"`            // a stable word, such as missing_field or conflict
	Field   string `json:"field,omitempty"` // a dotted path, such as card.expiry
	Message string `json:"message"`
}

// Discrepancy sets our record of a payment beside the provider's.
type Discrepancy struct {
	Why    string `json:"why"`
	By     string `json:"by,omitempty"`     // the provider's books that showed it, such as statement
	Closed bool   `json:"closed,omitempty"` // the sides agree again: it closes the one before it
	Ours   Side   `json:"ours"`
	Theirs Side   `json:"theirs"`
}

// Side is one party's view of a payment. The fields behind the transaction are there when books were compared.
type Side struct {
	Status      string     `json:"status"` // ours: the payment's; theirs: an outcome, or missing
	Amount      int64      `json:"amount"` // tiyin
	Transaction string     `json:"transaction,omitempty"`
	Code        string     `json:"code,omitempty"` // the provider's own word for its status
	Key         string     `json:"key,omitempty"`  // by which the provider names our payment
	Card        string     `json:"card,omitempty"` // masked
	At          *time.Time `json:"at,omitempty"`   // when the payment began
}

// cloudEvent is an event as it travels.
type cloudEvent struct {
	ID          string    `json:"id"`
	Source      string    `json:"source"`
	Type        string    `json:"type"`
	Subject     string    `json:"subject"`
	Time        time.Time `json:"time"`
	TraceParent string    `json:"traceparent"`
	Data        struct {
		Payment     *Payment     `json:"payment"`
		Rejection   *Rejection   `json:"rejection"`
		Refund      *RefundShown `json:"refund"`
		Discrepancy *Discrepancy `json:"discrepancy"`
		Review      struct {
			Reason string `json:"reason"`
		} `json:"review"`
	} `json:"data"`
}

// read makes an event of a message. A message that is no event of Tolov, which anyone may publish there, is not ok.
func read(m jetstream.Msg) (e Event, ok bool) {
	var wire cloudEvent
	if json.Unmarshal(m.Data(), &wire) != nil {
		return Event{}, false
	}
	count, isEvent := strings.CutPrefix(wire.ID, wire.Subject+".")
	n, err := strconv.Atoi(count)
	if !isEvent || err != nil || !IsPaymentID(wire.Subject) {
		return Event{}, false
	}
	name := strings.TrimSuffix(strings.TrimPrefix(wire.Type, "tolov.payment."), ".v1")
	return Event{
		ID: wire.ID, N: n, Type: EventType(name), PaymentID: wire.Subject,
		Merchant: strings.TrimPrefix(wire.Source, "/tolov/"), Time: wire.Time, TraceParent: wire.TraceParent,
		Payment: wire.Data.Payment, Rejection: wire.Data.Rejection, Refund: wire.Data.Refund,
		Discrepancy: wire.Data.Discrepancy,
		Review:      wire.Data.Review.Reason, Raw: m.Data(),
	}, true
}
