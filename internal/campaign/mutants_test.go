package campaign_test

import (
	"encoding/json"
	"flag"
	"fmt"
	"os"
	"os/exec"
	"path/filepath"
	"strings"
	"testing"
)

var hunt = flag.Bool("mutants", false, "break the code on purpose and want the campaign to notice")

// seedsPerMutant is how many seeds a mutant may survive.
const seedsPerMutant = 20

// mutant is a way to break the code.
type mutant struct {
	name  string
	edits []edit
}

type edit struct{ file, old, new string }

// TestEveryMutantIsKilled shows that the campaign would notice (law 10). It takes minutes: make mutants.
func TestEveryMutantIsKilled(t *testing.T) {
	if !*hunt {
		t.Skip("run with -mutants")
	}
	root, err := filepath.Abs("../..")
	if err != nil {
		t.Fatal(err)
	}
	for _, m := range readMutants(t) {
		t.Run(m.name, func(t *testing.T) {
			binary := m.build(t, root)
			for seed := 1; seed <= seedsPerMutant; seed++ {
				if fault := judgeOf(binary, seed); fault != "" {
					t.Logf("killed by seed %d: %s", seed, fault)
					return
				}
			}
			t.Errorf("survived %d seeds", seedsPerMutant)
		})
	}
}

// TestMutantsStillApply keeps the list of mutants in step with the code.
func TestMutantsStillApply(t *testing.T) {
	for _, m := range readMutants(t) {
		for _, e := range m.edits {
			source, err := os.ReadFile(filepath.Join("../..", e.file))
			if err != nil {
				t.Fatal(err)
			}
			if strings.Count(string(source), e.old) != 1 {
				t.Errorf("%s: %s does not hold, once, what the mutant replaces", m.name, e.file)
			}
		}
	}
}

// build compiles the campaign against the broken code, by an overlay: the tree stays as it is.
func (m mutant) build(t *testing.T, root string) string {
	dir := t.TempDir()
	overlay := map[string]map[string]string{"Replace": {}}
	for i, e := range m.edits {
		path := filepath.Join(root, e.file)
		source, err := os.ReadFile(path)
		if err != nil {
			t.Fatal(err)
		}
		broken := filepath.Join(dir, fmt.Sprint(i, ".go"))
		text := strings.Replace(string(source), e.old, e.new, 1)
		if err := os.WriteFile(broken, []byte(text), 0o600); err != nil {
			t.Fatal(err)
		}
		overlay["Replace"][path] = broken
	}
	content, err := json.Marshal(overlay)
	if err != nil {
		t.Fatal(err)
	}
	list, binary := filepath.Join(dir, "overlay.json"), filepath.Join(dir, "campaign.test")
	if err := os.WriteFile(list, content, 0o600); err != nil {
		t.Fatal(err)
	}
	build := exec.CommandContext(t.Context(), "go", "test", "-c", "-vet=off", "-overlay", list, "-o", binary, ".")
	if out, err := build.CombinedOutput(); err != nil {
		t.Fatalf("the mutant does not compile: %s", out)
	}
	return binary
}

// judgeOf runs one seed and gives the first fault found, empty when there was none.
func judgeOf(binary string, seed int) string {
	out, err := exec.Command(binary, "-test.run", "Campaign", "-test.timeout", "5m",
		"-seed", fmt.Sprint(seed), "-payments", "300").CombinedOutput()
	if err == nil {
		return ""
	}
	for line := range strings.Lines(string(out)) {
		if _, fault, ok := strings.Cut(line, "campaign_test.go:"); ok && !strings.Contains(fault, "settled") {
			return strings.TrimSpace(fault)
		}
	}
	return "it failed: " + strings.TrimSpace(string(out[max(0, len(out)-300):]))
}

// readMutants reads testdata/mutants.txt.
func readMutants(t *testing.T) []mutant {
	content, err := os.ReadFile("testdata/mutants.txt")
	if err != nil {
		t.Fatal(err)
	}
	var all []mutant
	for _, block := range strings.Split(string(content), "\nmutant ")[1:] {
		name, rest, _ := strings.Cut(block, "\n")
		m := mutant{name: name}
		for _, part := range strings.Split(rest, "file ")[1:] {
			file, change, _ := strings.Cut(part, "\n<<<\n")
			change, _, _ = strings.Cut(change, "\n>>>")
			old, replacement, ok := strings.Cut(change, "\n===\n")
			if !ok {
				t.Fatalf("%s: not an edit", name)
			}
			m.edits = append(m.edits, edit{file: file, old: old, new: replacement})
		}
		all = append(all, m)
	}
	return all
}
