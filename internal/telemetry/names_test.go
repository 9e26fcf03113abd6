package telemetry_test

import (
	"flag"
	"fmt"
	"go/ast"
	"go/parser"
	"go/token"
	"os"
	"slices"
	"strings"
	"testing"
)

var update = flag.Bool("update", false, "write the files that are generated")

// declared gives every constant of names.go, one line each: its name and its value.
func declared(t *testing.T) string {
	t.Helper()
	file, err := parser.ParseFile(token.NewFileSet(), "names.go", nil, 0)
	if err != nil {
		t.Fatal(err)
	}
	var lines strings.Builder
	ast.Inspect(file, func(n ast.Node) bool {
		if spec, ok := n.(*ast.ValueSpec); ok {
			for i, name := range spec.Names {
				fmt.Fprintf(&lines, "%s %s\n", name.Name, spec.Values[i].(*ast.BasicLit).Value)
			}
		}
		return true
	})
	return lines.String()
}

// Dashboards and alarms stand on these names: a change of one is a change of the contract.
func TestNamesAreThoseOfTheGoldenFile(t *testing.T) {
	const path = "testdata/names.txt"
	got := declared(t)
	if *update {
		if err := os.WriteFile(path, []byte(got), 0o644); err != nil {
			t.Fatal(err)
		}
	}
	want, err := os.ReadFile(path)
	if err != nil || got != string(want) {
		t.Errorf("names.go says\n%s\n%s says (%v)\n%s", got, path, err, want)
	}
}

// H73: nobody can put a secret under a name that is not there.
func TestNoNameIsThatOfASecret(t *testing.T) {
	seen := map[string]bool{}
	for line := range strings.Lines(declared(t)) {
		name, value, _ := strings.Cut(strings.TrimSpace(line), " ")
		if seen[value] {
			t.Errorf("%s stands twice", value)
		}
		seen[value] = true
		parts := strings.FieldsFunc(value, func(r rune) bool { return r == '.' || r == '_' || r == '"' })
		for _, secret := range []string{"card", "pan", "cvc", "otp", "token", "secret", "pinfl"} {
			if slices.Contains(parts, secret) {
				t.Errorf("%s is named after a secret: %s", name, value)
			}
		}
	}
}
