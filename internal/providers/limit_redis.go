package providers

import (
	"context"
	"strconv"
	"time"

	"github.com/redis/go-redis/v9"
)

var _ Turns = RedisTurns{}

// RedisTurns counts calls in Redis, for all workers that share it. Its clock is Redis' own, so the workers' clocks may
// differ (H67).
type RedisTurns struct{ Client redis.UniversalClient }

const (
	turnsPrefix = "tolov:turns:"
	turnsBudget = 50 * time.Millisecond // a slower answer is worth less than a local one (H41)
)

// takeTurn is the generic cell rate algorithm: the key holds the time, in microseconds, at which the calls that left
// would have left evenly. A call may leave when that is less than a burst ahead.
const takeTurn = `
local clock = redis.call('TIME')
local now = clock[1] * 1000000 + clock[2]
local gap, burst = tonumber(ARGV[1]), tonumber(ARGV[2])
local even = math.max(tonumber(redis.call('GET', KEYS[1]) or '0'), now)
local wait = even - (burst - 1) * gap - now
if wait > 0 then return wait end
redis.call('SET', KEYS[1], string.format('%.0f', even + gap), 'PX', math.ceil((even + gap - now) / 1000))
return 0`

// Take allows no more than perMinute calls in any minute: a burst at once, and the others evenly.
func (t RedisTurns) Take(ctx context.Context, key string, perMinute int) (time.Duration, error) {
	ctx, cancel := context.WithTimeout(ctx, turnsBudget)
	defer cancel()
	type reply struct {
		wait int64
		err  error
	}
	answered := make(chan reply, 1) // whether a client gives up when its context ends is a setting of the client
	go func() {
		wait, err := t.Client.Eval(ctx, takeTurn, []string{turnsPrefix + key},
			strconv.FormatInt(gapOf(perMinute).Microseconds(), 10), burstOf(perMinute)).Int64()
		answered <- reply{wait, err}
	}()
	select {
	case r := <-answered:
		return time.Duration(r.wait) * time.Microsecond, r.err
	case <-ctx.Done():
		return 0, ctx.Err()
	}
}
