package config_test

import (
	"encoding/base64"
	"fmt"
	"os"
	"path/filepath"
	"reflect"
	"strings"
	"sync"
	"testing"

	"tolov/internal/config"
	"tolov/internal/keyfile"
	"tolov/internal/payment"
)

func private(fill byte) string {
	return base64.RawURLEncoding.EncodeToString([]byte(strings.Repeat(string(rune(fill)), 32)))
}

// ids gives the ids of the keys, in their order.
func ids(c *config.Config) string {
	var all []string
	for _, key := range c.Keys.Ring() {
		all = append(all, key.ID)
	}
	return strings.Join(all, " ")
}

func loadKeys(t *testing.T, c *config.Config) {
	t.Helper()
	if err := c.LoadKeys(); err != nil {
		t.Fatal(err)
	}
}

func TestEmbeddedModeMakesOneKeyAndKeepsIt(t *testing.T) {
	dir := filepath.Join(t.TempDir(), "data")
	first := load(t, "DATA_DIR="+dir)
	loadKeys(t, first)
	if len(first.Keys.Ring()) != 1 || first.Keys.Ring()[0].Public() == nil {
		t.Fatalf("keys %q", ids(first))
	}
	info, err := os.Stat(filepath.Join(dir, "keys.json"))
	if err != nil || info.Mode().Perm() != 0o600 {
		t.Errorf("%v, %v", info.Mode(), err)
	}
	entries, _ := os.ReadDir(dir)
	if len(entries) != 1 {
		t.Errorf("%d files beside the key", len(entries)-1)
	}
	again := load(t, "DATA_DIR="+dir)
	loadKeys(t, again)
	loadKeys(t, again) // read again, not added again
	if ids(again) != ids(first) || string(again.Keys.Ring()[0].Public()) != string(first.Keys.Ring()[0].Public()) {
		t.Errorf("keys %q, then %q", ids(first), ids(again))
	}
}

// Two workers that start on one directory end up with one key: what is sealed to one opens with the other.
func TestKeyIsMadeOnceByManyWhoStartTogether(t *testing.T) {
	dir := t.TempDir()
	public := make([]string, 16)
	var all sync.WaitGroup
	for i := range public {
		all.Go(func() {
			c := &config.Config{DataDir: dir}
			if err := c.LoadKeys(); err != nil {
				t.Error(err)
				return
			}
			public[i] = string(c.Keys.Ring()[0].Public())
		})
	}
	all.Wait()
	for _, key := range public {
		if key != public[0] {
			t.Fatal("two keys were made")
		}
	}
}

func TestKeysFileIsReadNewestFirst(t *testing.T) {
	path := file(t, fmt.Sprintf(`{"keys": [{"id": "new", "private_key": %q}, {"id": "old", "private_key": %q}]}`,
		private('n'), private('o')))
	c := load(t, append(account(), "NATS_URL=nats://x", "KEYS_FILE="+path)...)
	if ids(c) != "new old" {
		t.Errorf("keys %q", ids(c))
	}
}

func TestWithoutKeysFileAServerHasNone(t *testing.T) {
	c := load(t, append(account(), "NATS_URL=nats://x")...)
	loadKeys(t, c)
	if len(c.Keys.Ring()) != 0 {
		t.Errorf("keys %q", ids(c))
	}
}

func TestBadKeysFileIsRefused(t *testing.T) {
	one := `{"id": "k1", "private_key": "` + private('x') + `"}`
	for content, want := range map[string]string{
		``:                         "must be JSON of the form",
		`{}`:                       "must be JSON of the form",
		`{"keys": []}`:             "must be JSON of the form",
		`{"keys": [` + one + `}`:   "must be JSON of the form",
		`{"keys": [{"id": "k1"}]}`: "k1: want 32 bytes",
		`{"keys": [{"id": "k1", "private_key": "c2hvcnQ"}]}`:               "k1: want 32 bytes",
		`{"keys": [{"id": "k1", "private_key": "not base64!"}]}`:           "k1: private_key must be unpadded base64url",
		`{"keys": [{"id": "a.b", "private_key": "` + private('x') + `"}]}`: "must be one word",
		`{"keys": [` + one + `,` + one + `]}`:                              "k1: the id stands twice",
	} {
		got := strings.Join(faults(t, "KEYS_FILE="+file(t, content)), "\n")
		if !strings.HasPrefix(got, "KEYS_FILE: ") || !strings.Contains(got, want) || strings.Contains(got, private('x')) {
			t.Errorf("%s: %q, want %q", content, got, want)
		}
	}
}

