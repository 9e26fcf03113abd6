package keyfile

import (
	"bytes"
	"os"
	"sync"
	"time"

	"tolov/internal/payment"
)

// Keys are a worker's keys as the file has them now. The zero Keys and nil are none. They may be used by many
// goroutines.
type Keys struct {
	path string // empty: they never change

	mu      sync.Mutex
	ring    payment.Keyring
	content []byte
	fault   error // why the file was not taken when it was last read
	looked  time.Time
}

// Fixed are keys that no file holds.
func Fixed(ring payment.Keyring) *Keys { return &Keys{ring: ring} }

// Open reads a file.
func Open(path string) (*Keys, error) {
	k := &Keys{path: path}
	_, err := k.Reread()
	return k, err
}

// Ring gives the keys, the one that is offered to callers first.
func (k *Keys) Ring() payment.Keyring {
	if k == nil {
		return nil
	}
	k.mu.Lock()
	defer k.mu.Unlock()
	return k.ring.At(time.Now())
}

// Changes tells whether there is a file that may change.
func (k *Keys) Changes() bool { return k != nil && k.path != "" }

// Reread reads the file again, and tells whether there are other keys now. With an error the keys before stay.
func (k *Keys) Reread() (news bool, err error) {
	k.mu.Lock()
	defer k.mu.Unlock()
	return k.reread()
}

func (k *Keys) reread() (news bool, err error) {
	k.looked = time.Now()
	content, err := os.ReadFile(k.path)
	if err == nil && k.content != nil && bytes.Equal(content, k.content) && k.fault == nil {
		return false, nil
	}
	var ring payment.Keyring
	if err == nil {
		ring, err = parse(content)
	}
	if k.fault = err; err != nil {
		return false, err
	}
	k.ring, k.content = ring, content
	return true, nil
}

const hurryPause = time.Second

// Hurry reads the file again because something was sealed to a key that is not known: another worker may have read it
// first. It tells whether there are other keys now. Whoever makes up key ids reads no file more than once a second.
func (k *Keys) Hurry() bool {
	if !k.Changes() {
		return false
	}
	k.mu.Lock()
	defer k.mu.Unlock()
	if time.Since(k.looked) < hurryPause {
		return false
	}
	news, err := k.reread()
	return news && err == nil
}

// Fault tells why the file was not taken when it was last read, nil when it was.
func (k *Keys) Fault() error {
	if k == nil {
		return nil
	}
	k.mu.Lock()
	defer k.mu.Unlock()
	return k.fault
}
