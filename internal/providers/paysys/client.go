package paysys

import (
	"context"
	"crypto/rand"
	"crypto/sha1" //nolint:gosec // the hash that PaySys wants
	"encoding/hex"
	"fmt"
	"net/http"
	"strconv"
	"time"

	"github.com/go-json-experiment/json"

	"tolov/internal/payment"
	"tolov/internal/providers/rest"
	"tolov/internal/saga"
)

// Settings are a merchant's account with PaySys.
type Settings struct {
	URL       string
	ServiceID string
	SecretKey payment.Secret
	BCV       payment.Money // the base calculation value, in tiyin
	Now       func() time.Time
}

// Client makes the calls of one merchant.
type Client struct {
	settings Settings
	http     *rest.Client
}

// New makes a client.
func New(settings Settings, http *rest.Client) *Client {
	return &Client{settings: settings, http: http}
}

// Close gives up nothing: PaySys has no session.
func (c *Client) Close(context.Context) error { return nil }

// Knows tells whether the documentation has the code: a payout's status, or the number of an error, of which it has no
// list.
func (c *Client) Knows(code string) bool { return knows(code) }

// Narrow adds to a shape from which amount on the account needs the sender's document.
func (c *Client) Narrow(s payment.Shape) payment.Shape {
	s.DocumentFrom = documentFrom * c.settings.BCV
	return s
}

// Do makes one call of a flow.
func (c *Client) Do(ctx context.Context, call saga.Call) payment.Answer {
	switch call.Step {
	case stepPrepare:
		return c.prepare(ctx, call)
	case stepConfirm:
		return c.confirm(ctx, call)
	case stepCheck:
		a, _ := c.check(ctx, call)
		return a
	case stepCancel:
		return c.cancel(ctx, call)
	case stepStatement:
		return c.statement(ctx, call)
	default:
		return payment.Answer{Outcome: payment.NotSent, Note: "PaySys has no call " + call.Step}
	}
}

// prepare makes a payout that waits for its confirmation (documentation, "Payouts preparation").
func (c *Client) prepare(ctx context.Context, call saga.Call) payment.Answer {
	if call.Card == nil || call.Sender == nil { // only the opening command has them
		return payment.Answer{Outcome: payment.NotSent, Note: "no card or no sender in hand"}
	}
	var p prepared
	a, word := c.ask(ctx, "prepare_remittance", prepareParams{
		Partner: numberOf(call.Payment), Card: call.Card.Number.Reveal(), Amount: call.Amount,
		Sender: senderOf(call.Sender), Doc: documentOf(call.Document),
	}, time.Time{}, &p)
	switch {
	case word == silence:
		return a
	case word == refusal:
		return c.arrived(ctx, call, a)
	case p.Transaction == "" || p.Partner.Value != numberOf(call.Payment):
		return a.Noted("no transaction_id, or another partner_transaction_id")
	}
	a.Amount, a.Amounted = payment.Money(p.Amount.Value), p.Amount.Present
	a = drafted(a, call, string(p.Transaction))
	if p.Commission != "" {
		a.Refs[refCommission] = string(p.Commission)
	}
	if p.Total.Present {
		a.Refs[refTotal] = strconv.FormatInt(p.Total.Value, 10)
	}
	return a
}

// arrived looks whether a payout that was refused is here already: the answer to an earlier request may have been lost.
// A refusal is believed only when there is nothing, or something of another payment. The question is one call more than
// the rate limit counts; refusals are few, and a 429 says so when they are not.
func (c *Client) arrived(ctx context.Context, call saga.Call, refused payment.Answer) payment.Answer {
	a, word := c.check(ctx, call)
	switch {
	case word == silence:
		a.Outcome = payment.Unknown // worth another try
		return a
	case word == refusal:
		return declined(refused, reasonRefused)
	case a.Amounted && a.Amount != call.Amount:
		return declined(refused.Noted("the number is another payout's"), reasonTaken)
	case a.Outcome == payment.Done: // and nobody here confirmed it: a person must look
		a.Moved = true
	case a.Outcome == payment.Absent && a.Amounted:
		return drafted(a, call, a.Transaction)
	case a.Outcome == payment.Absent:
		a.Outcome = payment.Unknown
	}
	return a
}

