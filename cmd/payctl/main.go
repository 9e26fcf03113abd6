// Command payctl pays, asks and watches from the command line, and shows in a demo how payments move.
//
// It is a client like any other: it publishes the contract's commands, reads its events and asks its questions by the
// package client, and talks to the sandbox's control over HTTP. It holds nothing and decides nothing.
//
// Exit codes: 0 done, 1 refused, failed, or books that differ, 2 wrong usage, 3 not known in time.
//
// Read next: opening.go, person.go and verbs.go for the commands, ask.go for the questions, scenes.go for the demo.
package main

import (
	"cmp"
	"context"
	"errors"
	"fmt"
	"io"
	"os"
	"os/signal"
	"regexp"
	"strings"
	"syscall"
	"time"

	"github.com/alecthomas/kong"
	"github.com/nats-io/nats.go"

	"tolov/client"
	"tolov/internal/build"
	"tolov/internal/natsconn"
)

// The exit codes.
const (
	exitDone = iota
	exitFailed
	exitUsage
	exitUnknown
)

func main() {
	ctx, stop := signal.NotifyContext(context.Background(), syscall.SIGINT, syscall.SIGTERM)
	err := run(ctx, os.Args[1:], os.Getenv, os.Stdin, os.Stdout, os.Stderr)
	stop()
	if err != nil {
		fmt.Fprintln(os.Stderr, "payctl:", err)
	}
	os.Exit(exitCode(err))
}

// Errors that have an exit code of their own; every other error is exitFailed.
var (
	errUsage   = errors.New("wrong usage")
	errUnknown = errors.New("not known yet")
	errDiffer  = errors.New("our records and the provider's books differ")
)

// digits is what may be a card number or a code.
var digits = regexp.MustCompile(`\d{4,}`)

func exitCode(err error) int {
	switch {
	case err == nil:
		return exitDone
	case errors.Is(err, errUsage), errors.Is(err, client.ErrInvalid):
		return exitUsage
	case errors.Is(err, errUnknown), errors.Is(err, context.DeadlineExceeded):
		return exitUnknown
	default:
		return exitFailed
	}
}

// grammar is the command line.
type grammar struct {
	NATS     string        `name:"nats" default:"${nats}" placeholder:"URL" help:"NATS servers (NATS_URL): ${default}."`
	Creds    string        `default:"${creds}" placeholder:"FILE" help:"NATS credentials or nkey seed (NATS_CREDS)."`
	CA       string        `name:"ca" default:"${ca}" placeholder:"FILE" help:"CA of the NATS servers (NATS_CA)."`
	Identity string        `default:"operator" placeholder:"NAME" help:"Whose credentials they are: ${default}."`
	Merchant string        `help:"Whose payments: those of the merchant default, when none is named."`
	JSON     bool          `name:"json" help:"Write JSON, for machines."`
	Timeout  time.Duration `default:"2m" help:"Wait no longer than this: ${default}."`

	Pay        payVerb        `cmd:"" set:"others= or via" help:"Debit a card, or have the customer pay at a page."`
	Hold       holdVerb       `cmd:"" help:"Freeze an amount on a card."`
	Withdraw   withdrawVerb   `cmd:"" set:"provider=atmos-pinfl" help:"Debit the cards of a person who owes."`
	Payout     payoutVerb     `cmd:"" set:"provider=paysys" help:"Send money to a card."`
	LinkCard   linkCardVerb   `cmd:"" help:"Link a card, so that it can be debited by token."`
	Confirm    confirmVerb    `cmd:"" help:"Give the code that the customer received."`
	ResendCode resendVerb     `cmd:"" help:"Have another code sent."`
	Charge     chargeVerb     `cmd:"" help:"Take what is held, or some of it."`
	Cancel     cancelVerb     `cmd:"" help:"Drop a payment before its money moved, or release what is held."`
	Refund     refundVerb     `cmd:"" help:"Give back what was paid, or some of it."`
	RemoveCard removeCardVerb `cmd:"" help:"Take a card's link away."`
	Recheck    recheckVerb    `cmd:"" help:"Ask the provider now how a payment stands."`
	Resolve    resolveVerb    `cmd:"" help:"End a review by the word of two persons."`

	Get     getVerb     `cmd:"" help:"Show a payment as it stands."`
	History historyVerb `cmd:"" help:"Show what happened to a payment: time, cause, evidence, events, what is due."`
	Watch   watchVerb   `cmd:"" help:"Show events as they come, of all payments or of one."`

	Explain  explainVerb   `cmd:"" help:"Tell in words what happened to a payment, why, and what may be done now."`
	Dead     deadVerbs     `cmd:"" help:"Look into the messages that nobody could use, and publish one again, mended."`
	Doctor   doctorVerb    `cmd:"" help:"Look for whatever would lose money or messages."`
	Keys     keysVerbs     `cmd:"" help:"Make and list the keys that open sealed cards."`
	Stuck    stuckVerb     `cmd:"" help:"List payments that are not final: how long they wait, for what, for how much."`
	Provider providerVerbs `cmd:"" help:"Pause a provider's new money calls, and let them go on."`

	Reconcile reconcileVerb `cmd:"" help:"Compare our records with a provider's books, both ways."`

	Sandbox sandboxVerbs `cmd:"" help:"Look into the sandbox that plays the provider, and make it misbehave."`
	Demo    demoVerb     `cmd:"" help:"Start everything and watch payments move."`
	Version versionVerb  `cmd:"" help:"Print the version."`

	Completion completionVerb `cmd:"" help:"Print what a shell needs to complete payctl's command line."`
	Complete   completeVerb   `cmd:"" name:"__complete" hidden:"" help:"Asked by a shell."`

	Build kong.VersionFlag `name:"version" help:"Print the version."`
}

