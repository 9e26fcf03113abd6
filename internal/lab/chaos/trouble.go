package main

import (
	"context"
	"fmt"
	"math/rand/v2"
	"sync/atomic"
	"time"
)

const (
	freezeLeast = 20 * time.Second // longer than a message waits for its acknowledgement, and a call for its answer
	freezeMost  = 40 * time.Second
	freezePause = 2 * time.Second
	natsPause   = 5 * time.Second
	redisPause  = 2 * time.Second
	downMost    = time.Second // how long a server stays away
)

// trouble counts what was done to the parts.
type trouble struct {
	kills, doors, freezes, nats, redis atomic.Int64
}

// String tells it in words.
func (t *trouble) String() string {
	text := fmt.Sprintf("%d workers killed", t.kills.Load())
	for _, more := range []struct {
		n    int64
		what string
	}{
		{t.doors.Load(), "ingresses killed"},
		{t.freezes.Load(), "frozen"}, {t.nats.Load(), "NATS killed"}, {t.redis.Load(), "Redis lost"},
	} {
		if more.n > 0 {
			text += fmt.Sprintf(", %d %s", more.n, more.what)
		}
	}
	return text
}

// troubles are those that the options ask for. Each goes on until its context ends and leaves everything running.
func (c *chaos) troubles() []func(context.Context) error {
	tasks := []func(context.Context) error{c.killWorkers}
	if c.bank != nil {
		tasks = append(tasks, c.killDoors)
	}
	if c.freeze {
		tasks = append(tasks, c.freezeWorkers)
	}
	if c.nats {
		tasks = append(tasks, c.killNATS)
	}
	if c.redis {
		tasks = append(tasks, c.loseRedis)
	}
	return tasks
}

// pause waits from half to one and a half times d; it tells whether to go on.
func pause(ctx context.Context, d time.Duration) bool {
	select {
	case <-ctx.Done():
		return false
	case <-time.After(d/2 + rand.N(d)):
		return true
	}
}

func (c *chaos) killWorkers(ctx context.Context) error {
	for pause(ctx, c.kill) {
		if c.crew[rand.IntN(len(c.crew))].kill() {
			c.trouble.kills.Add(1)
		}
	}
	return nil
}

func (c *chaos) killDoors(ctx context.Context) error {
	for pause(ctx, c.kill) {
		if c.doors[rand.IntN(len(c.doors))].kill() {
			c.trouble.doors.Add(1)
		}
	}
	return nil
}

func (c *chaos) freezeWorkers(ctx context.Context) error {
	for pause(ctx, freezePause) {
		c.trouble.freezes.Add(1)
		if !c.crew[rand.IntN(len(c.crew))].freeze(ctx, freezeLeast+rand.N(freezeMost-freezeLeast)) {
			c.trouble.freezes.Add(-1)
		}
	}
	return nil
}

func (c *chaos) killNATS(ctx context.Context) error {
	for pause(ctx, natsPause) {
		c.trouble.nats.Add(1)
		if err := c.servers.NATS.Restart(ctx, rand.N(downMost)); err != nil {
			return err
		}
	}
	return nil
}

// loseRedis empties Redis, by a command and by its end in turn.
func (c *chaos) loseRedis(ctx context.Context) error {
	for flush := true; pause(ctx, redisPause); flush = !flush {
		c.trouble.redis.Add(1)
		var err error
		if flush {
			err = c.servers.FlushRedis(ctx)
		} else {
			err = c.servers.Redis.Restart(ctx, rand.N(downMost))
		}
		if err != nil {
			return err
		}
	}
	return nil
}
