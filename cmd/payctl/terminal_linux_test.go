package main

import (
	"bufio"
	"context"
	"fmt"
	"os"
	"strings"
	"testing"

	"golang.org/x/sys/unix"
)

// openTerminal gives both ends of a terminal: the person's and the program's.
func openTerminal(t *testing.T) (person, program *os.File) {
	t.Helper()
	person, err := os.OpenFile("/dev/ptmx", os.O_RDWR|unix.O_NOCTTY, 0)
	if err != nil {
		t.Skip("no terminals here: ", err)
	}
	t.Cleanup(func() { _ = person.Close() })
	if err := unix.IoctlSetPointerInt(int(person.Fd()), unix.TIOCSPTLCK, 0); err != nil {
		t.Fatal(err)
	}
	n, err := unix.IoctlGetInt(int(person.Fd()), unix.TIOCGPTN)
	if err != nil {
		t.Fatal(err)
	}
	program, err = os.OpenFile(fmt.Sprint("/dev/pts/", n), os.O_RDWR|unix.O_NOCTTY, 0)
	if err != nil {
		t.Fatal(err)
	}
	t.Cleanup(func() { _ = program.Close() })
	return person, program
}

// readUntil gives what a person sees until a text appears.
func readUntil(t *testing.T, person *bufio.Reader, text string) string {
	t.Helper()
	var seen strings.Builder
	for !strings.Contains(seen.String(), text) {
		b, err := person.ReadByte()
		if err != nil {
			t.Fatalf("after %q: %v", seen.String(), err)
		}
		seen.WriteByte(b)
	}
	return seen.String()
}

// H73: a card number that is typed at the prompt is not shown, and the terminal echoes again afterwards.
func TestPromptDoesNotShowWhatIsTyped(t *testing.T) {
	person, program := openTerminal(t)
	screen := bufio.NewReader(person)
	in := newInput(program, program)
	type answer struct {
		value string
		err   error
	}
	read := make(chan answer, 1)
	go func() {
		value, err := in.secret(t.Context(), "card number", "-")
		read <- answer{string(value), err}
	}()
	seen := readUntil(t, screen, "card number: ")
	if _, err := person.WriteString("8600490744313347\n"); err != nil {
		t.Fatal(err)
	}
	if got := <-read; got.err != nil || got.value != "8600490744313347" {
		t.Errorf("read %q, %v", got.value, got.err)
	}
	if _, err := program.WriteString("the end"); err != nil {
		t.Fatal(err)
	}
	if seen += readUntil(t, screen, "the end"); strings.Contains(seen, "8600") {
		t.Errorf("the terminal showed %q", seen)
	}
	state, err := unix.IoctlGetTermios(int(program.Fd()), getTermios)
	if err != nil || state.Lflag&unix.ECHO == 0 {
		t.Errorf("the terminal does not echo any more, %v", err)
	}
}

func TestPromptEndsWithItsContext(t *testing.T) {
	person, program := openTerminal(t)
	ctx, cancel := context.WithCancel(t.Context())
	ended := make(chan error, 1)
	go func() {
		_, err := newInput(program, program).secret(ctx, "code", "-")
		ended <- err
	}()
	readUntil(t, bufio.NewReader(person), "code: ")
	cancel()
	if err := <-ended; err == nil {
		t.Error("an interrupted prompt gave a code")
	}
	state, err := unix.IoctlGetTermios(int(program.Fd()), getTermios)
	if err != nil || state.Lflag&unix.ECHO == 0 {
		t.Errorf("the terminal does not echo any more, %v", err)
	}
}

// On a terminal the waiting is one line, which is wiped in the end, and the result is coloured.
func TestProgressOnATerminalIsOneLine(t *testing.T) {
	extID := fresh()
	person, program := openTerminal(t)
	ended := make(chan error, 1)
	go func() {
		ended <- run(t.Context(), []string{
			"--nats", os.Getenv(envNATS), "pay", "--ext-id", extID, "--amount", "100", "--account", "flat-" + extID,
			"--token", "tok", "--wait",
		}, nothing, nil, program, program)
	}()
	screen := readUntil(t, bufio.NewReader(person), "receipts")
	if err := <-ended; err != nil {
		t.Fatal(err)
	}
	line, rest, _ := strings.Cut(screen, "✓")
	if !strings.Contains(line, "\r\x1b[K") || strings.Contains(line, "\n") || !strings.Contains(line, "published") {
		t.Errorf("while waiting it showed %q", line)
	}
	if !strings.Contains(rest, "\x1b[1mcompleted\x1b[0m") {
		t.Errorf("the result is not coloured: %q", rest)
	}
}
