package main

import (
	"context"
	"fmt"
	"slices"
	"time"

	"tolov/internal/desk"
)

// doctorVerb looks for whatever would lose money or messages.
type doctorVerb struct {
	Strict bool `help:"Fail because of warnings, too."`
}

// Help tells what is looked at.
func (doctorVerb) Help() string {
	return "Streams, consumers and how full they are; the workers' time-outs, keys, accounts and clocks, and where they " +
		"differ; what is paused, in doubt, under review or dead. Exit code 1 when something is found that can lose money " +
		"or messages."
}

// level is how bad a finding is.
type level string

// The levels: fine; somebody should know; money or messages can get lost, or nothing moves.
const (
	fine  level = "ok"
	warns level = "warning"
	fails level = "error"
)

// finding is what was found somewhere, and what to do about it.
type finding struct {
	Level level  `json:"level"`
	Where string `json:"where"`
	What  string `json:"what"`
	Do    string `json:"do,omitempty"`
}

// chart collects findings.
type chart struct{ findings []finding }

func (c *chart) add(l level, where, what, do string) {
	c.findings = append(c.findings, finding{l, where, what, do})
}

// healthy notes that a place is fine, unless something was found there.
func (c *chart) healthy(where, what string) {
	if !slices.ContainsFunc(c.findings, func(f finding) bool { return f.Where == where }) {
		c.add(fine, where, what, "")
	}
}

func (c *chart) count(l level) int {
	n := 0
	for _, f := range c.findings {
		if f.Level == l {
			n++
		}
	}
	return n
}

// Run examines everything. What cannot be examined is a finding itself.
func (v doctorVerb) Run(ctx context.Context, a *app) error {
	return a.atDesk(ctx, func(ctx context.Context, d *desk.Desk) error {
		c := &chart{}
		workers, err := d.Workers(ctx, heardWithin)
		if err != nil {
			c.add(fails, "workers", "cannot be asked: "+err.Error(), "look at NATS first")
		}
		c.server(d)
		c.streams(ctx, d, workers)
		c.consumers(ctx, d, workers)
		c.storage(ctx, d)
		c.workers(workers)
		c.load(ctx, d, workers)
		return v.tell(a, c)
	})
}

// tell prints the findings, the worst first, and makes the exit code's error of them.
func (v doctorVerb) tell(a *app, c *chart) error {
	order := []level{fails, warns, fine}
	slices.SortStableFunc(c.findings, func(x, y finding) int {
		return slices.Index(order, x.Level) - slices.Index(order, y.Level)
	})
	bad, doubtful := c.count(fails), c.count(warns)
	if a.flags.JSON {
		if err := a.machine(map[string]any{"ok": bad == 0, "findings": c.findings}); err != nil {
			return err
		}
	} else {
		a.showFindings(c.findings)
		show(a.out, "\n%d errors, %d warnings\n", bad, doubtful)
	}
	switch {
	case bad > 0:
		return fmt.Errorf("%d findings by which money or messages can get lost, or nothing moves", bad)
	case v.Strict && doubtful > 0:
		return fmt.Errorf("%d warnings", doubtful)
	default:
		return nil
	}
}

func (a *app) showFindings(findings []finding) {
	t := &table{}
	for _, f := range findings {
		sign := map[level]cell{fine: {"✓", green}, warns: {"!", yellow}, fails: {"✗", red}}[f.Level]
		t.add(sign, cell{f.Where, bold}, cell{f.What, plain})
		if f.Do != "" {
			t.note("do: " + f.Do)
		}
	}
	t.write(a.out, a.paint, "  ")
}

// load looks at what the workers have on their hands.
func (c *chart) load(ctx context.Context, d *desk.Desk, workers []desk.Heard) {
	switches, err := desk.Standing(ctx, d.JS)
	if err != nil {
		c.add(fails, "providers", "the switches cannot be read: "+err.Error(), "start a worker: it creates the stream")
	}
	for _, s := range switches {
		if s.Paused {
			c.add(warns, "providers", fmt.Sprintf("%s is paused for %s by %s: %s", s.Provider, whom(s.Merchant), s.Actor,
				s.Reason), "payctl provider resume "+s.Provider+" when that is over")
		}
	}
	c.healthy("providers", "none is paused")
	c.deaths(ctx, d)
	if len(workers) == 0 {
		return
	}
	open, err := d.Open(ctx, desk.OpenQuestion{})
	if err != nil {
		c.add(warns, "payments", "open ones cannot be listed: "+err.Error(), "payctl stuck")
		return
	}
	c.payments(open)
}

const freshDeath = 24 * time.Hour

func (c *chart) deaths(ctx context.Context, d *desk.Desk) {
	letters, all, err := d.Letters(ctx, 1)
	switch {
	case err != nil:
		c.add(warns, "dead letters", "cannot be read: "+err.Error(), "")
	case len(letters) > 0 && time.Since(letters[0].At.Time) < freshDeath:
		c.add(warns, "dead letters", fmt.Sprintf("%d, the last one %s ago", all, lasting(time.Since(letters[0].At.Time))),
			"payctl dead list")
	default:
		c.healthy("dead letters", fmt.Sprintf("%d, none since yesterday", all))
	}
}

// payments looks at what is open.
func (c *chart) payments(open desk.OpenAnswer) {
	reviews, late := 0, 0
	for _, p := range open.Payments {
		if p.Status == "needs_review" {
			reviews++
		}
		if !p.Due.IsZero() && open.At.Sub(p.Due.Time) > lateness {
			late++
		}
	}
	if reviews > 0 {
		c.add(warns, "payments", fmt.Sprintf("%d need a person", reviews), "payctl stuck --status needs_review, then payctl "+
			"explain each")
	}
	if open.Exposure > 0 {
		c.add(warns, "payments", sums(int64(open.Exposure))+" UZS may have moved while nobody knows",
			"payctl stuck --by exposure; asking goes on by itself")
	}
	if late > 0 {
		c.add(fails, "payments", fmt.Sprintf("%d should have been looked at more than %s ago", late, lasting(lateness)),
			"look at the workers' logs and at /readyz: neither timers nor the sweep reach them")
	}
	c.healthy("payments", fmt.Sprintf("%d open, none in doubt", open.Count))
}

const lateness = 5 * time.Minute // ten sweeps
