package traces

import (
	"cmp"
	"fmt"
	"slices"
	"strings"
	"time"
)

// Span is a span of a trace, wherever it came from.
type Span struct {
	Trace      string
	ID         string
	Parent     string // empty, or the id of a span that may be in no trace we have
	Service    string
	Name       string
	Start      time.Time
	Took       time.Duration
	Error      string // what its status says, empty when it is no error
	Attributes map[string]string
	Links      []string // the traces that it points to
}

// Shape draws the spans as a tree, one line each: name and marks, in the order of their start. What differs from run to
// run is left out. marks names the attributes that are shown, with their values.
func Shape(spans []Span, marks ...string) string {
	return draw(spans, func(depth int, s Span) string {
		return strings.Repeat("  ", depth) + s.Name + suffix(s, marks)
	})
}

// nameWidth is where the marks of a timeline begin.
const nameWidth = 46

// Timeline draws the same tree with the service of each span, when it began after the first, and how long it took.
func Timeline(spans []Span, marks ...string) string {
	var first time.Time
	for _, s := range spans {
		if first.IsZero() || s.Start.Before(first) {
			first = s.Start
		}
	}
	return draw(spans, func(depth int, s Span) string {
		name := fmt.Sprintf("%-*s", nameWidth, strings.Repeat("  ", depth)+s.Name)
		return strings.TrimRight(fmt.Sprintf("%9s %9s  %-15s %s%s",
			"+"+millis(s.Start.Sub(first)), millis(s.Took), s.Service, name, suffix(s, marks)), " ")
	})
}

func millis(d time.Duration) string {
	tenths := d.Round(100*time.Microsecond) / (100 * time.Microsecond)
	return fmt.Sprintf("%d.%d ms", tenths/10, tenths%10)
}

func suffix(s Span, marks []string) string {
	var text strings.Builder
	for _, name := range marks {
		if value := s.Attributes[name]; value != "" {
			fmt.Fprintf(&text, " [%s=%s]", name, value)
		}
	}
	if s.Error != "" {
		fmt.Fprintf(&text, " [error: %s]", s.Error)
	}
	if n := len(s.Links); n > 0 {
		fmt.Fprintf(&text, " [links to %d]", n)
	}
	return text.String()
}

// draw puts every span below its parent. One whose parent is not there is a root.
func draw(spans []Span, line func(depth int, s Span) string) string {
	here := map[string]bool{}
	for _, s := range spans {
		here[s.ID] = true
	}
	under := map[string][]Span{}
	for _, s := range spans {
		if !here[s.Parent] {
			s.Parent = ""
		}
		under[s.Parent] = append(under[s.Parent], s)
	}
	var text strings.Builder
	var walk func(parent string, depth int)
	walk = func(parent string, depth int) {
		children := under[parent]
		slices.SortStableFunc(children, func(a, b Span) int { return cmp.Compare(a.Start.UnixNano(), b.Start.UnixNano()) })
		for _, s := range children {
			text.WriteString(line(depth, s) + "\n")
			walk(s.ID, depth+1)
		}
	}
	walk("", 0)
	return text.String()
}
