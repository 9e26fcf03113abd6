package main

import (
	"context"

	"tolov/client"
)

// personHelp tells how personal data are given.
const personHelp = "Personal data are JSON objects with the command's own names. Given as - they are read from " +
	"standard input, given as @file from a file, and not taken in any other way: so they stay out of the shell's " +
	"history and of the process list."

// withdrawVerb debits whatever cards the provider knows of a person.
type withdrawVerb struct {
	order
	Amount          int64  `required:"" placeholder:"TIYIN" help:"In tiyin: 5000000 is 50 000.00 sums."`
	Person          string `required:"" placeholder:"-|@FILE" help:"Who owes, as JSON: - or @file."`
	Contract        string `required:"" placeholder:"NUMBER" help:"The contract under which the person owes."`
	Partial         bool   `help:"Less than the amount will do."`
	OFDCode         string `name:"ofd-code" placeholder:"CODE" help:"On the fiscal receipt: product code."`
	PackageCode     string `placeholder:"CODE" help:"On the fiscal receipt: marking code."`
	TIN             string `name:"tin" placeholder:"TIN" help:"On the fiscal receipt: 9 digits."`
	BranchID        string `placeholder:"ID" and:"epos" help:"Your branch, by which unknown cards are looked for."`
	TerminalGroupID string `placeholder:"ID" and:"epos" help:"Of that branch."`
}

// Help tells the person's fields.
func (withdrawVerb) Help() string {
	return personHelp + ` A person is {"first_name": …, "last_name": …, "middle_name": …, "pinfl": …, ` +
		`"passport_series": …, "passport_number": …}.`
}

// Run publishes it.
func (v withdrawVerb) Run(ctx context.Context, a *app) error {
	cmd := client.Withdraw{
		Merchant: a.flags.Merchant, ExtID: v.key(), Provider: v.Provider, Amount: v.Amount, ContractNumber: v.Contract,
		Partial: v.Partial, Description: v.Description, Metadata: v.Metadata, Lang: v.Lang, ExpiresIn: v.ExpiresIn,
	}
	if err := a.in.personal(ctx, "person", v.Person, &cmd.Person); err != nil {
		return err
	}
	if ofd := (client.OFD{OFDCode: v.OFDCode, PackageCode: v.PackageCode, TIN: v.TIN}); ofd != (client.OFD{}) {
		cmd.OFD = &ofd
	}
	if v.BranchID != "" {
		cmd.EPOS = &client.EPOS{BranchID: v.BranchID, TerminalGroupID: v.TerminalGroupID}
	}
	return a.dialAndSend(ctx, cmd, sending{
		extID: cmd.ExtID, wait: v.Wait, good: []client.EventType{client.EventCompleted},
	})
}

// payoutVerb sends money to a card.
type payoutVerb struct {
	order
	Amount   int64  `required:"" placeholder:"TIYIN" help:"In tiyin: 5000000 is 50 000.00 sums."`
	Card     string `required:"" help:"The recipient's card number, - or @file."`
	Clear    bool   `help:"Do not seal the card: whoever can read the commands stream can read it."`
	Sender   string `required:"" placeholder:"-|@FILE" help:"Who sends it, as JSON: - or @file."`
	Document string `placeholder:"-|@FILE" help:"The sender's passport, of a large payout, as JSON: - or @file."`
}

// Help tells the fields of the sender and the document.
func (payoutVerb) Help() string {
	return secretsHelp + " " + personHelp + ` A sender is {"last_name": …, "first_name": …, "middle_name": …}, a ` +
		`document {"nationality": "860", "type": "passport", "seriesNumber": …, "birthDate": "dd.mm.yyyy", ` +
		`"validTo": "dd.mm.yyyy", "mrz": …}. Standard input has the card first, then the sender, then the document.`
}

// Run publishes it.
func (v payoutVerb) Run(ctx context.Context, a *app) error {
	cmd := client.Payout{
		Merchant: a.flags.Merchant, ExtID: v.key(), Provider: v.Provider, Amount: v.Amount, Description: v.Description,
		Metadata: v.Metadata, Lang: v.Lang, ExpiresIn: v.ExpiresIn,
	}
	number, err := a.in.secret(ctx, "card number", v.Card)
	if err != nil {
		return err
	}
	if err := a.in.personal(ctx, "sender", v.Sender, &cmd.Sender); err != nil {
		return err
	}
	if v.Document != "" {
		if err := a.in.personal(ctx, "document", v.Document, &cmd.Document); err != nil {
			return err
		}
	}
	with := func(card client.Card) client.Command { cmd.Card = card; return cmd }
	return a.open(ctx, client.Card{Number: number}, v.Clear, with, sending{
		extID: cmd.ExtID, wait: v.Wait, good: []client.EventType{client.EventCompleted},
	})
}
