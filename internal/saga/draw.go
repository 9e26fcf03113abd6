package saga

import (
	"fmt"
	"io"
	"maps"
	"slices"
	"strings"
	"time"

	"tolov/internal/payment"
)

// Draw writes the flow as a Mermaid flowchart for docs/flows.md: rounded steps are drafts, double ones move money.
func Draw(w io.Writer, f *Flow) error {
	d := &drawing{w: w}
	d.line("```mermaid")
	d.line("flowchart LR")
	verbs := slices.Sorted(maps.Keys(f.Paths))
	slices.SortStableFunc(verbs, func(a, b payment.Verb) int { return opensFirst(f, a) - opensFirst(f, b) })
	for _, verb := range verbs {
		d.path(f, verb)
	}
	d.line("```")
	return d.err
}

func opensFirst(f *Flow, verb payment.Verb) int {
	if verb == f.Opens {
		return 0
	}
	return 1
}

// drawing keeps the first error of a row of writes.
type drawing struct {
	w   io.Writer
	err error
}

func (d *drawing) line(format string, args ...any) {
	if d.err == nil {
		_, d.err = fmt.Fprintf(d.w, format+"\n", args...)
	}
}

func (d *drawing) path(f *Flow, verb payment.Verb) {
	path := f.Paths[verb]
	from := string(verb)
	by := "command"
	if f.Inbound() {
		by = "by the provider"
	}
	d.line("  %s([%s %s])", from, verb, by)
	for _, status := range path.From {
		d.line("  %s_%s{{%s}} --> %s", from, status, status, from)
	}
	last := from
	for _, step := range path.Steps {
		last = d.step(verb, last, step)
	}
	d.line("  %s --> %s_end[/%s/]", last, from, path.Ends)
}

// step draws a step behind the one before it, with its wait and its check, and gives its own name.
func (d *drawing) step(verb payment.Verb, last string, step Step) string {
	name := string(verb) + "_" + strings.ReplaceAll(step.Name, "-", "_")
	if step.Class == Told {
		return d.told(last, name, step)
	}
	if w := step.Await; w != nil {
		wait := name + "_wait"
		d.line("  %s -. if asked .-> %s{{waits for %s, %s}}", last, wait, w.For, minutes(w.Within))
		d.line("  %s --> %s", wait, name)
		d.line("  %s -- runs out --> %s_cancelled[/cancelled/]", wait, name)
		if w.Resend != "" {
			d.line("  %s -- %s --> %s", wait, w.Resend, wait)
		}
	}
	if step.Class != Money {
		d.line("  %s --> %s(%s)", last, name, step.Name)
		return name
	}
	d.line("  %s --> %s[[%s]]", last, name, step.Name)
	d.line("  %s -- unknown --> %s_doubt{{in doubt: asks %s}}", name, name, step.Check)
	d.line("  %s_doubt -- done --> %s", name, name)
	d.line("  %s_doubt -- absent after the quiet period --> %s", name, name)
	d.line("  %s -- declined --> %s_failed[/failed/]", name, name)
	return name
}

// told draws a wait for the provider's word.
func (d *drawing) told(last, name string, step Step) string {
	d.line("  %s --> %s{{waits until the provider says %s, %s}}", last, name, step.Name, minutes(step.Await.Within))
	d.line("  %s -- runs out --> %s_cancelled[/cancelled/]", name, name)
	return name
}

func minutes(d time.Duration) string { return strings.TrimSuffix(d.String(), "0s") }
