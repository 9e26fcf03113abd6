package providers_test

import (
	"context"
	"os"
	"path/filepath"
	"slices"
	"strings"
	"testing"
	"time"

	"tolov/internal/config"
	"tolov/internal/payment"
	"tolov/internal/providers"
	"tolov/internal/providers/rest"
	"tolov/internal/saga"
)

func newRegistry(t *testing.T) *providers.Registry {
	t.Helper()
	r, err := providers.NewRegistry(merchants(), rest.New(1, nil), time.Now, nil)
	if err != nil {
		t.Fatal(err)
	}
	return r
}

func TestRegistryKnowsWhoHasAnAccountWhere(t *testing.T) {
	r := newRegistry(t)
	for merchant, want := range map[string]bool{"default": true, "empty": true, "nobody": false, "": false} {
		if got := r.HasMerchant(merchant); got != want {
			t.Errorf("merchant %q: %v", merchant, got)
		}
	}
	for who, want := range map[[2]string]bool{
		{"default", "atmos"}: true, {"empty", "atmos"}: false, {"nobody", "atmos"}: false, {"default", "nowhere"}: false,
	} {
		if got := r.HasProvider(who[0], who[1]); got != want {
			t.Errorf("account %v: %v", who, got)
		}
	}
	if err := r.Close(context.Background()); err != nil {
		t.Error(err)
	}
}

func TestRegistryFindsTheFlowOfAnOpeningAndOfAPayment(t *testing.T) {
	r := newRegistry(t)
	pay := &payment.Command{Provider: "atmos", Verb: payment.VerbPay}
	if f := r.Opening(pay); f == nil || f.Kind != payment.Pay {
		t.Errorf("atmos pay: %+v", f)
	}
	if shape, ok := r.Shape(pay); !ok || !slices.Contains(shape.Required, "card") {
		t.Errorf("atmos pay takes %+v", shape)
	}
	for _, none := range []*payment.Command{
		{Provider: "nowhere", Verb: payment.VerbPay}, {},
		{Provider: "atmos", Verb: payment.VerbCancel}, {Provider: "atmos", Verb: payment.VerbPayout},
	} {
		if _, shaped := r.Shape(none); r.Opening(none) != nil || shaped {
			t.Errorf("%s of %s has a flow", none.Verb, none.Provider)
		}
	}
	if f := r.Named("atmos/pay"); f == nil || f.Opens != payment.VerbPay {
		t.Errorf("a payment's flow: %+v", f)
	}
	if f := r.Named("gone/pay"); f != nil {
		t.Errorf("a flow of a provider that is gone: %+v", f)
	}
}

// folders are the providers' own: every folder but those that serve all of them.
func folders(t *testing.T) []string {
	t.Helper()
	entries, err := os.ReadDir(".")
	if err != nil {
		t.Fatal(err)
	}
	var names []string
	for _, entry := range entries {
		shared := []string{"rest", "gateway", "sandbox", "providertest", "testdata"}
		if entry.IsDir() && !slices.Contains(shared, entry.Name()) {
			names = append(names, entry.Name())
		}
	}
	return names
}

// Read one provider, know all: each part stands in the file of the same name. Of one that calls us there is nothing
// that we call, nor a failure that it would tell.
func TestEveryProviderFolderHasTheSameFiles(t *testing.T) {
	both := []string{"doc.go", "flow.go", "wire.go", "answers.go", "codes.go"}
	calls := []string{"client.go", "failures.go"}
	r := newRegistry(t)
	for _, folder := range folders(t) {
		want := slices.Clone(both)
		if !slices.ContainsFunc(flowsOf(r, folder), (*saga.Flow).Inbound) {
			want = append(want, calls...)
		}
		for _, name := range append(want, folder+"_test.go", "testdata") {
			if _, err := os.Stat(filepath.Join(folder, name)); err != nil {
				t.Errorf("%s has no %s", folder, name)
			}
		}
	}
}

// A flow that can strand a payment stops the start: NewRegistry proves each, and every folder has some.
func TestEveryProviderFolderIsRegisteredWithProvenFlows(t *testing.T) {
	r := newRegistry(t)
	for _, folder := range folders(t) {
		flows := flowsOf(r, folder)
		if len(flows) == 0 {
			t.Errorf("%s has no line in registry.go, or no flows", folder)
		}
		for _, flow := range flows {
			if err := saga.Prove(flow); err != nil {
				t.Error(err)
			}
		}
	}
}

// flowsOf are what opens payments at the providers of a folder.
func flowsOf(r *providers.Registry, folder string) (flows []*saga.Flow) {
	for _, provider := range []string{folder, strings.Replace(folder, "atmos", "atmos-", 1)} {
		for _, verb := range payment.Verbs() {
			if flow := r.Opening(&payment.Command{Provider: provider, Verb: verb}); flow != nil {
				flows = append(flows, flow)
			}
		}
	}
	return flows
}

func TestMerchantWithoutAccountsIsKnownAllTheSame(t *testing.T) {
	r, err := providers.NewRegistry(map[string]config.Merchant{"quiet": {}}, rest.New(1, nil), time.Now, nil)
	if err != nil || !r.HasMerchant("quiet") || r.HasProvider("quiet", "atmos") {
		t.Errorf("%+v, %v", r, err)
	}
}
