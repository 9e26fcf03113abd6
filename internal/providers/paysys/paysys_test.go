package paysys_test

import (
	"testing"
	"time"

	"tolov/internal/payment"
	"tolov/internal/providers/paysys"
	"tolov/internal/providers/providertest"
	"tolov/internal/providers/rest"
)

const (
	cardNumber = "8600530410609500"
	secretKey  = "secret-key"
	extID      = "order-1"
	amount     = payment.Money(400_000)
	bcv        = payment.Money(41_200_000)
)

func settings(url string) paysys.Settings {
	return paysys.Settings{
		URL: url, ServiceID: "7", SecretKey: payment.NewSecret(secretKey), BCV: bcv, Now: time.Now,
	}
}

func caller(http *rest.Client) *paysys.Client {
	return paysys.New(settings(providertest.Host+"/paysys/gateway"), http)
}

func person(last string) *payment.Sender {
	return &payment.Sender{LastName: payment.NewSecret(last), FirstName: payment.NewSecret("Dilnoza")}
}

func passport() *payment.Document {
	return &payment.Document{
		Nationality: payment.NewSecret("860"), Type: payment.NewSecret("passport"),
		SeriesNumber: payment.NewSecret("AA0000001"), BirthDate: payment.NewSecret("25.01.1990"),
		ValidTo: payment.NewSecret("25.01.2030"), PINFL: payment.NewSecret("30101800050014"),
	}
}

func payout() *payment.Command {
	sum := amount
	return &payment.Command{
		Verb: payment.VerbPayout, Message: "m-payout", ExtID: extID, Merchant: "default", Provider: paysys.Name,
		Amount: &sum, Card: &payment.CardInput{Number: payment.NewSecret(cardNumber)}, Sender: person("Karimova"),
	}
}

// Operations 54 to 56.
func TestPayoutKeepsTheLaws(t *testing.T) {
	providertest.Run(t, providertest.Suite{
		Flow: paysys.Flows()[0], Step: "confirm",
		New:      func(http *rest.Client) providertest.Caller { return caller(http) },
		Commands: func() []*payment.Command { return []*payment.Command{payout()} },
		Secrets:  []string{cardNumber, secretKey, "Karimova", "Dilnoza"},
	})
}
