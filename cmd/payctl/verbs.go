package main

import (
	"context"
	"encoding/json"
	"fmt"
	"time"

	"github.com/nats-io/nuid"

	"tolov/client"
)

// payVerb debits a card.
type payVerb struct {
	ExtID    string `help:"Your idempotency key; a fresh one when none is given."`
	Amount   int64  `required:"" placeholder:"TIYIN" help:"In tiyin: 5000000 is 50 000.00 sums."`
	Account  string `required:"" help:"Whom or what is paid for."`
	Provider string `default:"atmos" help:"Who carries it out: ${default}."`

	Token  string `xor:"card" required:"" help:"A linked card: its token, - or @file."`
	Card   string `xor:"card" required:"" help:"A card number, - or @file."`
	Expiry string `placeholder:"YYMM" help:"Of the card number; - or @file."`
	Sealed bool   `help:"Seal the card to the worker's key first."`

	Description string            `help:"For the customer."`
	Metadata    map[string]string `placeholder:"KEY=VALUE" help:"Comes back in every event; may be repeated."`
	Lang        string            `help:"Of the customer: uz, ru or en."`
	ExpiresIn   time.Duration     `placeholder:"15m" help:"Cancel when not paid by then."`
	Wait        bool              `help:"Wait for what comes of it."`
}

// Help tells how to keep a card out of the shell's history.
func (payVerb) Help() string {
	return "A card number, an expiry, a token or a code given as - is read from standard input (a terminal asks for it " +
		"and does not show it), given as @file from a file: so it stays out of the shell's history."
}

// Run publishes it.
func (v payVerb) Run(ctx context.Context, a *app) error {
	card, err := v.card(ctx, a.in)
	if err != nil {
		return err
	}
	if v.ExtID == "" {
		v.ExtID = "payctl-" + nuid.Next()
	}
	cmd := client.Pay{
		Merchant: a.flags.Merchant, ExtID: v.ExtID, Provider: v.Provider, Amount: v.Amount, Account: v.Account, Card: card,
		Description: v.Description, Metadata: v.Metadata, Lang: v.Lang, ExpiresIn: v.ExpiresIn,
	}
	c, err := a.connect()
	if err != nil {
		return err
	}
	defer c.Close()
	if v.Sealed {
		if cmd.Card, err = c.Seal(ctx, cmd.PaymentID(), cmd.Card); err != nil {
			return err
		}
	}
	return a.send(ctx, c, cmd, sending{
		extID: v.ExtID, wait: v.Wait, good: []client.EventType{client.EventCompleted, client.EventActionRequired},
	})
}

func (v payVerb) card(ctx context.Context, in *input) (card client.Card, err error) {
	if (v.Card == "") != (v.Expiry == "") {
		return card, fmt.Errorf("%w: --card and --expiry belong together", errUsage)
	}
	for _, field := range []struct {
		what, given string
		into        *client.Secret
	}{
		{"card token", v.Token, &card.Token},
		{"card number", v.Card, &card.Number},
		{"expiry (YYMM)", v.Expiry, &card.Expiry},
	} {
		if *field.into, err = in.secret(ctx, field.what, field.given); err != nil {
			return card, err
		}
	}
	return card, nil
}

// known names a payment that was opened before.
type known struct {
	ExtID     string `arg:"" help:"The payment's ext_id."`
	CommandID string `help:"Makes a repeat of this very command a no-op."`
	Wait      bool   `help:"Wait for what comes of it."`
}

func (k known) sending(good ...client.EventType) sending {
	return sending{extID: k.ExtID, wait: k.Wait, good: good}
}

// confirmVerb gives the customer's code.
type confirmVerb struct {
	known
	Code string `arg:"" optional:"" default:"-" help:"The code; - or nothing: read from standard input; @file."`
}

// Run publishes it.
func (v confirmVerb) Run(ctx context.Context, a *app) error {
	code, err := a.in.secret(ctx, "code", v.Code)
	if err != nil {
		return err
	}
	return a.dialAndSend(ctx, client.Confirm{
		Merchant: a.flags.Merchant, ExtID: v.ExtID, CommandID: v.CommandID, Code: code,
	}, v.sending(client.EventCompleted))
}

// resendVerb asks for another code.
type resendVerb struct{ known }

// Run publishes it.
func (v resendVerb) Run(ctx context.Context, a *app) error {
	return a.dialAndSend(ctx, client.ResendCode{Merchant: a.flags.Merchant, ExtID: v.ExtID, CommandID: v.CommandID},
		v.sending(client.EventActionRequired))
}

// cancelVerb drops a payment.
type cancelVerb struct {
	known
	Reason string `help:"For the record."`
}

// Run publishes it.
func (v cancelVerb) Run(ctx context.Context, a *app) error {
	return a.dialAndSend(ctx, client.Cancel{
		Merchant: a.flags.Merchant, ExtID: v.ExtID, CommandID: v.CommandID, Reason: v.Reason,
	}, v.sending(client.EventCancelled))
}

// recheckVerb asks the provider now. A payment of which nothing new is found has no event, and is waited for.
type recheckVerb struct{ known }

// Run publishes it.
func (v recheckVerb) Run(ctx context.Context, a *app) error {
	return a.dialAndSend(ctx, client.Recheck{Merchant: a.flags.Merchant, ExtID: v.ExtID, CommandID: v.CommandID},
		v.sending(client.EventCompleted))
}

// resolveVerb ends a review.
type resolveVerb struct {
	known
	Outcome    string `required:"" enum:"completed,failed,cancelled" help:"How it ended: ${enum}."`
	Evidence   string `required:"" help:"What was seen, and where."`
	Actor      string `required:"" help:"Who looked."`
	ApprovedBy string `required:"" help:"Another person, who agrees."`
}

// Run publishes it.
func (v resolveVerb) Run(ctx context.Context, a *app) error {
	return a.dialAndSend(ctx, client.Resolve{
		Merchant: a.flags.Merchant, ExtID: v.ExtID, CommandID: v.CommandID, Outcome: client.Status(v.Outcome),
		Evidence: v.Evidence, Actor: v.Actor, ApprovedBy: v.ApprovedBy,
	}, v.sending(client.EventType(v.Outcome)))
}

// sending tells how a command is sent.
type sending struct {
	extID string
	wait  bool
	good  []client.EventType // that the command was meant to lead to
}

func (a *app) dialAndSend(ctx context.Context, cmd client.Command, how sending) error {
	c, err := a.connect()
	if err != nil {
		return err
	}
	defer c.Close()
	return a.send(ctx, c, cmd, how)
}

// send publishes a command, and waits for what comes of it when that is wanted.
func (a *app) send(ctx context.Context, c *client.Client, cmd client.Command, how sending) error {
	ctx, cancel := context.WithTimeout(ctx, a.flags.Timeout)
	defer cancel()
	if how.wait {
		return a.sendAndWait(ctx, c, cmd, how)
	}
	if err := c.Publish(ctx, cmd); err != nil {
		return err
	}
	if a.flags.JSON {
		return json.NewEncoder(a.out).Encode(map[string]string{
			"verb": cmd.Verb(), "payment_id": cmd.PaymentID(), "ext_id": how.extID, "merchant": a.flags.Merchant,
		})
	}
	_, err := fmt.Fprintf(a.out, "%s published   %s\n  payment     %s\n  see         payctl history %s\n",
		cmd.Verb(), how.extID, cmd.PaymentID(), how.extID)
	return err
}
