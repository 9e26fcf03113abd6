package atmospinfl_test

import (
	"bytes"
	"testing"
	"time"

	"tolov/internal/payment"
	"tolov/internal/providers/atmospinfl"
	"tolov/internal/providers/gateway"
	"tolov/internal/providers/providertest"
	"tolov/internal/providers/rest"
	"tolov/internal/saga"
)

const amount = payment.Money(100_500)

// The person of the documentation's samples, with a PINFL of today's length.
const (
	pinfl    = "12345678912345"
	passport = "123456789"
	contract = "123456"
)

// keys are a worker's, made anew.
func keys(t testing.TB) payment.Keyring {
	t.Helper()
	key, err := payment.NewKey("k1", bytes.Repeat([]byte{7}, 32))
	if err != nil {
		t.Fatal(err)
	}
	return payment.Keyring{key}
}

func person(pinfl string) *payment.Person {
	return &payment.Person{
		FirstName: payment.NewSecret("Ivan"), LastName: payment.NewSecret("Ivanov"),
		MiddleName: payment.NewSecret("Ivanovich"), PINFL: payment.NewSecret(pinfl),
		PassportSeries: payment.NewSecret("AA"), PassportNumber: payment.NewSecret(passport),
	}
}

// client is a merchant's, whose gateway stands under base.
func client(t testing.TB, base string, http *rest.Client, now func() time.Time) *atmospinfl.Client {
	account := gateway.New(gateway.Settings{
		BaseURL: base, ConsumerKey: payment.NewSecret("consumer-key"),
		ConsumerSecret: payment.NewSecret("consumer-secret"), Now: now,
	}, http)
	return atmospinfl.New(account, keys(t).OpenPerson)
}

// command makes a withdrawal's command as the worker's decoder hands it on.
func command(t testing.TB, pinfl string, partial bool) *payment.Command {
	t.Helper()
	total := amount
	c := &payment.Command{
		Verb: payment.VerbWithdraw, Message: "m1", ExtID: "order-1", Merchant: "default", Provider: atmospinfl.Name,
		Amount: &total, Person: person(pinfl), ContractNumber: contract, Partial: partial,
		Epos: &payment.Epos{BranchID: "546", TerminalGroupID: "266"},
	}
	var err error
	if c.SealedPerson, err = keys(t).SealPerson(c.Person, c.PaymentID()); err != nil {
		t.Fatal(err)
	}
	return c
}

func suite(t *testing.T, pinfl string, partial bool) providertest.Suite {
	return providertest.Suite{
		Flow: atmospinfl.Flows()[0], Step: "confirm",
		New: func(http *rest.Client) providertest.Caller {
			return client(t, providertest.Host+"/atmos", http, time.Now)
		},
		Commands: func() []*payment.Command { return []*payment.Command{command(t, pinfl, partial)} },
		Secrets:  []string{pinfl, passport, "Ivan", "consumer-key", "consumer-secret", "Bearer"},
	}
}

// Operations 28 to 30.
func TestWithdrawalKeepsTheLaws(t *testing.T) {
	providertest.Run(t, suite(t, pinfl, false))
}

func TestWithdrawalFromSeveralCardsKeepsTheLaws(t *testing.T) {
	providertest.Run(t, suite(t, "12345678910002", true))
}

func TestFlowCannotStrandAPayment(t *testing.T) {
	for _, flow := range atmospinfl.Flows() {
		if err := saga.Prove(flow); err != nil {
			t.Error(err)
		}
	}
}
