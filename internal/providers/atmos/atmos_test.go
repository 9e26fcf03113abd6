package atmos_test

import (
	"testing"
	"time"

	"tolov/internal/payment"
	"tolov/internal/providers/atmos"
	"tolov/internal/providers/providertest"
	"tolov/internal/providers/rest"
)

const (
	cardNumber = "9860090101014364"
	cardToken  = "tok-of-a-linked-card"
	wantedCode = "111111"
	amount     = payment.Money(5_000_000)
)

// settings are those of a merchant whose ATMOS stands under base.
func settings(base string) atmos.Settings {
	return atmos.Settings{
		BaseURL: base, ConsumerKey: payment.NewSecret("consumer-key"), ConsumerSecret: payment.NewSecret("consumer-secret"),
		StoreID: "7", Now: time.Now,
	}
}

func suite(commands ...*payment.Command) providertest.Suite {
	return providertest.Suite{
		Flow: atmos.Pay(), Step: "apply",
		New: func(http *rest.Client) providertest.Caller {
			return atmos.New(settings(providertest.Host+"/atmos"), http)
		},
		Commands: func() []*payment.Command { return commands },
		Secrets:  []string{cardNumber, cardToken, "consumer-key", "consumer-secret", "Bearer"},
	}
}

func pay(card *payment.CardInput) *payment.Command {
	tiyin := amount
	return &payment.Command{
		Verb: payment.VerbPay, Message: "m1", ExtID: "order-1", Merchant: "default", Provider: atmos.Name,
		Amount: &tiyin, Account: "order-1", Card: card,
	}
}

func TestPaymentByTokenKeepsTheLaws(t *testing.T) {
	providertest.Run(t, suite(pay(&payment.CardInput{Token: payment.NewSecret(cardToken)})))
}

func TestPaymentByNumberKeepsTheLaws(t *testing.T) {
	card := &payment.CardInput{Number: payment.NewSecret(cardNumber), Expiry: payment.NewSecret("2912")}
	confirm := &payment.Command{
		Verb: payment.VerbConfirm, Message: "m2", ExtID: "order-1", Merchant: "default", OTP: payment.NewSecret(wantedCode),
	}
	providertest.Run(t, suite(pay(card), confirm))
}
