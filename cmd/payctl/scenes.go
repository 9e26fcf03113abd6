package main

import (
	"tolov/client"
	"tolov/internal/providers/sandbox"
)

// scene is one payment of the demo.
type scene struct {
	title  string
	story  string // what is about to happen
	amount int64  // tiyin
	acts   []act
	debits int // that the ledger must show in the end
}

// scenes lists what the demo plays, in this order. Every scene has an account of its own, so that the ledger tells
// them apart.
func scenes() []scene {
	linked := client.Card{Token: "linked-card-of-aziza"}
	return []scene{
		{
			title: "A linked card", amount: 125_000_00, debits: 1,
			story: "The shop knows the customer's card by its token: no code is needed.",
			acts:  []act{pay(linked, once), until(client.EventCompleted)},
		},
		{
			title: "A card with a code", amount: 80_000_00, debits: 1,
			story: "The card is given by its number, so the bank sends the customer a code.",
			acts: []act{
				pay(client.Card{Number: "8600490744313347", Expiry: "4912"}, once), until(client.EventActionRequired),
				enter("111111"), until(client.EventCompleted),
			},
		},
		{
			title: "Not enough money", amount: 1_000_000_00, debits: 0,
			story: "The bank declines. That is certain, so the payment fails at once, with advice for the customer.",
			acts:  []act{pay(client.Card{Token: "insufficient-card-of-bobur"}, once), until(client.EventFailed)},
		},
		{
			title: "The provider takes the money and never answers", amount: 300_000_00, debits: 1,
			story: "Trying again could debit twice, giving up could lose the money. So the provider is asked.",
			acts: []act{
				breaks("apply", sandbox.SilentAfter), pay(linked, once), until(client.EventInDoubt),
				until(client.EventCompleted),
			},
		},
		{
			title: "The same command, five times", amount: 45_000_00, debits: 1,
			story: "A caller that is not sure publishes again. One ext_id is one payment, so one debit.",
			acts:  []act{pay(linked, fiveTimes), until(client.EventCompleted)},
		},
	}
}
