// Package client publishes payment commands to Tolov and waits for what comes of them.
//
// It is the only package that other services import. It speaks the contract's NATS subjects and nothing else: a service
// that does without it (nats pub payments.commands.pay '{…}') gets the same. It will not decide anything, keep
// anything, or retry a payment: the worker does all of that.
//
//	c, err := client.Connect("nats://127.0.0.1:4222")
//	…
//	defer c.Close()
//	pay := client.Pay{
//		ExtID: "order-17", Provider: "atmos", Amount: 5_000_000, Account: "flat-101",
//		Card: client.Card{Token: "tok_5f"},
//	}
//	e, err := c.Do(ctx, pay) // publishes, waits
//	switch {
//	case err != nil: // not known yet: ask again with c.Outcome, or with the same c.Do
//	case e.Type == client.EventCompleted: // e.Payment.AmountCharged tiyin were debited, once
//	case e.Type == client.EventActionRequired: // the customer has a code: c.Do(ctx, client.Confirm{…})
//	case e.Type == client.EventFailed: // e.Payment.Failure tells why and who can act
//	case e.Type == client.EventRejected: // e.Rejection names the field and the rule
//	}
//
// Beside Pay there are Hold, which freezes an amount until a Charge or a Cancel, LinkCard, which brings a token to pay
// with, Withdraw, which debits the cards of a person who owes, Payout, which sends money to a card, and Refund,
// RemoveCard, Recheck and Resolve. What each leads to stands at Do.
//
// # Once
//
// There is one payment per merchant and ExtID, for ever, and its id can be computed before anything is published: see
// PaymentID. So the answer to "did my command get there?" is to publish it again. A command that continues a payment
// is a no-op the second time when it has a CommandID, and a Refund by its RefundID.
//
// # Waiting
//
// Wait, Outcome and Do read the payment's events from the first one on, then live: it does not matter whether they were
// published before or after the call. A service that handles many payments follows all of them with Watch, or with a
// durable consumer of its own on PAYMENTS_EVENTS.
//
// # Secrets
//
// Card numbers, tokens, codes and personal data are of type Secret, which prints as ***. So does the text of an event,
// for it may hold a linked card's token. Seal closes a card to the worker's key, so that nobody on the way can read it.
//
// Read next: Do, in do.go.
package client
