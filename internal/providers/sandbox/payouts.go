package sandbox

import "time"

// Payout is money that really reached a card.
type Payout struct {
	N           int       `json:"n"` // from 1, without gap
	Provider    string    `json:"provider"`
	Service     string    `json:"service"`
	Transaction string    `json:"transaction"`
	Partner     string    `json:"partner"` // the caller's own number
	Amount      int64     `json:"amount"`  // tiyin
	Card        string    `json:"card"`    // first six and last four digits
	At          time.Time `json:"at"`
}

// payout writes one down.
func (l *ledger) payout(p Payout) {
	l.mu.Lock()
	defer l.mu.Unlock()
	p.N = len(l.payouts) + 1
	l.payouts = append(l.payouts, p)
}

// Payouts are what really reached cards, in order.
func (s *Sandbox) Payouts() []Payout { return copied(s.ledger, &s.ledger.payouts) }
