package atmosips

import (
	"context"
	"time"

	"tolov/internal/payment"
	"tolov/internal/providers/rest"
	"tolov/internal/saga"
)

// preCreate makes a draft under the payment's own id (documentation, "Creating a transaction draft (bind)"). When the
// id is used, an earlier attempt made the draft and its answer was lost: it is found, and no other id is ever tried.
func (c *Client) preCreate(ctx context.Context, call saga.Call) payment.Answer {
	var r reply
	a, ok := open(c.post(ctx, pathTransaction+"/pre-create", draftRequest{
		Amount: call.Amount, ExtID: call.Payment.ID, StoreID: c.store(), OFDItems: ofdItems(call),
		Account: call.Payment.Account, InvoiceID: invoiceOf(call),
	}), &r)
	if ok && a.Code == codeUsed {
		r, a, ok = c.under(ctx, call.Payment.ID)
		ok = ok && succeeded(a.Code) // it may not be seen yet (H6)
	}
	switch {
	case !ok:
		return a
	case !succeeded(a.Code):
		return drafted(a)
	}
	a = settled(a, r.Payload, call, meanings{isNew: means(payment.Done), isDone: {outcome: payment.Done, moved: true}})
	if a.Outcome == payment.Done { // the number that counts is the one that create answers
		a.Keep, a.Transaction, a.Refs = map[string]string{keptDraft: a.Transaction}, "", nil
	}
	return a
}

// create puts a card to the draft: by number (documentation, "Transaction Creation (IPS)") or linked (its next section
// on drafts, "create/bind"). The answer tells where the customer passes 3-D Secure, if that is asked for.
func (c *Client) create(ctx context.Context, call saga.Call) payment.Answer {
	draft := rest.Text(call.Walk.Kept[keptDraft])
	path, body := "/create", any(createRequest{
		PAN: call.Card.Number.Reveal(), Expiry: c.expiry(call.Card), Amount: call.Amount, TransactionID: draft,
		CardName: call.Card.Holder.Reveal(), CVC: call.Card.CVC.Reveal(), ClientIP: call.Order.CustomerIP,
		ExtID: call.Payment.ID,
	})
	if !call.Card.ID.IsZero() {
		path, body = "/create/bind", createBindRequest{
			CardID: rest.Text(call.Card.ID.Reveal()), Amount: call.Amount, ClientIP: call.Order.CustomerIP,
			TransactionID: draft,
		}
	}
	var r reply
	a, ok := open(c.send(ctx, pathTransaction+path, body, call.SendBy), &r)
	switch {
	case !ok:
		return a
	case !succeeded(a.Code):
		return judged(a, r.Payload)
	default:
		return created(a, r.Payload, call, payment.Unknown)
	}
}

// expiry puts the YYmm of our callers in the order of the wire.
func (c *Client) expiry(card *payment.CardInput) string {
	yymm := card.Expiry.Reveal()
	if c.settings.Expiry == ExpiryMMYY && len(yymm) == len(ExpiryYYMM) {
		return yymm[2:] + yymm[:2]
	}
	return yymm
}

// created reads a transaction that a card was put to. absent is what one without a card means to the call that asked.
func created(a payment.Answer, t transaction, call saga.Call, absent payment.Outcome) payment.Answer {
	a = settled(a, t, call, meanings{
		isNew: means(absent), isOpen: means(payment.Done), isConfirming: means(payment.Done),
		isOpening: means(payment.Pending), isDone: {outcome: payment.Done, moved: true},
		isFailed: ends(transactionFailed), isCancelled: ends(transactionCancelled), isReverted: ends(transactionCancelled),
		isCancelling: means(payment.Pending), isReverting: means(payment.Pending),
	})
	if a.Outcome != payment.Done {
		return a
	}
	if call.Payment.Card == nil && t.Card.Masked != "" {
		a.Card = t.card().shown()
	}
	return sent(a, t)
}

