package events

import (
	"cmp"
	"fmt"
	"strconv"

	"github.com/go-json-experiment/json"
	"github.com/go-json-experiment/json/jsontext"
	"github.com/nats-io/nats.go"

	"tolov/internal/payment"
	"tolov/internal/saga"
)

// ContentType of an event's message: CloudEvents 1.0, structured mode.
const ContentType = "application/cloudevents+json"

// CloudEvent is a domain event as subscribers read it.
type CloudEvent struct {
	SpecVersion     string       `json:"specversion"`
	ID              string       `json:"id"`
	Source          string       `json:"source"`
	Type            string       `json:"type"`
	Subject         string       `json:"subject"`
	Time            payment.Time `json:"time"`
	DataContentType string       `json:"datacontenttype"`
	TraceParent     string       `json:"traceparent,omitzero"`
	Data            EventData    `json:"data"`
}

// EventData is the whole payment as it stands after the event, and the event's own detail.
type EventData struct {
	Payment     jsontext.Value       `json:"payment,omitempty"` // as the journal wrote it
	Rejection   *payment.Rejection   `json:"rejection,omitzero"`
	Refund      *payment.Refund      `json:"refund,omitzero"`
	Discrepancy *payment.Discrepancy `json:"discrepancy,omitzero"`
	Review      *ReviewDetail        `json:"review,omitzero"`
}

// ReviewDetail tells why a person must look.
type ReviewDetail struct {
	Reason saga.Review `json:"reason"`
}

// EventID is an event's CloudEvents id: the payment's events are counted from 1 without a gap.
func EventID(paymentID string, n int) string { return paymentID + "." + strconv.Itoa(n) }

// Told is a journal record as far as events are made from it: the payment stays as it was written.
type Told struct {
	PaymentID string         `json:"payment_id"`
	Merchant  string         `json:"merchant"`
	At        payment.Time   `json:"at"`
	Events    Tidings        `json:"events"`
	Payment   jsontext.Value `json:"payment"`
	State     struct {
		Trace string `json:"trace"`
	} `json:"state"`
}

// Tidings are a record's events. To read a detail that this version does not know is an error: a newer worker's
// projector will tell it (H70).
type Tidings []saga.Event

// UnmarshalJSONFrom reads the events.
func (t *Tidings) UnmarshalJSONFrom(d *jsontext.Decoder) error {
	return json.UnmarshalDecode(d, (*[]saga.Event)(t), json.RejectUnknownMembers(true))
}

// Trace is the traceparent of one of the record's events: that of the opening command, or of the one that was refused.
func (r *Told) Trace(e saga.Event) string { return cmp.Or(e.Trace, r.State.Trace) }

// Encode writes one of the record's events.
func (r *Told) Encode(e saga.Event) ([]byte, error) {
	out := CloudEvent{
		SpecVersion: "1.0", ID: EventID(r.PaymentID, e.N), Source: "/tolov/" + r.Merchant,
		Type: "tolov.payment." + string(e.Type) + ".v1", Subject: r.PaymentID, Time: r.At,
		DataContentType: "application/json", TraceParent: r.Trace(e),
		Data: EventData{Payment: r.Payment, Rejection: e.Rejection, Refund: e.Refund, Discrepancy: e.Discrepancy},
	}
	if e.Review != "" {
		out.Data.Review = &ReviewDetail{Reason: e.Review}
	}
	return json.Marshal(out)
}

// EventMessage is the message of an event, with the journal positions that it stands for.
func (r *Told) EventMessage(e saga.Event, positions string) (*nats.Msg, error) {
	data, err := r.Encode(e)
	if err != nil {
		return nil, fmt.Errorf("encode event %d of %s: %w", e.N, r.PaymentID, err)
	}
	m := nats.NewMsg(EventSubject(e.Type, r.PaymentID))
	m.Data = data
	m.Header.Set("Content-Type", ContentType)
	m.Header.Set(HeaderUUID, EventID(r.PaymentID, e.N))
	m.Header.Set(HeaderPositions, positions)
	return m, nil
}
