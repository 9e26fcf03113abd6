package main

import (
	"context"
	"errors"
	"fmt"
	"strconv"
	"strings"
	"time"

	"github.com/nats-io/nuid"

	"tolov/client"
)

// order is what every command takes that opens a payment.
type order struct {
	ExtID       string            `help:"Your idempotency key; a fresh one when none is given."`
	Provider    string            `default:"${provider}" help:"Who carries it out: ${default}${others}."`
	Description string            `help:"For the customer."`
	Metadata    map[string]string `placeholder:"KEY=VALUE" help:"Comes back in every event; may be repeated."`
	Lang        string            `help:"Of the customer: uz, ru or en."`
	ExpiresIn   time.Duration     `placeholder:"15m" help:"Cancel when nothing has moved by then."`
	Wait        bool              `help:"Wait for what comes of it."`
}

// key is the ext_id, made when none was given.
func (o order) key() string {
	if o.ExtID != "" {
		return o.ExtID
	}
	return "payctl-" + nuid.Next()
}

// priced is what is paid for, and for how much.
type priced struct {
	Amount  int64  `placeholder:"TIYIN" help:"In tiyin: 5000000 is 50 000.00 sums; with --item their sum."`
	Account string `xor:"for" required:"" help:"Whom or what is paid for."`
	Item    []item `xor:"for" required:"" sep:"none" placeholder:"ACCOUNT:TIYIN[:DETAILS]" help:"A part; may be repeated."`
}

// item is a part of a payment as the command line names it.
type item client.Item

// UnmarshalText reads account:amount[:details].
func (i *item) UnmarshalText(text []byte) error {
	account, rest, found := strings.Cut(string(text), ":")
	amount, details, _ := strings.Cut(rest, ":")
	tiyin, err := strconv.ParseInt(amount, 10, 64)
	if !found || account == "" || err != nil {
		return errors.New("must be ACCOUNT:TIYIN or ACCOUNT:TIYIN:DETAILS")
	}
	*i = item{Account: account, Amount: tiyin, Details: details}
	return nil
}

// items gives the parts, and the amount of all together.
func (p priced) items() (items []client.Item, amount int64, err error) {
	var sum int64
	for _, i := range p.Item {
		items = append(items, client.Item(i))
		sum += i.Amount
	}
	switch {
	case p.Amount != 0: // the worker compares it with the sum
		return items, p.Amount, nil
	case len(items) == 0:
		return nil, 0, fmt.Errorf("%w: --amount is missing", errUsage)
	default:
		return items, sum, nil
	}
}

// secretsHelp tells how to keep a card out of the shell's history.
const secretsHelp = "A card number, an expiry, a token or a code given as - is read from standard input (a terminal " +
	"asks for it and does not show it), given as @file from a file: so it stays out of the shell's history."

// plastic is a card, by its token or its number.
type plastic struct {
	Token string `xor:"card" required:"" help:"A linked card: its token, - or @file."`
	Card  string `xor:"card" required:"" help:"A card number, - or @file."`
	face
}

// face is what goes with a card's number.
type face struct {
	Expiry string `placeholder:"YYMM" help:"Of the card number; - or @file."`
	Sealed bool   `help:"Seal the card to the worker's key first."`
}

// read gives the card.
func (f face) read(ctx context.Context, in *input, token, number string) (card client.Card, err error) {
	if (number == "") != (f.Expiry == "") {
		return card, fmt.Errorf("%w: --card and --expiry belong together", errUsage)
	}
	for _, field := range []struct {
		what, given string
		into        *client.Secret
	}{
		{"card token", token, &card.Token},
		{"card number", number, &card.Number},
		{"expiry (YYMM)", f.Expiry, &card.Expiry},
	} {
		if *field.into, err = in.secret(ctx, field.what, field.given); err != nil {
			return card, err
		}
	}
	return card, nil
}

// payVerb debits a card, or has the customer pay at the provider's page.
type payVerb struct {
	order
	priced
	plastic
	Hosted     bool   `xor:"card" required:"" help:"No card: the customer pays at the provider's page."`
	SuccessURL string `name:"success-url" placeholder:"URL" help:"Where the page sends the customer afterwards."`
}

