package main

import (
	"context"
	"time"

	"tolov/internal/events"
	"tolov/internal/lab"
)

const (
	flushWait = 5 * time.Second // for what NATS writes in the background
	flushLook = 250 * time.Millisecond
)

// counts are all the numbers that only grow.
type counts struct {
	appends uint64 // to the journal
	events  uint64
	timers  uint64 // set or come due
	calls   int    // answered by the sandbox
	debits  int
	redis   map[string]int // commands by name
	disk    int64          // bytes
}

func (r *rig) count(ctx context.Context) (*counts, error) {
	c := &counts{}
	for _, shard := range r.shards {
		info, err := shard.Info(ctx)
		if err != nil {
			return nil, err
		}
		c.appends += info.State.LastSeq
	}
	for name, seq := range map[string]*uint64{events.StreamEvents: &c.events, events.StreamTimers: &c.timers} {
		stream, err := r.js.Stream(ctx, name)
		if err != nil {
			return nil, err
		}
		*seq = stream.CachedInfo().State.LastSeq
	}
	var err error
	if c.redis, err = r.servers.RedisCommands(ctx); err != nil {
		return nil, err
	}
	ledger, err := r.servers.Ledger(ctx)
	if err != nil {
		return nil, err
	}
	c.debits = len(ledger.Debits)
	for _, n := range ledger.Calls {
		c.calls += n
	}
	c.disk, err = r.settledDisk(ctx)
	return c, err
}

// settledDisk is the size of NATS's files when they do not grow any more.
func (r *rig) settledDisk(ctx context.Context) (int64, error) {
	deadline := time.Now().Add(flushWait)
	last := int64(-1)
	for {
		size, err := lab.DirSize(r.servers.Store())
		if err != nil || size == last || time.Now().After(deadline) {
			return size, err
		}
		last = size
		select {
		case <-ctx.Done():
			return 0, ctx.Err()
		case <-time.After(flushLook):
		}
	}
}
