package atmos

import (
	"context"
	"net/http"
	"net/url"

	"tolov/internal/payment"
	"tolov/internal/providers/rest"
	"tolov/internal/saga"
)

// create makes a draft transaction (documentation, "Transaction creating").
func (c *Client) create(ctx context.Context, call saga.Call) payment.Answer {
	var reply payReply
	answer := c.draft(ctx, "/merchant/pay/create", createRequest{
		Amount: call.Amount, Account: call.Payment.Account, TerminalID: c.terminal(call.Order.TerminalID),
		StoreID: c.store(), Lang: call.Order.Lang, OFDItems: call.Order.OFDItems,
	}, &reply)
	id := string(reply.TransactionID)
	switch {
	case answer.Outcome != payment.Done:
		return answer
	case id == "":
		return answer.Unclear("no transaction_id")
	}
	answer.Transaction = id
	answer.Refs = map[string]string{refTransaction: id}
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
	request.CardToken, request.CardNumber, request.Expiry = cardOf(call)
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

// cardOf is the card of a call in the form in which it was given.
func cardOf(call saga.Call) (token, number, expiry string) {
	if !call.Card.Token.IsZero() {
		return call.Card.Token.Reveal(), "", ""
	}
	return "", call.Card.Number.Reveal(), call.Card.Expiry.Reveal()
}

// resend sends the code again (documentation, "Repeated confirmation code request").
func (c *Client) resend(ctx context.Context, call saga.Call) payment.Answer {
	var reply payReply
	return c.draft(ctx, "/merchant/pay/otp-resend", resendRequest{TransactionID: rest.Text(call.Transaction)}, &reply)
}

// apply moves the money (documentation, "Transaction verification").
func (c *Client) apply(ctx context.Context, call saga.Call) payment.Answer {
	var reply payReply
	raw := c.account.Send(ctx, http.MethodPost, "/merchant/pay/apply", applyRequest{
		TransactionID: rest.Text(call.Transaction), OTP: codeOf(call), StoreID: c.store(), Lang: call.Order.Lang,
	}, call.SendBy)
	return applied(raw, &reply, namesOf(call))
}

// get asks what became of a transaction (documentation, "Retrieving transaction information").
func (c *Client) get(ctx context.Context, call saga.Call) payment.Answer {
	if call.About == stepReverse {
		return c.reversed(ctx, call)
	}
	var reply payReply
	return found(c.ask(ctx, call, call.Transaction), &reply, namesOf(call))
}

func (c *Client) ask(ctx context.Context, call saga.Call, transaction string) rest.Reply {
	return c.account.Read(ctx, http.MethodPost, "/merchant/pay/get", getRequest{
		StoreID: c.store(), TransactionID: rest.Text(transaction), Lang: call.Order.Lang,
	})
}

// pageCreate makes a draft transaction and the address of the page where the customer pays it (documentation,
// "Payment page").
func (c *Client) pageCreate(ctx context.Context, call saga.Call) payment.Answer {
	answer := c.create(ctx, call)
	if answer.Outcome != payment.Done {
		return answer
	}
	page, err := url.Parse(c.settings.CheckoutURL)
	if err != nil {
		return answer.Unclear("the payment page's own address cannot be read")
	}
	query := page.Query()
	query.Set("storeId", c.settings.StoreID)
	query.Set("transactionId", answer.Transaction)
	if back := call.Order.SuccessURL; back != "" {
		query.Set("redirectLink", back)
	}
	page.RawQuery = query.Encode()
	answer.Action = &payment.Action{Type: payment.ActionRedirect, URL: page.String()}
	return answer
}

func (c *Client) terminal(named string) string {
	if named != "" {
		return named
	}
	return c.settings.TerminalID
}

// standardCode applies what was opened by token: no customer is asked for it.
const standardCode = "111111"

func codeOf(call saga.Call) string {
	if call.Code.IsZero() {
		return standardCode
	}
	return call.Code.Reveal()
}
