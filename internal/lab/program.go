package lab

import (
	"context"
	"errors"
	"fmt"
	"os"
	"os/exec"
	"path/filepath"
	"strings"
	"syscall"
	"time"
)

const (
	readyWait = 20 * time.Second
	readyLook = 10 * time.Millisecond
	stopWait  = 20 * time.Second // what the contract gives a program after SIGTERM
	tailSize  = 2000             // bytes of a log that an error shows
)

// Program can be started again and again, on the same files and the same port.
type Program struct {
	Name string // of the log file too

	lab   *Lab
	path  string
	args  []string
	env   []string                    // all of it: nothing of our own environment reaches a program
	ready func(context.Context) error // tells why it is not ready
}

// Process is one life of a program.
type Process struct {
	program *Program
	cmd     *exec.Cmd
	log     *os.File
	ended   chan struct{}
	err     error // how it ended, once ended is closed
}

// Start starts the program and does not wait until it is ready.
func (p *Program) Start() (*Process, error) { return p.lab.start(p) }

// Boot starts the program and waits until it is ready.
func (p *Program) Boot(ctx context.Context) (*Process, error) {
	process, err := p.Start()
	if err != nil {
		return nil, err
	}
	if err := process.Ready(ctx); err != nil {
		process.Kill()
		return nil, err
	}
	return process, nil
}

// LogFile is where the program's output goes, that of all its lives.
func (p *Program) LogFile() string { return filepath.Join(p.lab.dir, p.Name+".log") }

func launch(p *Program) (*Process, error) {
	log, err := os.OpenFile(p.LogFile(), os.O_CREATE|os.O_APPEND|os.O_WRONLY, 0o600)
	if err != nil {
		return nil, err
	}
	cmd := exec.Command(p.path, p.args...)
	cmd.Dir, cmd.Env, cmd.Stdout, cmd.Stderr = p.lab.dir, p.env, log, log
	cmd.SysProcAttr = &syscall.SysProcAttr{Setpgid: true} // Ctrl-C is for us; we end them in order
	dieWithUs(cmd.SysProcAttr)
	if err := cmd.Start(); err != nil {
		return nil, errors.Join(err, log.Close())
	}
	process := &Process{program: p, cmd: cmd, log: log, ended: make(chan struct{})}
	go process.wait()
	return process, nil
}

func (p *Process) wait() {
	p.err = errors.Join(p.cmd.Wait(), p.log.Close())
	close(p.ended)
}

// Ended is closed when the process is gone.
func (p *Process) Ended() <-chan struct{} { return p.ended }

// Err tells how a process ended that is gone: nil for exit code 0.
func (p *Process) Err() error {
	<-p.ended
	return p.err
}

// over tells whether it is gone.
func (p *Process) over() bool {
	select {
	case <-p.ended:
		return true
	default:
		return false
	}
}

// PID is the process's number.
func (p *Process) PID() int { return p.cmd.Process.Pid }

// Ready waits until the process can be used. It gives up when the process ends, and after some seconds.
func (p *Process) Ready(ctx context.Context) error {
	ctx, cancel := context.WithTimeout(ctx, readyWait)
	defer cancel()
	tick := time.NewTicker(readyLook)
	defer tick.Stop()
	for {
		why := p.program.ready(ctx)
		if why == nil && !p.over() {
			return nil
		}
		select {
		case <-p.ended:
			return fmt.Errorf("%s ended before it was ready: %w\n%s", p.program.Name, p.err, p.program.Tail())
		case <-ctx.Done():
			return fmt.Errorf("%s is not ready: %w\n%s", p.program.Name, why, p.program.Tail())
		case <-tick.C:
		}
	}
}

// Kill ends the process with SIGKILL and waits until it is gone.
func (p *Process) Kill() {
	_ = p.cmd.Process.Kill() // fails only when it is gone already
	<-p.ended
}

// Stop ends the process with SIGTERM and waits until it is gone. A process that does not go in the time of the contract
// is killed, which is an error, as is another exit code than 0.
func (p *Process) Stop() error {
	p.Thaw()
	_ = p.cmd.Process.Signal(syscall.SIGTERM)
	select {
	case <-p.ended:
	case <-time.After(stopWait):
		p.Kill()
		return fmt.Errorf("%s did not stop within %s of SIGTERM\n%s", p.program.Name, stopWait, p.program.Tail())
	}
	if p.err != nil {
		return fmt.Errorf("%s after SIGTERM: %w\n%s", p.program.Name, p.err, p.program.Tail())
	}
	return nil
}

// Freeze holds the process still (SIGSTOP), as a machine that swaps or a container that is paused does.
func (p *Process) Freeze() { _ = p.cmd.Process.Signal(syscall.SIGSTOP) }

// Thaw lets a frozen process go on.
func (p *Process) Thaw() { _ = p.cmd.Process.Signal(syscall.SIGCONT) }

// Tail is the end of the program's log.
func (p *Program) Tail() string {
	content, err := os.ReadFile(p.LogFile())
	if err != nil {
		return err.Error()
	}
	return strings.TrimSpace(string(content[max(0, len(content)-tailSize):]))
}
