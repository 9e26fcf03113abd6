package providers

import (
	"cmp"
	"slices"

	"tolov/internal/providers/atmos"
	"tolov/internal/providers/paysys"
	"tolov/internal/saga"
)

// bookkeeper is a caller whose provider's books can be read, for reconciliation.
type bookkeeper interface {
	Books() saga.Books
}

var (
	_ bookkeeper = (*atmos.Client)(nil)
	_ bookkeeper = (*paysys.Client)(nil)
)

// Bookkeeping is an account whose books can be read.
type Bookkeeping struct {
	Merchant, Provider string
	saga.Books
}

// Books lists the accounts whose books can be read, in the order of their names.
func (r *Registry) Books() []Bookkeeping {
	var all []Bookkeeping
	for who, caller := range r.callers {
		if keeper, ok := caller.(bookkeeper); ok {
			all = append(all, Bookkeeping{Merchant: who.merchant, Provider: who.provider, Books: keeper.Books()})
		}
	}
	slices.SortFunc(all, func(a, b Bookkeeping) int {
		return cmp.Or(cmp.Compare(a.Merchant, b.Merchant), cmp.Compare(a.Provider, b.Provider))
	})
	return all
}
