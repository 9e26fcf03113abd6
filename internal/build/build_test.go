package build_test

import (
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
