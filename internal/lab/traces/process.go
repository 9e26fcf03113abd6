package traces

import (
	"context"
	"errors"
	"fmt"
	"os"
	"os/exec"
	"time"
)

const (
	readyWithin = 30 * time.Second
	readyPause  = 50 * time.Millisecond
)

// Process is a Jaeger that was started here.
type Process struct {
	Jaeger
	OTLP string // where spans are sent

	cmd   *exec.Cmd
	ended chan error
}

// Start starts a Jaeger and waits until it answers. query and otlp are the addresses it listens on.
func Start(ctx context.Context, path, config, query, otlp string) (*Process, error) {
	p := &Process{
		Jaeger: Jaeger{URL: "http://" + query}, OTLP: "http://" + otlp,
		cmd: exec.CommandContext(ctx, path, "--config", config), ended: make(chan error, 1),
	}
	p.cmd.Env = append(os.Environ(), "JAEGER_QUERY="+query, "JAEGER_OTLP="+otlp)
	p.cmd.Stderr = os.Stderr
	if err := p.cmd.Start(); err != nil {
		return nil, err
	}
	go func() { p.ended <- p.cmd.Wait() }()
	late := time.After(readyWithin)
	for p.Ready(ctx) != nil {
		select {
		case err := <-p.ended:
			return nil, fmt.Errorf("jaeger ended at its start: %w", err)
		case <-late:
			return nil, errors.Join(errors.New("jaeger is not ready"), p.Stop())
		case <-time.After(readyPause):
		}
	}
	return p, nil
}

// Stop ends it.
func (p *Process) Stop() error {
	if err := p.cmd.Process.Kill(); err != nil && !errors.Is(err, os.ErrProcessDone) {
		return err
	}
	if err := <-p.ended; err == nil {
		return errors.New("jaeger had ended by itself")
	}
	return nil
}
