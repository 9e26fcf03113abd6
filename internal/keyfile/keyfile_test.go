package keyfile_test

import (
	"fmt"
	"os"
	"path/filepath"
	"strings"
	"testing"
	"testing/synctest"
	"time"

	"tolov/internal/keyfile"
	"tolov/internal/payment"
)

const order = "pay_aaaaaaaaaaaaaaaaaaaaaaaaaa"

func add(t *testing.T, path string, from time.Time) payment.Key {
	t.Helper()
	key, err := keyfile.Add(path, time.Now(), from)
	if err != nil {
		t.Fatal(err)
	}
	return key
}

func ids(ring payment.Keyring) string {
	var all []string
	for _, key := range ring {
		all = append(all, key.ID)
	}
	return strings.Join(all, " ")
}

func sealed(t *testing.T, key payment.Key) payment.Secret {
	t.Helper()
	text, err := payment.Seal(key.ID, key.Public(), order, []byte(`{"token":"t"}`))
	if err != nil {
		t.Fatal(err)
	}
	return payment.NewSecret(text)
}

// A rotation: the new key opens at once, is offered from its time on, and the old one goes on opening.
func TestTwoKeysLiveThroughARotation(t *testing.T) {
	path := filepath.Join(t.TempDir(), "keys.json")
	synctest.Test(t, func(t *testing.T) {
		old := add(t, path, time.Now().Add(time.Hour)) // the first one is in force at once
		keys, err := keyfile.Open(path)
		if err != nil || ids(keys.Ring()) != old.ID || !old.From.IsZero() {
			t.Fatalf("%q from %s, %v", ids(keys.Ring()), old.From, err)
		}
		young := add(t, path, time.Now().Add(10*time.Minute))
		if news, err := keys.Reread(); !news || err != nil {
			t.Fatalf("the new key is no news: %v", err)
		}
		if ids(keys.Ring()) != old.ID+" "+young.ID {
			t.Errorf("before its time the order is %q", ids(keys.Ring()))
		}
		for _, key := range []payment.Key{old, young} {
			if _, err := keys.Ring().Open(sealed(t, key), order); err != nil {
				t.Errorf("%s: %v", key.ID, err)
			}
		}
		<-time.After(10 * time.Minute) // virtual
		if ids(keys.Ring()) != young.ID+" "+old.ID {
			t.Errorf("in its time the order is %q", ids(keys.Ring()))
		}
		if news, err := keys.Reread(); news || err != nil {
			t.Errorf("nothing new is news, %v", err)
		}
	})
}

// A file that cannot be taken leaves the keys as they were, and is told of until it is mended.
func TestBrokenFileLeavesTheKeysAsTheyWere(t *testing.T) {
	path := filepath.Join(t.TempDir(), "keys.json")
	first := add(t, path, time.Time{})
	keys, err := keyfile.Open(path)
	if err != nil {
		t.Fatal(err)
	}
	good, err := os.ReadFile(path)
	if err != nil {
		t.Fatal(err)
	}
	for _, content := range []string{"", `{"keys":[]}`, string(good[:len(good)/2])} {
		if err := os.WriteFile(path, []byte(content), 0o600); err != nil {
			t.Fatal(err)
		}
		if news, err := keys.Reread(); news || err == nil || keys.Fault() == nil || ids(keys.Ring()) != first.ID {
			t.Errorf("%q is taken: %q, %v", content, ids(keys.Ring()), err)
		}
	}
	if err := os.Remove(path); err != nil {
		t.Fatal(err)
	}
	if _, err := keys.Reread(); err == nil || ids(keys.Ring()) != first.ID {
		t.Error("a file that is gone takes the keys with it")
	}
	if err := os.WriteFile(path, good, 0o600); err != nil {
		t.Fatal(err)
	}
	if _, err := keys.Reread(); err != nil || keys.Fault() != nil {
		t.Errorf("mended, it is not taken: %v", err)
	}
}

// A key that another worker has read first is looked for, but not more than once a second.
func TestUnknownKeyIsLookedForOnceASecond(t *testing.T) {
	path := filepath.Join(t.TempDir(), "keys.json")
	synctest.Test(t, func(t *testing.T) {
		add(t, path, time.Time{})
		keys, err := keyfile.Open(path)
		if err != nil {
			t.Fatal(err)
		}
		add(t, path, time.Time{})
		if keys.Hurry() {
			t.Error("read again within a second")
		}
		<-time.After(time.Second) // virtual
		if !keys.Hurry() || len(keys.Ring()) != 2 {
			t.Errorf("keys are %q", ids(keys.Ring()))
		}
		<-time.After(time.Second) // virtual
		if keys.Hurry() {
			t.Error("nothing new is news")
		}
	})
	if keyfile.Fixed(nil).Hurry() || (*keyfile.Keys)(nil).Hurry() || (*keyfile.Keys)(nil).Fault() != nil {
		t.Error("keys without a file change")
	}
}

func TestAddingAKeyKeepsWhatThereIs(t *testing.T) {
	path := filepath.Join(t.TempDir(), "keys.json")
	one, two, three := add(t, path, time.Time{}), add(t, path, time.Time{}), add(t, path, time.Time{})
	ring, err := keyfile.Read(path)
	if err != nil || ids(ring) != three.ID+" "+two.ID+" "+one.ID || two.ID != one.ID+"-2" || three.ID != one.ID+"-3" {
		t.Errorf("%q, %v", ids(ring), err)
	}
	if info, err := os.Stat(path); err != nil || info.Mode().Perm() != 0o600 {
		t.Errorf("%v, %v", info, err)
	}
	if err := os.WriteFile(path+".new", nil, 0o600); err != nil {
		t.Fatal(err)
	}
	_, err = keyfile.Add(path, time.Now(), time.Time{})
	if err == nil || !strings.Contains(err.Error(), "somebody else") {
		t.Errorf("two at once: %v", err)
	}
	if err := os.WriteFile(path, []byte("{"), 0o600); err != nil {
		t.Fatal(err)
	}
	if _, err := keyfile.Add(path, time.Now(), time.Time{}); err == nil {
		t.Error("a broken file is written over")
	}
}

func Example() {
	dir, err := os.MkdirTemp("", "keys")
	if err != nil {
		fmt.Println(err)
		return
	}
	defer func() { _ = os.RemoveAll(dir) }()
	path := filepath.Join(dir, "keys.json")
	key, err := keyfile.Add(path, time.Date(2026, 11, 20, 0, 0, 0, 0, time.UTC), time.Time{})
	if err != nil {
		fmt.Println(err)
		return
	}
	keys, err := keyfile.Open(path)
	fmt.Println(key.ID, len(keys.Ring()), err)
	// Output: k20261120 1 <nil>
}
