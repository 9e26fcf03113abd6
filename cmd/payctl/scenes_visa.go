package main

import (
	"context"
	"errors"
	"fmt"
	"net/http"

	"tolov/client"
)

// visaScenes are about Visa and Mastercard.
func visaScenes() []scene {
	return []scene{
		{
			title: "A Visa card behind 3-D Secure", short: "Visa, 3-D Secure", amount: 55_000_00, leads: paid(55_000_00),
			story: "The bank asks its customer first: nothing is debited before the customer comes back from its page.",
			acts: []act{
				payVisa(visa("4111111111111111")), until(client.EventActionRequired), confirm3DS,
				until(client.EventCompleted),
			},
		},
		{
			title: "A Mastercard is linked, and pays", short: "Mastercard, linked", amount: 70_000_00,
			leads: tally{debits: 1, debited: 70_000_00, cards: 1},
			story: "3-D Secure once, when the card is linked. From then on its id pays, without the customer.",
			acts: []act{
				linkVisa(visa("5555555555554444")), until(client.EventActionRequired), confirm3DS,
				until(client.EventCardLinked), payVisaAgain, until(client.EventCompleted),
			},
		},
		{
			title: "A Visa hold that is charged, and given back", short: "A Visa hold", amount: 90_000_00,
			leads: tally{debits: 1, debited: 90_000_00, refunds: 1, refunded: 90_000_00, held: 90_000_00},
			story: "This provider charges a hold as a whole only. The customer cancels late, and gets all of it back.",
			acts: []act{
				holdVisa("900001"), until(client.EventHeld), charge(90_000_00), until(client.EventCompleted),
				refund("late", 0), until(client.EventRefunded),
			},
		},
	}
}

// customerIP is where the demo's customers are: an address of the documentation's (RFC 5737).
const customerIP = "192.0.2.7"

func visa(number client.Secret) client.Card {
	return client.Card{Number: number, Expiry: "4912", Holder: "AZIZA KARIMOVA", CVC: "680"}
}

// payVisa publishes the scene's payment with a card's number.
func payVisa(card client.Card) act {
	return func(ctx context.Context, s *stage) error {
		cmd := s.payment(card)
		cmd.Provider, cmd.CustomerIP = acquiring, customerIP
		text := fmt.Sprintf("%s UZS for %s at %s, %s", sums(s.now.amount), s.account(), acquiring, by(card))
		return s.say(ctx, text, cmd, once)
	}
}

// linkVisa links a card, under an ext_id of its own.
func linkVisa(card client.Card) act {
	return func(ctx context.Context, s *stage) error {
		s.stop()
		s.follow(ctx, s.name+"-card")
		return s.say(ctx, "card "+card.Masked()+" at "+acquiring, client.LinkCard{
			ExtID: s.extID, Provider: acquiring, Card: card, CustomerIP: customerIP,
		}, once)
	}
}

// payVisaAgain debits the card that was linked, without its holder.
func payVisaAgain(ctx context.Context, s *stage) error {
	card := client.Card{ID: client.Secret(s.last.Payment.Card.ID)}
	s.stop()
	s.follow(ctx, s.name)
	cmd := s.payment(card)
	cmd.Provider, cmd.CustomerIP, cmd.Recurring = acquiring, customerIP, true
	text := fmt.Sprintf("%s UZS for %s at %s, by the card's id", sums(s.now.amount), s.account(), acquiring)
	return s.say(ctx, text, cmd, once)
}

// holdVisa freezes the scene's amount on a card that is linked.
func holdVisa(id client.Secret) act {
	return func(ctx context.Context, s *stage) error {
		text := fmt.Sprintf("%s UZS for %s at %s, by the card's id", sums(s.now.amount), s.account(), acquiring)
		return s.say(ctx, text, client.Hold{
			ExtID: s.extID, Provider: acquiring, Amount: s.now.amount, Account: s.account(),
			Card: client.Card{ID: id}, CustomerIP: customerIP,
			OFDItems: []client.OFDItem{{Name: "Room", OFDCode: "10105001001000000", Amount: s.now.amount}},
		}, once)
	}
}

// confirm3DS plays the customer, who confirms at the bank's page.
func confirm3DS(ctx context.Context, s *stage) error {
	s.line(cell{"→", bold}, "page", "the customer confirms at the bank's page")
	address := s.last.Payment.Action.URL
	return errors.Join(s.browse(ctx, http.MethodGet, address, nil), s.browse(ctx, http.MethodPost, address, nil))
}
