package main

import (
	"bytes"
	"context"
	"errors"
	"fmt"
	"os"
	"os/exec"
	"path/filepath"
	"regexp"
	"strings"
	"testing"
	"time"

	"github.com/nats-io/nuid"
)

// What TestMain leaves for the tests: the worker's program, and the addresses of one that runs.
const (
	envWorker = "PAYCTL_TEST_WORKER"
	envNATS   = "PAYCTL_TEST_NATS"
	envAdmin  = "PAYCTL_TEST_ADMIN"
)

const patience = 40 * time.Second

func TestMain(m *testing.M) { os.Exit(withWorker(m)) }

// withWorker builds the worker and the ingress, and runs the tests beside a worker.
func withWorker(m *testing.M) int {
	dir, err := os.MkdirTemp("", "payctl")
	if err != nil {
		panic(err)
	}
	defer func() { _ = os.RemoveAll(dir) }()
	path := filepath.Join(dir, "worker")
	build := exec.Command("go", "build", "-o", dir, "tolov/cmd/worker", "tolov/cmd/webhook-ingress")
	if out, err := build.CombinedOutput(); err != nil {
		panic(fmt.Sprintf("%v: %s", err, out))
	}
	worker, err := startWorker(context.Background(), path, filepath.Join(dir, "data"), []string{
		"PROVIDER_TIMEOUT_S=5", "POLL_SCHEDULE=200ms", "PATH=" + os.Getenv("PATH"),
	})
	if err != nil {
		panic(err)
	}
	for name, value := range map[string]string{envWorker: path, envNATS: worker.NATS, envAdmin: worker.Admin} {
		if err := os.Setenv(name, value); err != nil {
			panic(err)
		}
	}
	code := m.Run()
	if err := worker.stop(); err != nil {
		fmt.Fprintln(os.Stderr, "the worker ended with", err)
		return exitFailed
	}
	return code
}

// nothing is an environment without variables.
func nothing(string) string { return "" }

// fresh is an ext_id that was never used.
func fresh() string { return "t-" + nuid.Next() }

// said is what a run printed, and its exit code.
type said struct {
	out, errs string
	code      int
}

// payctl runs the program against the worker that TestMain started.
func payctl(t *testing.T, stdin string, args ...string) said {
	t.Helper()
	ctx, cancel := context.WithTimeout(t.Context(), patience)
	defer cancel()
	var out, errs bytes.Buffer
	args = append([]string{"--nats", os.Getenv(envNATS)}, args...)
	err := run(ctx, args, nothing, strings.NewReader(stdin), &out, &errs)
	if err != nil {
		fmt.Fprintln(&errs, err)
	}
	return said{out.String(), errs.String(), exitCode(err)}
}

// expect compares a run's exit code, and what it printed on standard output line by line. In want, … stands for
// anything.
func (s said) expect(t *testing.T, code int, want ...string) {
	t.Helper()
	if s.code != code {
		t.Fatalf("exit code %d, want %d: %s%s", s.code, code, s.out, s.errs)
	}
	if len(want) == 0 {
		return
	}
	pattern := regexp.QuoteMeta(strings.Join(want, "\n") + "\n")
	if !regexp.MustCompile("^" + strings.ReplaceAll(pattern, "…", ".*") + "$").MatchString(s.out) {
		t.Errorf("printed\n%s\nwant\n%s", s.out, strings.Join(want, "\n"))
	}
}

// A payment is asked for, and its id is known at once.
func Example() {
	args := []string{
		"--nats", os.Getenv(envNATS), "pay", "--ext-id", "order-17", "--amount", "5000000", "--account", "flat-101",
		"--token", "@testdata/token",
	}
	if err := run(context.Background(), args, nothing, nil, os.Stdout, os.Stderr); err != nil {
		fmt.Println(err)
	}
	// Output:
	// pay published   order-17
	//   payment     pay_5ijgfrrns7iusvlt7zwfom5ef4
	//   see         payctl history order-17
}

