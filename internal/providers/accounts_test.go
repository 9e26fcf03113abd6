package providers_test

import (
	"testing"
	"testing/synctest"
	"time"

	"tolov/internal/config"
	"tolov/internal/payment"
	"tolov/internal/providers"
	"tolov/internal/providers/providertest"
	"tolov/internal/providers/rest"
	"tolov/internal/providers/sandbox"
	"tolov/internal/saga"
	"tolov/internal/telemetry"
)

// payingOut gives a guard whose merchant has an account at PaySys.
func payingOut(t *testing.T, perMinute int, o sandbox.Options) (*providers.Guard, *providers.Registry) {
	t.Helper()
	box := sandbox.New(o)
	client := rest.New(1, providertest.Serve(t, box.Handler()))
	t.Cleanup(box.Close)
	t.Cleanup(client.Close)
	registry, err := providers.NewRegistry(map[string]config.Merchant{"default": {Paysys: config.Paysys{
		URL: providertest.Host + "/paysys/gateway", ServiceID: "7", SecretKey: payment.NewSecret("secret"),
		BCV: 41_200_000, PerMinute: perMinute,
	}}}, client, time.Now, nil)
	if err != nil {
		t.Fatal(err)
	}
	guard, err := providers.NewGuard(registry, timeout, telemetry.Off())
	if err != nil {
		t.Fatal(err)
	}
	return guard, registry
}

func prepare(ext string) saga.Call {
	card := &payment.CardInput{Number: payment.NewSecret("8600530410609500")}
	return saga.Call{
		Step: "prepare", Amount: 400_000, Card: card,
		Sender: &payment.Sender{LastName: payment.NewSecret("Test"), FirstName: payment.NewSecret("Test")},
		Payment: &payment.Payment{
			ID: ext, Merchant: "default", Provider: "paysys", Card: &payment.Card{Masked: card.Masked()},
		},
	}
}

// H16: the account's own number of calls a minute is kept to, and questions have their share of it.
func TestAccountKeepsToItsOwnLimit(t *testing.T) {
	synctest.Test(t, func(t *testing.T) {
		guard, _ := payingOut(t, 8, sandbox.Options{})
		if a := guard.Do(t.Context(), prepare("pay_1")); a.Outcome != payment.Done {
			t.Errorf("the first: %+v", a)
		}
		if a := guard.Do(t.Context(), prepare("pay_2")); a.Outcome != payment.NotSent || a.RetryAfter != 10*time.Second {
			t.Errorf("the second: %+v", a)
		}
		question := prepare("pay_1")
		question.Step, question.Asks = "check", true
		if a := guard.Do(t.Context(), question); a.Outcome != payment.Absent {
			t.Errorf("a question meanwhile: %+v", a)
		}
	})
}

// H16: HTTP 429 with Retry-After stops new calls for as long as it says.
func TestRetryAfterOfPaysysIsHonoured(t *testing.T) {
	synctest.Test(t, func(t *testing.T) {
		guard, _ := payingOut(t, 100_000, sandbox.Options{PaysysPerMinute: 1})
		guard.Do(t.Context(), prepare("pay_1"))
		if a := guard.Do(t.Context(), prepare("pay_2")); a.HTTPStatus != 429 || a.RetryAfter != time.Minute {
			t.Errorf("the second: %+v", a)
		}
		if a := guard.Do(t.Context(), prepare("pay_2")); a.Outcome != payment.NotSent || a.RetryAfter != time.Minute {
			t.Errorf("during the pause: %+v", a)
		}
		<-time.After(time.Minute)
		if a := guard.Do(t.Context(), prepare("pay_2")); a.Outcome != payment.Done {
			t.Errorf("after the pause: %+v", a)
		}
	})
}

// The document is needed from 50 of the merchant's base calculation values.
func TestShapeOfAPayoutFollowsTheAccount(t *testing.T) {
	_, registry := payingOut(t, 100, sandbox.Options{})
	shape, ok := registry.Shape(&payment.Command{Verb: payment.VerbPayout, Merchant: "default", Provider: "paysys"})
	if !ok || shape.DocumentFrom != 50*41_200_000 || shape.AmountFrom != 100_000 {
		t.Errorf("%+v", shape)
	}
}
