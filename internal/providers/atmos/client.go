package atmos

import (
	"context"
	"net/http"
	"strings"
	"time"

	"github.com/go-json-experiment/json"

	"tolov/internal/payment"
	"tolov/internal/providers/rest"
	"tolov/internal/saga"
)

// Settings are a merchant's account with ATMOS.
type Settings struct {
	BaseURL        string
	ConsumerKey    payment.Secret
	ConsumerSecret payment.Secret
	StoreID        string
	TerminalID     string // used when a command names none; may be empty
	Now            func() time.Time
}

// standardCode applies a payment by token: no customer is asked for it.
const standardCode = "111111"

// Client makes the calls of one merchant.
type Client struct {
	settings Settings
	http     *rest.Client
	tokens   *tokens
}

// New makes a client.
func New(settings Settings, http *rest.Client) *Client {
	settings.BaseURL = strings.TrimRight(settings.BaseURL, "/")
	return &Client{settings: settings, http: http, tokens: newTokens(settings, http)}
}

// Close revokes the access token.
func (c *Client) Close(ctx context.Context) error { return c.tokens.revoke(ctx) }

// Knows tells whether the documentation has the result code.
func (c *Client) Knows(code string) bool {
	_, known := verdictOf(code)
	return known || code == codeOK
}

// Do makes one call of a flow.
func (c *Client) Do(ctx context.Context, call saga.Call) payment.Answer {
	switch call.Step {
	case stepCreate:
		return c.create(ctx, call)
	case stepPreApply:
		return c.preApply(ctx, call)
	case stepApply:
		return c.apply(ctx, call)
	case stepResend:
		return c.resend(ctx, call)
	case stepGet:
		return c.get(ctx, call)
	default:
		return payment.Answer{Outcome: payment.NotSent, Note: "ATMOS has no call " + call.Step}
	}
}

// create makes a draft transaction (documentation, "Transaction creating").
func (c *Client) create(ctx context.Context, call saga.Call) payment.Answer {
	terminal := call.Order.TerminalID
	if terminal == "" {
		terminal = c.settings.TerminalID
	}
	var reply payReply
	answer := c.draft(ctx, "/merchant/pay/create", createRequest{
		Amount: call.Amount, Account: call.Payment.Account, TerminalID: terminal,
		StoreID: c.store(), Lang: call.Order.Lang, OFDItems: call.Order.OFDItems,
	}, &reply)
	id := string(reply.TransactionID)
	switch {
	case answer.Outcome != payment.Done:
		return answer
	case id == "":
		return unreadable(answer, "no transaction_id")
	}
	answer.Transaction = id
	answer.Refs = map[string]string{"transaction_id": id}
	if other := string(reply.Store.TransID); other != "" && other != id {
		answer.Refs[refTransID] = other
	}
	answer.Amount, answer.Amounted = reply.Store.amount()
	return answer
}

// preApply binds the card to the transaction (documentation, "Transaction pre-confirmation"). The customer gets a code
// when the card is given by number, and whenever ATMOS says so.
func (c *Client) preApply(ctx context.Context, call saga.Call) payment.Answer {
	request := preApplyRequest{StoreID: c.store(), TransactionID: rest.Text(call.Transaction), Lang: call.Order.Lang}
	if byToken := !call.Card.Token.IsZero(); byToken {
		request.CardToken = call.Card.Token.Reveal()
	} else {
		request.CardNumber, request.Expiry = call.Card.Number.Reveal(), call.Card.Expiry.Reveal()
	}
	var reply payReply
	answer := c.draft(ctx, "/merchant/pay/pre-apply", request, &reply)
	if answer.Outcome != payment.Done {
		return answer
	}
	answer.Transaction = string(reply.TransactionID)
	if request.CardNumber != "" || answer.Code == codeSent {
		answer.Action = &payment.Action{Type: payment.ActionCode}
	}
	return answer
}

// resend sends the code again (documentation, "Repeated confirmation code request").
func (c *Client) resend(ctx context.Context, call saga.Call) payment.Answer {
	var reply payReply
	return c.draft(ctx, "/merchant/pay/otp-resend", resendRequest{TransactionID: rest.Text(call.Transaction)}, &reply)
}

// apply moves the money (documentation, "Transaction verification").
func (c *Client) apply(ctx context.Context, call saga.Call) payment.Answer {
	code := standardCode
	if !call.Code.IsZero() {
		code = call.Code.Reveal()
	}
	var reply payReply
	raw := c.post(ctx, "/merchant/pay/apply", applyRequest{
		TransactionID: rest.Text(call.Transaction), OTP: code, StoreID: c.store(), Lang: call.Order.Lang,
	}, call.SendBy)
	return applied(raw, &reply, namesOf(call))
}

// get asks what became of a transaction (documentation, "Retrieving transaction information").
func (c *Client) get(ctx context.Context, call saga.Call) payment.Answer {
	var reply payReply
	raw := c.read(ctx, "/merchant/pay/get", getRequest{
		StoreID: c.store(), TransactionID: rest.Text(call.Transaction), Lang: call.Order.Lang,
	})
	return found(raw, &reply, namesOf(call))
}

func (c *Client) store() rest.Text { return rest.Text(c.settings.StoreID) }

// draft makes a call that is safe to repeat and reads its result code.
func (c *Client) draft(ctx context.Context, path string, body any, reply *payReply) payment.Answer {
	return drafted(c.read(ctx, path, body), reply)
}

// read makes a call that is safe to repeat: when the token was refused, once more with a new one.
func (c *Client) read(ctx context.Context, path string, body any) rest.Reply {
	raw := c.post(ctx, path, body, time.Time{})
	if raw.Status == http.StatusUnauthorized {
		raw = c.post(ctx, path, body, time.Time{})
	}
	return raw
}

// post makes one call. A refused token is dropped, but the call is not repeated here: it may move money (H14).
func (c *Client) post(ctx context.Context, path string, body any, sendBy time.Time) rest.Reply {
	token, err := c.tokens.get(ctx)
	if err != nil {
		return rest.Reply{Err: err}
	}
	data, err := json.Marshal(body)
	if err != nil {
		return rest.Reply{Err: err}
	}
	raw := c.http.Exchange(ctx, rest.Request{
		Method: http.MethodPost, URL: c.settings.BaseURL + path, Body: data, SendBy: sendBy,
		Header: http.Header{
			"Authorization": {"Bearer " + token}, "Content-Type": {"application/json"}, "Accept": {"application/json"},
		},
	})
	if raw.Status == http.StatusUnauthorized {
		c.tokens.drop(token)
	}
	return raw
}
