package campaign_test

import (
	"context"
	"fmt"
	"math/rand/v2"
	"slices"
	"strings"
	"sync"
	"time"

	"github.com/go-json-experiment/json"
	"github.com/nats-io/nats.go"

	"tolov/internal/payment"
	"tolov/internal/providers/sandbox"
)

// Canaries stand where secrets do. None of them may be found in any stream, log or event (I8).
const (
	canaryToken = "canary-token-5d1f"
	canaryPAN   = "8600777712345678"
	canaryVisa  = "4278777712345678"
	canaryCode  = "111111" // the sandbox's; too common a string to look for
)

// customers publish commands and act on events like people: late, twice, wrongly, or not at all.
type customers struct {
	h     *house
	mu    sync.Mutex
	rand  *rand.Rand
	sent  map[string]bool // the ext_ids of payments that a command opened
	extra map[string]int  // commands that continued one and have no command_id, by ext_id
	acts  map[string]int

	orders map[string]sandbox.UzumEnd // how Uzum Bank's payments ended there; empty: not yet

	visited map[string]bool // the provider's page, by ext_id
	busy    sync.WaitGroup
	subs    []*nats.Subscription
	done    chan struct{}
}

func newCustomers(h *house, seed uint64) *customers {
	c := &customers{
		h: h, rand: rand.New(rand.NewPCG(seed, 11)), sent: map[string]bool{}, extra: map[string]int{},
		acts: map[string]int{}, orders: map[string]sandbox.UzumEnd{}, visited: map[string]bool{},
		done: make(chan struct{}),
	}
	for event, act := range map[string]func(payment.Payment){
		"action_required": c.asked, "held": c.holds, "completed": c.regrets, "card_linked": c.unlinks,
		"needs_review": c.looks,
	} {
		sub, err := h.nc.Subscribe("payments.events."+event+".>", func(m *nats.Msg) {
			var e struct {
				Data struct {
					Payment payment.Payment `json:"payment"`
				} `json:"data"`
			}
			h.must(json.Unmarshal(m.Data, &e))
			act(e.Data.Payment)
		})
		h.must(err)
		c.subs = append(c.subs, sub)
	}
	return c
}

// chance is true once in n times.
func (c *customers) chance(n int) bool {
	c.mu.Lock()
	defer c.mu.Unlock()
	return c.rand.IntN(n) == 0
}

func (c *customers) between(least, most time.Duration) time.Duration {
	c.mu.Lock()
	defer c.mu.Unlock()
	return least + time.Duration(c.rand.Int64N(int64(most-least)))
}

// later does something after a pause, in the bubble's time.
func (c *customers) later(pause time.Duration, do func()) {
	c.busy.Go(func() {
		select {
		case <-time.After(pause):
			do()
		case <-c.done:
		}
	})
}

func (c *customers) stop() {
	for _, sub := range c.subs {
		_ = sub.Unsubscribe()
	}
	close(c.done)
	c.busy.Wait()
}

// publish sends a command until the stream has it: a caller that got no acknowledgement sends it again.
func (c *customers) publish(verb payment.Verb, body string) {
	for {
		ctx, cancel := context.WithTimeout(context.Background(), 5*time.Second)
		_, err := c.h.js.Publish(ctx, "payments.commands."+string(verb), []byte(body))
		cancel()
		if err == nil {
			return
		}
	}
}

// amountOf makes amounts that differ between payments.
func amountOf(i int) int { return 100_000 + i }

// pay opens payment number i.
func (c *customers) pay(i int) {
	ext := fmt.Sprintf("p%d", i)
	c.h.knows(ext)
	if atBank(i) {
		ext = fmt.Sprintf("5c398d7e-76b6-11ee-96da-%012d", i)
		c.payAtBank(i, ext)
	} else {
		c.open(i, ext)
	}
	if c.chance(25) {
		c.later(c.between(0, time.Minute), func() { c.follow(payment.VerbCancel, ext, "") })
	}
	if c.chance(25) { // while the first calls are under way
		c.later(c.between(0, 4*latency), func() { c.follow(payment.VerbCancel, ext, "") })
	}
	if c.chance(25) {
		c.later(c.between(0, 2*time.Minute), func() { c.follow(payment.VerbRecheck, ext, "") })
	}
}

// open sends the command that opens payment number i, once or more often. Of every third payment the card is sealed,
// sometimes or always: the same card sealed anew, or in clear, is the same content.
func (c *customers) open(i int, ext string) {
	verb, body := opening(i, ext)
	times := 1
	if c.chance(5) {
		times = 2 + i%4
	}
	for n := range times {
		said := body
		if i%3 == 0 && (n%2 == 0 || i%2 == 0) {
			said = c.h.sealed(body, ext)
		}
		c.later(time.Duration(n*n)*c.between(time.Millisecond, 5*time.Second), func() { c.publish(verb, said) })
	}
	c.mu.Lock()
	defer c.mu.Unlock()
	c.sent[ext] = true
}

// payAtBank pays in Uzum Bank's application, and takes every fourth payment back afterwards, every fifth before.
func (c *customers) payAtBank(i int, ext string) {
	order := sandbox.UzumOrder{TransID: ext, Account: ext, Amount: int64(amountOf(i))}
	switch turn := i / 20; {
	case turn%4 == 3:
		order.Reverse = sandbox.UzumAfter
	case turn%5 == 4:
		order.Reverse = sandbox.UzumBefore
	}
	c.mu.Lock()
	c.orders[ext] = ""
	c.mu.Unlock()
	c.busy.Go(func() {
		end := c.h.uzum.Pay(context.Background(), order)
		c.mu.Lock()
		defer c.mu.Unlock()
		c.orders[ext] = end
	})
}

// follow continues a payment. Every such command must have exactly one outcome (I6).
func (c *customers) follow(verb payment.Verb, ext, more string) {
	c.mu.Lock()
	c.acts[ext]++
	id := fmt.Sprintf("c%d", c.acts[ext])
	c.mu.Unlock()
	body := fmt.Sprintf(`{"ext_id":%q,"command_id":%q%s}`, ext, id, more)
	c.publish(verb, body)
	if c.chance(6) {
		c.publish(verb, body)
	}
}

// asked is a customer who was asked for a code, or sent to a page.
func (c *customers) asked(p payment.Payment) {
	ext := p.ExtID
	pause := c.between(time.Second, 90*time.Second)
	switch {
	case p.Action.Type == payment.ActionRedirect:
		c.visit(p, pause)
	case c.chance(12): // never answers
	case c.chance(8):
		c.later(pause, func() { c.follow(payment.VerbConfirm, ext, `,"otp":"222222"`) })
	case c.chance(10):
		c.later(pause, func() { c.follow(payment.VerbResendCode, ext, "") })
	case c.chance(15):
		c.later(pause, func() { c.follow(payment.VerbCancel, ext, "") })
	default:
		c.later(pause, func() { c.follow(payment.VerbConfirm, ext, `,"otp":"`+canaryCode+`"`) })
		if c.chance(10) { // the button was pressed twice
			c.later(pause, func() { c.follow(payment.VerbConfirm, ext, `,"otp":"`+canaryCode+`"`) })
		}
	}
}

func isCanary(text string) bool {
	return slices.ContainsFunc(append(personalData(), canaryToken, canaryPAN, canaryVisa, canaryName),
		func(secret string) bool { return strings.Contains(text, secret) })
}
