package config

import (
	"fmt"
	"path/filepath"

	"tolov/internal/keyfile"
	"tolov/internal/payment"
)

// LoadKeys reads the keys that open sealed cards. In embedded mode a key is made when there is none.
func (c *Config) LoadKeys() error {
	path := c.KeysFile
	if path == "" {
		if !c.Embedded() {
			return nil
		}
		path = filepath.Join(c.DataDir, "keys.json")
		if err := keyfile.Make(path); err != nil {
			return fmt.Errorf("KEYS_FILE: %w", err)
		}
	}
	keys, err := keyfile.Open(path)
	if err != nil {
		return fmt.Errorf("KEYS_FILE: %w", err)
	}
	c.Keys = keys
	return nil
}

// KeyringOf gives the keys for a merchant's commands: the worker's own, or without them keys that derive from the
// merchant's secrets, which all its workers share. A merchant that is not configured has none.
func (c *Config) KeyringOf(merchant string) payment.Keyring {
	if own := c.Keys.Ring(); len(own) > 0 {
		return own
	}
	return c.Merchants[merchant].sharedKeys()
}

// OpenersOf gives the keys that open what a worker may have sealed to itself for a merchant: before it was given keys
// of its own, or since.
func (c *Config) OpenersOf(merchant string) payment.Keyring {
	return append(c.Keys.Ring(), c.Merchants[merchant].sharedKeys()...)
}

// sharedKeys derives keys from the secrets that providers gave the merchant. These are long and random, so that nobody
// finds one by trying values on a fingerprint; a password that a person chose must not stand here. The first makes the
// new fingerprints and all compare, so a provider that is added goes to the end, and an id that was used stays.
func (m Merchant) sharedKeys() payment.Keyring {
	var keys payment.Keyring
	for _, given := range []struct {
		id     string
		secret payment.Secret
	}{
		{"merchant", m.Atmos.ConsumerSecret},
		{"atmos-api", m.Atmos.APIKey},
		{"via", m.Via.ClientSecret},
		{"paysys", m.Paysys.SecretKey},
		{"atmos-ips", m.AtmosIPS.APIKey},
	} {
		if !given.secret.IsZero() {
			keys = append(keys, payment.NewSharedKey(given.id, given.secret))
		}
	}
	return keys
}