// Help tells how secrets are given.
func (payVerb) Help() string { return secretsHelp }

// Run publishes it.
func (v payVerb) Run(ctx context.Context, a *app) error {
	card, err := v.read(ctx, a.in, v.Token, v.Card)
	if err != nil {
		return err
	}
	items, amount, err := v.items()
	if err != nil {
		return err
	}
	cmd := client.Pay{
		Merchant: a.flags.Merchant, ExtID: v.key(), Provider: v.Provider, Amount: amount, Account: v.Account, Items: items,
		Description: v.Description, Metadata: v.Metadata, Lang: v.Lang, ExpiresIn: v.ExpiresIn,
	}
	switch {
	case v.Hosted:
		cmd.Hosted = &client.Hosted{SuccessURL: v.SuccessURL}
	case v.SuccessURL != "":
		return fmt.Errorf("%w: --success-url is for --hosted", errUsage)
	}
	with := func(card client.Card) client.Command { cmd.Card = card; return cmd }
	return a.open(ctx, card, v.Sealed, with, sending{
		extID: cmd.ExtID, wait: v.Wait, good: []client.EventType{client.EventCompleted, client.EventActionRequired},
	})
}

// holdVerb freezes an amount on a card.
type holdVerb struct {
	order
	priced
	plastic
	Duration time.Duration `default:"24h" help:"How long it stays frozen, in whole minutes: ${default}."`
}

// Help tells how secrets are given.
func (holdVerb) Help() string { return secretsHelp }

// Run publishes it.
func (v holdVerb) Run(ctx context.Context, a *app) error {
	card, err := v.read(ctx, a.in, v.Token, v.Card)
	if err != nil {
		return err
	}
	items, amount, err := v.items()
	if err != nil {
		return err
	}
	cmd := client.Hold{
		Merchant: a.flags.Merchant, ExtID: v.key(), Provider: v.Provider, Amount: amount, Account: v.Account, Items: items,
		Duration: v.Duration, Description: v.Description, Metadata: v.Metadata, Lang: v.Lang,
		ExpiresIn: v.ExpiresIn,
	}
	with := func(card client.Card) client.Command { cmd.Card = card; return cmd }
	return a.open(ctx, card, v.Sealed, with, sending{
		extID: cmd.ExtID, wait: v.Wait, good: []client.EventType{client.EventHeld, client.EventActionRequired},
	})
}

// linkCardVerb links a card.
type linkCardVerb struct {
	order
	Card string `required:"" help:"The card's number, - or @file."`
	face
}

// Help tells where the token comes.
func (linkCardVerb) Help() string {
	return secretsHelp + " The token comes in the card_linked event alone. It is a credential, so it is shown " +
		"with --json only: payctl --json confirm EXT_ID --wait."
}

// Run publishes it.
func (v linkCardVerb) Run(ctx context.Context, a *app) error {
	card, err := v.read(ctx, a.in, "", v.Card)
	if err != nil {
		return err
	}
	cmd := client.LinkCard{
		Merchant: a.flags.Merchant, ExtID: v.key(), Provider: v.Provider, Description: v.Description,
		Metadata: v.Metadata, Lang: v.Lang, ExpiresIn: v.ExpiresIn,
	}
	with := func(card client.Card) client.Command { cmd.Card = card; return cmd }
	return a.open(ctx, card, v.Sealed, with, sending{
		extID: cmd.ExtID, wait: v.Wait, good: []client.EventType{client.EventCardLinked, client.EventActionRequired},
	})
}

// open sends a command that opens a payment, with its card sealed when that is wanted.
func (a *app) open(
	ctx context.Context, card client.Card, sealed bool, with func(client.Card) client.Command, how sending,
) error {
	c, err := a.connect()
	if err != nil {
		return err
	}
	defer c.Close()
	if sealed {
		if card, err = c.Seal(ctx, client.PaymentID(a.flags.Merchant, how.extID), card); err != nil {
			return err
		}
	}
	return a.send(ctx, c, with(card), how)
}
