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

// payVerb debits a card, or has the customer pay at the provider's page.
type payVerb struct {
	order
	priced
	plastic
	acquired
	page
	Hosted    bool   `xor:"card" required:"" help:"No card: the customer pays at the provider's page."`
	Line      []line `sep:"none" placeholder:"ID:NAME:TIYIN" help:"At atmos-ips, with --hosted: a line; repeatable."`
	Recurring bool   `help:"At atmos-ips, with --card-id: debit the card without its holder."`
}

// Help tells how secrets are given.
func (payVerb) Help() string { return secretsHelp }

// Run publishes it.
func (v payVerb) Run(ctx context.Context, a *app) error {
	card, err := v.read(ctx, a.in)
	if err != nil {
		return err
	}
	items, amount, err := v.items()
	if err != nil {
		return err
	}
	cmd := client.Pay{
		Merchant: a.flags.Merchant, ExtID: v.key(), Provider: v.Provider, Amount: amount, Account: v.Account, Items: items,
		CustomerIP: v.CustomerIP, InvoiceID: v.InvoiceID, Recurring: v.Recurring, Description: v.Description,
		Metadata: v.Metadata, Lang: v.Lang, ExpiresIn: v.ExpiresIn,
	}
	if cmd.Hosted, err = v.hosted(v.Hosted, v.Line); err != nil {
		return err
	}
	with := func(card client.Card) client.Command { cmd.Card = card; return cmd }
	return a.open(ctx, card, v.Clear, with, sending{
		extID: cmd.ExtID, wait: v.Wait, good: []client.EventType{client.EventCompleted, client.EventActionRequired},
	})
}

// holdVerb freezes an amount on a card.
type holdVerb struct {
	order
	priced
	plastic
	acquired
	Duration time.Duration `help:"How long it stays frozen, in whole minutes: a day when not given; not at atmos-ips."`
	OFD      []ofdLine     `name:"ofd" sep:"none" placeholder:"NAME:CODE:TIYIN" help:"A fiscal line; repeatable."`
}

const holdLasts = 24 * time.Hour // when no duration is given, at a provider that wants one

// Help tells how secrets are given.
func (holdVerb) Help() string { return secretsHelp }

// Run publishes it.
func (v holdVerb) Run(ctx context.Context, a *app) error {
	card, err := v.read(ctx, a.in)
	if err != nil {
		return err
	}
	items, amount, err := v.items()
	if err != nil {
		return err
	}
	cmd := client.Hold{
		Merchant: a.flags.Merchant, ExtID: v.key(), Provider: v.Provider, Amount: amount, Account: v.Account, Items: items,
		CustomerIP: v.CustomerIP, InvoiceID: v.InvoiceID, Duration: v.Duration, Description: v.Description,
		Metadata: v.Metadata, Lang: v.Lang, ExpiresIn: v.ExpiresIn,
	}
	if v.Duration == 0 && v.Provider != acquiring {
		cmd.Duration = holdLasts
	}
	for _, l := range v.OFD {
		cmd.OFDItems = append(cmd.OFDItems, client.OFDItem(l))
	}
	with := func(card client.Card) client.Command { cmd.Card = card; return cmd }
	return a.open(ctx, card, v.Clear, with, sending{
		extID: cmd.ExtID, wait: v.Wait, good: []client.EventType{client.EventHeld, client.EventActionRequired},
	})
}

// linkCardVerb links a card.
type linkCardVerb struct {
	order
	Card    string `xor:"card" required:"" help:"The card's number, - or @file."`
	Hosted  bool   `xor:"card" required:"" help:"At atmos-ips, no card: its owner links it at the provider's page."`
	Account string `help:"At atmos-ips, with --hosted: whose card it is."`
	customer
	page
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
		Merchant: a.flags.Merchant, ExtID: v.key(), Provider: v.Provider, CustomerIP: v.CustomerIP, Account: v.Account,
		Description: v.Description, Metadata: v.Metadata, Lang: v.Lang, ExpiresIn: v.ExpiresIn,
	}
	if cmd.Hosted, err = v.hosted(v.Hosted, nil); err != nil {
		return err
	}
	with := func(card client.Card) client.Command { cmd.Card = card; return cmd }
	return a.open(ctx, card, v.Clear, with, sending{
		extID: cmd.ExtID, wait: v.Wait, good: []client.EventType{client.EventCardLinked, client.EventActionRequired},
	})
}
