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
	ExtID          string    `json:"ext_id,omitempty"` // the caller's own, where the provider keeps one
	Account        string    `json:"account"`
	Amount         int64     `json:"amount"` // tiyin
	Card           string    `json:"card"`   // first six and last four digits, or "token"
	At             time.Time `json:"at"`
	ReversedAmount int64     `json:"reversed_amount"` // tiyin
}

// Refund is money that really went back to a card.
type Refund struct {
	N           int       `json:"n"` // from 1, without gap
	Provider    string    `json:"provider"`
	Store       string    `json:"store"`
	Transaction string    `json:"transaction"`
	Account     string    `json:"account"`
	Partial     string    `json:"partial,omitempty"`    // the provider's number of a partial reversal; empty: a full one
	RequestID   string    `json:"request_id,omitempty"` // the caller's, of a partial reversal
	Amount      int64     `json:"amount"`               // tiyin
	At          time.Time `json:"at"`
}

// Hold is money that really was frozen on a card. Whoever repeats calls at a naive provider makes Charged or Released
// exceed Held, or Freezes exceed one.
type Hold struct {
	N           int       `json:"n"` // from 1, without gap
	Provider    string    `json:"provider"`
	ID          string    `json:"id"`
	Parent      string    `json:"parent,omitempty"` // of a multiple hold
	Store       string    `json:"store"`
	Transaction string    `json:"transaction"` // by which it is charged
	Account     string    `json:"account"`
	Card        string    `json:"card"`     // as in Debit
	Held        int64     `json:"held"`     // tiyin
	Charged     int64     `json:"charged"`  // tiyin
	Released    int64     `json:"released"` // tiyin, by cancelling or by charging less
	Expired     int64     `json:"expired"`  // tiyin, that time released
	Freezes     int       `json:"freezes"`  // how often the amount was frozen
	At          time.Time `json:"at"`
	Till        time.Time `json:"till"`
}

// Card is one that really was linked.
type Card struct {
	N         int       `json:"n"` // from 1, without gap
	Provider  string    `json:"provider"`
	ID        string    `json:"id"`
	Card      string    `json:"card"`  // first six and last four digits
	Links     int       `json:"links"` // how often it was confirmed
	LinkedAt  time.Time `json:"linked_at"`
	RemovedAt time.Time `json:"removed_at,omitzero"` // zero: it still is linked
}

// ledger is shared by the providers. Nothing is ever removed from it.
type ledger struct {
	mu      sync.Mutex
	debits  []Debit
	refunds []Refund
	holds   []Hold
	cards   []Card
	payouts []Payout
}

// debit writes one down and gives its number.
func (l *ledger) debit(d Debit) int {
	l.mu.Lock()
	defer l.mu.Unlock()
	d.N = len(l.debits) + 1
	l.debits = append(l.debits, d)
	return d.N
}

// refund writes one down, here and at the nth debit.
func (l *ledger) refund(n int, r Refund) {
	l.mu.Lock()
	defer l.mu.Unlock()
	r.N = len(l.refunds) + 1
	l.refunds = append(l.refunds, r)
	l.debits[n-1].ReversedAmount += r.Amount
}

// hold writes one down and gives its number.
func (l *ledger) hold(h Hold) int {
	l.mu.Lock()
	defer l.mu.Unlock()
	h.N = len(l.holds) + 1
	l.holds = append(l.holds, h)
	return h.N
}

// changeHold changes the nth hold.
func (l *ledger) changeHold(n int, change func(*Hold)) {
	l.mu.Lock()
	defer l.mu.Unlock()
	change(&l.holds[n-1])
}

// card writes one down and gives its number.
func (l *ledger) card(c Card) int {
	l.mu.Lock()
	defer l.mu.Unlock()
	c.N = len(l.cards) + 1
	l.cards = append(l.cards, c)
	return c.N
}

// changeCard changes the nth card.
func (l *ledger) changeCard(n int, change func(*Card)) {
	l.mu.Lock()
	defer l.mu.Unlock()
	change(&l.cards[n-1])
}

func (l *ledger) all() []Debit { return copied(l, &l.debits) }

func (l *ledger) allRefunds() []Refund { return copied(l, &l.refunds) }

func (l *ledger) allCards() []Card { return copied(l, &l.cards) }

// allHolds releases in passing what has run out by now.
func (l *ledger) allHolds(now time.Time) []Hold {
	holds := copied(l, &l.holds)
	for i := range holds {
		h := &holds[i]
		if !now.Before(h.Till) {
			h.Expired = max(h.Held-h.Charged-h.Released, 0)
		}
	}
	return holds
}

func copied[T any](l *ledger, list *[]T) []T {
	l.mu.Lock()
	defer l.mu.Unlock()
	return slices.Clone(*list)
}
