// Package keyfile keeps the worker's own keys in a file, KEYS_FILE: they open sealed cards and sealed personal data.
//
// The file is JSON: {"keys": [{"id": …, "private_key": …, "from": …}, …]}, newest first. A running worker reads it
// again and again, so a key is added without a restart. A new key opens cards as soon as a worker has read it, and is
// offered to callers from its "from" on: by then every worker has read it.
//
// It will not take a key away. A key may go when nothing that was sealed to it can come any more: no command with a
// card, and no record of a withdrawal that is not final. See docs/operating.md.
package keyfile

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

// file is the form of the file.
type file struct {
	Keys []stored `json:"keys"`
}

type stored struct {
	ID         string    `json:"id"`
	PrivateKey string    `json:"private_key"` // 32 bytes of X25519, unpadded base64url
	From       time.Time `json:"from,omitzero"`
}

// Read gives the keys of a file. Its errors repeat nothing of what is in it but key ids.
func Read(path string) (payment.Keyring, error) {
	content, err := os.ReadFile(path)
	if err != nil {
		return nil, err
	}
	return parse(content)
}

func parse(content []byte) (payment.Keyring, error) {
	var f file
	if err := json.Unmarshal(content, &f); err != nil || len(f.Keys) == 0 {
		return nil, errors.New("must be JSON of the form {\"keys\": [{\"id\": …, \"private_key\": …}, …]}")
	}
	var keys payment.Keyring
	for _, k := range f.Keys {
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
		key.From = k.From
		keys = append(keys, key)
	}
	return keys, nil
}

// Make writes a file with one new key, unless there is a file. It appears whole or not at all, and never in place of
// another's.
func Make(path string) error {
	if _, err := os.Stat(path); !errors.Is(err, fs.ErrNotExist) {
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
	f := file{}
	if _, err := f.add(time.Now(), time.Time{}); err != nil {
		return err
	}
	if err := f.write(draft); err != nil {
		return err
	}
	if err := os.Link(draft.Name(), path); !errors.Is(err, fs.ErrExist) {
		return err
	}
	return nil
}

// Add puts a new key at the head of a file, and makes the file when there is none. The key is offered to callers from
// then on; the first key of a file at once. All that was in the file stays.
func Add(path string, now, from time.Time) (payment.Key, error) {
	var f file
	content, err := os.ReadFile(path)
	switch {
	case errors.Is(err, fs.ErrNotExist):
		from = time.Time{}
	case err != nil:
		return payment.Key{}, err
	default:
		if _, err := parse(content); err != nil {
			return payment.Key{}, fmt.Errorf("%s: %w", path, err)
		}
		if err := json.Unmarshal(content, &f); err != nil {
			return payment.Key{}, fmt.Errorf("%s: cannot be read", path)
		}
	}
	key, err := f.add(now, from)
	if err != nil {
		return payment.Key{}, err
	}
	return key, f.replace(path)
}

// replace puts the file in place of the old one, whole or not at all. Two who do that at once would lose a key, so the
// draft is a lock as well.
func (f *file) replace(path string) error {
	name := path + ".new"
	draft, err := os.OpenFile(name, os.O_WRONLY|os.O_CREATE|os.O_EXCL, 0o600)
	if errors.Is(err, fs.ErrExist) {
		return fmt.Errorf("%s is there: somebody else is adding a key, or was interrupted; remove it when nobody is", name)
	}
	if err != nil {
		return err
	}
	if err := f.write(draft); err != nil {
		return errors.Join(err, os.Remove(name))
	}
	return os.Rename(name, path)
}

// add makes a new key and gives it the first place.
func (f *file) add(now, from time.Time) (payment.Key, error) {
	private, err := ecdh.X25519().GenerateKey(rand.Reader)
	if err != nil {
		return payment.Key{}, err
	}
	day := "k" + now.UTC().Format("20060102")
	id := day
	for n := 2; slices.ContainsFunc(f.Keys, func(k stored) bool { return k.ID == id }); n++ {
		id = fmt.Sprintf("%s-%d", day, n)
	}
	key, err := payment.NewKey(id, private.Bytes())
	if err != nil {
		return payment.Key{}, err
	}
	key.From = from
	f.Keys = slices.Insert(f.Keys, 0, stored{
		ID: id, PrivateKey: base64.RawURLEncoding.EncodeToString(private.Bytes()), From: from,
	})
	return key, nil
}

func (f *file) write(to *os.File) error {
	content, err := json.MarshalIndent(f, "", "  ")
	if err == nil {
		_, err = to.Write(append(content, '\n'))
	}
	return errors.Join(err, to.Sync(), to.Close())
}