// confirm pays out (documentation, "Payout confirmation"). An error, and -1, prove nothing until the payout was asked
// for.
func (c *Client) confirm(ctx context.Context, call saga.Call) payment.Answer {
	var s standing
	a, word := c.ask(ctx, "confirm_remittance", transactionParams{rest.Text(call.Transaction)}, call.SendBy, &s)
	if word != told {
		return a
	}
	a = judge(a, s, call)
	switch {
	case a.Outcome == payment.Absent: // created, and it knows that we confirmed it
		a.Outcome = payment.Pending
	case s.Status.Value == statusError:
		a.Outcome, a.Failure = payment.Unknown, nil
	}
	return a
}

// check asks what became of a payout (documentation, "Verification status of payout"). An error answers the question,
// not the payout.
func (c *Client) check(ctx context.Context, call saga.Call) (payment.Answer, word) {
	var s standing
	a, word := c.ask(ctx, "check_remittance", partnerParams{numberOf(call.Payment)}, time.Time{}, &s)
	if word != told {
		a.Outcome = payment.Unknown
		return a, word
	}
	a = judge(a, s, call)
	if a.Outcome == payment.Done && !a.Amounted {
		a.Outcome = payment.Unknown
		return a.Noted("completed, without its amount"), word
	}
	return a, word
}

// cancel gives up a payout that was not confirmed (documentation, "Payout cancellation"). When that is refused, the
// payout itself tells whether it is over.
func (c *Client) cancel(ctx context.Context, call saga.Call) payment.Answer {
	transaction := call.Transaction
	if transaction == "" { // the answer to its preparation may have been lost
		a, word := c.check(ctx, call)
		switch {
		case word == refusal:
			a.Outcome = payment.Done
			return a.Noted("nothing was prepared")
		case a.Outcome != payment.Absent:
			return over(a)
		}
		transaction = a.Transaction
	}
	var yes bool
	a, word := c.ask(ctx, "cancel", transactionParams{rest.Text(transaction)}, time.Time{}, &yes)
	switch {
	case word == silence:
		return a
	case word == told && yes:
		a.Outcome = payment.Done
		return a
	}
	a, _ = c.check(ctx, call)
	return over(a)
}

// over tells whether a payout that cannot be cancelled needs it no more. One that was completed without us is a matter
// for a person.
func over(a payment.Answer) payment.Answer {
	switch a.Outcome {
	case payment.Done:
		a.Moved = true
	case payment.Declined:
		a.Outcome, a.Failure, a.Amounted = payment.Done, nil, false
	default:
		a.Outcome = payment.Unknown
	}
	return a
}

// ask makes one call of a method and reads its result.
func (c *Client) ask(
	ctx context.Context, method string, params any, sendBy time.Time, result any,
) (payment.Answer, word) {
	id := requestID()
	data, err := json.Marshal(request{Method: "cash2card." + method, Params: params, ID: id})
	if err != nil {
		return open(rest.Reply{Err: err}, id, result)
	}
	return open(c.http.Exchange(ctx, rest.Request{
		Method: http.MethodPost, URL: c.settings.URL, Body: data, SendBy: sendBy,
		Header: http.Header{
			"Auth": {c.auth()}, "Content-Type": {"application/json"}, "Accept": {"application/json"},
		},
	}), id, result)
}

// auth is <service_id>-<sha1hex(secret_key + timestamp)>-<timestamp>, the time in UTC milliseconds (facts, "PaySys
// transport").
func (c *Client) auth() string {
	stamp := strconv.FormatInt(c.settings.Now().UnixMilli(), 10)
	sum := sha1.Sum([]byte(c.settings.SecretKey.Reveal() + stamp)) //nolint:gosec // likewise
	return c.settings.ServiceID + "-" + hex.EncodeToString(sum[:]) + "-" + stamp
}

// requestID is a random UUID (RFC 9562 §5.4).
func requestID() string {
	var b [16]byte
	_, _ = rand.Read(b[:]) // never fails: crypto/rand
	b[6], b[8] = b[6]&0x0f|0x40, b[8]&0x3f|0x80
	return fmt.Sprintf("%x-%x-%x-%x-%x", b[:4], b[4:6], b[6:8], b[8:10], b[10:])
}
