package paysys

import (
	"context"
	"strconv"
	"time"

	"tolov/internal/payment"
	"tolov/internal/providers/rest"
	"tolov/internal/saga"
)

// Books are the statement, which names a payment by its partner_transaction_id.
func (c *Client) Books() saga.Books {
	return saga.Books{Step: stepStatement, Key: func(paymentID string) string {
		return strconv.FormatInt(numberOf(&payment.Payment{ID: paymentID}), 10)
	}}
}

// statement lists the payouts that PaySys created in a period (documentation, "Reconciliation of payments"). Both ends
// of the documented interval are in it, in whole seconds.
func (c *Client) statement(ctx context.Context, call saga.Call) payment.Answer {
	var lines []statementLine
	a, word := c.ask(ctx, "statement", statementParams{
		From: call.From.Unix(), To: call.To.Add(-time.Nanosecond).Unix(),
	}, time.Time{}, &lines)
	if word != told {
		return a.OfQuestion()
	}
	for _, line := range lines {
		a.Lines = append(a.Lines, line.read())
	}
	a.Outcome = payment.Done
	return a
}

// read reads a line. In a statement 1 is worded "pending"; it is read as completed (facts, "PaySys status"). A line
// that cannot be understood is kept: it stands for money all the same.
func (l statementLine) read() payment.Line {
	line := payment.Line{
		Key: string(l.Partner), Transaction: string(l.Transaction), Outcome: payment.Unknown,
		Amount: payment.Money(l.Amount.Value), Amounted: l.Amount.Present, Card: masked(l.Card),
	}
	if l.Status.Present {
		line.Outcome, _ = outcomeOf(l.Status.Value)
		line.Code = strconv.FormatInt(l.Status.Value, 10)
	}
	if l.Date.Present {
		line.At = payment.At(time.Unix(l.Date.Value, 0))
	}
	return line
}

// masked is a card number as PaySys masked it. One that it did not mask is hidden here (I8).
func masked(card rest.Text) string {
	if len(card) < 10 {
		return ""
	}
	return string(card[:6]) + "******" + string(card[len(card)-4:])
}
