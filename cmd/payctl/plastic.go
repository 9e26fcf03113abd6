package main

import (
	"context"
	"errors"
	"fmt"

	"tolov/client"
)

// secretsHelp tells how to keep a card out of the shell's history.
const secretsHelp = "A card number, an expiry, a holder, a CVC, a token or a code given as - is read from standard " +
	"input (a terminal asks for it and does not show it), given as @file from a file: so it stays out of the shell's " +
	"history. A card is sealed to the worker's key before it leaves, unless --clear is given."

// plastic is a card, by its token, its id or its number.
type plastic struct {
	Token  string `xor:"card" required:"" help:"A linked card: its token, - or @file."`
	CardID string `name:"card-id" xor:"card" required:"" placeholder:"ID" help:"At atmos-ips, a linked card: its id."`
	Card   string `xor:"card" required:"" help:"A card number, - or @file."`
	face
}

// face is what goes with a card's number.
type face struct {
	Expiry string `placeholder:"YYMM" help:"Of the card number; - or @file."`
	Holder string `placeholder:"NAME" help:"At atmos-ips, with the card number: the name on the card; - or @file."`
	CVC    string `name:"cvc" placeholder:"CVC" help:"At atmos-ips, with the card number; - or @file."`
	Clear  bool   `help:"Do not seal the card: whoever can read the commands stream can read it."`
}

// read gives the card.
func (p plastic) read(ctx context.Context, in *input) (client.Card, error) {
	card, err := p.face.read(ctx, in, p.Token, p.Card)
	card.ID = client.Secret(p.CardID)
	return card, err
}

// read gives the card. Standard input has what is asked for in this order.
func (f face) read(ctx context.Context, in *input, token, number string) (card client.Card, err error) {
	switch {
	case (number == "") != (f.Expiry == ""):
		return card, fmt.Errorf("%w: --card and --expiry belong together", errUsage)
	case number == "" && (f.Holder != "" || f.CVC != ""):
		return card, fmt.Errorf("%w: --holder and --cvc are for --card", errUsage)
	}
	for _, field := range []struct {
		what, given string
		into        *client.Secret
	}{
		{"card token", token, &card.Token},
		{"card number", number, &card.Number},
		{"expiry (YYMM)", f.Expiry, &card.Expiry},
		{"holder", f.Holder, &card.Holder},
		{"CVC", f.CVC, &card.CVC},
	} {
		if *field.into, err = in.secret(ctx, field.what, field.given); err != nil {
			return card, err
		}
	}
	return card, nil
}

// open sends a command that opens a payment, its card sealed to the worker's key unless it is to go in clear.
func (a *app) open(
	ctx context.Context, card client.Card, clear bool, with func(client.Card) client.Command, how sending,
) error {
	c, err := a.connect()
	if err != nil {
		return err
	}
	defer c.Close()
	if !clear {
		card, err = c.Seal(ctx, client.PaymentID(a.flags.Merchant, how.extID), card)
		switch {
		case errors.Is(err, client.ErrNoKey):
			return fmt.Errorf("%w, or send the card in clear with --clear", err)
		case err != nil:
			return fmt.Errorf("the card was not sealed and nothing was sent: %w", err)
		}
	}
	return a.send(ctx, c, with(card), how)
}
