package providers_test

import (
	"bytes"
	"testing"
	"testing/synctest"
	"time"

	"tolov/internal/payment"
	"tolov/internal/providers"
	"tolov/internal/providers/providertest"
	"tolov/internal/providers/rest"
	"tolov/internal/providers/sandbox"
	"tolov/internal/saga"
	"tolov/internal/telemetry"
)

// Payments and withdrawals are two APIs of one account at ATMOS: one token serves both (H14), and is given back once.
func TestApisOfOneAccountShareItsToken(t *testing.T) {
	synctest.Test(t, func(t *testing.T) {
		box := sandbox.New(sandbox.Options{})
		client := rest.New(4, providertest.Serve(t, box.Handler()))
		t.Cleanup(box.Close)
		t.Cleanup(client.Close)
		key, err := payment.NewKey("k1", bytes.Repeat([]byte{5}, 32))
		if err != nil {
			t.Fatal(err)
		}
		ring := payment.Keyring{key}
		registry, err := providers.NewRegistry(merchants(), client, time.Now, func(string) payment.Keyring { return ring })
		if err != nil {
			t.Fatal(err)
		}
		guard, err := providers.NewGuard(registry, timeout, telemetry.Off())
		if err != nil {
			t.Fatal(err)
		}
		withdraw := saga.Call{
			Step: "create", Amount: 100_500,
			Payment: &payment.Payment{ID: "pay_w", Merchant: "default", Provider: "atmos-pinfl", Amount: 100_500},
		}
		withdraw.Order.ContractNumber = "77"
		withdraw.Order.Person, err = ring.SealPerson(&payment.Person{
			FirstName: payment.NewSecret("Ivan"), LastName: payment.NewSecret("Ivanov"),
			MiddleName: payment.NewSecret("Ivanovich"), PINFL: payment.NewSecret("41508950231111"),
			PassportSeries: payment.NewSecret("AA"), PassportNumber: payment.NewSecret("1234567"),
		}, "pay_w")
		if err != nil {
			t.Fatal(err)
		}
		for _, c := range []saga.Call{call("create"), withdraw, call("create")} {
			if a := guard.Do(t.Context(), c); a.Outcome != payment.Done {
				t.Errorf("%s of %s: %+v", c.Step, c.Payment.Provider, a)
			}
		}
		if err := registry.Close(t.Context()); err != nil {
			t.Error(err)
		}
		calls := box.Calls()
		if calls["atmos.token"] != 1 || calls["atmos.revoke"] != 1 || calls["atmos-pinfl.create"] != 1 {
			t.Errorf("the account made %v", calls)
		}
	})
}
