package main

import (
	"slices"
	"time"

	"tolov/client"
	"tolov/internal/providers/sandbox"
)

// scene is one payment of the demo.
type scene struct {
	title  string
	short  string // in tables; empty: the title
	story  string // what is about to happen
	amount int64  // tiyin
	acts   []act
	leads  tally // to what the ledger must show in the end
}

// name is the scene in a few words.
func (s scene) name() string {
	if s.short != "" {
		return s.short
	}
	return s.title
}

const inFull = 7 * 24 * time.Hour // long enough for a demo

// scenes lists what the demo plays, in this order. Every scene has accounts of its own, so that the ledger tells them
// apart.
func scenes() []scene {
	return slices.Concat(firstScenes(), moreScenes(), otherScenes(), visaScenes())
}

// firstScenes are about a payment that is debited once, whatever happens.
func firstScenes() []scene {
	linked := client.Card{Token: "linked-card-of-aziza"}
	return []scene{
		{
			title: "A linked card", amount: 125_000_00, leads: paid(125_000_00),
			story: "The shop knows the customer's card by its token: no code is needed.",
			acts:  []act{pay(linked, once), until(client.EventCompleted)},
		},
		{
			title: "A card with a code", amount: 80_000_00, leads: paid(80_000_00),
			story: "The card is given by its number, so the bank sends the customer a code.",
			acts: []act{
				pay(byNumber(), once), until(client.EventActionRequired), enter("111111"), until(client.EventCompleted),
			},
		},
		{
			title: "Not enough money", amount: 1_000_000_00,
			story: "The bank declines. That is certain, so the payment fails at once, with advice for the customer.",
			acts:  []act{pay(client.Card{Token: "insufficient-card-of-bobur"}, once), until(client.EventFailed)},
		},
		{
			title: "The provider takes the money and never answers", short: "No answer",
			amount: 300_000_00, leads: paid(300_000_00),
			story: "Trying again could debit twice, giving up could lose the money. So the provider is asked.",
			acts: []act{
				breaks("apply", sandbox.SilentAfter), pay(linked, once), until(client.EventInDoubt),
				until(client.EventCompleted),
			},
		},
		{
			title: "The same command, five times", short: "Five times", amount: 45_000_00, leads: paid(45_000_00),
			story: "A caller that is not sure publishes again. One ext_id is one payment, so one debit.",
			acts:  []act{pay(linked, fiveTimes), until(client.EventCompleted)},
		},
	}
}

// moreScenes are about what else is done with money and cards.
func moreScenes() []scene {
	linked := client.Card{Token: "linked-card-of-aziza"}
	return []scene{
		{
			title: "A hold that is partly charged", short: "A hold", amount: 200_000_00,
			leads: tally{debits: 1, debited: 150_000_00, held: 200_000_00, released: 50_000_00},
			story: "The hotel freezes the deposit, and later takes what the guest owes. The rest is released.",
			acts: []act{
				hold(linked, inFull), until(client.EventHeld), charge(150_000_00), until(client.EventCompleted),
			},
		},
		{
			title: "A payment that is given back in two parts", short: "Two refunds", amount: 120_000_00,
			leads: tally{debits: 1, debited: 120_000_00, refunds: 2, refunded: 120_000_00},
			story: "Each refund has an id of its own, so asking twice gives back once, and never more than was paid.",
			acts: []act{
				pay(linked, once), until(client.EventCompleted), refund("one-shoe", 50_000_00), until(client.EventRefunded),
				refund("the-other", 0), until(client.EventRefunded),
			},
		},
		{
			title: "Two items with one code", short: "Two items", amount: 90_000_00,
			leads: tally{debits: 2, debited: 90_000_00},
			story: "The customer pays for water and gas in one go. Each has its own transaction at the provider.",
			acts: []act{
				payItems(byNumber(), map[string]int64{"water": 30_000_00, "gas": 60_000_00}),
				until(client.EventActionRequired), enter("111111"), until(client.EventCompleted),
			},
		},
		{
			title: "A card is linked, and pays", short: "A card is linked", amount: 60_000_00,
			leads: tally{debits: 1, debited: 60_000_00, cards: 1},
			story: "The customer confirms once. From then on the shop pays by token, and keeps no card number.",
			acts: []act{
				link(client.Card{Number: "8600120034560007", Expiry: "4912"}), until(client.EventActionRequired),
				enter("111111"), until(client.EventCardLinked), payLinked, until(client.EventCompleted),
			},
		},
		{
			title: "A payment page", amount: 75_000_00, leads: paid(75_000_00),
			story: "The shop never sees the card: the customer pays at the provider's page, and the provider is asked.",
			acts: []act{
				payAtPage, until(client.EventActionRequired),
				visit(client.Card{Number: "9860090101014364", Expiry: "2802"}), until(client.EventCompleted),
			},
		},
	}
}

// otherScenes are about other providers and other ways of money.
func otherScenes() []scene {
	return []scene{
		{
			title: "A withdrawal that the cards cover in part", short: "A withdrawal", amount: 50_000_00,
			leads: tally{debits: 2, debited: 30_000_00},
			story: "Somebody owes. The provider debits whatever cards the person has, and tells what each of them gave.",
			acts:  []act{withdraw, until(client.EventCompleted)},
		},
		{
			title: "A payout to a card", short: "A payout", amount: 40_000_00,
			leads: tally{payouts: 1, paidOut: 40_000_00},
			story: "Money goes the other way: prepared, then confirmed once. The sender's name is kept nowhere.",
			acts:  []act{payOut(client.Card{Number: "8600530410609500"}), until(client.EventCompleted)},
		},
		{
			title: "The same verb, another provider: VIA", short: "VIA", amount: 65_000_00, leads: paid(65_000_00),
			story: "Only the provider's name differs. A wrong code costs an attempt, here as everywhere.",
			acts: []act{
				payBy("via", byNumber()), until(client.EventActionRequired), enter("000000"),
				until(client.EventActionRequired), enter("111111"), until(client.EventCompleted),
			},
		},
		{
			title: "A payment that starts at the bank: Uzum", short: "Uzum", amount: 35_000_00, leads: paid(35_000_00),
			story: "Uzum Bank calls us: it creates the payment, debits its customer, and has us confirm.",
			acts:  []act{bankPays},
		},
	}
}

// byNumber is a card whose owner gets a code.
func byNumber() client.Card { return client.Card{Number: "8600490744313347", Expiry: "4912"} }

// paid is what the ledger shows of a payment that was debited once.
func paid(amount int64) tally { return tally{debits: 1, debited: amount} }
