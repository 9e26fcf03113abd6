package main

import (
	"bytes"
	"context"
	"errors"
	"fmt"
	"slices"
	"strconv"
	"sync/atomic"
	"time"

	"github.com/nats-io/nats.go"
	"github.com/nats-io/nats.go/jetstream"

	"tolov/internal/events"
	"tolov/internal/payment"
)

const (
	amount    = 150_000 // tiyin
	stallWait = 30 * time.Second
	stallLook = time.Second
)

// load pays. It shares the machine with what it measures, so it does as little as it can: one connection, commands
// published without waiting for their acknowledgements, one subscription, and no event decoded.
type load struct {
	nc       *nats.Conn
	js       jetstream.JetStream
	inflight int
	batches  int
	refused  atomic.Pointer[error] // why a command was not stored
}

func newLoad(nc *nats.Conn, inflight int) (*load, error) {
	l := &load{nc: nc, inflight: inflight}
	var err error
	l.js, err = jetstream.New(nc, jetstream.WithPublishAsyncErrHandler(
		func(_ jetstream.JetStream, _ *nats.Msg, err error) { l.refused.Store(&err) }))
	return l, err
}

// flown is what came of a batch of payments.
type flown struct {
	took    time.Duration   // from the first publish to the last completed event
	latency []time.Duration // from publish to the completed event, in order of length
}

// batch is a number of payments that are made together.
type batch struct {
	prefix  []byte // of their ext_ids
	begun   time.Time
	free    chan struct{}
	start   []atomic.Int64 // nanoseconds since begun
	latency []time.Duration
	done    atomic.Int64
	took    time.Duration
	all     chan struct{}
}

// pay makes n payments, so many in flight as the load is for, and waits until all are completed.
func (l *load) pay(ctx context.Context, n int) (*flown, error) {
	l.batches++
	b := &batch{
		prefix: fmt.Appendf(nil, "b%d-", l.batches), free: make(chan struct{}, l.inflight), all: make(chan struct{}),
		start: make([]atomic.Int64, n), latency: make([]time.Duration, n),
	}
	sub, err := l.nc.Subscribe(events.EventSubject(payment.EventCompleted, "*"), func(m *nats.Msg) { b.completed(m.Data) })
	if err != nil {
		return nil, err
	}
	defer func() { _ = sub.Unsubscribe() }()
	if err := l.nc.Flush(); err != nil {
		return nil, err
	}
	ctx, cancel := context.WithCancelCause(ctx)
	defer cancel(nil)
	go l.watch(ctx, cancel, b)
	b.begun = time.Now()
	if err := l.publish(ctx, b); err != nil {
		return nil, err
	}
	select {
	case <-b.all:
	case <-ctx.Done():
		return nil, context.Cause(ctx)
	}
	slices.Sort(b.latency)
	return &flown{took: b.took, latency: b.latency}, nil
}

func (l *load) publish(ctx context.Context, b *batch) error {
	subject := events.CommandSubject(payment.VerbPay)
	for i := range b.start {
		select {
		case b.free <- struct{}{}:
		case <-ctx.Done():
			return context.Cause(ctx)
		}
		body := command(b.prefix, i)
		b.start[i].Store(int64(time.Since(b.begun)))
		if _, err := l.js.PublishMsgAsync(&nats.Msg{Subject: subject, Data: body}); err != nil {
			return err
		}
	}
	return nil
}

// watch ends the batch when a command was not stored, or when nothing comes any more.
func (l *load) watch(ctx context.Context, cancel context.CancelCauseFunc, b *batch) {
	tick := time.NewTicker(stallLook)
	defer tick.Stop()
	seen, since := int64(0), time.Now()
	for {
		select {
		case <-ctx.Done():
			return
		case <-tick.C:
		}
		if err := l.refused.Load(); err != nil {
			cancel(fmt.Errorf("command not stored: %w", *err))
		}
		if done := b.done.Load(); done != seen {
			seen, since = done, time.Now()
		} else if time.Since(since) > stallWait {
			cancel(fmt.Errorf("%d of %d payments completed, and no more for %s", seen, len(b.start), stallWait))
		}
	}
}

// command is the body of the i-th payment's command.
func command(prefix []byte, i int) []byte {
	id := strconv.AppendInt(slices.Clip(prefix), int64(i), 10)
	body := make([]byte, 0, 160)
	body = append(body, `{"ext_id":"`...)
	body = append(body, id...)
	body = append(body, `","provider":"atmos","amount":`...)
	body = strconv.AppendInt(body, amount, 10)
	body = append(body, `,"account":"`...)
	body = append(body, id...)
	return append(body, `","card":{"token":"lab"}}`...)
}

// completed takes note of an event. It is called by one goroutine.
func (b *batch) completed(event []byte) {
	i, err := number(event, b.prefix)
	if err != nil || i >= len(b.start) || b.latency[i] != 0 {
		return // another batch's, or told again
	}
	now := time.Since(b.begun)
	b.latency[i] = now - time.Duration(b.start[i].Load())
	<-b.free
	if int(b.done.Add(1)) == len(b.start) {
		b.took = now
		close(b.all)
	}
}

var errOther = errors.New("not of this batch")

// number finds the payment's number behind the prefix of its ext_id. The field stands once in an event: what a caller
// may write freely is quoted there.
func number(event, prefix []byte) (int, error) {
	const field = `"ext_id":"`
	at := bytes.Index(event, []byte(field))
	if at < 0 {
		return 0, errOther
	}
	digits, found := bytes.CutPrefix(event[at+len(field):], prefix)
	end := bytes.IndexByte(digits, '"')
	if !found || end < 0 {
		return 0, errOther
	}
	return strconv.Atoi(string(digits[:end]))
}
