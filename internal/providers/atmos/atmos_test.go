package atmos_test

import (
	"strconv"
	"testing"
	"time"

	"tolov/internal/payment"
	"tolov/internal/providers/atmos"
	"tolov/internal/providers/gateway"
	"tolov/internal/providers/providertest"
	"tolov/internal/providers/rest"
	"tolov/internal/saga"
)

const (
	cardNumber = "9860090101014364"
	cardToken  = "tok-of-a-linked-card"
	wantedCode = "111111"
	amount     = payment.Money(5_000_000)
)

// merchant is a client of a merchant whose ATMOS stands under base.
func merchant(base string, http *rest.Client) *atmos.Client {
	return atmos.New(atmos.Settings{
		StoreID: "7", CheckoutURL: base + "/invoice/get", OFDCode: "1", Zone: time.UTC,
	}, account(base, http, time.Now))
}

func account(base string, http *rest.Client, now func() time.Time) *gateway.Account {
	return gateway.New(gateway.Settings{
		BaseURL: base, ConsumerKey: payment.NewSecret("consumer-key"),
		ConsumerSecret: payment.NewSecret("consumer-secret"), Now: now,
	}, http)
}

// flow finds a flow by its name.
func flow(name string) *saga.Flow {
	for _, f := range atmos.Flows() {
		if f.Name == name {
			return f
		}
	}
	return nil
}

func suite(flowName, step string, commands ...*payment.Command) providertest.Suite {
	return providertest.Suite{
		Flow: flow(flowName), Step: step,
		New: func(http *rest.Client) providertest.Caller {
			return merchant(providertest.Host+"/atmos", http)
		},
		Commands: func() []*payment.Command { return commands },
		Secrets:  []string{cardNumber, cardToken, "consumer-key", "consumer-secret", "Bearer"},
	}
}

func byToken() *payment.CardInput { return &payment.CardInput{Token: payment.NewSecret(cardToken)} }

func byNumber() *payment.CardInput {
	return &payment.CardInput{Number: payment.NewSecret(cardNumber), Expiry: payment.NewSecret("2912")}
}

// command makes a command of a verb for the one payment of a suite.
func command(verb payment.Verb, with func(c *payment.Command)) *payment.Command {
	c := &payment.Command{
		Verb: verb, Message: "m-" + string(verb), ExtID: "order-1", Merchant: "default", Provider: atmos.Name,
	}
	if with != nil {
		with(c)
	}
	return c
}

func pay(card *payment.CardInput) *payment.Command {
	return command(payment.VerbPay, func(c *payment.Command) {
		c.Amount, c.Account, c.Card = tiyin(amount), "order-1", card
	})
}

func hold(card *payment.CardInput) *payment.Command {
	c := pay(card)
	c.Verb, c.DurationMin = payment.VerbHold, new(int64)
	*c.DurationMin = 60
	return c
}

// inParts spreads a command's amount over three items.
func inParts(c *payment.Command) *payment.Command {
	c.Account = ""
	for i, part := range []payment.Money{1_000_000, 1_500_000, 2_500_000} {
		c.Items = append(c.Items, payment.ItemInput{Account: "part-" + strconv.Itoa(i), Amount: tiyin(part)})
	}
	return c
}

func tiyin(m payment.Money) *payment.Money { return &m }

func confirm() *payment.Command {
	return command(payment.VerbConfirm, func(c *payment.Command) { c.OTP = payment.NewSecret(wantedCode) })
}

func refund(part *payment.Money) *payment.Command {
	return command(payment.VerbRefund, func(c *payment.Command) {
		c.RefundID, c.Amount, c.Reason = "r1", part, "sold out"
	})
}

// Operations 4 to 6, 10 and 12.
func TestPaymentByTokenKeepsTheLaws(t *testing.T) {
	providertest.Run(t, suite("atmos/pay", "apply", pay(byToken())))
}

func TestPaymentByNumberKeepsTheLaws(t *testing.T) {
	providertest.Run(t, suite("atmos/pay", "apply", pay(byNumber()), confirm()))
}

// Operations 7 to 9.
func TestBulkPaymentKeepsTheLaws(t *testing.T) {
	s := suite("atmos/pay-bulk", "bulk-apply", inParts(pay(byNumber())), confirm())
	s.CheckOp = "get"
	providertest.Run(t, s)
}

// Operation 11.
func TestReversalKeepsTheLaws(t *testing.T) {
	providertest.Run(t, suite("atmos/pay", "reverse", pay(byToken()), refund(nil)))
}

func TestReversalOfABulkPaymentKeepsTheLaws(t *testing.T) {
	providertest.Run(t, suite("atmos/pay-bulk", "reverse", inParts(pay(byToken())), refund(nil)))
}

// Operations 13 to 15.
func TestPartialReversalKeepsTheLaws(t *testing.T) {
	providertest.Run(t, suite("atmos/pay", "confirm-reverse-partial", pay(byToken()), refund(tiyin(1_200_000))))
}

// Operations 16 to 18.
func TestLinkingACardKeepsTheLaws(t *testing.T) {
	providertest.Run(t, suite("atmos/link-card", "bind-confirm", link(), confirm()))
}

// Operation 19.
func TestRemovingACardKeepsTheLaws(t *testing.T) {
	providertest.Run(t, suite("atmos/link-card", "remove-card", link(), confirm(), command(payment.VerbRemoveCard, nil)))
}

func link() *payment.Command {
	return command(payment.VerbLinkCard, func(c *payment.Command) { c.Card = byNumber() })
}

// Operations 20, 21 and 26.
func TestHoldKeepsTheLaws(t *testing.T) {
	providertest.Run(t, suite("atmos/hold", "hold-apply", hold(byNumber()), confirm()))
}

// Operations 22 and 23.
func TestMultipleHoldKeepsTheLaws(t *testing.T) {
	s := suite("atmos/hold-items", "hold-multiple-apply", inParts(hold(byToken())))
	s.CheckOp = "hold-get"
	providertest.Run(t, s)
}

// Operation 24.
func TestChargeOfAHoldKeepsTheLaws(t *testing.T) {
	some := command(payment.VerbCharge, func(c *payment.Command) { c.Amount = tiyin(3_000_000) })
	providertest.Run(t, suite("atmos/hold", "hold-charge", hold(byToken()), some))
}

// Operation 25.
func TestReleaseOfAHoldKeepsTheLaws(t *testing.T) {
	providertest.Run(t, suite("atmos/hold", "hold-cancel", hold(byToken()), command(payment.VerbCancel, nil)))
}

func TestReleaseOfAnItemKeepsTheLaws(t *testing.T) {
	one := command(payment.VerbCharge, func(c *payment.Command) {
		c.Items = []payment.ItemInput{{Index: new(int)}}
	})
	providertest.Run(t, suite("atmos/hold-items", "hold-cancel", inParts(hold(byToken())), one))
}
