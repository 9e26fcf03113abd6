package sandbox

import (
	"encoding/binary"
	"hash/fnv"
	"io"
	"maps"
	"math/rand/v2"
	"slices"
	"sync"
	"sync/atomic"
	"time"
)

const (
	shortestSwarmDelay = 100 * time.Millisecond
	longestSwarmDelay  = 10 * time.Second
	perTenThousand     = 10_000
)

// deck is where faults are drawn from: the scripted ones, then the card's own, then the swarm.
type deck struct {
	seed    uint64
	longest time.Duration
	manners map[string]manner

	armed atomic.Bool // false: nothing to draw, and no lock to take

	mu       sync.Mutex
	scripted []Fault
	kinds    []string       // of the swarm, sorted, so that a seed means the same every time
	rates    map[string]int // calls in ten thousand
	drawn    map[draw]uint64
}

// draw names a series of swarm draws: one per operation and account, whatever runs beside it.
type draw struct{ op, account string }

func newDeck(o Options, m map[string]manner) *deck {
	if o.SwarmDelay == 0 {
		o.SwarmDelay = longestSwarmDelay
	}
	return &deck{seed: o.Seed, longest: max(o.SwarmDelay, shortestSwarmDelay), manners: m, drawn: map[draw]uint64{}}
}

// draw picks the fault that a call meets; zero: none.
func (d *deck) draw(op *operation, todo task) Fault {
	if !d.armed.Load() {
		return todo.magic
	}
	d.mu.Lock()
	defer d.mu.Unlock()
	if f, found := d.next(op, todo.account); found {
		return f
	}
	if todo.magic.Kind != "" {
		return todo.magic
	}
	return d.chance(op, todo.account)
}

// next takes the oldest scripted fault that fits, and drops it once it is used up.
func (d *deck) next(op *operation, account string) (Fault, bool) {
	i := slices.IndexFunc(d.scripted, func(f Fault) bool { return f.fits(op, account) })
	if i < 0 {
		return Fault{}, false
	}
	f := d.scripted[i]
	switch f.Times {
	case 0:
	case 1:
		d.scripted = slices.Delete(d.scripted, i, i+1)
		d.arm()
	default:
		d.scripted[i].Times--
	}
	return f, true
}

// chance asks the swarm.
func (d *deck) chance(op *operation, account string) Fault {
	if len(d.kinds) == 0 {
		return Fault{}
	}
	series := draw{op.name, account}
	d.drawn[series]++
	dice := series.dice(d.seed, d.drawn[series])
	left := dice.IntN(perTenThousand)
	delay := shortestSwarmDelay + time.Duration(dice.Int64N(int64(d.longest-shortestSwarmDelay)+1))
	for _, kind := range d.kinds {
		if d.manners[kind].on&op.class == 0 {
			continue
		}
		if left -= d.rates[kind]; left < 0 {
			return Fault{Kind: kind, DelayMS: int(delay.Milliseconds())}
		}
	}
	return Fault{}
}

// dice for the nth draw of a series.
func (s draw) dice(seed, n uint64) *rand.Rand {
	h := fnv.New64a()
	_, _ = io.WriteString(h, s.op+"\x00"+s.account+"\x00")
	_, _ = h.Write(binary.BigEndian.AppendUint64(nil, n))
	return rand.New(rand.NewPCG(seed, h.Sum64()))
}

func (d *deck) script(f Fault) {
	d.mu.Lock()
	defer d.mu.Unlock()
	d.scripted = append(d.scripted, f)
	d.arm()
}

func (d *deck) clear() {
	d.mu.Lock()
	defer d.mu.Unlock()
	d.scripted = nil
	d.arm()
}

func (d *deck) swarm(rates map[string]int) {
	d.mu.Lock()
	defer d.mu.Unlock()
	d.rates = maps.Clone(rates)
	d.kinds = slices.Sorted(maps.Keys(rates))
	d.arm()
}

// arm is called with the lock held, after every change.
func (d *deck) arm() { d.armed.Store(len(d.scripted) > 0 || len(d.kinds) > 0) }
