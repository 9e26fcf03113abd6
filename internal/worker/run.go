package worker

import (
	"context"
	"errors"
	"fmt"
	"time"

	"github.com/ThreeDotsLabs/watermill/message"
	"github.com/nats-io/nats.go/micro"
	"golang.org/x/sync/errgroup"

	"tolov/internal/journal"
)

// The way down must fit in 20 s (contract): calls that are still under way are given up after callGrace.
const (
	callGrace   = 12 * time.Second
	closeGrace  = 14 * time.Second
	closePoll   = 20 * time.Millisecond
	lastEvents  = 500 * time.Millisecond // for the projector to write what the last messages led to
	revokeGrace = time.Second
)

// Run works until ctx ends, then finishes what is in hand. It returns an error when it cannot go on.
func (w *Worker) Run(ctx context.Context) error {
	router, err := w.router()
	if err != nil {
		return err
	}
	// What follows from a message in hand must still be possible after ctx has ended: only pulling ends with ctx.
	background, stop := context.WithCancel(context.WithoutCancel(ctx))
	defer stop()
	group, background := errgroup.WithContext(background)
	pulling, stopPulling := context.WithCancel(background)
	defer stopPulling()
	w.pulling = pulling
	service, err := w.serve()
	if err != nil {
		return err
	}
	group.Go(func() error { return w.project(background) })
	group.Go(func() error { return w.sweepLoop(pulling) })
	group.Go(func() error { return w.watchStreams(pulling) })
	group.Go(func() error { return w.watchSwitches(pulling) })
	group.Go(func() error { return w.watchKeys(pulling) })
	group.Go(func() error { return w.measureLoop(pulling) })
	group.Go(func() error { return w.planLoop(pulling) })
	group.Go(func() error { return router.Run(pulling) })
	select {
	case <-router.Running():
		w.setFault(nil)
		w.parts.Log.InfoContext(ctx, "worker is ready", "version", w.parts.Version)
		select {
		case <-ctx.Done():
		case <-background.Done():
		}
	case <-background.Done():
	}
	stopPulling()
	w.finish(router, service)
	stop()
	err = w.wait(group)
	w.giveBack()
	return err
}

// finish waits until the messages in hand are settled and their events are out. Calls that take too long are given up:
// their outcome will be asked for. What cannot be finished is left to another worker; nothing is lost (H71).
func (w *Worker) finish(router *message.Router, service micro.Service) {
	w.setFault(errors.New("stopping"))
	w.parts.Log.Info("worker is stopping: finishing what is in hand")
	abort := time.AfterFunc(callGrace, w.guard.Abort)
	defer abort.Stop()
	deadline := time.After(closeGrace)
	for !router.IsClosed() {
		select {
		case <-deadline:
			w.parts.Log.Warn("not everything in hand could be finished; another worker takes it over")
			return
		case <-time.After(closePoll):
		}
	}
	<-time.After(lastEvents)
	w.sent(service.Stop())
}

// wait collects what the background came to, but not for longer than the way down allows.
func (w *Worker) wait(group *errgroup.Group) error {
	done := make(chan error, 1)
	go func() { done <- group.Wait() }()
	select {
	case err := <-done:
		return err
	case <-time.After(lastEvents):
		return nil
	}
}

// giveBack returns what the worker holds at the providers.
func (w *Worker) giveBack() {
	ctx, cancel := context.WithTimeout(context.Background(), revokeGrace)
	defer cancel()
	if err := w.registry.Close(ctx); err != nil { // a token that could not be revoked runs out by itself
		w.parts.Log.Warn("provider account not closed", "err", err)
	}
	w.http.Close()
}

// project runs the projector. Events whose records are gone are a reason to stop everything: a person must look.
func (w *Worker) project(ctx context.Context) error {
	err := w.projector.Run(ctx)
	if errors.Is(err, journal.ErrJournalShort) {
		w.metrics.journalShort.Store(1)
		return fmt.Errorf("refusing to run: %w", err)
	}
	return err
}

const (
	auditEvery = 5 * time.Second
	auditAgain = 2 * time.Second // while something is wrong
	auditWait  = 3 * time.Second // a server that is frozen or has no quorum does not answer at all (H34)
)

// watchStreams looks now and then whether the streams are still as they must be (H33).
func (w *Worker) watchStreams(ctx context.Context) error {
	for pause := auditEvery; ; {
		select {
		case <-ctx.Done():
			return nil
		case <-time.After(pause):
		}
		err := w.audit(ctx)
		if ctx.Err() != nil {
			continue
		}
		pause = auditEvery
		if err != nil {
			pause = auditAgain
			w.parts.Log.ErrorContext(ctx, "streams are not as they must be", "err", err)
		}
		w.setFault(err)
	}
}

func (w *Worker) audit(ctx context.Context) error {
	ctx, cancel := context.WithTimeout(ctx, auditWait)
	defer cancel()
	return w.layout.Audit(ctx, w.js)
}

// Ready tells why the worker is not ready, nil when it is.
func (w *Worker) Ready() error {
	w.state.Lock()
	defer w.state.Unlock()
	if w.fault == nil && !w.parts.NATS.IsConnected() {
		return errors.New("NATS is not connected")
	}
	return w.fault
}

func (w *Worker) setFault(err error) {
	w.state.Lock()
	defer w.state.Unlock()
	w.fault = err
}
