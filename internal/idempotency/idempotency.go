// Package idempotency claims ext_id keys in Redis: the fast guard in front of the journal.
//
// It saves work, never money: the journal's compare-and-swap is the exact guard, so every answer here may be wrong or
// missing. Redis may be slow, down, flushed or stale at any instant and nothing changes but latency (law 9, H40–H45).
package idempotency

import (
	"context"
	"errors"
	"strconv"
	"strings"
	"time"

	"github.com/redis/go-redis/v9"
	"github.com/sony/gobreaker/v2"

	"tolov/internal/payment"
)

// Claim is what Redis knows of an ext_id.
type Claim string

// The claims.
const (
	Fresh       Claim = "fresh"       // nobody used it: the payment is surely new, Redis permitting
	Replay      Claim = "replay"      // used with the same content: the journal has the answer
	Busy        Claim = "busy"        // another worker claimed it moments ago: come back shortly
	Conflict    Claim = "conflict"    // used with other content
	Unavailable Claim = "unavailable" // Redis did not answer in time: ask the journal
)

const (
	budget    = 50 * time.Millisecond // a slower answer is worth less than the journal's
	lease     = 10 * time.Second      // below AckWait, so that a dead worker's claim never delays the takeover
	keepFor   = 24 * time.Hour
	keyPrefix = "tolov:ext:"
	tripAfter = 3
	tripFor   = time.Second
)

// Guard claims keys for one worker.
type Guard struct {
	client  redis.UniversalClient
	owner   string
	now     func() time.Time
	budget  time.Duration
	breaker *gobreaker.CircuitBreaker[reply]
}

// New makes a guard. owner names this worker process.
func New(client redis.UniversalClient, owner string, now func() time.Time) *Guard {
	breaker := gobreaker.NewCircuitBreaker[reply](gobreaker.Settings{
		Name: "redis", Timeout: tripFor,
		ReadyToTrip: func(c gobreaker.Counts) bool { return c.ConsecutiveFailures >= tripAfter },
	})
	return &Guard{client: client, owner: owner, now: now, budget: budget, breaker: breaker}
}

// Claim takes the key of an opening command, or tells who has it: one round trip.
func (g *Guard) Claim(ctx context.Context, c *payment.Command, print payment.Fingerprint) Claim {
	mine := held{print: print, owner: g.owner, at: g.now()}
	r, err := g.breaker.Execute(func() (reply, error) { return g.set(ctx, key(c), mine.String()) })
	if err != nil {
		return Unavailable
	}
	if !r.taken {
		return Fresh
	}
	theirs, err := parse(r.before)
	switch {
	case err != nil:
		return Unavailable
	case !print.Same(theirs.print):
		return Conflict
	case theirs.owner != g.owner && g.now().Sub(theirs.at) < lease:
		return Busy
	default:
		return Replay
	}
}

// reply is what Redis said.
type reply struct {
	before string // the claim that is there already
	taken  bool
}

// set writes the key unless it is there. The budget is kept here: whether a client gives up when its context ends is a
// setting of the client, and by default it waits for seconds (H41). What was given up may still be written later, which
// is no worse than an answer that got lost.
func (g *Guard) set(ctx context.Context, key, value string) (reply, error) {
	ctx, cancel := context.WithTimeout(ctx, g.budget)
	defer cancel()
	answered := make(chan error, 1)
	var r reply
	go func() {
		before, err := g.client.SetArgs(ctx, key, value, redis.SetArgs{Mode: "NX", Get: true, TTL: keepFor}).Result()
		if errors.Is(err, redis.Nil) {
			answered <- nil
			return
		}
		r = reply{before: before, taken: err == nil}
		answered <- err
	}()
	select {
	case err := <-answered:
		return r, err
	case <-ctx.Done():
		return reply{}, ctx.Err()
	}
}

// key cannot be the same for two pairs: a merchant's name has no colon, so the first one ends it (H46).
func key(c *payment.Command) string { return keyPrefix + c.Merchant + ":" + c.ExtID }

// held is a key's value.
type held struct {
	print payment.Fingerprint
	owner string
	at    time.Time
}

// String is the value's form: content|key id|secret|owner|Unix milliseconds. None of the parts holds a bar.
func (h held) String() string {
	return strings.Join([]string{
		h.print.Content, h.print.Key, h.print.Secret, h.owner, strconv.FormatInt(h.at.UnixMilli(), 10),
	}, "|")
}

var errForm = errors.New("not a claim")

func parse(value string) (held, error) {
	parts := strings.Split(value, "|")
	if len(parts) != 5 {
		return held{}, errForm
	}
	at, err := strconv.ParseInt(parts[4], 10, 64)
	if err != nil {
		return held{}, errForm
	}
	return held{
		print: payment.Fingerprint{Content: parts[0], Key: parts[1], Secret: parts[2]},
		owner: parts[3], at: time.UnixMilli(at),
	}, nil
}
