package via

import (
	"cmp"
	"context"
	"net/http"
	"net/url"
	"strings"
	"time"

	"github.com/go-json-experiment/json"

	"tolov/internal/payment"
	"tolov/internal/providers/rest"
	"tolov/internal/saga"
)

// Settings are a merchant's account with VIA.
type Settings struct {
	BaseURL      string
	ClientID     payment.Secret
	ClientSecret payment.Secret
	MerchantID   string
}

// Client makes the calls of one merchant.
type Client struct {
	settings Settings
	http     *rest.Client
}

// New makes a client.
func New(settings Settings, http *rest.Client) *Client {
	settings.BaseURL = strings.TrimRight(settings.BaseURL, "/")
	return &Client{settings: settings, http: http}
}

// Close gives up nothing: VIA has no session.
func (c *Client) Close(context.Context) error { return nil }

// Knows tells whether the documentation has the code: a transaction's status, or the number of an error, of which it
// has no list.
func (c *Client) Knows(code string) bool {
	_, known := outcomeOf(code)
	return known || strings.Trim(code, "-0123456789") == ""
}

// Do makes one call of a flow.
func (c *Client) Do(ctx context.Context, call saga.Call) payment.Answer {
	switch call.Step {
	case stepPay:
		return c.pay(ctx, call)
	case stepVerify:
		return c.verify(ctx, call)
	case stepStatus:
		a, _ := c.status(ctx, call)
		return a
	default:
		return payment.Answer{Outcome: payment.NotSent, Note: "VIA has no call " + call.Step}
	}
}

// pay makes a transaction and sends the code (facts on POST /partner/merchant/confirm/pay).
func (c *Client) pay(ctx context.Context, call saga.Call) payment.Answer {
	p := call.Payment
	var reply payReply
	a, word := open(c.send(ctx, http.MethodPost, "/partner/merchant/confirm/pay", payRequest{
		MerchantID: c.settings.MerchantID, ExternalID: p.ID, Amount: call.Amount, Currency: payment.Currency,
		Card:     payCard{PAN: call.Card.Number.Reveal(), Expiry: monthYear(call.Card.Expiry.Reveal())},
		Note:     cmp.Or(call.Order.Description, p.ExtID),
		Accounts: map[string]string{"account": p.Account},
	}, time.Time{}), &reply)
	switch {
	case word == silence:
		return a
	case word == refusal:
		return c.arrived(ctx, call, a)
	case reply.VerifyID == "":
		return a.Noted("no verifyId")
	}
	return drafted(a, string(reply.VerifyID))
}

// arrived looks whether a request that was refused is here already: the answer to an earlier one may have been lost,
// and its externalId is taken since then. A refusal is believed only when there is nothing.
func (c *Client) arrived(ctx context.Context, call saga.Call, refused payment.Answer) payment.Answer {
	a, word := c.status(ctx, call)
	switch {
	case word == silence:
		a.Outcome = payment.Unknown // worth another try
		return a
	case word == refusal:
		refused.Outcome = payment.Declined
		return refused
	case a.Outcome == payment.Absent && a.Transaction != "":
		return drafted(a, a.Transaction)
	case a.Outcome == payment.Done: // and nobody here verified it: a person must look
		a.Moved = true
	}
	return a
}

// drafted is a transaction that waits for its code.
func drafted(a payment.Answer, transaction string) payment.Answer {
	a.Outcome, a.Transaction, a.Failure, a.Note = payment.Done, transaction, nil, ""
	a.Refs = map[string]string{refTransaction: transaction}
	a.Action = &payment.Action{Type: payment.ActionCode}
	return a
}

// verify debits the card (documentation, "Method verify").
func (c *Client) verify(ctx context.Context, call saga.Call) payment.Answer {
	var reply verifyReply
	a, word := open(c.send(ctx, http.MethodPost, "/partner/merchant/confirm/pay/verify", verifyRequest{
		VerifyID: call.Transaction, VerifyCode: call.Code.Reveal(),
	}, call.SendBy), &reply)
	switch word {
	case silence:
		return a
	case refusal:
		return c.refusedCode(ctx, call, a)
	}
	a = judge(a, string(reply.Status.word), reply.transaction, call)
	if a.Outcome == payment.Absent { // it took the code and says that it has not begun: it will
		a.Outcome = payment.Pending
	}
	return a
}

// refusedCode asks how the transaction stands before it believes that the code was refused: no list of error codes is
// published. Only one that is still open did not take the code.
func (c *Client) refusedCode(ctx context.Context, call saga.Call, refused payment.Answer) payment.Answer {
	a, _ := c.status(ctx, call)
	switch a.Outcome {
	case payment.Absent:
		refused.Outcome, refused.Wrong = payment.Declined, true
		refused.Failure.Code = reasonCode
		refused.Failure.Category, refused.Failure.Advice = failures[reasonCode].Category, failures[reasonCode].Advice
		return refused
	case payment.Declined:
		a.Failure.Message, a.Failure.ProviderCode = refused.Failure.Message, refused.Code
		return a
	case payment.Done, payment.Pending:
		return a
	default:
		refused.Outcome, refused.Failure = payment.Unknown, nil
		return refused.Noted("refused, and its status could not be learned: " + a.Note)
	}
}

// status asks what became of a transaction (facts on GET /partner/transaction). An error answers the question, not the
// payment.
func (c *Client) status(ctx context.Context, call saga.Call) (payment.Answer, word) {
	query := url.Values{"externalId": {call.Payment.ID}}
	var reply statusReply
	a, word := open(c.send(ctx, http.MethodGet, "/partner/transaction?"+query.Encode(), nil, time.Time{}), &reply)
	switch {
	case word != told:
		a.Outcome, a.Failure = payment.Unknown, nil
		return a, word
	case reply.Data == nil:
		return a.Noted("no data"), silence
	}
	d := reply.Data
	a = judge(a, string(d.Status), d.transaction, call)
	if a.Outcome == payment.Declined && (d.ErrorCode != "" || d.ErrorMessage != "") {
		a.Failure = failureOf(a.Failure.Code, string(d.ErrorCode), threeTexts{d.ErrorMessage, d.ErrorMessage, d.ErrorMessage})
	}
	return a, word
}

// send makes one call.
func (c *Client) send(ctx context.Context, method, path string, body any, sendBy time.Time) rest.Reply {
	header := http.Header{ // names of headers know no case
		"Client-Id": {c.settings.ClientID.Reveal()}, "Client-Secret": {c.settings.ClientSecret.Reveal()},
		"Accept": {"application/json"},
	}
	var data []byte
	if body != nil {
		var err error
		if data, err = json.Marshal(body); err != nil {
			return rest.Reply{Err: err}
		}
		header.Set("Content-Type", "application/json")
	}
	return c.http.Exchange(ctx, rest.Request{
		Method: method, URL: c.settings.BaseURL + path, Header: header, Body: data, SendBy: sendBy,
	})
}
