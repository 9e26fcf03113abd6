package main

import (
	"bufio"
	"context"
	"encoding/json"
	"errors"
	"fmt"
	"io"
	"os/exec"
	"path/filepath"
	"strings"
	"sync"
	"syscall"
	"time"
)

const (
	readyWithin = 20 * time.Second
	stopWithin  = 20 * time.Second // SIGTERM to exit, says the contract
	linesKept   = 15               // of the log, for when the program dies
)

// program is a worker, everything embedded, or a webhook-ingress that runs as a process of ours.
type program struct {
	NATS  string // where a worker's NATS server listens
	Admin string // where a worker's sandbox is, and the metrics
	HTTP  string // where providers call an ingress

	cmd   *exec.Cmd
	ready chan struct{} // closed when it takes commands or calls
	ended chan error    // gives what it ended with, once
	log   []string      // the last lines, to be read when it has ended
}

// startWorker starts the worker with its files in dir, on ports that are free, and waits until it takes commands.
func startWorker(ctx context.Context, path, dir string, environ []string) (*program, error) {
	return start(ctx, path, append([]string{"DATA_DIR=" + dir, "NATS_LISTEN=127.0.0.1:0"}, environ...))
}

// startIngress starts the webhook-ingress that is next to the worker, on ports that are free, and waits until it takes
// calls.
func startIngress(ctx context.Context, worker, natsURL string, environ []string) (*program, error) {
	return start(ctx, filepath.Join(filepath.Dir(worker), "webhook-ingress"), append([]string{
		"NATS_URL=" + natsURL, "HTTP_ADDR=127.0.0.1:0", "BILLING=accept",
	}, environ...))
}

// start starts a program and waits until it is ready.
func start(ctx context.Context, path string, environ []string) (*program, error) {
	p := &program{
		cmd:   exec.CommandContext(context.WithoutCancel(ctx), path), // stop ends it, so that it can finish its work
		ready: make(chan struct{}), ended: make(chan error, 1),
	}
	p.cmd.Env = append([]string{"ADMIN_ADDR=127.0.0.1:0", "LOG_FORMAT=json"}, environ...)
	out, err := p.cmd.StdoutPipe()
	if err != nil {
		return nil, err
	}
	p.cmd.Stderr = p.cmd.Stdout
	if err := p.cmd.Start(); err != nil {
		return nil, fmt.Errorf("start the %s: %w: build it next to payctl (go build -o bin/ ./cmd/...) or give "+
			"--worker", p.name(), err)
	}
	go func() {
		p.listen(out)
		p.ended <- p.cmd.Wait()
	}()
	select {
	case <-p.ready:
		return p, nil
	case err := <-p.ended:
		return nil, fmt.Errorf("the %s ended at its start: %w\n%s", p.name(), err, strings.Join(p.log, "\n"))
	case <-ctx.Done():
		return nil, errors.Join(ctx.Err(), p.stop())
	case <-time.After(readyWithin):
		return nil, errors.Join(fmt.Errorf("the %s is not ready after %s", p.name(), readyWithin), p.stop())
	}
}

func (p *program) name() string { return filepath.Base(p.cmd.Path) }

// listen reads the log, in which the program tells its addresses and when it is ready.
func (p *program) listen(out io.Reader) {
	ready := sync.OnceFunc(func() { close(p.ready) }) // an ingress says it again when NATS comes back
	lines := bufio.NewScanner(out)
	for lines.Scan() {
		var said struct{ Msg, URL, Addr string }
		_ = json.Unmarshal(lines.Bytes(), &said) // a line that is no JSON says nothing
		switch said.Msg {
		case "embedded NATS":
			p.NATS = said.URL
		case "admin address":
			p.Admin = "http://" + said.Addr
		case "ingress address":
			p.HTTP = "http://" + said.Addr
		case "worker is ready", "ingress is ready":
			ready()
		}
		p.log = append(p.log, lines.Text())
		p.log = p.log[max(0, len(p.log)-linesKept):]
	}
	_, _ = io.Copy(io.Discard, out) // behind a line that is too long: the program must not block
}

// stop ends the program and waits until it is gone.
func (p *program) stop() error {
	if err := p.cmd.Process.Signal(syscall.SIGTERM); err != nil { // it is gone already
		return <-p.ended
	}
	select {
	case err := <-p.ended:
		return err
	case <-time.After(stopWithin):
		return errors.Join(fmt.Errorf("the %s did not stop and was killed", p.name()), p.cmd.Process.Kill(), <-p.ended)
	}
}
