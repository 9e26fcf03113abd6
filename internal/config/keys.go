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

// LoadKeys reads the keys that open sealed cards. In embedded mode a key is made when there is none.
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
	content, err := os.ReadFile(path)
	if err != nil {
		return fmt.Errorf("KEYS_FILE: %w", err)
	}
	var file keyFile
	if err := json.Unmarshal(content, &file); err != nil {
		return errors.New("KEYS_FILE: must be JSON of the form {\"keys\": [{\"id\": …, \"private_key\": …}]}")
	}
	for _, k := range file.Keys {
		private, err := base64.RawURLEncoding.DecodeString(k.PrivateKey)
		if err != nil {
			return fmt.Errorf("KEYS_FILE: key %s: private_key must be unpadded base64url", k.ID)
		}
		key, err := payment.NewKey(k.ID, private)
		if err != nil {
			return fmt.Errorf("KEYS_FILE: %w", err)
		}
		c.Keys = append(c.Keys, key)
	}
	return nil
}

// makeKeys writes a file with one new key, unless there is a file.
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
	return os.WriteFile(path, append(content, '\n'), 0o600)
}

// KeyringOf gives the keys for a merchant's commands. A worker without keys fingerprints with a key that derives from
// the merchant's own secret, which all its workers share.
func (c *Config) KeyringOf(merchant string) payment.Keyring {
	if len(c.Keys) > 0 {
		return c.Keys
	}
	m, ok := c.Merchants[merchant]
	if !ok || m.Atmos.ConsumerSecret.IsZero() {
		return nil
	}
	return payment.Keyring{payment.NewMACKey("merchant", m.Atmos.ConsumerSecret)}
}
