package atmosips_test

import (
	"testing"
	"time"

	"tolov/internal/payment"
	"tolov/internal/providers/atmosips"
	"tolov/internal/providers/gateway"
	"tolov/internal/providers/providertest"
	"tolov/internal/providers/rest"
	"tolov/internal/saga"
)

const (
	amount   = payment.Money(10_000)
	cardNo   = "4278310021875430" // of the documentation's sample; asks for 3-D Secure
	freeNo   = "4000000000000002" // the sandbox asks for none
	cvc      = "680"
	linkedID = "900001" // linked at the sandbox from the start
)

func secret(text string) payment.Secret { return payment.NewSecret(text) }

func number(pan string) *payment.CardInput {
	return &payment.CardInput{
		Number: secret(pan), Expiry: secret("2908"), Holder: secret("ANDREY PAK"), CVC: secret(cvc),
	}
}

func linked(id string) *payment.CardInput { return &payment.CardInput{ID: secret(id)} }

// client is a merchant's, whose gateway stands under base.
func client(base string, http *rest.Client, change ...func(*atmosips.Settings)) *atmosips.Client {
	settings := atmosips.Settings{StoreID: "3", APIKey: secret("ips-api-key"), Zone: time.UTC, Now: time.Now}
	for _, c := range change {
		c(&settings)
	}
	return atmosips.New(settings, gateway.New(gateway.Settings{
		BaseURL: base, ConsumerKey: secret("consumer-key"), ConsumerSecret: secret("consumer-secret"), Now: time.Now,
	}, http))
}

func command(verb payment.Verb, card *payment.CardInput) *payment.Command {
	total := amount
	c := &payment.Command{
		Verb: verb, Message: "m-" + string(verb), ExtID: "order-1", Merchant: "default", Provider: atmosips.Name,
		Card: card, CustomerIP: "192.168.200.1",
	}
	if verb != payment.VerbLinkCard {
		c.Amount, c.Account = &total, "i-203451"
	}
	if verb == payment.VerbHold {
		c.OFDItems = []payment.OFDItem{{Name: "Yetkazib berish", OFDCode: "10105001001000000", Amount: &total}}
	}
	return c
}

func next(verb payment.Verb) *payment.Command {
	c := &payment.Command{Verb: verb, Message: "m-" + string(verb), ExtID: "order-1", Merchant: "default"}
	if verb == payment.VerbRefund {
		c.RefundID = "r1"
	}
	return c
}

func flow(t *testing.T, name string) *saga.Flow {
	t.Helper()
	for _, f := range atmosips.Flows() {
		if f.Name == atmosips.Name+"/"+name {
			return f
		}
	}
	t.Fatal("no flow ", name)
	return nil
}

// suite is a money step with the commands that lead to it.
func suite(t *testing.T, of, step string, commands ...*payment.Command) providertest.Suite {
	return providertest.Suite{
		Flow: flow(t, of), Step: step,
		New:      func(http *rest.Client) providertest.Caller { return client(providertest.Host+"/atmos", http) },
		Commands: func() []*payment.Command { return commands },
		Secrets: []string{
			cardNo, freeNo, cvc, "ANDREY", "consumer-key", "consumer-secret", "ips-api-key", "Bearer",
		},
	}
}

// Operations 37, 38, 40, 42, 43.
func TestPaymentByNumberKeepsTheLaws(t *testing.T) {
	s := suite(t, "pay", "create", command(payment.VerbPay, number(cardNo)))
	s.CheckOp = "get-ext-id"
	t.Run("38 create", func(t *testing.T) { providertest.Run(t, s) })
	t.Run("40 apply", func(t *testing.T) {
		providertest.Run(t, suite(t, "pay", "apply", command(payment.VerbPay, number(freeNo))))
	})
}

// Operation 39.
func TestPaymentWithALinkedCardKeepsTheLaws(t *testing.T) {
	s := suite(t, "pay", "create", command(payment.VerbPay, linked(linkedID)))
	s.CheckOp = "get-ext-id"
	providertest.Run(t, s)
}

// Operations 36, 41.
func TestRecurringPaymentKeepsTheLaws(t *testing.T) {
	c := command(payment.VerbPay, linked(linkedID))
	c.Recurring = true
	s := suite(t, "pay-recurring", "create-template", c)
	s.CheckOp = "get-ext-id"
	providertest.Run(t, s)
}

// Operations 45 to 48.
func TestHoldKeepsTheLaws(t *testing.T) {
	open := command(payment.VerbHold, linked(linkedID))
	s := suite(t, "hold", "hold", open)
	s.CheckOp = "get-ext-id"
	t.Run("45 hold", func(t *testing.T) { providertest.Run(t, s) })
	t.Run("46 apply", func(t *testing.T) {
		s := suite(t, "hold", "hold-apply", open, next(payment.VerbCharge))
		s.Found = payment.Unknown // held and charged look alike
		providertest.Run(t, s)
	})
	t.Run("47 cancel", func(t *testing.T) {
		providertest.Run(t, suite(t, "hold", "hold-cancel", open, next(payment.VerbCancel)))
	})
	t.Run("48 return", func(t *testing.T) {
		providertest.Run(t, suite(t, "hold", "hold-return", open, next(payment.VerbCharge), next(payment.VerbRefund)))
	})
}

// Operation 34.
func TestCardLinkingKeepsTheLaws(t *testing.T) {
	s := suite(t, "link-card", "card-bind", command(payment.VerbLinkCard, number(cardNo)))
	s.CheckOp = "get-ext-id"
	providertest.Run(t, s)
}

func TestNoFlowCanStrandAPayment(t *testing.T) {
	for _, f := range atmosips.Flows() {
		if err := saga.Prove(f); err != nil {
			t.Error(err)
		}
	}
}
