package main

import (
	"context"
	"encoding/json"
	"errors"
	"strconv"
	"strings"

	"github.com/nats-io/nuid"

	"tolov/client"
)

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
	}, v.sending(client.EventCompleted, client.EventHeld, client.EventCardLinked))
}

// resendVerb asks for another code.
type resendVerb struct{ known }

// Run publishes it.
func (v resendVerb) Run(ctx context.Context, a *app) error {
	return a.dialAndSend(ctx, client.ResendCode{Merchant: a.flags.Merchant, ExtID: v.ExtID, CommandID: v.CommandID},
		v.sending(client.EventActionRequired))
}

// chargeVerb takes what is held.
type chargeVerb struct {
	known
	Amount int64    `xor:"what" placeholder:"TIYIN" help:"In tiyin; all when not given. What is not charged is released."`
	Item   []chosen `xor:"what" sep:"none" placeholder:"INDEX[:TIYIN]" help:"Of a hold with items, from 0; repeatable."`
}

// chosen is an item of a hold as the command line names it.
type chosen client.ChargeItem

// UnmarshalText reads index[:amount].
func (c *chosen) UnmarshalText(text []byte) error {
	index, amount, named := strings.Cut(string(text), ":")
	var err error
	if c.Index, err = strconv.Atoi(index); err == nil && named {
		c.Amount, err = strconv.ParseInt(amount, 10, 64)
	}
	if err != nil || c.Index < 0 || named && c.Amount <= 0 {
		return errors.New("must be INDEX or INDEX:TIYIN")
	}
	return nil
}

// Run publishes it.
func (v chargeVerb) Run(ctx context.Context, a *app) error {
	cmd := client.Charge{Merchant: a.flags.Merchant, ExtID: v.ExtID, CommandID: v.CommandID, Amount: v.Amount}
	for _, item := range v.Item {
		cmd.Items = append(cmd.Items, client.ChargeItem(item))
	}
	return a.dialAndSend(ctx, cmd, v.sending(client.EventCompleted))
}

// refundVerb gives back what was paid.
type refundVerb struct {
	known
	RefundID string `help:"Your key of this refund; a fresh one when none is given."`
	Amount   int64  `placeholder:"TIYIN" help:"In tiyin; all that is left when not given."`
	Reason   string `help:"For the record."`
}

// Run publishes it.
func (v refundVerb) Run(ctx context.Context, a *app) error {
	if v.RefundID == "" {
		v.RefundID = "payctl-" + nuid.Next()
	}
	how := v.sending(client.EventRefunded)
	how.refundID = v.RefundID
	return a.dialAndSend(ctx, client.Refund{
		Merchant: a.flags.Merchant, ExtID: v.ExtID, CommandID: v.CommandID, RefundID: v.RefundID, Amount: v.Amount,
		Reason: v.Reason,
	}, how)
}

// removeCardVerb takes a card's link away.
type removeCardVerb struct{ known }

// Run publishes it.
func (v removeCardVerb) Run(ctx context.Context, a *app) error {
	return a.dialAndSend(ctx, client.RemoveCard{Merchant: a.flags.Merchant, ExtID: v.ExtID, CommandID: v.CommandID},
		v.sending(client.EventCardRemoved))
}

// cancelVerb drops a payment, or releases what is held.
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
		v.sending(client.EventCompleted, client.EventHeld, client.EventRefunded, client.EventCardLinked,
			client.EventCardRemoved))
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
	how := v.sending(resolved(v.Outcome)...)
	how.resolved = true
	return a.dialAndSend(ctx, client.Resolve{
		Merchant: a.flags.Merchant, ExtID: v.ExtID, CommandID: v.CommandID, Outcome: client.Status(v.Outcome),
		Evidence: v.Evidence, Actor: v.Actor, ApprovedBy: v.ApprovedBy,
	}, how)
}

// resolved lists what a review's outcome leads to: the review may be of a hold, a charge, a refund or a card, too.
func resolved(outcome string) []client.EventType {
	if outcome == string(client.StatusCompleted) {
		return []client.EventType{
			client.EventCompleted, client.EventHeld, client.EventRefunded, client.EventCardLinked, client.EventCardRemoved,
			client.EventCancelled, // of a release
		}
	}
	return []client.EventType{client.EventType(outcome), client.EventRefundFailed}
}

// sending tells how a command is sent.
type sending struct {
	extID    string
	refundID string // of a refund
	resolved bool   // it ends a review
	wait     bool
	good     []client.EventType // that the command was meant to lead to
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
		said := map[string]string{
			"verb": cmd.Verb(), "payment_id": cmd.PaymentID(), "ext_id": how.extID, "merchant": a.merchant(),
		}
		if how.refundID != "" {
			said["refund_id"] = how.refundID
		}
		return json.NewEncoder(a.out).Encode(said)
	}
	show(a.out, "%s published   %s\n  payment     %s\n", cmd.Verb(), how.extID, cmd.PaymentID())
	if how.refundID != "" {
		show(a.out, "  refund      %s\n", how.refundID)
	}
	show(a.out, "  see         payctl history %s\n", how.extID)
	return nil
}
