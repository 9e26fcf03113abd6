package tolov_test

import (
	"bufio"
	"bytes"
	"go/ast"
	"go/parser"
	"go/token"
	"io/fs"
	"os"
	"path/filepath"
	"regexp"
	"slices"
	"strings"
	"testing"
)

// The shape of the code: what a linter does not see, or what must hold without exception.
const (
	maxFileLines     = 300
	maxFunctionLines = 55
	maxLineLength    = 120
	maxNesting       = 3
)

// file is one Go file of the project.
type file struct {
	path  string
	text  []byte
	set   *token.FileSet
	tree  *ast.File
	tests bool
}

func goFiles(t *testing.T) []file {
	t.Helper()
	var files []file
	err := filepath.WalkDir(".", func(path string, d fs.DirEntry, err error) error {
		switch {
		case err != nil:
			return err
		case d.IsDir() && (strings.HasPrefix(d.Name(), ".") && path != "." || d.Name() == "testdata" || d.Name() == "data"):
			return filepath.SkipDir
		case !strings.HasSuffix(path, ".go"):
			return nil
		}
		text, err := os.ReadFile(path)
		if err != nil {
			return err
		}
		set := token.NewFileSet()
		tree, err := parser.ParseFile(set, path, text, parser.ParseComments|parser.SkipObjectResolution)
		if err != nil {
			return err
		}
		files = append(files, file{path, text, set, tree, strings.HasSuffix(path, "_test.go")})
		return nil
	})
	if err != nil || len(files) < 20 {
		t.Fatal("files not read: ", err)
	}
	return files
}

func TestFilesAndLinesAreShort(t *testing.T) {
	for _, f := range goFiles(t) {
		lines := bufio.NewScanner(bytes.NewReader(f.text))
		n := 0
		for lines.Scan() {
			n++
			if width := len([]rune(lines.Text())); width > maxLineLength {
				t.Errorf("%s:%d: %d columns, at most %d", f.path, n, width, maxLineLength)
			}
		}
		if n > maxFileLines {
			t.Errorf("%s: %d lines, at most %d", f.path, n, maxFileLines)
		}
	}
}

func TestFunctionsAreShortAndShallow(t *testing.T) {
	for _, f := range goFiles(t) {
		for _, d := range f.tree.Decls {
			fn, ok := d.(*ast.FuncDecl)
			if !ok || fn.Body == nil {
				continue
			}
			place := f.set.Position(fn.Pos())
			if n := f.set.Position(fn.End()).Line - place.Line + 1; n > maxFunctionLines {
				t.Errorf("%s: %s has %d lines, at most %d", place, fn.Name.Name, n, maxFunctionLines)
			}
			if depth := nesting(fn.Body, 0); depth > maxNesting {
				t.Errorf("%s: %s nests %d deep, at most %d", place, fn.Name.Name, depth, maxNesting)
			}
		}
	}
}

// nesting is how deep loops and branches stand in each other. An else-if is no deeper than its if, and a function
// literal begins anew.
func nesting(n ast.Node, depth int) int {
	deepest := depth
	ast.Inspect(n, func(child ast.Node) bool {
		if child == nil || child == n {
			return true
		}
		switch c := child.(type) {
		case *ast.FuncLit:
			deepest = max(deepest, nesting(c.Body, 0))
			return false
		case *ast.IfStmt:
			deepest = max(deepest, nesting(c.Body, depth+1))
			if c.Else != nil {
				deepest = max(deepest, nesting(c.Else, depth))
			}
			return false
		case *ast.ForStmt, *ast.RangeStmt, *ast.SwitchStmt, *ast.TypeSwitchStmt, *ast.SelectStmt:
			deepest = max(deepest, nesting(child, depth+1))
			return false
		}
		return true
	})
	return deepest
}

func TestPackagesAreNamedForWhatTheyHold(t *testing.T) {
	vague := []string{"util", "utils", "common", "helper", "helpers", "models", "types", "misc", "base"}
	for _, f := range goFiles(t) {
		if slices.Contains(vague, strings.TrimSuffix(f.tree.Name.Name, "_test")) {
			t.Errorf("%s: package %s says nothing", f.path, f.tree.Name.Name)
		}
	}
}

func TestEveryPackageHasADoc(t *testing.T) {
	documented, seen := map[string]bool{}, map[string]bool{}
	for _, f := range goFiles(t) {
		dir := filepath.Dir(f.path)
		seen[dir] = seen[dir] || !f.tests
		documented[dir] = documented[dir] || f.tree.Doc != nil
	}
	for dir, code := range seen {
		if code && !documented[dir] {
			t.Errorf("%s: no package comment", dir)
		}
	}
}

func TestNothingRunsOrChangesBehindTheBack(t *testing.T) {
	allowed := regexp.MustCompile(
		`^(errors\.New|fmt\.Errorf|regexp\.MustCompile|base32\.|slog\.New|flag\.|sync\.OnceValue|map\[|\[\])`)
	for _, f := range goFiles(t) {
		for _, d := range f.tree.Decls {
			if fn, ok := d.(*ast.FuncDecl); ok && fn.Name.Name == "init" && fn.Recv == nil {
				t.Errorf("%s: no init functions", f.set.Position(d.Pos()))
			}
			if v, ok := d.(*ast.GenDecl); ok && v.Tok == token.VAR && !f.tests {
				checkVars(t, f, v, allowed)
			}
		}
	}
}

// checkVars lets through what cannot be told from a constant: interface claims, errors, patterns, tables, and the
// version and commit that the linker sets.
func checkVars(t *testing.T, f file, d *ast.GenDecl, allowed *regexp.Regexp) {
	for _, spec := range d.Specs {
		v, ok := spec.(*ast.ValueSpec)
		if !ok {
			continue
		}
		for i, name := range v.Names {
			if name.Name == "_" || name.Name == "version" || name.Name == "commit" || name.Name == "update" {
				continue
			}
			value := ""
			if i < len(v.Values) {
				value = string(f.text[f.set.Position(v.Values[i].Pos()).Offset:f.set.Position(v.Values[i].End()).Offset])
			}
			if !allowed.MatchString(value) {
				t.Errorf("%s: package variable %s", f.set.Position(v.Pos()), name.Name)
			}
		}
	}
}

func TestTestsDoNotSleepAndNothingIsLeftOpen(t *testing.T) {
	open := regexp.MustCompile(`\b(` + "TO" + `DO|FIX` + `ME|X` + `XX)\b`)
	for _, f := range goFiles(t) {
		if open.Match(f.text) {
			t.Errorf("%s: something was left open", f.path)
		}
		if f.tests && bytes.Contains(f.text, []byte("time."+"Sleep(")) {
			t.Errorf("%s: a test that sleeps", f.path)
		}
	}
}

// TestMoneyIsNeverAFloat looks at the rooms that hold money (H68).
func TestMoneyIsNeverAFloat(t *testing.T) {
	float := regexp.MustCompile(`\bfloat(32|64)\b`)
	for _, f := range goFiles(t) {
		room := strings.HasPrefix(f.path, "internal/payment/") || strings.HasPrefix(f.path, "internal/saga/") ||
			strings.HasPrefix(f.path, "internal/journal/") || strings.HasPrefix(f.path, "internal/providers/")
		if room && !f.tests && float.Match(f.text) && !strings.HasPrefix(f.path, "internal/providers/sandbox/") {
			t.Errorf("%s: a float near money", f.path)
		}
	}
}
