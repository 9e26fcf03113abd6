package ingress

import (
	"net/netip"
	"sync"
	"time"

	"golang.org/x/time/rate"
)

// standing is what is known of a caller before its body is read.
type standing int

const (
	stranger standing = iota // showed no credentials that are right
	anybody                  // of a route where only the body can tell
	known
)

// quota is how many requests of one source are taken: per second, and at once.
type quota struct {
	perSecond rate.Limit
	atOnce    int
}

// quotas by standing (H63). Providers call from few addresses, often through one proxy, so who showed its credentials
// has a quota of its own that strangers cannot use up.
var quotas = map[standing]quota{stranger: {10, 50}, anybody: {1000, 2000}, known: {2000, 4000}}

const maxSources = 10_000 // remembered at once; those beyond share one quota

// limits are the rates of all sources.
type limits struct {
	mu      sync.Mutex
	sources map[visitor]*rate.Limiter
}

// visitor is a source with its standing.
type visitor struct {
	source string
	who    standing
}

func newLimits() *limits { return &limits{sources: map[visitor]*rate.Limiter{}} }

// allow tells whether one more request of the source may come in.
func (l *limits) allow(source string, who standing, now time.Time) bool {
	return l.of(visitor{network(source), who}, now).AllowN(now, 1)
}

func (l *limits) of(v visitor, now time.Time) *rate.Limiter {
	l.mu.Lock()
	defer l.mu.Unlock()
	if found, ok := l.sources[v]; ok {
		return found
	}
	if len(l.sources) >= maxSources {
		l.forget(now)
	}
	if len(l.sources) >= maxSources {
		v.source = "" // too many to tell apart
		if found, ok := l.sources[v]; ok {
			return found
		}
	}
	made := rate.NewLimiter(quotas[v.who].perSecond, quotas[v.who].atOnce)
	l.sources[v] = made
	return made
}

// forget drops the sources that have been quiet for so long that they may come with everything at once again.
func (l *limits) forget(now time.Time) {
	for v, limit := range l.sources {
		if limit.TokensAt(now) >= float64(limit.Burst()) {
			delete(l.sources, v)
		}
	}
}

// network is what one subscriber has: an IPv4 address, or the first half of an IPv6 one.
func network(source string) string {
	addr, err := netip.ParseAddr(source)
	if err != nil {
		return source
	}
	addr = addr.Unmap().WithZone("")
	if addr.Is4() {
		return addr.String()
	}
	prefix, err := addr.Prefix(64)
	if err != nil { // 64 bits are in range
		return addr.String()
	}
	return prefix.String()
}