func TestExitCodesTellWhoMustAct(t *testing.T) {
	for _, c := range []struct {
		err  error
		want int
	}{
		{nil, 0}, {errors.New("refused"), 1}, {fmt.Errorf("%w: x", errUsage), 2}, {fmt.Errorf("%w: x", errUnknown), 3},
		{fmt.Errorf("wait: %w", context.DeadlineExceeded), 3}, {context.Canceled, 1},
	} {
		if got := exitCode(c.err); got != c.want {
			t.Errorf("%v: exit code %d, want %d", c.err, got, c.want)
		}
	}
}

func TestWrongUsageIsToldWithoutRepeatingSecrets(t *testing.T) {
	const number = "8600490744313347"
	for _, args := range [][]string{
		{}, {"nope"}, {"pay"}, {"pay", number}, {"pay", "--amount", "1", "--account", "a", "--token", "t", "--card", number},
		{"pay", "--amount", number + "x", "--account", "a", "--token", "t"}, {"pay", "--crad=" + number},
		{"pay", "--amount", "1", "--account", "a", "--card", number}, {"confirm"}, {"confirm", "a", "111111", number},
		{"pay", "--amount", "1", "--account", "a", "--token", "@/nowhere"}, {"confirm", "not an ext_id", "111111"},
		{"resolve", "a", "--outcome", "held", "--evidence", "e", "--actor", "a", "--approved-by", "b"},
		{"sandbox", "--url", "::", "ledger"}, {"hold", "--amount", "1", "--account", "a"}, {"link-card", "--card", number},
		{"pay", "--account", "a", "--token", "t"}, {"pay", "--amount", "1", "--account", "a", "--hosted", "--token", "t"},
		{"pay", "--item", "a", "--token", "t"}, {"pay", "--item", "a:x", "--token", "t"},
		{"pay", "--item", "a:1", "--account", "a", "--token", "t"},
		{"pay", "--amount", "1", "--account", "a", "--token", "t", "--success-url", "https://shop.example"},
		{"charge", "a", "--item", "x"}, {"charge", "a", "--item", "0:0"}, {"charge", "a", "--item", "0", "--amount", "1"},
		{"refund"}, {"remove-card"}, {"charge", "a", "--item", number + ":x"},
		{"withdraw", "--amount", "1", "--person", "-"}, {"withdraw", "--amount", "1", "--contract", "c"}, {"payout", number},
		{"withdraw", "--amount", "1", "--contract", "c", "--person", "@testdata/person.json", "--branch-id", "7"},
		{"pay", "--amount", "1", "--account", "a", "--card-id", "9", "--cvc", "680"}, {"pay", "--line", number, "--hosted"},
		{"pay", "--amount", "1", "--account", "a", "--token", "t", "--line", "1:Tea:5"}, {"hold", "--ofd", "a:b:-5"},
		{"link-card", "--hosted", "--card", number}, {"link-card"},
		{"payout", "--amount", "1", "--card", number}, {"payout", "--amount", "1", "--card", number, "--sender", number},
	} {
		s := payctl(t, "", args...)
		s.expect(t, exitUsage)
		if strings.Contains(s.out+s.errs, number) || strings.Contains(s.errs, "111111") {
			t.Errorf("%v repeats a secret: %s%s", args, s.out, s.errs)
		}
	}
}

func TestHelpAndVersionArePrinted(t *testing.T) {
	payctl(t, "", "version").expect(t, exitDone, "payctl dev (commit …)")
	payctl(t, "", "--version").expect(t, exitDone, "payctl dev (commit …)")
	for _, args := range [][]string{
		{"--help"}, {"pay", "--help"}, {"withdraw", "--help"}, {"payout", "--help"}, {"sandbox", "fault", "--help"},
	} {
		s := payctl(t, "", args...)
		s.expect(t, exitDone)
		if !strings.Contains(s.out, "Usage: payctl") || !strings.Contains(s.out, "--nats") {
			t.Errorf("%v printed %q", args, s.out)
		}
	}
}

func TestNATSThatIsNotThereIsAnError(t *testing.T) {
	s := payctl(t, "", "--nats", "nats://127.0.0.1:1", "get", "a")
	s.expect(t, exitFailed)
	if !strings.Contains(s.errs, "check the address") {
		t.Errorf("said %q", s.errs)
	}
}
