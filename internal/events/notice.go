package events

import (
	"context"
	"fmt"

	"github.com/go-json-experiment/json"
	"github.com/nats-io/nats.go"
	"github.com/nats-io/nats.go/jetstream"

	"tolov/internal/payment"
	"tolov/internal/telemetry"
)

// Notice is what a provider told us by itself: a hint to ask it, never proof (H59). It holds no secret: no signature,
// no key, nothing that the customer wrote.
type Notice struct {
	Kind        string        `json:"kind"` // what the provider calls it, such as callback
	Provider    string        `json:"provider"`
	Merchant    string        `json:"merchant"`
	PaymentID   string        `json:"payment_id,omitzero"`  // empty when it names no payment of ours
	Transaction string        `json:"transaction,omitzero"` // the provider's
	Amount      payment.Money `json:"amount,omitzero"`      // tiyin
	CardID      string        `json:"card_id,omitzero"`     // the provider's id of a card that was linked
	Answer      string        `json:"answer"`               // what it was told
	At          payment.Time  `json:"at"`
}

// Notices stores notices for the worker.
type Notices struct{ JS jetstream.JetStream }

// Notify stores a notice, once for all repeats of it that come soon: they say nothing new (H63).
func (n *Notices) Notify(ctx context.Context, notice Notice) error {
	once := notice
	once.At = payment.Time{}
	id, err := json.Marshal(once, json.Deterministic(true))
	if err != nil {
		return fmt.Errorf("encode notice: %w", err)
	}
	m := nats.NewMsg(NoticeSubject(notice.Provider))
	if m.Data, err = json.Marshal(notice, json.Deterministic(true)); err != nil {
		return fmt.Errorf("encode notice: %w", err)
	}
	telemetry.Propagator().Inject(ctx, Header(m.Header))
	if _, err := n.JS.PublishMsg(ctx, m, jetstream.WithMsgID(digest(id))); err != nil {
		return fmt.Errorf("store notice: %w", err)
	}
	return nil
}

// ReadNotice reads a message of payments.notices.>; ok is false when it is none.
func ReadNotice(subject string, body []byte) (n Notice, ok bool) {
	if len(body) > MaxBody || json.Unmarshal(body, &n) != nil {
		return Notice{}, false
	}
	return n, n.Kind != "" && NoticeSubject(n.Provider) == subject &&
		(n.PaymentID == "" || payment.IsID(n.PaymentID))
}

// NoticePayment is the lane of a notice: the id of the payment that it is about, or empty when it names none.
func NoticePayment(subject string, body []byte) string {
	n, _ := ReadNotice(subject, body)
	return n.PaymentID
}
