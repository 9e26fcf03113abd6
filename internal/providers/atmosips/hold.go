package atmosips

import (
	"context"
	"time"

	"tolov/internal/payment"
	"tolov/internal/providers/rest"
	"tolov/internal/saga"
)

// holdLasts is how long funds are taken to be held: the documentation does not say.
const holdLasts = 30 * 24 * time.Hour

// hold freezes funds on a linked card (documentation, "Creating a hold operation (IPS)").
func (c *Client) hold(ctx context.Context, call saga.Call) payment.Answer {
	var r reply
	a, ok := open(c.send(ctx, pathHold+"/hold", holdRequest{
		ExtID: call.Payment.ID, Amount: call.Amount, StoreID: c.store(), OFDItems: ofdItems(call),
		Account: call.Payment.Account, InvoiceID: invoiceOf(call), CardID: rest.Text(call.Card.ID.Reveal()),
		ClientIP: call.Order.CustomerIP,
	}, call.SendBy), &r)
	switch {
	case !ok:
		return a
	case !succeeded(a.Code):
		return judged(a, r.Payload)
	}
	a = c.frozen(settled(a, r.Payload, call, atOnce()))
	if a.Outcome == payment.Done && r.Payload.Card.Masked != "" {
		a.Card = r.Payload.card().shown()
	}
	return a
}

// frozen tells until when what is held stays so.
func (c *Client) frozen(a payment.Answer) payment.Answer {
	if a.Outcome == payment.Done {
		a.HeldUntil = c.settings.Now().Add(holdLasts)
	}
	return a
}

// holdApply takes what is held, which can only be done as a whole (documentation, "Withdrawal of the held amount
// (IPS)").
func (c *Client) holdApply(ctx context.Context, call saga.Call) payment.Answer {
	if call.Amount != call.Payment.AmountHeld {
		return declines(payment.Answer{Note: "a part of what is held was asked for, and no call was made"}, invalidAmount)
	}
	return c.moves(ctx, call, pathHold+"/apply", transactionRequest{rest.Text(call.Transaction)}, meanings{
		isDone: means(payment.Done), isConfirming: means(payment.Pending), isCancelling: means(payment.Pending),
		isCancelled: ends(holdExpired), isFailed: ends(holdExpired),
	})
}

// chargeState is what a status tells of an apply whose answer was lost. Status 4 tells nothing: held and charged look
// alike.
func chargeState() meanings {
	return meanings{
		isConfirming: means(payment.Pending), isCancelling: means(payment.Pending), isCancelled: ends(holdExpired),
		isFailed: ends(holdExpired),
	}
}

// holdCancel lets go of what is held (documentation, "Cancellation of hold operation (IPS)"). The documented answer has
// no transaction: its code alone tells.
func (c *Client) holdCancel(ctx context.Context, call saga.Call) payment.Answer {
	var r reply
	a, ok := open(c.send(ctx, pathHold+"/cancel", holdCancelRequest{
		StoreID: c.store(), TransactionID: rest.Text(call.Transaction),
	}, call.SendBy), &r)
	switch {
	case !ok:
		return a
	case a.Code == codeNotCancelled:
		return declines(a, cancellationFailed)
	case !succeeded(a.Code):
		return judged(a, r.Payload)
	case r.Payload.ID == "" && !r.Payload.Status.Present:
		a.Outcome = payment.Done
		return a
	default:
		return settled(a, r.Payload, call, meanings{
			isCancelled: means(payment.Done), isCancelling: means(payment.Pending),
		})
	}
}

// releaseState is what a status tells of a cancellation. No apply was asked for, so status 4 means held.
func releaseState() meanings {
	return meanings{
		isDone: means(payment.Absent), isCancelled: means(payment.Done), isFailed: means(payment.Done),
		isCancelling: means(payment.Pending),
	}
}

// holdReturn gives back what was charged (documentation, "Refund for a completed holding transaction (IPS)").
func (c *Client) holdReturn(ctx context.Context, call saga.Call) payment.Answer {
	var r reply
	a, ok := open(c.send(ctx, pathHold+"/return", transactionRequest{rest.Text(call.Transaction)}, call.SendBy), &r)
	switch {
	case !ok:
		return a
	case a.Code == codeNotCancelled:
		return declines(a, cancellationFailed)
	case !succeeded(a.Code):
		return judged(a, r.Payload)
	default:
		return settled(a, r.Payload, call, returned(payment.Unknown))
	}
}

// returned is what a status tells of a refund. charged is what a transaction that still is charged means.
func returned(charged payment.Outcome) meanings {
	return meanings{
		isDone: means(charged), isReverted: means(payment.Done), isReverting: means(payment.Pending),
	}
}
