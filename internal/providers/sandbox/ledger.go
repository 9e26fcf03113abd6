package sandbox

import (
	"slices"
	"sync"
	"time"
)

// Debit is money that really left a card.
type Debit struct {
	N              int       `json:"n"` // from 1, without gap
	Provider       string    `json:"provider"`
	Store          string    `json:"store"`
	Transaction    string    `json:"transaction"`
	Account        string    `json:"account"`
	Amount         int64     `json:"amount"` // tiyin
	Card           string    `json:"card"`   // first six and last four digits, or "token"
	At             time.Time `json:"at"`
	ReversedAmount int64     `json:"reversed_amount"` // tiyin
}

// ledger is shared by the providers. Nothing is ever removed from it.
type ledger struct {
	mu     sync.Mutex
	debits []Debit
}

// debit writes one down and gives its number.
func (l *ledger) debit(d Debit) int {
	l.mu.Lock()
	defer l.mu.Unlock()
	d.N = len(l.debits) + 1
	l.debits = append(l.debits, d)
	return d.N
}

func (l *ledger) all() []Debit {
	l.mu.Lock()
	defer l.mu.Unlock()
	return slices.Clone(l.debits)
}
