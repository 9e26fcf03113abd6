// Package desk is where operators meet the workers: what they ask (which payments are open, how the workers are set,
// what would become of a command) and what they tell (a provider is paused). The shapes stand here once, for the worker
// that answers and for payctl that asks.
//
// It decides nothing about payments, and nothing here moves money: an operator's act on a payment is a command like
// everybody's (H74).
//
// Read next: switch.go for what pauses a provider, desk.go for how questions are asked.
package desk
