// Package telemetrytest reads what a program tells at /metrics, for tests that hold dashboards and alarms to it.
package telemetrytest

import (
	"fmt"
	"os"
	"slices"
	"strings"
	"testing"

	"github.com/prometheus/common/expfmt"
	"github.com/prometheus/common/model"
)

// Prefix is that of Tolov's own metrics.
const Prefix = "tolov_"

// Families lists Tolov's own metrics on a page, one line each: name, type, labels.
func Families(t *testing.T, page string) []string {
	t.Helper()
	parser := expfmt.NewTextParser(model.LegacyValidation)
	families, err := parser.TextToMetricFamilies(strings.NewReader(page))
	if err != nil {
		t.Fatal(err)
	}
	var lines []string
	for name, family := range families {
		if !strings.HasPrefix(name, Prefix) {
			continue
		}
		var labels []string
		for _, m := range family.GetMetric() {
			for _, label := range m.GetLabel() {
				labels = append(labels, label.GetName())
			}
		}
		slices.Sort(labels)
		lines = append(lines, strings.TrimSpace(fmt.Sprintf("%s %s %s", name, strings.ToLower(family.GetType().String()),
			strings.Join(slices.Compact(labels), " "))))
	}
	slices.Sort(lines)
	return lines
}

// Golden compares the metrics of a page with a file, which it writes when told to.
func Golden(t *testing.T, path, page string, update bool) {
	t.Helper()
	got := strings.Join(Families(t, page), "\n") + "\n"
	if update {
		if err := os.WriteFile(path, []byte(got), 0o600); err != nil {
			t.Fatal(err)
		}
	}
	want, err := os.ReadFile(path)
	if err != nil {
		t.Fatal(err)
	}
	if got != string(want) {
		t.Errorf("/metrics has\n%s%s says (rewrite with -update)\n%s", got, path, want)
	}
}
