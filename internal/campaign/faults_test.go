package campaign_test

import (
	"context"
	"math/rand/v2"
	"time"

	"github.com/nats-io/nats.go/jetstream"

	"tolov/internal/payment"
	"tolov/internal/providers/sandbox"
	"tolov/internal/saga"
)

// swarm makes things go wrong while payments run. Each seed switches a random part of the faults on (HAZARDS §2b).
type swarm struct {
	h    *house
	rand *rand.Rand
	done chan struct{}
	end  chan struct{}
}

// providerFaults are what the sandbox can be told to do, all of them.
func providerFaults() []string {
	return []string{
		sandbox.FailBefore, sandbox.FailAfter, sandbox.SilentBefore, sandbox.SilentAfter, sandbox.Late, sandbox.Pending,
		sandbox.Lag, sandbox.FlipFlop, sandbox.UnknownCode, sandbox.UnknownCodeAfter, sandbox.Unauthorized,
		sandbox.TooMany, sandbox.Unavailable, sandbox.HTML, sandbox.HTMLAfter, sandbox.TruncatedAfter, sandbox.EmptyAfter,
		sandbox.HugeAfter, sandbox.DripAfter, sandbox.ResetBefore, sandbox.ResetAfter, sandbox.Slow,
	}
}

func newSwarm(h *house, seed uint64) *swarm {
	s := &swarm{
		h: h, rand: rand.New(rand.NewPCG(seed, 13)), done: make(chan struct{}), end: make(chan struct{}),
	}
	rates := map[string]int{}
	for _, kind := range providerFaults() {
		if s.rand.IntN(2) == 0 {
			rates[kind] = s.rand.IntN(300)
		}
	}
	h.box.Swarm(rates)
	h.openBank(seed, s.bank())
	go s.run()
	return s
}

// stop ends the faults and heals everything.
func (s *swarm) stop() {
	close(s.end)
	<-s.done
	s.h.box.Quiet()
	s.h.redis.SetError("")
	s.resume()
	for len(s.h.workers) < fleet {
		s.h.start()
	}
	s.revive()
}

// bank is what goes wrong at Uzum Bank, in how many of ten thousand calls each.
func (s *swarm) bank() map[string]int {
	rates := map[string]int{}
	for _, kind := range []string{sandbox.UzumRepeat, sandbox.UzumForget, sandbox.UzumCutOff} {
		rates[kind] = s.rand.IntN(4000)
	}
	return rates
}

// fleet is how many workers there are.
const fleet = 2

func (s *swarm) run() {
	defer close(s.done)
	for {
		select {
		case <-s.end:
			return
		case <-time.After(time.Duration(1+s.rand.IntN(8)) * time.Second):
		}
		s.strike()
	}
}

func (s *swarm) strike() {
	switch s.rand.IntN(13) {
	case 0, 1, 2: // SIGKILL, and a new worker some time later
		if len(s.h.workers) > 0 {
			s.h.kill(s.h.workers[s.rand.IntN(len(s.h.workers))])
		}
	case 3, 4:
		s.revive()
	case 5: // connections break: acknowledgements and answers get lost (H30)
		if len(s.h.workers) > 0 {
			s.h.workers[s.rand.IntN(len(s.h.workers))].wires.cut()
		}
	case 6:
		s.h.redis.FlushAll()
	case 7: // Redis is there but of no use (H41)
		s.h.redis.SetError("LOADING Redis is loading the dataset in memory")
	case 8:
		s.h.redis.SetError("")
	case 9: // timers are hints (H38)
		s.loseTimers()
	case 10:
		if d := s.h.doors[s.rand.IntN(doors)]; d != nil {
			s.h.closeDoor(d)
		}
	case 11:
		if d := s.h.doors[s.rand.IntN(doors)]; d != nil {
			d.wires.cut()
		}
	case 12:
		s.operate()
	}
}

// revive starts a worker that is missing, and every ingress.
func (s *swarm) revive() {
	if len(s.h.workers) < fleet {
		s.h.start()
	}
	for number := range doors {
		if s.h.doors[number] == nil {
			s.h.openDoor(number)
		}
	}
}

func (s *swarm) loseTimers() {
	ctx, cancel := context.WithTimeout(context.Background(), 5*time.Second)
	defer cancel()
	stream, err := s.h.js.Stream(ctx, "PAYMENTS_TIMERS")
	s.h.must(err)
	s.h.must(stream.Purge(ctx, jetstream.WithPurgeSubject("payments.timers.set.>")))
}

// sleepy freezes a worker now and then right before a call leaves, for longer than AckWait: the payment is taken over
// meanwhile, and what leaves afterwards would be a second call (H4).
type sleepy struct {
	saga.Provider
	pause func() time.Duration
}

func (p sleepy) Do(ctx context.Context, call saga.Call) payment.Answer {
	if pause := p.pause(); pause > 0 {
		pass(pause)
	}
	return p.Provider.Do(ctx, call)
}