// app is what every verb works with.
type app struct {
	flags  *grammar
	getenv func(string) string
	in     *input
	out    io.Writer
	errs   io.Writer
	paint  palette // of out
	model  *kong.Application
}

// run is the program, for main and for tests.
func run(
	ctx context.Context, args []string, getenv func(string) string, stdin io.Reader, stdout, stderr io.Writer,
) error {
	a := &app{
		flags: &grammar{}, getenv: getenv, in: newInput(stdin, stderr), out: stdout, errs: stderr,
		paint: paletteFor(stdout, getenv),
	}
	helped := false
	parser, err := kong.New(a.flags,
		kong.Name("payctl"), kong.Description("Pay, ask and watch; `payctl demo` shows how payments move."),
		kong.Writers(stdout, stderr), kong.Exit(func(int) { helped = true }),
		kong.ConfigureHelp(kong.HelpOptions{Compact: true, FlagsLast: true}),
		vars(getenv),
	)
	if err != nil {
		return err
	}
	a.model = parser.Model
	line, err := parser.Parse(args)
	switch {
	case helped:
		return nil
	case err != nil:
		return fmt.Errorf("%w: %s: see payctl --help", errUsage, discreet(err))
	default:
		return a.traced(ctx, line)
	}
}

// vars are what the environment says.
func vars(getenv func(string) string) kong.Vars {
	return kong.Vars{
		"nats": cmp.Or(getenv("NATS_URL"), "nats://127.0.0.1:4222"), "creds": getenv("NATS_CREDS"), "ca": getenv("NATS_CA"),
		"keys": getenv("KEYS_FILE"), "provider": "atmos", "others": "", "version": "payctl " + build.This().String(),
	}
}

// discreet tells what is wrong with the command line without repeating what may be a card number, a token or a code in
// the wrong place.
func discreet(err error) string {
	text := err.Error()
	if name, _, found := strings.Cut(text, "unexpected argument "); found {
		return name + "an argument too many, or a flag's name is missing (it is not repeated here: it may be a secret)"
	}
	return digits.ReplaceAllString(text, "***")
}

// connect reaches NATS.
func (a *app) connect() (*client.Client, error) {
	options, err := a.natsOptions()
	if err != nil {
		return nil, err
	}
	return client.Connect(a.flags.NATS, options...)
}

// dial reaches NATS for questions that are no service's.
func (a *app) dial() (*nats.Conn, error) {
	options, err := a.natsOptions()
	if err != nil {
		return nil, err
	}
	nc, err := nats.Connect(a.flags.NATS, options...)
	if err != nil {
		return nil, fmt.Errorf("connect to NATS: %w: check the address, and that NATS (or a worker with an embedded one) "+
			"runs there", err)
	}
	return nc, nil
}

// merchant is whose payments the command is about.
func (a *app) merchant() string { return cmp.Or(a.flags.Merchant, client.DefaultMerchant) }

func (a *app) natsOptions() ([]nats.Option, error) {
	proof, err := natsconn.Proof(a.flags.Creds, a.flags.CA)
	if err != nil {
		return nil, err
	}
	return append(proof, nats.Name("payctl"), nats.CustomInboxPrefix(natsconn.InboxOf(a.flags.Identity))), nil
}

// versionVerb prints the version.
type versionVerb struct{}

// Run prints it.
func (versionVerb) Run(a *app) error {
	_, err := fmt.Fprintln(a.out, "payctl", build.This())
	return err
}
