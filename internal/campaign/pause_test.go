package campaign_test

import (
	"context"
	"time"

	"tolov/internal/desk"
	"tolov/internal/payment"
)

// pausable are the providers that we call.
func pausable() []string { return []string{"atmos", "atmos-ips", "atmos-pinfl", "via", "paysys"} }

// operate plays an operator, who pauses a provider and lets it go on: commands wait, and none is lost (H74).
func (s *swarm) operate() {
	s.throw(pausable()[s.rand.IntN(len(pausable()))], s.rand.IntN(2) == 0)
}

// resume ends every pause.
func (s *swarm) resume() {
	for _, provider := range pausable() {
		s.throw(provider, false)
	}
}

func (s *swarm) throw(provider string, pause bool) {
	ctx, cancel := context.WithTimeout(context.Background(), 5*time.Second)
	defer cancel()
	s.h.must(desk.Throw(ctx, s.h.js, desk.Switch{
		Provider: provider, Merchant: desk.Everyone, Paused: pause, Actor: "the swarm", Reason: "dice",
		At: payment.At(time.Now()),
	}))
}
