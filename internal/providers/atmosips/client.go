package atmosips

import (
	"context"
	"net/http"
	"net/url"
	"time"

	"tolov/internal/payment"
	"tolov/internal/providers/gateway"
	"tolov/internal/providers/rest"
	"tolov/internal/saga"
)

// Settings are what the acquiring knows a merchant by.
type Settings struct {
	StoreID string
	APIKey  payment.Secret // goes along as the header apikey; may be empty
	Expiry  string         // wire order of a card's expiry: ExpiryYYMM or ExpiryMMYY; empty: the former
	Zone    *time.Location // of an invoice's end, which names none
	Now     func() time.Time
}

// The wire orders of an expiry.
const (
	ExpiryYYMM = "YYMM"
	ExpiryMMYY = "MMYY"
)

// Client makes the calls of one merchant.
type Client struct {
	settings Settings
	account  *gateway.Account
	calls    map[string]func(context.Context, saga.Call) payment.Answer
}

// New makes a client of a merchant's account at ATMOS's gateway.
func New(settings Settings, account *gateway.Account) *Client {
	if !settings.APIKey.IsZero() {
		account = account.With("apikey", settings.APIKey.Reveal())
	}
	c := &Client{settings: settings, account: account}
	c.calls = map[string]func(context.Context, saga.Call) payment.Answer{
		stepPreCreate: c.preCreate, stepCreate: c.create, stepApply: c.apply, stepTemplate: c.template,
		stepGet: c.get, stepFind: c.find,
		stepInvoice: c.invoice,
		stepHold:    c.hold, stepHoldApply: c.holdApply, stepHoldCancel: c.holdCancel, stepHoldReturn: c.holdReturn,
		stepBind: c.bind, stepBindPage: c.bindPage, stepCard: c.card,
	}
	return c
}

// Close revokes the account's access token.
func (c *Client) Close(ctx context.Context) error { return c.account.Close(ctx) }

// Knows tells whether the documentation has the result code.
func (c *Client) Knows(code string) bool {
	_, known := verdictOf(code)
	return known || succeeded(code)
}

// Do makes one call of a flow.
func (c *Client) Do(ctx context.Context, call saga.Call) payment.Answer {
	do, ok := c.calls[call.Step]
	if !ok {
		return payment.Answer{Outcome: payment.NotSent, Note: "ATMOS has no call " + call.Step}
	}
	return do(ctx, call)
}

// Where the APIs hang under the gateway.
const (
	pathPay         = "/mps/pay"
	pathTransaction = pathPay + "/transaction"
	pathHold        = "/mps-extend/uklon"
	pathCheckout    = "/checkout"
)

func (c *Client) store() rest.Text { return rest.Text(c.settings.StoreID) }

// post makes a call that is safe to repeat.
func (c *Client) post(ctx context.Context, path string, body any) rest.Reply {
	return c.account.Read(ctx, http.MethodPost, path, body)
}

// send makes a call that is not.
func (c *Client) send(ctx context.Context, path string, body any, sendBy time.Time) rest.Reply {
	return c.account.Send(ctx, http.MethodPost, path, body, sendBy)
}

// named reads a transaction by its number (documentation, "Retrieving transaction details (IPS)").
func (c *Client) named(ctx context.Context, id string) (r reply, a payment.Answer, ok bool) {
	raw := c.account.Read(ctx, http.MethodGet, pathTransaction+"/get/"+url.PathEscape(id), nil)
	a, ok = open(raw, &r)
	return r, a.OfQuestion(), ok
}

// under reads a transaction by an id of ours (documentation, "Retrieving transaction details by external identifier
// (IPS)").
func (c *Client) under(ctx context.Context, extID string) (r reply, a payment.Answer, ok bool) {
	a, ok = open(c.post(ctx, pathPay+"/get/ext_id", extRequest{extID}), &r)
	if ok && succeeded(a.Code) && r.Payload.ExternalID != "" && string(r.Payload.ExternalID) != extID {
		return r, a.Unclear(noteForeign), false
	}
	return r, a.OfQuestion(), ok
}

// linked reads a card (documentation, "Receiving linked card details").
func (c *Client) linked(ctx context.Context, id string) (r reply, a payment.Answer, ok bool) {
	a, ok = open(c.account.Read(ctx, http.MethodGet, pathPay+"/card/"+url.PathEscape(id), nil), &r)
	if card := r.Payload.card(); ok && succeeded(a.Code) && string(card.ID) != id {
		return r, a.Unclear("speaks of another card"), false
	}
	return r, a.OfQuestion(), ok
}
