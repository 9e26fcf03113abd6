package main

import (
	"context"
	"encoding/json"
	"errors"
	"fmt"

	"github.com/nats-io/nats.go"

	"tolov/client"
)

// reconcileVerb has a worker compare our records with a provider's books.
type reconcileVerb struct {
	Provider string `required:"" help:"Whose books: paysys or atmos."`
	From     string `placeholder:"DAY" help:"First day (2026-11-20), or a moment (RFC 3339); yesterday when not given."`
	To       string `placeholder:"DAY" help:"Last day, or the moment behind the last; the first day when not given."`
}

// Run asks for it, and shows what differs. It fails when something does.
func (v reconcileVerb) Run(ctx context.Context, a *app) error {
	if v.To == "" {
		v.To = v.From
	}
	c, err := a.connect()
	if err != nil {
		return err
	}
	defer c.Close()
	ctx, cancel := context.WithTimeout(ctx, a.flags.Timeout)
	defer cancel()
	data, err := c.ReconcileRaw(ctx, a.flags.Merchant, v.Provider, v.From, v.To)
	if errors.Is(err, context.DeadlineExceeded) || errors.Is(err, nats.ErrTimeout) {
		return fmt.Errorf("%w: the worker goes on comparing, and discrepancy events tell what it finds: %w", errUnknown, err)
	}
	if err != nil {
		return err
	}
	var r client.Reconciled
	if err := json.Unmarshal(data, &r); err != nil {
		return fmt.Errorf("the worker's answer cannot be read: %w", err)
	}
	if a.flags.JSON {
		show(a.out, "%s\n", data)
	} else {
		a.showReconciled(r)
	}
	if n := len(r.Differ); n > 0 {
		return fmt.Errorf("%w: %d", errDiffer, n+r.LeftOut)
	}
	return nil
}

// showReconciled prints what differs, what agrees again, and the sums.
func (a *app) showReconciled(r client.Reconciled) {
	t := table{head: []string{"", "PAYMENT", "EXT_ID", "WHY", "OURS", "THEIRS"}}
	for _, f := range r.Differ {
		sign := cell{"!", yellow}
		if f.New {
			sign = cell{"+", red}
		}
		t.addFinding(sign, f)
	}
	for _, f := range r.Closed {
		t.addFinding(cell{"✓", green}, f)
	}
	if len(t.rows) > 0 {
		t.write(a.out, a.paint, "")
		show(a.out, "\n")
	}
	show(a.out, "%s of %s from %s to %s: %d payments, %d lines\n", r.Provider, r.Merchant, clock(r.From), clock(r.To),
		r.Payments, r.Lines)
	show(a.out, "%d agree, %d differ (%d new), %d agree again, %d are not at rest yet\n", r.Agreed, len(r.Differ),
		newOnes(r.Differ), len(r.Closed), r.Open)
	if r.LeftOut > 0 {
		show(a.out, "%d more are not shown here: their discrepancy events tell\n", r.LeftOut)
	}
}

func (t *table) addFinding(sign cell, f client.Finding) {
	t.add(sign, cell{f.PaymentID, plain}, cell{f.ExtID, bold}, cell{f.Why, plain}, cell{side(f.Ours), plain},
		cell{evidenced(f.Theirs), plain})
}

// evidenced is the provider's side with all that helps to find the money.
func evidenced(s client.Side) string {
	text := side(s)
	if s.Key != "" {
		text += " key " + s.Key
	}
	if s.Card != "" {
		text += " card " + s.Card
	}
	if s.At != nil {
		text += " of " + clock(*s.At)
	}
	return text
}

func newOnes(findings []client.Finding) (n int) {
	for _, f := range findings {
		if f.New {
			n++
		}
	}
	return n
}
