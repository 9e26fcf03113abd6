package providers

import (
	"context"
	"errors"
	"fmt"
	"time"

	"tolov/internal/config"
	"tolov/internal/payment"
	"tolov/internal/providers/atmos"
	"tolov/internal/providers/rest"
	"tolov/internal/saga"
)

// Caller makes the calls of one merchant at one provider. It never retries, and a failure to learn the outcome is an
// Answer too.
type Caller interface {
	Do(ctx context.Context, call saga.Call) payment.Answer
	Knows(code string) bool // whether the provider's documentation has the result code (H10)
	Close(ctx context.Context) error
}

var _ Caller = (*atmos.Client)(nil)

// kind is one provider: its flows, how many calls a minute it allows (0: it names no limit), and how to make its caller
// for a merchant. new gives nil when the merchant has no account there.
type kind struct {
	name      string
	flows     []*saga.Flow
	perMinute int
	new       func(m config.Merchant, http *rest.Client, now func() time.Time) Caller
}

// kinds lists the providers.
func kinds() []kind {
	return []kind{
		{name: atmos.Name, flows: atmos.Flows(), new: newAtmos},
	}
}

func perMinuteOf(provider string) int {
	for _, k := range kinds() {
		if k.name == provider {
			return k.perMinute
		}
	}
	return 0
}

func newAtmos(m config.Merchant, http *rest.Client, now func() time.Time) Caller {
	if !m.Atmos.Configured() {
		return nil
	}
	return atmos.New(atmos.Settings{
		BaseURL: m.Atmos.BaseURL, ConsumerKey: m.Atmos.ConsumerKey, ConsumerSecret: m.Atmos.ConsumerSecret,
		StoreID: m.Atmos.StoreID, TerminalID: m.Atmos.TerminalID, Now: now,
	}, http)
}

// Registry holds the flows of all providers and the callers of all merchants.
type Registry struct {
	flows     []*saga.Flow
	merchants map[string]bool
	callers   map[account]Caller
}

// account is one merchant at one provider.
type account struct{ merchant, provider string }

var _ saga.Flows = (*Registry)(nil)

// NewRegistry makes the callers of every merchant and proves every flow.
func NewRegistry(
	merchants map[string]config.Merchant, http *rest.Client, now func() time.Time,
) (*Registry, error) {
	r := &Registry{merchants: map[string]bool{}, callers: map[account]Caller{}}
	var faults []error
	for _, k := range kinds() {
		for _, flow := range k.flows {
			faults = append(faults, saga.Prove(flow))
		}
		r.flows = append(r.flows, k.flows...)
		for merchant, settings := range merchants {
			r.merchants[merchant] = true
			if caller := k.new(settings, http, now); caller != nil {
				r.callers[account{merchant, k.name}] = caller
			}
		}
	}
	return r, errors.Join(faults...)
}

// Opening is the flow that a command opens, nil when the provider has none: the one whose mark the command carries, or
// else the usual one of its verb.
func (r *Registry) Opening(c *payment.Command) *saga.Flow {
	var usual *saga.Flow
	for _, flow := range r.flows {
		switch {
		case flow.Provider != c.Provider || flow.Opens != c.Verb:
		case flow.Mark == "":
			usual = flow
		case c.Has(flow.Mark):
			return flow
		}
	}
	return usual
}

// Named is the flow of a payment that was opened, nil when it is gone.
func (r *Registry) Named(name string) *saga.Flow {
	for _, flow := range r.flows {
		if flow.Name == name {
			return flow
		}
	}
	return nil
}

// HasMerchant tells whether the merchant is configured.
func (r *Registry) HasMerchant(merchant string) bool { return r.merchants[merchant] }

// HasProvider tells whether the merchant has an account at the provider.
func (r *Registry) HasProvider(merchant, provider string) bool {
	_, ok := r.callers[account{merchant, provider}]
	return ok
}

// Shape is what the provider takes in an opening command.
func (r *Registry) Shape(c *payment.Command) (payment.Shape, bool) {
	flow := r.Opening(c)
	if flow == nil {
		return payment.Shape{}, false
	}
	return flow.Takes, true
}

// caller finds who makes a call.
func (r *Registry) caller(call saga.Call) (Caller, error) {
	c, ok := r.callers[accountOf(call)]
	if !ok {
		return nil, fmt.Errorf("merchant %s has no account at %s", call.Payment.Merchant, call.Payment.Provider)
	}
	return c, nil
}

// Close gives up what the callers hold at the providers.
func (r *Registry) Close(ctx context.Context) error {
	var faults []error
	for _, c := range r.callers {
		faults = append(faults, c.Close(ctx))
	}
	return errors.Join(faults...)
}
