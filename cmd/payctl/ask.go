package main

import (
	"context"
	"fmt"
	"maps"
	"slices"
	"strings"
	"time"

	"tolov/client"
)

// asked names a payment by its ext_id or its id.
type asked struct {
	Payment string `arg:"" help:"The payment's ext_id, or its id (pay_…)."`
}

// id is the payment's id, whichever way it was named.
func (a *app) id(name string) string {
	if client.IsPaymentID(name) {
		return name
	}
	return client.PaymentID(a.flags.Merchant, name)
}

// getVerb shows a payment.
type getVerb struct{ asked }

// Run asks for it.
func (v getVerb) Run(ctx context.Context, a *app) error {
	c, err := a.connect()
	if err != nil {
		return err
	}
	defer c.Close()
	if a.flags.JSON {
		return a.relay(ctx, c, "get", v.Payment)
	}
	p, err := c.Get(ctx, a.id(v.Payment))
	if err != nil {
		return err
	}
	a.showPayment(&p)
	return nil
}

// relay prints a worker's answer as it came.
func (a *app) relay(ctx context.Context, c *client.Client, question, name string) error {
	data, err := c.Query(ctx, question, a.id(name))
	if err != nil {
		return err
	}
	_, err = fmt.Fprintf(a.out, "%s\n", data)
	return err
}

// showPayment prints what there is to know of a payment, a line each.
func (a *app) showPayment(p *client.Payment) {
	t := table{}
	line := func(name, text string, s style) {
		if text != "" {
			t.add(cell{name, dim}, cell{text, s})
		}
	}
	line("payment", p.ID, plain)
	line("ext_id", p.ExtID+" of "+p.Merchant, plain)
	line("status", string(p.Status), statusStyle(p.Status))
	for _, l := range amounts(p, time.Now()) {
		t.add(l...)
	}
	line("account", p.Account, plain)
	for i, item := range p.Items {
		line(fmt.Sprintf("item %d", i), itemised(item, p.Currency), plain)
	}
	for _, r := range p.Refunds {
		line("refund", joined([]string{r.RefundID + "  " + sums(r.Amount) + " " + p.Currency + " " + r.Status, r.Reason}),
			refundStyle(r))
	}
	line("card", cardShown(p.Card), plain)
	line("provider", p.Provider+pairs(p.ProviderRefs), plain)
	line("action", wanted(p.Action, time.Now()), yellow)
	line("failure", joined(failure(p.Failure)), red)
	line("because", strings.ReplaceAll(p.CancelReason, "_", " "), dim)
	line("receipts", joined(urls(p.Receipts)), plain)
	line("metadata", strings.TrimSpace(pairs(p.Metadata)), plain)
	line("opened", clock(p.CreatedAt), plain)
	line("changed", fmt.Sprintf("%s (%s, version %d)", clock(p.UpdatedAt), apart(p.UpdatedAt.Sub(p.CreatedAt)),
		p.Version), plain)
	t.write(a.out, a.paint, "  ")
}

// amounts lists what there is to say of a payment's money: nothing of a card that was linked.
func amounts(p *client.Payment, now time.Time) (lines [][]cell) {
	if p.Amount == 0 {
		return nil
	}
	line := func(name, text string, s style) {
		lines = append(lines, []cell{{name, dim}, {text + " " + p.Currency, s}})
	}
	line("amount", sums(p.Amount), bold)
	if p.AmountHeld != 0 {
		line("held", sums(p.AmountHeld), plain)
	}
	line("charged", sums(p.AmountCharged), plain)
	if p.AmountRefunded != 0 {
		line("refunded", sums(p.AmountRefunded), plain)
	}
	if p.Status == client.StatusHeld {
		until := []cell{{"until", dim}, {clock(p.HeldUntil) + left(p.HeldUntil, now), plain}}
		lines = append(lines, until)
	}
	return lines
}

func pairs(m map[string]string) string {
	var out strings.Builder
	for _, key := range slices.Sorted(maps.Keys(m)) {
		out.WriteString("  " + key + "=" + m[key])
	}
	return out.String()
}

// clock is a moment as people read it, in their own zone.
func clock(t time.Time) string { return t.Local().Format("2006-01-02 15:04:05.000 -07:00") }

// historyVerb shows a payment's timeline.
type historyVerb struct{ asked }

// Run asks for it.
func (v historyVerb) Run(ctx context.Context, a *app) error {
	c, err := a.connect()
	if err != nil {
		return err
	}
	defer c.Close()
	if a.flags.JSON {
		return a.relay(ctx, c, "history", v.Payment)
	}
	h, err := c.History(ctx, a.id(v.Payment))
	if err != nil {
		return err
	}
	a.showHistory(h)
	return nil
}

// watchVerb shows events as they come.
type watchVerb struct {
	Payment   string `arg:"" optional:"" help:"Only of this payment: its ext_id or its id."`
	FromStart bool   `help:"Show what happened before, too."`
}

// Run follows events until it is interrupted.
func (v watchVerb) Run(ctx context.Context, a *app) error {
	c, err := a.connect()
	if err != nil {
		return err
	}
	defer c.Close()
	filter := client.Filter{FromStart: v.FromStart}
	if v.Payment != "" {
		filter.PaymentID = a.id(v.Payment)
	}
	for e, err := range c.Watch(ctx, filter) {
		if err != nil {
			return err
		}
		a.showEvent(e)
	}
	return nil
}

// The widths of a live event's columns, which cannot wait for the widest: events and ext_ids are rarely longer.
const (
	eventWidth = 15
	extIDWidth = 20
)

// showEvent prints one line per event: when, whose, what.
func (a *app) showEvent(e client.Event) {
	if a.flags.JSON {
		show(a.out, "%s\n", string(e.Raw))
		return
	}
	whose := e.PaymentID
	if e.Payment != nil {
		whose = e.Payment.ExtID
	}
	sign := mark(e.Type)
	name := fmt.Sprintf("%-*s", eventWidth, e.Type)
	show(a.out, "%s  %-*s  %s %s  %s\n", e.Time.Local().Format("15:04:05.000"), extIDWidth, printable(whose),
		a.paint.in(sign.style, sign.text), a.paint.in(sign.style, name), tell(e, time.Now()))
}
