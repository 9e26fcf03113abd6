package main

import (
	"context"
	"fmt"
	"io"
	"maps"
	"os"
	"slices"
	"strings"
	"text/tabwriter"
	"time"

	"tolov/internal/events"
)

const (
	faultsShown    = 20
	historiesShown = 3
	quietEvery     = 5 * time.Second // between lines of progress where lines cannot be rewritten
)

// report prints the summary. It is an error when there is a fault.
func (c *chaos) report(v *verdict, histories []string) error {
	rows := [][2]string{
		{"payments", fmt.Sprintf("%d, %d%% with a code", c.n, c.coded)},
		{"of Uzum Bank", fmt.Sprint(c.uzum)},
		{"trouble", c.trouble.String()},
		{"time", time.Since(c.start).Round(100 * time.Millisecond).String()},
		{"debits in the ledger", fmt.Sprint(v.debits)},
		{"completed events", fmt.Sprint(v.completed)},
		{"events stored", fmt.Sprint(v.events)},
		{"codes asked for", fmt.Sprint(v.codes)},
		{"payments once in doubt", fmt.Sprint(v.doubts)},
		{"left over", fmt.Sprint(v.left.sum())},
	}
	for _, status := range slices.Sorted(maps.Keys(v.statuses)) {
		rows = append(rows, [2]string{"asked: " + string(status), fmt.Sprint(v.statuses[status])})
	}
	table := tabwriter.NewWriter(c.out, 0, 0, 3, ' ', 0)
	for _, row := range rows {
		_, _ = fmt.Fprintf(table, "%s\t%s\n", row[0], row[1])
	}
	_ = table.Flush()
	if len(c.faults) == 0 {
		_, err := fmt.Fprintln(c.out, "no fault")
		return err
	}
	for _, text := range append(c.faults[:min(len(c.faults), faultsShown)], histories...) {
		_, _ = fmt.Fprintln(c.out, "FAULT", text)
	}
	return fmt.Errorf("%d faults", len(c.faults))
}

// histories are those of the first payments that have a fault.
func (c *chaos) histories(ctx context.Context, v *verdict) []string {
	var told []string
	faulty := v.faulty()
	for _, i := range faulty[:min(len(faulty), historiesShown)] {
		id := paymentID(i)
		answer, err := c.ask(ctx, events.SubjectQueryHistory, id)
		if err != nil {
			answer = []byte(err.Error())
		}
		told = append(told, "history of "+id+": "+string(answer))
	}
	return told
}

// progress shows one line that is rewritten, on a terminal, and a line now and then elsewhere.
type progress struct {
	out      io.Writer
	terminal bool
	next     time.Time
}

func newProgress(out io.Writer) *progress {
	p := &progress{out: out}
	if file, ok := out.(*os.File); ok {
		info, err := file.Stat()
		p.terminal = err == nil && info.Mode()&os.ModeCharDevice != 0
	}
	return p
}

func (p *progress) show(format string, args ...any) {
	line := fmt.Sprintf(format, args...)
	if p.terminal {
		_, _ = fmt.Fprint(p.out, "\r", line, strings.Repeat(" ", max(0, 100-len(line))))
		return
	}
	if now := time.Now(); now.After(p.next) {
		p.next = now.Add(quietEvery)
		_, _ = fmt.Fprintln(p.out, line)
	}
}

// done leaves the line.
func (p *progress) done() {
	if p.terminal {
		_, _ = fmt.Fprintln(p.out)
	}
}
