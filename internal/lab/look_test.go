package lab

import (
	"os"
	"path/filepath"
	"testing"
	"time"
)

// A program may call itself anything, so the fields are counted from the last bracket.
func TestCPUTimeIsReadBehindTheName(t *testing.T) {
	const stat = "4711 (a) b (c) S 1 4711 4711 0 -1 4194560 900 0 0 0 250 30 7 8 20 0 12 0 81234 1 2 3"
	got, err := parseStat(stat)
	if err != nil || got != 2800*time.Millisecond {
		t.Errorf("%s, %v; want 2.8s", got, err)
	}
}

func TestResidentMemoryIsInPages(t *testing.T) {
	got, err := parseStatm("51200 256 100 1 0 300 0\n")
	if want := int64(256 * os.Getpagesize()); err != nil || got != want {
		t.Errorf("%d, %v; want %d", got, err, want)
	}
}

// Waiting is not work: idle and iowait do not count.
func TestTheMachinesTimeIsAllButWaiting(t *testing.T) {
	got, err := parseMachine("cpu  100 20 30 9999 8888 4 5 0 0 0\ncpu0 1 1 1 1 1 1 1 0 0 0\n")
	if err != nil || got != 1590*time.Millisecond {
		t.Errorf("%s, %v; want 1.59s", got, err)
	}
}

func TestWhatIsNotProcIsRefused(t *testing.T) {
	for _, text := range []string{"", "1", "x y", "4711 (worker) S 1", "4711 (worker) S 1 1 1 0 -1 0 0 0 0 0 x y z"} {
		if _, err := parseStat(text); err == nil {
			t.Errorf("stat took %q", text)
		}
	}
	for _, text := range []string{"", "cpu 1 2", "cpu 1 2 3 4 5 6 x", "intr 1 2 3 4 5 6 7"} {
		if _, err := parseMachine(text); err == nil {
			t.Errorf("machine took %q", text)
		}
	}
	for _, text := range []string{"", "1", "1 x"} {
		if _, err := parseStatm(text); err == nil {
			t.Errorf("statm took %q", text)
		}
	}
}

func TestADirectorysSizeIsThatOfItsFiles(t *testing.T) {
	dir := t.TempDir()
	if err := os.Mkdir(filepath.Join(dir, "sub"), 0o700); err != nil {
		t.Fatal(err)
	}
	for name, size := range map[string]int{"one": 100, "sub/two": 23} {
		if err := os.WriteFile(filepath.Join(dir, name), make([]byte, size), 0o600); err != nil {
			t.Fatal(err)
		}
	}
	if size, err := DirSize(dir); err != nil || size != 123 {
		t.Errorf("%d, %v; want 123", size, err)
	}
	if _, err := DirSize(filepath.Join(dir, "none")); err != nil {
		t.Errorf("a directory that has vanished: %v", err)
	}
}

func TestRedisCommandsAreCountedByName(t *testing.T) {
	got := parseCommands("# Commandstats\r\ncmdstat_set:calls=12,usec=34,usec_per_call=2.83\r\n" +
		"cmdstat_client|setinfo:calls=2,usec=3\r\nother:calls=9\r\n")
	if len(got) != 2 || got["set"] != 12 || got["client|setinfo"] != 2 {
		t.Errorf("%v", got)
	}
}
