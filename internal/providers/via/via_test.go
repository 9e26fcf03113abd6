package via_test

import (
	"testing"

	"tolov/internal/payment"
	"tolov/internal/providers/providertest"
	"tolov/internal/providers/rest"
	"tolov/internal/providers/via"
)

const (
	cardNumber = "9860090101014364"
	wantedCode = "111111"
	extID      = "order-1"
	amount     = payment.Money(5_000_000)
)

func settings(base string) via.Settings {
	return via.Settings{
		BaseURL: base, ClientID: payment.NewSecret("client-system"), ClientSecret: payment.NewSecret("secret-system123"),
		MerchantID: "mrt_2V4M5svbNoQ68tB0ul8LoLWJOZQ",
	}
}

func command(verb payment.Verb, with func(c *payment.Command)) *payment.Command {
	c := &payment.Command{
		Verb: verb, Message: "m-" + string(verb), ExtID: extID, Merchant: "default", Provider: via.Name,
	}
	with(c)
	return c
}

func pay() *payment.Command {
	return command(payment.VerbPay, func(c *payment.Command) {
		sum := amount
		c.Amount, c.Account = &sum, "order-1"
		c.Card = &payment.CardInput{Number: payment.NewSecret(cardNumber), Expiry: payment.NewSecret("2912")}
	})
}

func confirm(code string) *payment.Command {
	return command(payment.VerbConfirm, func(c *payment.Command) { c.OTP = payment.NewSecret(code) })
}

// Operations 51 to 53.
func TestPaymentKeepsTheLaws(t *testing.T) {
	providertest.Run(t, providertest.Suite{
		Flow: via.Flows()[0], Step: "verify",
		New:      func(http *rest.Client) providertest.Caller { return via.New(settings(providertest.Host+"/via"), http) },
		Commands: func() []*payment.Command { return []*payment.Command{pay(), confirm(wantedCode)} },
		Secrets:  []string{cardNumber, "client-system", "secret-system123"},
	})
}
