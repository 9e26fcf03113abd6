package telemetry_test

import (
	"fmt"
	"go/ast"
	"go/parser"
	"go/token"
	"os"
	"slices"
	"strings"
	"testing"

	"tolov/internal/telemetry/telemetrytest"
)

const metricsPage = "../../docs/metrics.md"

// documented gives each metric's Prometheus name and what names.go says about it.
func documented(t *testing.T) (names, about []string) {
	t.Helper()
	file, err := parser.ParseFile(token.NewFileSet(), "names.go", nil, parser.ParseComments)
	if err != nil {
		t.Fatal(err)
	}
	ast.Inspect(file, func(n ast.Node) bool {
		spec, ok := n.(*ast.ValueSpec)
		if !ok || !strings.HasPrefix(spec.Names[0].Name, "Metric") {
			return true
		}
		text := strings.TrimSpace(spec.Comment.Text())
		name := strings.ReplaceAll(strings.Trim(spec.Values[0].(*ast.BasicLit).Value, `"`), ".", "_")
		switch kind := strings.FieldsFunc(text, func(r rune) bool { return r == ' ' || r == ',' || r == ':' })[0]; kind {
		case "counter":
			name += "_total"
		case "histogram":
			name += "_seconds"
		case "gauge":
		default:
			t.Errorf("%s: %q names no kind of metric", name, kind)
		}
		names, about = append(names, name), append(about, text)
		return true
	})
	return names, about
}

// TestMetricsPageIsWhatTheCodeSaysGolden: docs/metrics.md is made of the comments of names.go.
func TestMetricsPageIsWhatTheCodeSaysGolden(t *testing.T) {
	var page strings.Builder
	page.WriteString("# Metrics\n\n" +
		"Both programs tell theirs at `/metrics` on `ADMIN_ADDR`. Amounts are tiyin. What is told per stream, and what a\n" +
		"sweep counted, every worker tells alike: read it with `max`, counters with `sum`. Generated from\n" +
		"`internal/telemetry/names.go`; the alarms that stand on these are in `deploy/prometheus/alerts.yaml`, what to do\n" +
		"about them in [runbook.md](runbook.md).\n\n| metric | what it is |\n|---|---|\n")
	names, about := documented(t)
	for i, name := range names {
		fmt.Fprintf(&page, "| `%s` | %s |\n", name, about[i])
	}
	if *update {
		if err := os.WriteFile(metricsPage, []byte(page.String()), 0o644); err != nil {
			t.Fatal(err)
		}
	}
	if got := text(t, metricsPage); got != page.String() {
		t.Errorf("%s is not what the code says; make generate\n%s", metricsPage, page.String())
	}
}

// Every metric that a program tells is on the page.
func TestEveryMetricThatIsToldIsDocumented(t *testing.T) {
	names, _ := documented(t)
	known := map[string]bool{}
	for _, name := range names {
		known[name] = true
	}
	for name := range told(t) {
		base := strings.TrimSuffix(strings.TrimSuffix(strings.TrimSuffix(name, "_bucket"), "_count"), "_sum")
		label := slices.Contains([]string{
			"tolov_provider", "tolov_merchant", "tolov_event", "tolov_step", "tolov_outcome", "tolov_reason", "tolov_stream",
			"tolov_route", "tolov_payment_status",
		}, name)
		if strings.HasPrefix(name, telemetrytest.Prefix) && !label && !known[base] {
			t.Errorf("%s is told and not documented", name)
		}
	}
}
