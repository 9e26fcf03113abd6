package main

import (
	"context"
	"errors"
	"fmt"
	"slices"
	"strings"
	"time"

	"tolov/internal/desk"
	"tolov/internal/payment"
)

// providerVerbs stop what goes out to a provider.
type providerVerbs struct {
	Pause  pauseVerb     `cmd:"" help:"Let no new money call go out to a provider. What has begun goes on to its end."`
	Resume resumeVerb    `cmd:"" help:"Let them go out again: what waited is done now."`
	List   providersVerb `cmd:"" help:"Show which accounts there are, which are paused, by whom and why."`
}

// acting is who does something to a provider, and why.
type acting struct {
	Name   string `arg:"" name:"provider" help:"The provider's name in commands."`
	Actor  string `required:"" help:"Who does it."`
	Reason string `required:"" help:"Why: for whoever asks later."`
}

// pauseVerb pauses.
type pauseVerb struct{ acting }

// resumeVerb ends a pause.
type resumeVerb struct{ acting }

// pauseHelp tells what a pause does.
const pauseHelp = "For all merchants when no --merchant is given. While a provider is paused, commands that would " +
	"begin something there wait in their stream: those that open a payment, and confirm, charge, refund, remove_card. " +
	"Nothing is lost; but a code that the customer gave may run out. Questions about money that is under way go on, " +
	"and so do calls that have begun; a payment can be cancelled and a hold released. It holds for every worker, also " +
	"those that start later. A pause for all merchants is not ended by resuming one of them."

// Help tells what a pause does.
func (pauseVerb) Help() string { return pauseHelp }

// Run pauses.
func (v pauseVerb) Run(ctx context.Context, a *app) error { return v.throw(ctx, a, true) }

// Run ends a pause.
func (v resumeVerb) Run(ctx context.Context, a *app) error { return v.throw(ctx, a, false) }

const heardWithin = 2 * time.Second // by all workers

// throw stores the switch and shows how all of them stand then.
func (v acting) throw(ctx context.Context, a *app, pause bool) error {
	s := desk.Switch{
		Provider: v.Name, Merchant: desk.Everyone, Paused: pause, Actor: v.Actor, Reason: v.Reason,
		At: payment.At(time.Now()),
	}
	if a.flags.Merchant != "" {
		s.Merchant = a.flags.Merchant
	}
	if err := s.Check(); err != nil {
		return fmt.Errorf("%w: %w", errUsage, err)
	}
	return a.atDesk(ctx, func(ctx context.Context, d *desk.Desk) error {
		accounts, err := accountsOf(ctx, d)
		if err != nil {
			return err
		}
		if err := hasAccount(accounts, s); err != nil {
			return err
		}
		before, err := desk.Standing(ctx, d.JS)
		if err != nil {
			return err
		}
		if !pause && !slices.ContainsFunc(before, func(b desk.Switch) bool {
			return b.Paused && b.Provider == s.Provider && b.Merchant == s.Merchant
		}) {
			return fmt.Errorf("%s is not paused for %s: see payctl provider list", s.Provider, whom(s.Merchant))
		}
		if err := desk.Throw(ctx, d.JS, s); err != nil {
			return err
		}
		return a.showProviders(ctx, d, accounts)
	})
}

// hasAccount tells whether some worker has the account. Without workers everything may be, and the switch is kept for
// them.
func hasAccount(accounts []desk.Account, s desk.Switch) error {
	names := []string{}
	for _, one := range accounts {
		if one.Provider == s.Provider && (s.Merchant == desk.Everyone || s.Merchant == one.Merchant) {
			return nil
		}
		if !slices.Contains(names, one.Provider) {
			names = append(names, one.Provider)
		}
	}
	if len(accounts) == 0 {
		return nil
	}
	return fmt.Errorf("%w: %s has no account at %s that we call: the workers' are %s", errUsage, whom(s.Merchant),
		s.Provider, strings.Join(names, ", "))
}

// whom is a merchant as people read it.
func whom(merchant string) string {
	if merchant == desk.Everyone {
		return "all merchants"
	}
	return "merchant " + merchant
}

// accountsOf lists the accounts that any worker has; none when no worker runs.
func accountsOf(ctx context.Context, d *desk.Desk) ([]desk.Account, error) {
	workers, err := d.Workers(ctx, heardWithin)
	var all []desk.Account
	for _, w := range workers {
		for _, one := range w.Accounts {
			if !slices.Contains(all, one) {
				all = append(all, one)
			}
		}
	}
	return all, err
}

// providersVerb shows accounts and switches.
type providersVerb struct{}

// Run shows them.
func (providersVerb) Run(ctx context.Context, a *app) error {
	return a.atDesk(ctx, func(ctx context.Context, d *desk.Desk) error {
		accounts, err := accountsOf(ctx, d)
		if err != nil {
			return err
		}
		return a.showProviders(ctx, d, accounts)
	})
}

func (a *app) showProviders(ctx context.Context, d *desk.Desk, accounts []desk.Account) error {
	switches, err := desk.Standing(ctx, d.JS)
	if err != nil {
		return errors.Join(err, errors.New("a worker creates the stream when it starts"))
	}
	if a.flags.JSON {
		return a.machine(map[string]any{"accounts": accounts, "switches": switches})
	}
	a.tellProviders(accounts, switches, time.Now())
	return nil
}

// tellProviders prints who has an account where, and below it every switch that was ever thrown, as it stands.
func (a *app) tellProviders(accounts []desk.Account, switches desk.Switches, now time.Time) {
	if len(accounts) == 0 {
		show(a.out, "no worker answers; what is paused holds for those that start\n\n")
	}
	t := &table{head: []string{"PROVIDER", "MERCHANT", "NEW MONEY CALLS"}}
	for _, one := range accounts {
		state := cell{"go out", green}
		if switches.Paused(one.Merchant, one.Provider) {
			state = cell{"wait", yellow}
		}
		t.add(cell{one.Provider, plain}, cell{one.Merchant, plain}, state)
	}
	t.write(a.out, a.paint, "  ")
	if len(switches) == 0 {
		return
	}
	show(a.out, "\n")
	t = &table{head: []string{"SWITCH", "FOR", "SINCE", "BY", "WHY"}}
	for _, s := range switches {
		state := cell{s.Provider + " resumed", dim}
		if s.Paused {
			state = cell{s.Provider + " paused", yellow}
		}
		t.add(state, cell{whom(s.Merchant), plain}, cell{lasting(now.Sub(s.At.Time)), plain}, cell{s.Actor, plain},
			cell{s.Reason, plain})
	}
	t.write(a.out, a.paint, "  ")
}
