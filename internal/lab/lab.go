package lab

import (
	"errors"
	"fmt"
	"os"
	"path/filepath"
	"runtime"
	"slices"
	"sync"
	"time"
)

// Lab owns a directory and the processes that were started for it. It is safe for concurrent use.
type Lab struct {
	dir    string
	bins   Binaries
	starts chan func()

	mu      sync.Mutex
	closed  bool
	running []*Process // in the order of their start
}

var errClosed = errors.New("the lab is closed")

// New makes a lab that keeps its files and its processes' output in a new directory under dir: what another one left
// there is not touched.
func New(dir string, bins Binaries) (*Lab, error) {
	dir, err := filepath.Abs(dir)
	if err != nil {
		return nil, err
	}
	if err := os.MkdirAll(dir, 0o700); err != nil {
		return nil, err
	}
	if dir, err = os.MkdirTemp(dir, time.Now().Format("20060102-150405-")); err != nil {
		return nil, err
	}
	l := &Lab{dir: dir, bins: bins, starts: make(chan func())}
	go l.starter()
	return l, nil
}

// starter starts all processes from one thread. Linux ends them with the thread that started them, and no other thread
// of a Go program is sure to live as long as the program.
func (l *Lab) starter() {
	runtime.LockOSThread()
	for start := range l.starts {
		start()
	}
}

// start starts a program and counts it in, unless the lab is closed.
func (l *Lab) start(p *Program) (*Process, error) {
	l.mu.Lock()
	defer l.mu.Unlock()
	if l.closed {
		return nil, errClosed
	}
	l.running = slices.DeleteFunc(l.running, (*Process).over)
	var process *Process
	var err error
	done := make(chan struct{})
	l.starts <- func() {
		defer close(done)
		process, err = launch(p)
	}
	<-done
	if err != nil {
		return nil, fmt.Errorf("%s: %w", p.Name, err)
	}
	l.running = append(l.running, process)
	return process, nil
}

// Close kills what still runs, the last started first, and waits until it is gone. It may be called twice.
func (l *Lab) Close() {
	l.mu.Lock()
	defer l.mu.Unlock()
	if l.closed {
		return
	}
	l.closed = true
	for _, p := range slices.Backward(l.running) {
		p.Kill()
	}
	close(l.starts)
}

// Dir is where the lab keeps its files.
func (l *Lab) Dir() string { return l.dir }
