package main

import (
	"cmp"
	"context"
	"errors"
	"fmt"
	"io"
	"maps"
	"net/http"
	"net/url"
	"slices"
	"strings"
	"time"

	"tolov/client"
	"tolov/internal/providers/sandbox"
)

// act is a piece of a scene.
type act func(ctx context.Context, s *stage) error

// How often a command is published.
const (
	once      = 1
	fiveTimes = 5
)

// say tells what is done and publishes it, that many times.
func (s *stage) say(ctx context.Context, text string, cmd client.Command, times int) error {
	name := cmd.Verb()
	if times > 1 {
		name += fmt.Sprintf(" ×%d", times)
	}
	s.line(cell{"→", bold}, name, text)
	ctx, span := s.ownTrace(ctx, cmd.Verb())
	defer span.End()
	for range times {
		if err := s.client.Publish(ctx, cmd); err != nil {
			return err
		}
	}
	return nil
}

// pay publishes the scene's payment, that many times.
func pay(card client.Card, times int) act {
	return func(ctx context.Context, s *stage) error {
		text := fmt.Sprintf("%s UZS for %s, %s", sums(s.now.amount), s.account(), by(card))
		return s.say(ctx, text, s.payment(card), times)
	}
}

func (s *stage) payment(card client.Card) client.Pay {
	return client.Pay{ExtID: s.extID, Provider: "atmos", Amount: s.now.amount, Account: s.account(), Card: card}
}

// payBy publishes the scene's payment at a provider of its own.
func payBy(provider string, card client.Card) act {
	return func(ctx context.Context, s *stage) error {
		cmd := s.payment(card)
		cmd.Provider = provider
		return s.say(ctx, fmt.Sprintf("%s UZS for %s at %s, %s", sums(s.now.amount), s.account(), provider, by(card)), cmd,
			once)
	}
}

// withdraw publishes the scene's withdrawal, from a person of the sandbox's whose cards hold less.
func withdraw(ctx context.Context, s *stage) error {
	return s.say(ctx, fmt.Sprintf("%s UZS under contract %s, or less", sums(s.now.amount), s.account()), client.Withdraw{
		ExtID: s.extID, Provider: "atmos-pinfl", Amount: s.now.amount, ContractNumber: s.account(), Partial: true,
		Person: client.Person{
			FirstName: "Dilnoza", LastName: "Karimova", MiddleName: "Rustamovna", PINFL: "41508950230106",
			PassportSeries: "AB", PassportNumber: "7654321",
		},
	}, once)
}

// payOut publishes the scene's payout.
func payOut(card client.Card) act {
	return func(ctx context.Context, s *stage) error {
		return s.say(ctx, fmt.Sprintf("%s UZS to card %s", sums(s.now.amount), card.Masked()), client.Payout{
			ExtID: s.extID, Provider: "paysys", Amount: s.now.amount, Card: card,
			Sender: client.Sender{LastName: "Karimov", FirstName: "Aziz"},
		}, once)
	}
}

// by tells how a card is given.
func by(card client.Card) string {
	if masked := card.Masked(); masked != "" {
		return "by card " + masked
	}
	return "by token"
}

// payItems publishes the scene's payment in parts, for an account of its own each.
func payItems(card client.Card, parts map[string]int64) act {
	return func(ctx context.Context, s *stage) error {
		cmd := s.payment(card)
		cmd.Account = ""
		for _, name := range slices.Sorted(maps.Keys(parts)) {
			cmd.Items = append(cmd.Items, client.Item{Account: s.account() + "-" + name, Amount: parts[name]})
		}
		text := fmt.Sprintf("%s UZS for %d items, %s", sums(s.now.amount), len(parts), by(card))
		return s.say(ctx, text, cmd, once)
	}
}

// payLinked publishes the scene's payment with the card that was linked.
func payLinked(ctx context.Context, s *stage) error {
	s.stop()
	s.follow(ctx, s.name)
	return pay(client.Card{Token: s.token}, once)(ctx, s)
}

// payAtPage publishes the scene's payment without a card.
func payAtPage(ctx context.Context, s *stage) error {
	cmd := s.payment(client.Card{})
	cmd.Hosted = &client.Hosted{}
	return s.say(ctx, fmt.Sprintf("%s UZS for %s, at the provider's page", sums(s.now.amount), s.account()), cmd, once)
}

// link links a card, under an ext_id of its own.
func link(card client.Card) act {
	return func(ctx context.Context, s *stage) error {
		s.stop()
		s.follow(ctx, s.name+"-card")
		return s.say(ctx, "card "+card.Masked(), client.LinkCard{ExtID: s.extID, Provider: "atmos", Card: card}, once)
	}
}

