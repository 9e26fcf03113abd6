package main

import (
	"context"
	"errors"
	"fmt"
	"io"
	"sync"
	"time"

	"github.com/nats-io/nats.go"
	"github.com/nats-io/nats.go/jetstream"

	"tolov/internal/events"
	"tolov/internal/lab"
)

const (
	lookEvery = 100 * time.Millisecond
	drainWait = time.Minute // for messages of dead workers to come back and be settled
)

// chaos is one experiment.
type chaos struct {
	options
	out     io.Writer
	servers *lab.Servers
	nc      *nats.Conn
	js      jetstream.JetStream
	crew    []*keeper // of workers
	doors   []*keeper // of ingresses
	bank    *bank     // nil: nobody calls the ingresses
	book    *book     // what the events told so far
	trouble trouble
	start   time.Time

	mu     sync.Mutex
	faults []string
}

// experiment runs from a quiet start through all the trouble to a quiet end, and judges.
func experiment(ctx context.Context, l *lab.Lab, o options, out io.Writer) error {
	servers, err := l.Serve(ctx, lab.Settings{Latency: o.latency})
	if err != nil {
		return err
	}
	defer func() { _ = servers.Close() }()
	c := &chaos{options: o, out: out, servers: servers, book: newBook(), start: time.Now()}
	if c.nc, err = servers.Connect(); err != nil {
		return err
	}
	defer c.nc.Close()
	if c.js, err = jetstream.New(c.nc); err != nil {
		return err
	}
	stop, err := c.hire(ctx)
	defer stop()
	if err != nil {
		return err
	}
	leave := c.open(ctx)
	defer leave()
	for _, phase := range []func(context.Context) error{c.storm, c.drain} {
		if err := phase(ctx); err != nil {
			return err
		}
	}
	v, err := c.judge(ctx)
	if err != nil {
		return err
	}
	histories := c.histories(ctx, v)
	leave()
	stop() // and how the workers stop counts too
	return c.report(v, histories)
}

// hire starts the workers and waits until all are ready, which they never need to be again. What it returns stops them
// as an operator would, and must be called; more than once does no harm.
func (c *chaos) hire(ctx context.Context) (stop func(), err error) {
	var crew sync.WaitGroup
	working, cancel := context.WithCancel(ctx)
	stop = func() { cancel(); crew.Wait() }
	for i := range c.workers {
		program, err := c.servers.Worker(fmt.Sprint("worker-", i+1),
			"PROVIDER_TIMEOUT_S=2", "POLL_SCHEDULE=500ms,1s,2s", // so that doubts end in seconds
			fmt.Sprint("UZUM_SERVICE_ID=", lab.UzumService), "UZUM_LOGIN="+lab.UzumLogin, "UZUM_PASSWORD="+lab.UzumPassword)
		if err != nil {
			return stop, err
		}
		c.crew = append(c.crew, c.keeper(working, program, &crew))
	}
	if err := c.await(ctx, c.crew); err != nil || c.uzum == 0 {
		return stop, err
	}
	return stop, c.openBank(working, &crew)
}

// keeper keeps a program alive until ctx ends.
func (c *chaos) keeper(ctx context.Context, program *lab.Program, crew *sync.WaitGroup) *keeper {
	k := &keeper{program: program, fault: c.fault, mayFailToStart: c.nats, ready: make(chan struct{})}
	crew.Go(func() { k.keep(ctx) })
	return k
}

// await waits until all programs were ready.
func (c *chaos) await(ctx context.Context, crew []*keeper) error {
	for _, k := range crew {
		select {
		case <-k.ready:
		case <-time.After(drainWait):
			return fmt.Errorf("%s is not ready: see its log", k.program.Name)
		case <-ctx.Done():
			return ctx.Err()
		}
	}
	return nil
}

// open lets the customers in. What it returns sends them away, and must be called.
func (c *chaos) open(ctx context.Context) (leave func()) {
	ctx, cancel := context.WithCancel(ctx)
	customers := &customers{chaos: c, asked: make(chan request, c.n)}
	tasks := []func(context.Context) error{customers.pay, customers.listen, customers.giveCodes}
	if c.bank != nil {
		tasks = append(tasks, customers.bring)
	}
	wait := c.all(ctx, tasks)
	return func() { cancel(); wait() }
}

// all runs tasks at the same time; their errors are faults. What it returns waits for them.
func (c *chaos) all(ctx context.Context, tasks []func(context.Context) error) (wait func()) {
	var running sync.WaitGroup
	for _, task := range tasks {
		running.Go(func() {
			if err := task(ctx); err != nil && ctx.Err() == nil {
				c.fault("%v", err)
			}
		})
	}
	return running.Wait
}

// storm is the time of trouble: it lasts until all payments are completed, or as long as the deadline allows.
func (c *chaos) storm(ctx context.Context) error {
	trouble, cancel := context.WithTimeout(ctx, c.within)
	wait := c.all(trouble, c.troubles())
	defer wait()
	defer cancel()
	done := func() (bool, string, error) {
		completed, brought := c.book.completed(), c.bank.brought()
		words := fmt.Sprintf(
			"%d of %d payments completed, %d of %d at the bank, %s", completed, c.n, brought, c.uzum, &c.trouble)
		return completed >= c.n && brought >= c.uzum, words, nil
	}
	err := c.until(trouble, done)
	if errors.Is(err, context.DeadlineExceeded) {
		c.fault("%d payments not completed within %s", c.n-c.book.completed(), c.within)
		return nil
	}
	return err
}

// drain is the quiet time after it: what dead workers had in hand comes back, and timers are taken away.
func (c *chaos) drain(ctx context.Context) error {
	quiet, cancel := context.WithTimeout(ctx, drainWait)
	defer cancel()
	err := c.until(quiet, func() (bool, string, error) {
		left, err := c.leftOver(ctx)
		open := c.n - c.book.completed()
		words := fmt.Sprintf("quiet now, %d payments not completed, %d messages left over", open, left.sum())
		return open <= 0 && left.sum() == 0, words, err
	})
	if errors.Is(err, context.DeadlineExceeded) && ctx.Err() == nil {
		return nil // the judge finds what is wrong
	}
	return err
}

// until shows how things stand until they are as they should be.
func (c *chaos) until(ctx context.Context, look func() (done bool, words string, err error)) error {
	progress := newProgress(c.out)
	defer progress.done()
	for {
		done, words, err := look()
		if err != nil {
			return err
		}
		progress.show("%s  %s", time.Since(c.start).Round(time.Second), words)
		if done {
			return nil
		}
		select {
		case <-ctx.Done():
			return ctx.Err()
		case <-time.After(lookEvery):
		}
	}
}

// leftOver is how many messages wait in a stream that must be empty in the end, by stream.
type leftOver map[string]uint64

func (l leftOver) sum() (n uint64) {
	for _, messages := range l {
		n += messages
	}
	return n
}

func (c *chaos) leftOver(ctx context.Context) (leftOver, error) {
	left := leftOver{}
	for _, name := range []string{events.StreamCommands, events.StreamTimers, events.StreamDead} {
		stream, err := c.js.Stream(ctx, name)
		if err != nil {
			return nil, fmt.Errorf("%s: %w", name, err)
		}
		left[name] = stream.CachedInfo().State.Msgs
	}
	return left, nil
}

// fault notes what must not be.
func (c *chaos) fault(format string, args ...any) {
	c.mu.Lock()
	defer c.mu.Unlock()
	c.faults = append(c.faults, fmt.Sprintf(format, args...))
}
