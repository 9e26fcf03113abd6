package main

import (
	"context"
	"encoding/json"
	"fmt"
	"slices"
	"strings"
	"time"

	"tolov/client"
	"tolov/internal/desk"
	"tolov/internal/payment"
)

// atDesk asks the workers something on a connection of its own, and for no longer than --timeout.
func (a *app) atDesk(ctx context.Context, do func(context.Context, *desk.Desk) error) error {
	ctx, cancel := context.WithTimeout(ctx, a.flags.Timeout)
	defer cancel()
	nc, err := a.dial()
	if err != nil {
		return err
	}
	defer nc.Close()
	d, err := desk.New(nc)
	if err != nil {
		return err
	}
	return do(ctx, d)
}

// machine prints an answer for machines.
func (a *app) machine(answer any) error { return json.NewEncoder(a.out).Encode(answer) }

// stuckVerb lists the payments that are not final.
type stuckVerb struct {
	Provider string        `help:"Only at this provider."`
	Status   string        `help:"Only those that stand there: in_doubt, needs_review, action_required, …"`
	Older    time.Duration `placeholder:"15m" help:"Only those that have waited that long."`
	By       string        `default:"age" enum:"age,exposure" help:"In which order: ${enum}."`
	Limit    int           `default:"100" help:"How many lines at most: ${default}."`
}

// Help tells what is shown.
func (stuckVerb) Help() string {
	return "All merchants' when no --merchant is given. WAITS counts from the beginning of a doubt, or from the last " +
		"record. EXPOSURE is money that may have moved while nobody knows: of a call whose outcome is being asked for. " +
		"Then: payctl explain PAYMENT."
}

// Run asks for them.
func (v stuckVerb) Run(ctx context.Context, a *app) error {
	return a.atDesk(ctx, func(ctx context.Context, d *desk.Desk) error {
		found, err := d.Open(ctx, desk.OpenQuestion{
			Merchant: a.flags.Merchant, Provider: v.Provider, Status: payment.Status(v.Status), By: v.By,
		})
		if err != nil {
			return err
		}
		v.choose(&found)
		if a.flags.JSON {
			return a.machine(found)
		}
		a.showOpen(found)
		return nil
	})
}

// choose keeps what was asked for.
func (v stuckVerb) choose(found *desk.OpenAnswer) {
	found.Payments = slices.DeleteFunc(found.Payments, func(p desk.OpenPayment) bool {
		return found.At.Sub(p.Since.Time) < v.Older
	})
	found.Payments = found.Payments[:min(len(found.Payments), max(v.Limit, 0))]
}

// showOpen prints open payments as a table, and what they come to.
func (a *app) showOpen(found desk.OpenAnswer) {
	t := &table{
		head: []string{
			"WAITS", "STATUS", "PAYMENT", "MERCHANT", "PROVIDER", "AMOUNT", "EXPOSURE", "ABOUT", "LOOKED AT",
		},
		right: "rllllrrl",
	}
	for _, p := range found.Payments {
		t.add(
			cell{lasting(found.At.Sub(p.Since.Time)), plain}, cell{string(p.Status), statusStyle(client.Status(p.Status))},
			cell{p.ExtID, plain}, cell{p.Merchant, plain}, cell{p.Provider, plain}, cell{some(int64(p.Amount)), plain},
			cell{some(int64(p.Exposure)), yellow}, cell{hangsOn(p), plain}, cell{lookedAt(p, found.At.Time), dim},
		)
	}
	t.write(a.out, a.paint, "  ")
	summary := fmt.Sprintf("%d open", found.Count)
	if shown := len(found.Payments); shown < found.Count {
		summary += fmt.Sprintf(", %d shown", shown)
	}
	if found.Exposure > 0 {
		summary += fmt.Sprintf("; %s UZS may have moved while nobody knows", sums(int64(found.Exposure)))
	}
	if len(found.Payments) > 0 {
		summary = "\n" + summary
	}
	show(a.out, "%s\n", summary)
}

// hangsOn tells what a payment waits for.
func hangsOn(p desk.OpenPayment) string {
	switch {
	case p.Review != "" && p.Step != "":
		return "a person, about " + p.Step + " (" + p.Review + ")"
	case p.Review != "":
		return "a person (" + p.Review + ")"
	case p.Step != "":
		return "the outcome of " + p.Step
	case p.Status == payment.ActionRequired:
		return "the customer"
	case p.Status == payment.Held:
		return "a charge or a cancel"
	default:
		return ""
	}
}

func lookedAt(p desk.OpenPayment, now time.Time) string {
	switch left := p.Due.Sub(now); {
	case p.Due.IsZero():
		return "never by itself"
	case left < 0:
		return "now"
	default:
		return "in " + lasting(left)
	}
}

// lasting is a length of time as people read it.
func lasting(d time.Duration) string {
	return strings.TrimPrefix(apart(d.Round(time.Millisecond)), "+")
}
