package main

import (
	"cmp"
	"context"
	"errors"
	"fmt"
	"net/netip"
	"strconv"
	"strings"

	"github.com/nats-io/nats.go/jetstream"
	"golang.org/x/mod/semver"

	"tolov/internal/desk"
	"tolov/internal/events"
)

// oldestServer is the first NATS server whose mended faults we rely on (docs/adr/0006).
const oldestServer = "2.12.3"

// server looks at the server and the way to it.
func (c *chart) server(d *desk.Desk) {
	version := d.NATS.ConnectedServerVersion()
	if semver.Compare("v"+version, "v"+oldestServer) < 0 {
		c.add(fails, "NATS", "the server is "+version+", "+oldestServer+" is the least", "upgrade it")
	}
	if !d.NATS.TLSRequired() && !loopback(d.NATS.ConnectedAddr()) {
		c.add(warns, "NATS", "the way to the server is not encrypted", "use TLS: cards travel there")
	}
	c.healthy("NATS", "server "+version)
}

func loopback(address string) bool {
	host, err := netip.ParseAddrPort(address)
	return err == nil && host.Addr().IsLoopback()
}

// streams compares every stream with what it must be (H32, H33).
func (c *chart) streams(ctx context.Context, d *desk.Desk, workers []desk.Heard) {
	layout, err := layoutOf(ctx, d, workers)
	if err != nil {
		c.add(fails, "streams", err.Error(), "start a worker: it creates them")
		return
	}
	var all interface{ Unwrap() []error }
	if err := layout.Audit(ctx, d.JS); errors.As(err, &all) {
		for _, one := range all.Unwrap() {
			c.add(fails, "streams", one.Error(), "mend it with nats stream edit, or restore the stream; workers are not ready "+
				"until then")
		}
	}
	if layout.Replicas < 2 && !embedded(workers) {
		c.add(warns, "streams", "one replica of each: a disk that is lost takes payments with it",
			"NATS_REPLICAS=3 on three servers")
	}
	c.healthy("streams", fmt.Sprintf("all there, %d journal shards, %d replicas", layout.Shards, layout.Replicas))
}

func embedded(workers []desk.Heard) bool { return len(workers) > 0 && workers[0].Embedded }

// layoutOf is how the streams must be, by a worker's settings or else by how the journal was made.
func layoutOf(ctx context.Context, d *desk.Desk, workers []desk.Heard) (events.Layout, error) {
	if len(workers) > 0 {
		return events.Layout{Shards: workers[0].Shards, Replicas: workers[0].Replicas}, nil
	}
	journal, err := d.JS.Stream(ctx, events.JournalStream(0))
	if err != nil {
		return events.Layout{}, fmt.Errorf("the journal cannot be looked at: %w", err)
	}
	config := journal.CachedInfo().Config
	shards, err := strconv.Atoi(config.Metadata[events.ShardsKey])
	if err != nil {
		return events.Layout{}, errors.New("the journal does not say how many shards it has")
	}
	return events.Layout{Shards: shards, Replicas: config.Replicas}, nil
}

// consumers compares the workers' consumers with what they must be, and looks at what waits before them.
func (c *chart) consumers(ctx context.Context, d *desk.Desk, workers []desk.Heard) {
	for _, of := range []struct{ stream, topic string }{
		{events.StreamCommands, events.TopicCommands}, {events.StreamTimers, events.TopicTimers},
		{events.StreamNotices, events.TopicNotices},
	} {
		where := "consumer of " + of.stream
		consumer, err := d.JS.Consumer(ctx, of.stream, events.DurableWorker)
		if err != nil {
			c.add(fails, where, "is not there: "+err.Error(), "start a worker: it makes its consumers again")
			continue
		}
		info := consumer.CachedInfo()
		c.consumer(where, info, events.ConsumerConfig(events.DurableWorker, of.topic), workers)
		c.healthy(where, fmt.Sprintf("%d waiting, %d in hand", info.NumPending, info.NumAckPending))
	}
}

func (c *chart) consumer(
	where string, info *jetstream.ConsumerInfo, want jetstream.ConsumerConfig, workers []desk.Heard,
) {
	have := info.Config
	check := func(ok bool, what string) {
		if !ok {
			c.add(fails, where, what, "delete the consumer while no worker runs; a worker makes it again")
		}
	}
	check(have.AckPolicy == want.AckPolicy, "messages count as done before they are acknowledged")
	check(have.MaxDeliver == want.MaxDeliver, fmt.Sprintf("a message is given up after %d deliveries", have.MaxDeliver))
	check(have.FilterSubject == want.FilterSubject,
		"it passes over messages: its filter is "+cmp.Or(have.FilterSubject, "none"))
	check(have.AckWait == want.AckWait,
		fmt.Sprintf("ack wait is %s, must be %s: a message may be in two hands", have.AckWait, want.AckWait))
	check(have.MaxAckPending >= want.MaxAckPending,
		fmt.Sprintf("at most %d messages are in hand, waiting ones included: an outage of one provider stops all",
			have.MaxAckPending))
	if info.Paused {
		c.add(fails, where, "it is paused: nothing is taken", "nats consumer resume")
	}
	switch waiting := info.NumPending; {
	case waiting > 0 && len(workers) == 0:
		c.add(fails, where, fmt.Sprintf("%d messages wait and no worker runs", waiting), "start one")
	case waiting > manyWaiting:
		c.add(warns, where, fmt.Sprintf("%d messages wait", waiting),
			"more workers, or a provider that is slow: payctl stuck")
	}
	if full := have.MaxAckPending; full > 0 && info.NumAckPending*10 >= full*8 {
		c.add(fails, where, fmt.Sprintf("%d of %d places for messages in hand are taken", info.NumAckPending, full),
			"resume a paused provider, or mend what makes messages come again")
	}
}

const manyWaiting = 10_000

// storage looks at how full it is (H31).
func (c *chart) storage(ctx context.Context, d *desk.Desk) {
	info, err := d.JS.AccountInfo(ctx)
	if err != nil {
		c.add(warns, "storage", "cannot be looked at: "+err.Error(), "")
		return
	}
	c.fill("storage", "the account's storage", info.Store, uint64(max(info.Limits.MaxStore, 0)))
	for stream := range d.JS.ListStreams(ctx).Info() {
		if strings.HasPrefix(stream.Config.Name, "PAYMENTS_") {
			c.fill("storage", stream.Config.Name, stream.State.Bytes, uint64(max(stream.Config.MaxBytes, 0)))
		}
	}
	c.healthy("storage", fmt.Sprintf("%d MB taken", info.Store>>20))
}

// fill warns at seventy per cent and fails at eighty-five, when there is a limit.
func (c *chart) fill(where, what string, taken, most uint64) {
	if most == 0 {
		return
	}
	percent := taken * 100 / most
	text := fmt.Sprintf("%s is full to %d %%", what, percent)
	switch {
	case percent >= 85:
		c.add(fails, where, text, "give it more room now: a full stream refuses commands")
	case percent >= 70:
		c.add(warns, where, text, "give it more room")
	}
}
