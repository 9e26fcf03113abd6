package client

import (
	"context"
	"encoding/base64"
	"encoding/json"
	"errors"
	"fmt"
	"time"

	"github.com/nats-io/nats.go"
	"github.com/nats-io/nats.go/micro"

	"tolov/internal/payment"
)

const queryWait = 5 * time.Second // when ctx has no deadline

// Get asks a worker how a payment stands now.
func (c *Client) Get(ctx context.Context, paymentID string) (Payment, error) {
	var p Payment
	err := c.ask(ctx, "get", paymentID, &p)
	return p, err
}

// History asks a worker for everything that is recorded of a payment, with cause and evidence.
func (c *Client) History(ctx context.Context, paymentID string) (History, error) {
	var h History
	err := c.ask(ctx, "history", paymentID, &h)
	return h, err
}

// Query asks a worker a question of the contract, get or history, and gives the answer's JSON as it came.
func (c *Client) Query(ctx context.Context, question, paymentID string) ([]byte, error) {
	if err := checkID(paymentID); err != nil {
		return nil, err
	}
	return c.request(ctx, question, `{"payment_id":"`+paymentID+`"}`)
}

func (c *Client) ask(ctx context.Context, question, paymentID string, into any) error {
	data, err := c.Query(ctx, question, paymentID)
	if err != nil {
		return err
	}
	if err := json.Unmarshal(data, into); err != nil {
		return fmt.Errorf("%s: the worker's answer cannot be read, it may be of a newer version than this client: %w",
			question, err)
	}
	return nil
}

func (c *Client) request(ctx context.Context, question, body string) ([]byte, error) {
	if _, bounded := ctx.Deadline(); !bounded {
		var cancel context.CancelFunc
		ctx, cancel = context.WithTimeout(ctx, queryWait)
		defer cancel()
	}
	return c.requestOf(ctx, subjectQuery+question, question, body)
}

// requestOf asks a subject. name is what the question is called in errors.
func (c *Client) requestOf(ctx context.Context, subject, name, body string) ([]byte, error) {
	reply, err := c.nc.RequestWithContext(ctx, subject, []byte(body))
	switch {
	case errors.Is(err, nats.ErrNoResponders):
		return nil, fmt.Errorf("%s: %w", name, ErrNoWorker)
	case err != nil:
		return nil, fmt.Errorf("%s: no answer: %w", name, err)
	}
	switch code := reply.Header.Get(micro.ErrorCodeHeader); code {
	case "":
		return reply.Data, nil
	case "404":
		return nil, fmt.Errorf("%s: %w", name, ErrUnknown)
	default:
		return nil, fmt.Errorf("%s: the worker answers %s: %s", name, code, reply.Header.Get(micro.ErrorHeader))
	}
}

// checkID keeps anything but a payment id out of subjects and questions.
func checkID(paymentID string) error {
	if IsPaymentID(paymentID) {
		return nil
	}
	return fmt.Errorf("%q is not a payment id: make one with client.PaymentID(merchant, extID)", paymentID)
}

// ErrNoKey says that the worker cannot open sealed cards.
var ErrNoKey = errors.New("the worker has no key to seal cards with: give it a KEYS_FILE")

// Seal closes a card to the worker's key, for one payment only: nobody between here and the worker can read it, and it
// opens for no other payment. A card that is sealed already stays as it is, and so does none.
func (c *Client) Seal(ctx context.Context, paymentID string, card Card) (Card, error) {
	if card.Sealed != "" || card == (Card{}) {
		return card, nil
	}
	if err := checkID(paymentID); err != nil {
		return Card{}, err
	}
	data, err := c.request(ctx, "card_key", "")
	if errors.Is(err, ErrUnknown) {
		return Card{}, ErrNoKey
	}
	if err != nil {
		return Card{}, err
	}
	var key struct {
		ID     string `json:"key_id"`
		Public string `json:"public_key"`
	}
	if err := json.Unmarshal(data, &key); err != nil {
		return Card{}, fmt.Errorf("card_key: the worker's answer cannot be read: %w", err)
	}
	public, err := base64.RawURLEncoding.DecodeString(key.Public)
	if err != nil {
		return Card{}, fmt.Errorf("card_key: the worker's key cannot be read: %w", err)
	}
	clear, err := json.Marshal(card.wire())
	if err != nil {
		return Card{}, errors.New("the card cannot be written as JSON") // the reason might repeat the card
	}
	sealed, err := payment.Seal(key.ID, public, paymentID, clear)
	return Card{Sealed: Secret(sealed)}, err
}
