package build_test

import (
	"crypto/sha256"
	"os"
	"os/exec"
	"path/filepath"
	"runtime"
	"strings"
	"testing"

	"tolov/internal/build"
)

func TestABuildThatNobodyNamedSaysSo(t *testing.T) {
	if got := build.This(); got.Version != "dev" || got.Commit == "" || got.Go != runtime.Version() {
		t.Errorf("%+v", got)
	}
}

// HAZARDS §4, item 44: the same sources give the same program, wherever they stand.
func TestSameSourcesGiveTheSameProgram(t *testing.T) {
	elsewhere := filepath.Join(t.TempDir(), "elsewhere")
	for _, part := range []string{"cmd/sandbox", "internal"} {
		if err := os.CopyFS(filepath.Join(elsewhere, part), os.DirFS(filepath.Join("../..", part))); err != nil {
			t.Fatal(err)
		}
	}
	for _, name := range []string{"go.mod", "go.sum"} {
		text, err := os.ReadFile(filepath.Join("../..", name))
		if err != nil {
			t.Fatal(err)
		}
		if err := os.WriteFile(filepath.Join(elsewhere, name), text, 0o600); err != nil {
			t.Fatal(err)
		}
	}
	var sums [2][sha256.Size]byte
	for i, root := range []string{"../..", elsewhere} {
		path := filepath.Join(t.TempDir(), "sandbox")
		link := exec.Command("go", "build", "-trimpath", "-buildvcs=false", "-ldflags", "-s -w", "-o", path, "./cmd/sandbox")
		link.Dir, link.Env = root, append(os.Environ(), "CGO_ENABLED=0")
		if out, err := link.CombinedOutput(); err != nil {
			t.Fatalf("%v: %s", err, out)
		}
		text, err := os.ReadFile(path)
		if err != nil {
			t.Fatal(err)
		}
		sums[i] = sha256.Sum256(text)
	}
	if sums[0] != sums[1] {
		t.Errorf("%x and %x", sums[0], sums[1])
	}
}

// What the linker sets is what the programs tell.
func TestTheLinkerNamesVersionAndCommit(t *testing.T) {
	const commit = "0123456789abcdef0123456789abcdef01234567"
	path := filepath.Join(t.TempDir(), "sandbox")
	link := exec.Command("go", "build", "-trimpath", "-ldflags",
		"-X tolov/internal/build.version=v1.2.3 -X tolov/internal/build.commit="+commit, "-o", path, "tolov/cmd/sandbox")
	if out, err := link.CombinedOutput(); err != nil {
		t.Fatalf("%v: %s", err, out)
	}
	out, err := exec.Command(path, "--version").Output()
	if err != nil {
		t.Fatal(err)
	}
	want := "tolov sandbox v1.2.3 (commit " + commit + ", " + runtime.Version() + ")"
	if got := strings.TrimSpace(string(out)); got != want {
		t.Errorf("says %q, want %q", got, want)
	}
}
