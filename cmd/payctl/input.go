package main

import (
	"bufio"
	"bytes"
	"context"
	"encoding/json"
	"errors"
	"fmt"
	"io"
	"os"
	"strings"

	"tolov/client"
)

// input is standard input, from which secrets can be read so that they stay out of the shell's history and of the
// process list.
type input struct {
	lines *bufio.Reader
	tty   *os.File // when it is a terminal
	ask   io.Writer
}

func newInput(stdin io.Reader, ask io.Writer) *input {
	in := &input{lines: bufio.NewReader(stdin), ask: ask}
	if isTerminal(stdin) {
		in.tty, _ = stdin.(*os.File)
	}
	return in
}

// secret reads a value as the command line names it: "-" is a line of standard input, asked for without echo when that
// is a terminal; "@path" is the first line of a file; anything else is the value itself.
func (in *input) secret(ctx context.Context, what, given string) (client.Secret, error) {
	line, err := given, error(nil)
	switch path, isFile := strings.CutPrefix(given, "@"); {
	case given == "-" && in.tty != nil:
		line, err = in.prompt(ctx, what)
	case given == "-":
		line, err = firstLine(in.lines)
	case isFile:
		line, err = lineOf(path)
	}
	if err != nil {
		return "", fmt.Errorf("%w: %s cannot be read: %w", errUsage, what, err)
	}
	return client.Secret(strings.TrimSpace(line)), nil
}

// personal reads a JSON object of somebody's data into one of client's types: "-" is the next one on standard input, a
// single hidden line when that is a terminal; "@path" is a file. Nothing else is taken, and an error repeats nothing.
func (in *input) personal(ctx context.Context, what, given string, into any) error {
	var from io.Reader = in.lines
	switch path, isFile := strings.CutPrefix(given, "@"); {
	case isFile:
		data, err := os.ReadFile(path)
		if err != nil {
			return fmt.Errorf("%w: %s cannot be read: %w", errUsage, what, err)
		}
		from = bytes.NewReader(data)
	case given != "-":
		return fmt.Errorf("%w: %s must be - or @file: personal data do not belong on the command line", errUsage, what)
	case in.tty != nil:
		line, err := in.prompt(ctx, what+" (JSON on one line)")
		if err != nil {
			return fmt.Errorf("%w: %s cannot be read: %w", errUsage, what, err)
		}
		from = strings.NewReader(line)
	}
	reading := json.NewDecoder(from)
	reading.DisallowUnknownFields()
	if reading.Decode(into) != nil { // the reason might repeat a value
		return fmt.Errorf("%w: %s is no JSON object of the texts that --help lists", errUsage, what)
	}
	if from == in.lines {
		in.lines = bufio.NewReader(io.MultiReader(reading.Buffered(), in.lines))
	}
	return nil
}

// prompt asks on the terminal. Nothing of the answer is shown, and the terminal is left as it was even when ctx ends.
func (in *input) prompt(ctx context.Context, what string) (string, error) {
	restore, err := hideTyping(in.tty)
	if err != nil {
		return "", err
	}
	defer func() { restore(); show(in.ask, "\n") }()
	show(in.ask, "%s: ", what)
	type answer struct {
		line string
		err  error
	}
	typed := make(chan answer, 1)
	go func() {
		line, err := firstLine(in.lines)
		typed <- answer{line, err}
	}()
	select {
	case a := <-typed:
		return a.line, a.err
	case <-ctx.Done():
		return "", ctx.Err()
	}
}

func lineOf(path string) (string, error) {
	file, err := os.Open(path)
	if err != nil {
		return "", err
	}
	line, err := firstLine(bufio.NewReader(file))
	return line, errors.Join(err, file.Close())
}

// firstLine reads a line that may lack its end. An empty one is an error.
func firstLine(r *bufio.Reader) (string, error) {
	line, err := r.ReadString('\n')
	if err != nil && !errors.Is(err, io.EOF) {
		return "", err
	}
	if strings.TrimSpace(line) == "" {
		return "", errors.New("nothing was given")
	}
	return line, nil
}
