package main

import (
	"bytes"
	"os"
	"path/filepath"
	"regexp"
	"strings"
	"testing"

	"github.com/alecthomas/kong"
)

// TestEveryLineOfTheDocumentsIsUnderstood parses each command line that a document shows. Nothing is run.
func TestEveryLineOfTheDocumentsIsUnderstood(t *testing.T) {
	paths, err := filepath.Glob("../../docs/*.md")
	if err != nil || len(paths) < 5 {
		t.Fatal(paths, err)
	}
	shown := regexp.MustCompile("(?m)^(?:\\$ )?(?:bin/)?payctl ([^\\n]*)$|`payctl ([^`\\n]+)`")
	lines := 0
	for _, path := range append(paths, "../../README.md") {
		text, err := os.ReadFile(path)
		if err != nil {
			t.Fatal(err)
		}
		whole := strings.ReplaceAll(string(text), "\\\n", " ")
		for _, found := range shown.FindAllStringSubmatch(whole, -1) {
			line := found[1] + found[2]
			if err := understood(line); err != nil {
				t.Errorf("%s: payctl %s: %v", filepath.Base(path), line, err)
			}
			lines++
		}
	}
	if lines < 30 {
		t.Errorf("only %d lines were found", lines)
	}
}

// understood parses a command line as a shell would split it.
func understood(line string) error {
	line, _, _ = strings.Cut(line, " # ")
	line = strings.NewReplacer("completed|failed|cancelled", "completed", "pause|resume", "pause", "new|list", "list",
		"list|show|replay", "list", "bash|zsh|fish", "bash").Replace(line)
	var words []string
	for _, quoted := range regexp.MustCompile(`"[^"]*"|'[^']*'|\S+`).FindAllString(line, -1) {
		words = append(words, strings.Trim(quoted, `"'`))
	}
	if len(words) == 1 && !strings.HasPrefix(words[0], "-") { // a verb is named in a sentence
		return begins(words)
	}
	var out bytes.Buffer
	parser, err := kong.New(&grammar{}, kong.Exit(func(int) {}), kong.Writers(&out, &out), vars(nothing))
	if err != nil {
		return err
	}
	if _, err = parser.Parse(words); err != nil && incomplete.MatchString(err.Error()) {
		return begins(words)
	}
	return err
}

// incomplete is what is wrong with a line that only names a verb and leaves out what it needs.
var incomplete = regexp.MustCompile(`missing flags|expected |must be specified|missing`)

// begins tells whether the words begin with a verb.
func begins(words []string) error {
	parser, err := kong.New(&grammar{}, vars(nothing))
	if err != nil {
		return err
	}
	if node := step(parser.Model.Node, words[0]); node == parser.Model.Node {
		return errUsage
	}
	return nil
}