// sent sends the customer to 3-D Secure, when that is asked for.
func sent(a payment.Answer, t transaction) payment.Answer {
	switch {
	case t.Redirect == "" || t.Status.Value == isConfirming || t.Card.State == cardVerified:
		return a
	case !isAddress(t.Redirect):
		return a.Unclear("the customer cannot be sent there")
	}
	a.Action = &payment.Action{Type: payment.ActionRedirect, URL: t.Redirect}
	return a
}

// apply moves the money (documentation, "Transaction confirmation (bind)").
func (c *Client) apply(ctx context.Context, call saga.Call) payment.Answer {
	return c.moves(ctx, call, pathTransaction+"/apply", transactionRequest{rest.Text(call.Transaction)},
		applied(payment.Unknown))
}

// template debits a linked card at once (documentation, "Creating a recurring payment (IPS)").
func (c *Client) template(ctx context.Context, call saga.Call) payment.Answer {
	return c.moves(ctx, call, pathTransaction+"/create/template", templateRequest{
		CardID: rest.Text(call.Card.ID.Reveal()), Amount: call.Amount, ClientIP: call.Order.CustomerIP,
		ExtID: call.Payment.ID,
	}, atOnce())
}

// moves makes a call that moves money, and reads the transaction that it answers.
func (c *Client) moves(
	ctx context.Context, call saga.Call, path string, body any, by meanings,
) payment.Answer {
	var r reply
	a, ok := open(c.send(ctx, path, body, call.SendBy), &r)
	switch {
	case !ok:
		return a
	case !succeeded(a.Code):
		return judged(a, r.Payload)
	default:
		return paid(settled(a, r.Payload, call, by), r.Payload)
	}
}

// paid adds the receipts to a debit that was made.
func paid(a payment.Answer, t transaction) payment.Answer {
	if a.Outcome == payment.Done {
		a.Receipts = t.receipts()
	}
	return a
}

// applied is what a status means to an apply. absent is what a transaction that was not applied means to the call that
// asked.
func applied(absent payment.Outcome) meanings {
	return meanings{
		isOpen: means(absent), isOpening: means(payment.Pending), isConfirming: means(payment.Pending),
		isDone: means(payment.Done), isFailed: ends(transactionFailed), isCancelled: ends(transactionCancelled),
		isReverted: ends(transactionCancelled), isCancelling: means(payment.Pending), isReverting: means(payment.Pending),
	}
}

// atOnce is what a status means to a call that makes a transaction and carries it out.
func atOnce() meanings {
	by := applied(payment.Pending)
	by[isNew] = means(payment.Pending)
	return by
}

// invoice makes the page where the customer pays (documentation, "Billing (IPS)"). It ends when our wait does, unless
// the command names a time.
func (c *Client) invoice(ctx context.Context, call saga.Call) payment.Answer {
	until := call.Order.ExpiresAt.Time
	if until.IsZero() {
		until = call.Payment.CreatedAt.Add(pageLasts)
	}
	a := c.page(ctx, "/invoice/create", invoiceRequest{
		RequestID: call.Payment.ID, StoreID: c.store(), Expires: until.In(c.settings.Zone).Format("2006-01-02T15:04:05"),
		Account: call.Payment.Account, Amount: call.Amount, SuccessURL: call.Order.SuccessURL,
		Items: call.Order.HostedItems,
	})
	if a.Outcome == payment.Done {
		a.Action.ExpiresAt = payment.At(until.Truncate(time.Second))
	}
	return a
}

// pagePrefix makes the ext_id of a page's transaction out of the page's payment_id.
const pagePrefix = "checkout_"

// page makes a page for the customer. What is done there is found under an ext_id of its own.
func (c *Client) page(ctx context.Context, path string, body any) payment.Answer {
	var r pageReply
	a, ok := open(c.post(ctx, pathCheckout+path, body), &r)
	switch {
	case !ok:
		return a
	case !succeeded(a.Code):
		return drafted(a)
	case r.PaymentID == "" || !isAddress(r.URL):
		return a.Unclear("no payment_id or no address of the page")
	}
	a.Outcome, a.Transaction = payment.Done, pagePrefix+string(r.PaymentID)
	a.Refs = map[string]string{refPage: string(r.PaymentID)}
	a.Action = &payment.Action{Type: payment.ActionRedirect, URL: r.URL}
	return a
}
