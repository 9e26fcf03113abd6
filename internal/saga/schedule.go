package saga

import (
	"hash/fnv"
	"strconv"
	"time"
)

// Policy holds the times that decisions depend on.
type Policy struct {
	Timeout     time.Duration // of one provider call (PROVIDER_TIMEOUT_S)
	Schedule    []time.Duration
	ReviewAfter time.Duration // in doubt for longer than this, a person must look
}

const (
	quietMargin = 5 * time.Second
	sendMargin  = time.Second // from the end of a call to the append of its answer

	// openFor bounds an opening command that names no expires_in_s: past it a payment that nobody confirmed, or that
	// the provider never accepted, is cancelled.
	openFor = 24 * time.Hour

	// lateFor is how long a call whose answer was lost may still take effect at the provider (H5). A payment that
	// went on or ended after such a call is watched for so long.
	lateFor = 30 * time.Minute

	// maxLost bounds how often a money call may get lost and be sent anew without anyone asking for it. Past it a person
	// decides.
	maxLost = 5

	// maxResends bounds the attempts to have a code sent again.
	maxResends = 5

	// carriedFor is how long a path other than the opening one is left to the message that drives it. Past it the sweep
	// looks.
	carriedFor = 10 * time.Minute

	// busyFor is how soon a command looks again when another worker has the payment.
	busyFor = time.Second
)

// SendDeadline is how old an intent may be when its call leaves (H4).
func (p Policy) SendDeadline() time.Duration { return p.Timeout }

// Quiet is how long after an intent "absent" begins to count: longer than a late send and its call together.
func (p Policy) Quiet() time.Duration { return 2*p.Timeout + quietMargin }

// Wait is the pause before poll number n (0 is the first), with a jitter of ±20 % that depends only on the payment
// and n, so that a decision can be repeated.
func (p Policy) Wait(paymentID string, n int) time.Duration {
	base := p.Schedule[min(n, len(p.Schedule)-1)]
	h := fnv.New32a()
	_, _ = h.Write([]byte(paymentID + strconv.Itoa(n)))
	share := int64(h.Sum32()%401) - 200 // per mille
	return base + time.Duration(int64(base)/1000*share)
}
