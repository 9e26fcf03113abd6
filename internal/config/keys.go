package config

import (
	"crypto/ecdh"
	"crypto/rand"
	"encoding/base64"
	"encoding/json"
	"errors"
	"fmt"
	"io/fs"
	"os"
	"path/filepath"
	"slices"
	"time"

	"tolov/internal/payment"
)

// keyFile is the form of KEYS_FILE: the worker's keys, newest first.
type keyFile struct {
	Keys []storedKey `json:"keys"`
}

type storedKey struct {
	ID         string `json:"id"`
	PrivateKey string `json:"private_key"` // 32 bytes of X25519, unpadded base64url
}

// LoadKeys reads the keys that open sealed cards, again when it is called again. In embedded mode a key is made when
// there is none.
func (c *Config) LoadKeys() error {
	path := c.KeysFile
	if path == "" {
		if !c.Embedded() {
			return nil
		}
		path = filepath.Join(c.DataDir, "keys.json")
		if err := makeKeys(path); err != nil {
			return fmt.Errorf("KEYS_FILE: %w", err)
		}
	}
	keys, err := readKeys(path)
	if err != nil {
		return fmt.Errorf("KEYS_FILE: %w", err)
	}
	c.Keys = keys
	return nil
}

// readKeys gives the keys of a file. Its errors repeat nothing of what is in it but key ids.
func readKeys(path string) (payment.Keyring, error) {
	content, err := os.ReadFile(path)
	if err != nil {
		return nil, err
	}
	var file keyFile
	if err := json.Unmarshal(content, &file); err != nil || len(file.Keys) == 0 {
		return nil, errors.New("must be JSON of the form {\"keys\": [{\"id\": …, \"private_key\": …}, …]}")
	}
	var keys payment.Keyring
	for _, k := range file.Keys {
		private, err := base64.RawURLEncoding.DecodeString(k.PrivateKey)
		if err != nil {
			return nil, fmt.Errorf("key %s: private_key must be unpadded base64url", k.ID)
		}
		key, err := payment.NewKey(k.ID, private)
		if err != nil {
			return nil, err
		}
		if slices.ContainsFunc(keys, func(other payment.Key) bool { return other.ID == key.ID }) {
			return nil, fmt.Errorf("key %s: the id stands twice", k.ID)
		}
		keys = append(keys, key)
	}
	return keys, nil
}

// makeKeys writes a file with one new key, unless there is a file. It appears whole or not at all, and never in place
// of another's.
func makeKeys(path string) error {
	if _, err := os.Stat(path); !errors.Is(err, fs.ErrNotExist) {
		return err
	}
	private, err := ecdh.X25519().GenerateKey(rand.Reader)
	if err != nil {
		return err
	}
	id := "k" + time.Now().UTC().Format("20060102")
	content, err := json.MarshalIndent(keyFile{Keys: []storedKey{
		{ID: id, PrivateKey: base64.RawURLEncoding.EncodeToString(private.Bytes())},
	}}, "", "  ")
	if err != nil {
		return err
	}
	if err := os.MkdirAll(filepath.Dir(path), 0o700); err != nil {
		return err
	}
	draft, err := os.CreateTemp(filepath.Dir(path), ".keys-*") // mode 0600
	if err != nil {
		return err
	}
	defer func() { _ = os.Remove(draft.Name()) }()
	_, err = draft.Write(append(content, '\n'))
	if err := errors.Join(err, draft.Sync(), draft.Close()); err != nil {
		return err
	}
	if err := os.Link(draft.Name(), path); !errors.Is(err, fs.ErrExist) {
		return err
	}
	return nil
}

// KeyringOf gives the keys for a merchant's commands: the worker's own, or without them keys that derive from the
// merchant's secrets, which all its workers share. A merchant that is not configured has none.
func (c *Config) KeyringOf(merchant string) payment.Keyring {
	if len(c.Keys) > 0 {
		return c.Keys
	}
	return c.Merchants[merchant].sharedKeys()
}

// OpenersOf gives the keys that open what a worker may have sealed to itself for a merchant: before it was given keys of
// its own, or since.
func (c *Config) OpenersOf(merchant string) payment.Keyring {
	return append(slices.Clone(c.Keys), c.Merchants[merchant].sharedKeys()...)
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
