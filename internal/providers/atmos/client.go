package atmos

import (
	"cmp"
	"context"
	"net/http"
	"time"

	"tolov/internal/payment"
	"tolov/internal/providers/gateway"
	"tolov/internal/providers/rest"
	"tolov/internal/saga"
)

// Settings are a merchant's account with ATMOS.
type Settings struct {
	StoreID     string
	TerminalID  string         // used when a command names none; may be empty
	CheckoutURL string         // whole address of the payment page; empty: the production one
	OFDCode     string         // of the one receipt line of a partial refund whose command brings none
	Zone        *time.Location // of the times in its answers, which name none
}

// productionPage is the payment page (documentation, "Payment page").
const productionPage = "https://checkout.pays.uz/invoice/get"

// Client makes the calls of one merchant.
type Client struct {
	settings Settings
	account  *gateway.Account
	calls    map[string]func(context.Context, saga.Call) payment.Answer
}

// New makes a client.
func New(settings Settings, account *gateway.Account) *Client {
	settings.CheckoutURL = cmp.Or(settings.CheckoutURL, productionPage)
	c := &Client{settings: settings, account: account}
	c.calls = c.table()
	return c
}

// Close revokes the access token.
func (c *Client) Close(ctx context.Context) error { return c.account.Close(ctx) }

// Knows tells whether the documentation has the result code.
func (c *Client) Knows(code string) bool {
	_, known := verdictOf(code)
	return known || code == codeOK
}

// Do makes one call of a flow.
func (c *Client) Do(ctx context.Context, call saga.Call) payment.Answer {
	do, ok := c.calls[call.Step]
	if !ok {
		return payment.Answer{Outcome: payment.NotSent, Note: "ATMOS has no call " + call.Step}
	}
	return do(ctx, call)
}

// table has the methods by the names that flows have for them.
func (c *Client) table() map[string]func(context.Context, saga.Call) payment.Answer {
	return map[string]func(context.Context, saga.Call) payment.Answer{
		stepCreate: c.create, stepPreApply: c.preApply, stepApply: c.apply, stepResend: c.resend, stepGet: c.get,
		stepBulkCreate: c.bulkCreate, stepBulkPreApply: c.bulkPreApply, stepBulkApply: c.bulkApply, stepBulkGet: c.bulkGet,
		stepPageCreate: c.pageCreate,
		stepReverse:    c.reverse, stepPartialCreate: c.partialCreate, stepPartialConfirm: c.partialConfirm,
		stepPartialGet: c.partialGet,
		stepHoldCreate: c.holdCreate, stepHoldApply: c.holdApply, stepHoldGet: c.holdGet,
		stepHoldsCreate: c.holdsCreate, stepHoldsApply: c.holdsApply, stepHoldsGet: c.holdsGet,
		stepHoldCharge: c.holdCharge, stepHoldCancel: c.holdCancel,
		stepBindInit: c.bindInit, stepBindConfirm: c.bindConfirm, stepListCards: c.listCards, stepRemoveCard: c.removeCard,
		stepStanding: c.standing,
	}
}

func (c *Client) store() rest.Text { return rest.Text(c.settings.StoreID) }

// draft makes a call that is safe to repeat and reads its result code.
func (c *Client) draft(ctx context.Context, path string, body any, reply coded) payment.Answer {
	return drafted(c.account.Read(ctx, http.MethodPost, path, body), reply)
}