// H43: without key files all workers of a merchant still fingerprint alike, and no two merchants do.
func TestKeyringWithoutKeysComesFromTheMerchantsSecret(t *testing.T) {
	c := load(t, append(account(), "NATS_URL=nats://x", "CONFIG_FILE="+file(t, `
merchants:
  shop: {atmos: {base_url: https://a.example, consumer_key: k, consumer_secret: another, store_id: 1}}
`))...)
	otp := &payment.Command{OTP: payment.NewSecret("111111")}
	print := func(merchant string) string {
		return c.KeyringOf(merchant).Fingerprint(nil, otp).Secret
	}
	once, again := print("default"), print("default")
	switch {
	case once == "" || again != once:
		t.Error("a merchant's fingerprint is not the same twice")
	case once == print("shop"):
		t.Error("two merchants fingerprint alike")
	case c.KeyringOf("nobody") != nil || c.KeyringOf("shop")[0].Public() != nil:
		t.Error("a key for nobody, or one that opens cards")
	}
	c.Keys = keyfile.Fixed(payment.Keyring{payment.NewSharedKey("own", payment.NewSecret("x"))})
	if keys := c.KeyringOf("nobody"); len(keys) != 1 || keys[0].ID != "own" {
		t.Errorf("the worker's own keys are not used: %d", len(keys))
	}
}

// H43: a merchant without an ATMOS secret tells one card from another too.
func TestEveryMerchantHasAKeyToFingerprintWith(t *testing.T) {
	secret, key := payment.NewSecret("consumer secret"), payment.NewSecret("api key")
	c := &config.Config{NATSURL: "nats://x", Merchants: map[string]config.Merchant{
		"before": {Atmos: config.Atmos{ConsumerSecret: secret}},
		"both":   {Atmos: config.Atmos{ConsumerSecret: secret, APIKey: key}},
		"after":  {Atmos: config.Atmos{APIKey: key}},
	}}
	print := func(merchant, token string) payment.Fingerprint {
		card := &payment.CardInput{Token: payment.NewSecret(token)}
		return c.KeyringOf(merchant).Fingerprint(nil, &payment.Command{Card: card})
	}
	for merchant := range c.Merchants {
		one, again, other := print(merchant, "one"), print(merchant, "one"), print(merchant, "other")
		if one.Secret == "" || !again.Same(one) || other.Same(one) {
			t.Errorf("%s: one card is not told from another", merchant)
		}
	}
	// A secret that comes in addition changes no fingerprint, and each compares for as long as it is there.
	if !print("both", "one").Same(print("before", "one")) || print("both", "other").Same(print("before", "one")) ||
		!print("both", "one").Same(print("after", "one")) || print("both", "other").Same(print("after", "one")) {
		t.Error("fingerprints of before and after do not compare")
	}
}

// An account at one provider is enough, whichever it is: this fails when a provider is added and its secrets are not
// among those that keys derive from.
func TestAnAccountAtAnyProviderMakesFingerprints(t *testing.T) {
	given := reflect.ValueOf(payment.NewSecret("given by the provider"))
	for p := range reflect.TypeFor[config.Merchant]().NumField() {
		if reflect.TypeFor[config.Merchant]().Field(p).Type == reflect.TypeFor[config.Uzum]() {
			continue // it calls us: no command carries a card there, and its password may be one that a person chose
		}
		var m config.Merchant
		provider := reflect.ValueOf(&m).Elem().Field(p)
		for s := range provider.NumField() {
			if field := provider.Field(s); field.Type() == given.Type() {
				field.Set(given)
			}
		}
		c := &config.Config{NATSURL: "nats://x", Merchants: map[string]config.Merchant{"shop": m}}
		if len(c.KeyringOf("shop")) == 0 {
			t.Errorf("%s: no key", reflect.TypeFor[config.Merchant]().Field(p).Name)
		}
	}
}
