package providers

import (
	"cmp"
	"context"
	"errors"
	"fmt"
	"iter"
	"maps"
	"slices"
	"time"

	"tolov/internal/config"
	"tolov/internal/payment"
	"tolov/internal/providers/atmos"
	"tolov/internal/providers/atmosips"
	"tolov/internal/providers/atmospinfl"
	"tolov/internal/providers/gateway"
	"tolov/internal/providers/paysys"
	"tolov/internal/providers/rest"
	"tolov/internal/providers/uzum"
	"tolov/internal/providers/via"
	"tolov/internal/saga"
)

// Caller makes the calls of one merchant at one provider. It never retries, and a failure to learn the outcome is an
// Answer too.
type Caller interface {
	Do(ctx context.Context, call saga.Call) payment.Answer
	Knows(code string) bool // whether the provider's documentation has the result code (H10)
	Close(ctx context.Context) error
}

var (
	_ Caller = (*atmos.Client)(nil)
	_ Caller = (*atmospinfl.Client)(nil)
	_ Caller = (*atmosips.Client)(nil)
)

// shop is a merchant together with what its callers are made of.
type shop struct {
	config.Merchant
	http *rest.Client
	now  func() time.Time
	keys func() payment.Keyring // open what was sealed to the worker itself; they change while it runs

	account *gateway.Account // at ATMOS, shared by all of its APIs; nil without one
}

// kind is one provider: its flows, how many calls a minute it allows a merchant (nil: it names no limit), and how to
// make its caller for a merchant. new gives nil when the merchant has no account there.
type kind struct {
	name      string
	flows     []*saga.Flow
	perMinute func(m config.Merchant) int
	new       func(s shop) Caller
}

// kinds lists the providers.
func kinds() []kind {
	return []kind{
		{name: atmos.Name, flows: atmos.Flows(), new: newAtmos},
		{name: atmosips.Name, flows: atmosips.Flows(), new: newAtmosIPS},
		{name: atmospinfl.Name, flows: atmospinfl.Flows(), new: newAtmosPinfl},
		{name: via.Name, flows: via.Flows(), new: newVia},
		{name: paysys.Name, flows: paysys.Flows(), new: newPaysys, perMinute: paysysPerMinute},
		{name: uzum.Name, flows: uzum.Flows(), new: callsUs},
	}
}

// newAccount is the one account behind all of ATMOS's APIs.
func newAccount(m config.Merchant, http *rest.Client, now func() time.Time) *gateway.Account {
	if !m.Atmos.Configured() {
		return nil
	}
	return gateway.New(gateway.Settings{
		BaseURL: m.Atmos.BaseURL, ConsumerKey: m.Atmos.ConsumerKey, ConsumerSecret: m.Atmos.ConsumerSecret, Now: now,
	}, http)
}

func newAtmos(s shop) Caller {
	m := s.Atmos
	if s.account == nil {
		return nil
	}
	return atmos.New(atmos.Settings{
		StoreID: m.StoreID, TerminalID: m.TerminalID, CheckoutURL: m.CheckoutURL, OFDCode: m.OFDCode, Zone: zoneOf(m),
	}, s.account)
}

// zoneOf is where ATMOS's clocks stand.
func zoneOf(m config.Atmos) *time.Location {
	zone, err := time.LoadLocation(m.Timezone)
	if err != nil { // the settings were checked
		return time.UTC
	}
	return zone
}

func newAtmosIPS(s shop) Caller {
	m := s.AtmosIPS
	if s.account == nil || !m.Configured() {
		return nil
	}
	return atmosips.New(atmosips.Settings{
		StoreID: m.StoreID, APIKey: m.APIKey, Expiry: m.Expiry, Zone: zoneOf(s.Atmos), Now: s.now,
	}, s.account)
}

func newAtmosPinfl(s shop) Caller {
	if s.account == nil {
		return nil
	}
	return atmospinfl.New(s.account, func(sealed, paymentID string) (*payment.Person, error) {
		return s.keys().OpenPerson(sealed, paymentID)
	})
}

// callsUs is of a provider that drives its payments: nobody calls it.
func callsUs(shop) Caller { return nil }

// Registry holds the flows of all providers and the callers of all merchants.
type Registry struct {
	flows     []*saga.Flow
	merchants map[string]bool
	callers   map[account]Caller
	perMinute map[account]int // calls, of those that have a limit
}

// account is one merchant at one provider.
type account struct{ merchant, provider string }

var _ saga.Flows = (*Registry)(nil)

// Names lists the providers that any merchant has an account at, those that call us included.
func (r *Registry) Names() []string {
	var names []string
	for who := range r.callers {
		names = append(names, who.provider)
	}
	slices.Sort(names)
	return slices.Compact(names)
}

// NewRegistry makes the callers of every merchant and proves every flow. keys gives the keys that open what was sealed
// to the worker itself; nil: nothing was.
func NewRegistry(
	merchants map[string]config.Merchant, http *rest.Client, now func() time.Time,
	keys func(merchant string) payment.Keyring,
) (*Registry, error) {
	shops := shopsOf(merchants, http, now, keys)
	r := &Registry{merchants: map[string]bool{}, callers: map[account]Caller{}, perMinute: map[account]int{}}
	var faults []error
	for _, k := range kinds() {
		for _, flow := range k.flows {
			faults = append(faults, saga.Prove(flow))
		}
		r.flows = append(r.flows, k.flows...)
		for merchant, shop := range shops {
			r.merchants[merchant] = true
			if caller := k.new(shop); caller != nil {
				r.callers[account{merchant, k.name}] = caller
			}
			if k.perMinute != nil {
				r.perMinute[account{merchant, k.name}] = k.perMinute(shop.Merchant)
			}
		}
	}
	return r, errors.Join(faults...)
}

func shopsOf(
	merchants map[string]config.Merchant, http *rest.Client, now func() time.Time,
	keys func(merchant string) payment.Keyring,
) map[string]shop {
	shops := make(map[string]shop, len(merchants))
	for name, m := range merchants {
		s := shop{Merchant: m, http: http, now: now, account: newAccount(m, http, now)}
		s.keys = func() payment.Keyring {
			if keys == nil {
				return nil
			}
			return keys(name)
		}
		shops[name] = s
	}
	return shops
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
	if account, ok := r.callers[account{c.Merchant, c.Provider}].(narrower); ok {
		return account.Narrow(flow.Takes), true
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

// Accounts lists who has an account where, merchant by merchant. A provider that calls us has none of our calling.
func (r *Registry) Accounts() iter.Seq2[string, string] {
	all := slices.SortedFunc(maps.Keys(r.callers), func(a, b account) int {
		return cmp.Or(cmp.Compare(a.merchant, b.merchant), cmp.Compare(a.provider, b.provider))
	})
	return func(yield func(merchant, provider string) bool) {
		for _, a := range all {
			if !yield(a.merchant, a.provider) {
				return
			}
		}
	}
}