// hold freezes the scene's amount.
func hold(card client.Card, duration time.Duration) act {
	return func(ctx context.Context, s *stage) error {
		text := fmt.Sprintf("%s UZS for %s, %s", sums(s.now.amount), s.account(), by(card))
		return s.say(ctx, text, client.Hold{
			ExtID: s.extID, Provider: "atmos", Amount: s.now.amount, Account: s.account(), Card: card, Duration: duration,
		}, once)
	}
}

// charge takes some of what is held.
func charge(amount int64) act {
	return func(ctx context.Context, s *stage) error {
		return s.say(ctx, sums(amount)+" UZS of it", client.Charge{ExtID: s.extID, Amount: amount}, once)
	}
}

// refund gives back an amount, or all that is left for 0.
func refund(id string, amount int64) act {
	return func(ctx context.Context, s *stage) error {
		text := "all that is left"
		if amount > 0 {
			text = sums(amount) + " UZS"
		}
		return s.say(ctx, text+", refund "+id, client.Refund{ExtID: s.extID, RefundID: id, Amount: amount}, once)
	}
}

// transID is Uzum Bank's number of the scene's transaction, and so the payment's ext_id.
const transID = "5c398d7e-76b6-11ee-96da-d8bbc1a47cb0"

// bankPays lets a customer of Uzum Bank's pay: the bank makes its calls, and what they lead to is shown meanwhile.
func bankPays(ctx context.Context, s *stage) error {
	s.stop()
	s.follow(ctx, transID)
	order := sandbox.UzumOrder{TransID: s.extID, Account: s.account(), Amount: s.now.amount}
	s.line(cell{"→", bold}, "check", fmt.Sprintf("Uzum Bank: %s UZS for %s, then create and confirm",
		sums(order.Amount), order.Account))
	ended := make(chan struct{})
	go func() {
		defer close(ended)
		if end := s.bank.Pay(ctx, order); end != sandbox.UzumPaid {
			s.abort(fmt.Errorf("%s: at the bank the payment is %s", s.now.title, end))
		}
	}()
	err := until(client.EventCompleted)(ctx, s)
	<-ended
	return cmp.Or(context.Cause(ctx), err)
}

// enter plays the customer, who enters the code.
func enter(code client.Secret) act {
	return func(ctx context.Context, s *stage) error { // the sandbox's only code: no secret
		return s.say(ctx, "the customer enters "+string(code), client.Confirm{ExtID: s.extID, Code: code}, once)
	}
}

// visit plays the customer, who opens the page and pays there.
func visit(card client.Card) act {
	return func(ctx context.Context, s *stage) error {
		s.line(cell{"→", bold}, "page", "the customer opens it and pays, "+by(card))
		address := s.last.Payment.Action.URL
		form := url.Values{"card_number": {string(card.Number)}, "expiry": {string(card.Expiry)}}
		return errors.Join(s.browse(ctx, http.MethodGet, address, nil), s.browse(ctx, http.MethodPost, address, form))
	}
}

// browse does what the customer's browser does.
func (s *stage) browse(ctx context.Context, method, address string, form url.Values) error {
	r, err := http.NewRequestWithContext(ctx, method, address, strings.NewReader(form.Encode()))
	if err != nil {
		return err
	}
	r.Header.Set("Content-Type", "application/x-www-form-urlencoded")
	page, err := s.bench.http.Do(r)
	if err != nil {
		return err
	}
	_, err = io.Copy(io.Discard, page.Body)
	if err = errors.Join(err, page.Body.Close()); err != nil {
		return err
	}
	if page.StatusCode != http.StatusOK {
		return fmt.Errorf("the payment page answers %s", page.Status)
	}
	return nil
}

// breaks makes the provider misbehave at the scene's next call of an operation.
func breaks(op, kind string) act {
	return func(ctx context.Context, s *stage) error {
		s.line(cell{"⚡", yellow}, "sandbox fault", "the next "+op+" will take effect and never be answered")
		return s.bench.script(ctx, sandbox.Fault{Op: op, Kind: kind, Account: s.account(), Times: once})
	}
}

// until shows what happens until an event of the type.
func until(want client.EventType) act {
	return func(ctx context.Context, s *stage) error {
		for {
			if err := s.show(ctx); err != nil {
				return err
			}
			switch got := s.last.Type; {
			case got == want:
				return nil
			case got.Ends(), got == client.EventRejected, got == client.EventRefundFailed:
				return fmt.Errorf("%s: expected %s, got %s: %s", s.now.title, want, got, tell(s.last, time.Now()))
			}
		}
	}
}
