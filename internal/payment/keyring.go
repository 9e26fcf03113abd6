package payment

import (
	"cmp"
	"crypto/ecdh"
	"crypto/hkdf"
	"crypto/hmac"
	"crypto/hpke"
	"crypto/sha256"
	"encoding/base64"
	"encoding/hex"
	"errors"
	"fmt"
	"slices"
	"strings"
	"time"
)

// Key is one key of the worker: it opens sealed cards, and a second key derived from it fingerprints what must not
// be stored (law of HAZARDS "keyed HMAC only": PCI DSS 3.5.1.1).
type Key struct {
	ID      string
	From    time.Time       // from when on callers seal to it; zero: always
	private hpke.PrivateKey // nil when callers cannot seal to it
	shared  Secret          // what it is derived from, when it was given no private bytes
	mac     []byte
}

// NewKey makes a key from its 32 private bytes (X25519).
func NewKey(id string, private []byte) (Key, error) {
	if id == "" || strings.ContainsAny(id, "./ ") {
		return Key{}, errors.New("key id: must be one word without dot or slash")
	}
	opener, err := hpke.DHKEM(ecdh.X25519()).NewPrivateKey(private)
	if err != nil {
		return Key{}, fmt.Errorf("key %s: want 32 bytes of X25519: %w", id, err)
	}
	return Key{ID: id, private: opener, mac: deriveMAC(private)}, nil
}

// NewSharedKey makes a key from a secret that all workers of one merchant share: it fingerprints, and keeps persons
// sealed, but callers cannot seal to it. It serves workers that take cards in clear and were given no key file.
func NewSharedKey(id string, secret Secret) Key {
	return Key{ID: id, shared: secret, mac: deriveMAC([]byte(secret.Reveal()))}
}

// keeper opens what the worker has sealed to itself, nil when the key keeps nothing.
func (k Key) keeper() hpke.PrivateKey {
	if k.private != nil || k.shared.IsZero() {
		return k.private
	}
	bytes, err := hkdf.Key(sha256.New, []byte(k.shared.Reveal()), nil, "tolov keeper", sha256.Size)
	if err != nil { // only for lengths that are out of range
		panic(err)
	}
	private, err := hpke.DHKEM(ecdh.X25519()).NewPrivateKey(bytes)
	if err != nil { // any 32 bytes are a key
		panic(err)
	}
	return private
}

func deriveMAC(secret []byte) []byte {
	mac, err := hkdf.Key(sha256.New, secret, nil, "tolov fingerprint", sha256.Size)
	if err != nil { // only for lengths that are out of range
		panic(err)
	}
	return mac
}

// Public is the key that callers seal to, nil when this key opens nothing.
func (k Key) Public() []byte {
	if k.private == nil {
		return nil
	}
	return k.private.PublicKey().Bytes()
}

// Keyring holds the worker's live keys, newest first.
type Keyring []Key

// At gives the same keys, those first that are in force at that time: what is sealed or fingerprinted by the first one
// can be opened and compared by every worker, for all have it by then.
func (r Keyring) At(now time.Time) Keyring {
	ordered := slices.Clone(r)
	slices.SortStableFunc(ordered, func(a, b Key) int {
		return cmp.Compare(a.pending(now), b.pending(now))
	})
	return ordered
}

// pending is 1 for a key that is not in force yet.
func (k Key) pending(now time.Time) int {
	if now.Before(k.From) {
		return 1
	}
	return 0
}

// What can be wrong with something sealed. Neither repeats anything of it.
var (
	ErrUnknownKey = errors.New("is sealed to a key that this worker does not have")
	errSealed     = errors.New("cannot be opened: it was sealed for another payment, or is damaged")
)

// Open reveals what was sealed to one of our keys for this very payment. Wire form: <key id>.<base64url(enc‖ct)>.
func (r Keyring) Open(sealed Secret, paymentID string) ([]byte, error) {
	return r.open(sealed, paymentID, func(k Key) hpke.PrivateKey { return k.private })
}

// open is Open with the half of a key that opens this kind of content.
func (r Keyring) open(sealed Secret, paymentID string, half func(Key) hpke.PrivateKey) ([]byte, error) {
	id, body, _ := strings.Cut(sealed.Reveal(), ".")
	blob, err := base64.RawURLEncoding.DecodeString(strings.TrimRight(body, "="))
	if err != nil {
		return nil, errSealed
	}
	for _, key := range r {
		if key.ID != id {
			continue
		}
		private := half(key)
		if private == nil {
			continue
		}
		clear, err := hpke.Open(private, hpke.HKDFSHA256(), hpke.ChaCha20Poly1305(), sealInfo(paymentID, id), blob)
		if err != nil {
			return nil, errSealed
		}
		return clear, nil
	}
	return nil, ErrUnknownKey
}

// Seal closes a card's JSON to a worker's public key, for one payment only.
func Seal(keyID string, public []byte, paymentID string, card []byte) (string, error) {
	to, err := hpke.DHKEM(ecdh.X25519()).NewPublicKey(public)
	if err != nil {
		return "", fmt.Errorf("public key %s: want 32 bytes of X25519: %w", keyID, err)
	}
	blob, err := hpke.Seal(to, hpke.HKDFSHA256(), hpke.ChaCha20Poly1305(), sealInfo(paymentID, keyID), card)
	if err != nil {
		return "", fmt.Errorf("seal card: %w", err)
	}
	return keyID + "." + base64.RawURLEncoding.EncodeToString(blob), nil
}

func sealInfo(paymentID, keyID string) []byte { return []byte(paymentID + "/" + keyID) }

// Fingerprint tells same content from other content without keeping the content: what is not secret by a plain
// hash, what is secret by a keyed one (H43).
type Fingerprint struct {
	Content string `json:"content"`
	Key     string `json:"key,omitzero"` // the id of the key that Secret was made with
	Secret  string `json:"secret,omitzero"`

	others map[string]string // the secret's hash under each live key
}

// Fingerprint takes the command's fingerprint under every live key. content is the command's JSON with defaults
// filled in and without its card.
func (r Keyring) Fingerprint(content []byte, c *Command) Fingerprint {
	sum := sha256.Sum256(content)
	f := Fingerprint{Content: hex.EncodeToString(sum[:16])}
	secret := c.secrets()
	if secret == "" || len(r) == 0 {
		return f
	}
	f.others = make(map[string]string, len(r))
	for _, key := range r {
		mac := hmac.New(sha256.New, key.mac)
		mac.Write([]byte(secret))
		f.others[key.ID] = hex.EncodeToString(mac.Sum(nil)[:16])
	}
	f.Key, f.Secret = r[0].ID, f.others[r[0].ID]
	return f
}

// Same tells whether a command with the fingerprint f repeats the one recorded. When the recorded key has been
// retired, what was hashed with it cannot be compared any more, and the rest decides.
func (f Fingerprint) Same(recorded Fingerprint) bool {
	if f.Content != recorded.Content || (f.Secret == "") != (recorded.Secret == "") {
		return false
	}
	mine, live := f.others[recorded.Key]
	return !live || hmac.Equal([]byte(mine), []byte(recorded.Secret))
}

// secrets joins every secret of the command, in a fixed order. The CVC is not among them: nothing of it may be kept,
// not even a keyed hash (PCI DSS 3.3.1.2), so a repeat with another one is a repeat.
func (c *Command) secrets() string {
	parts := []Secret{c.OTP}
	if c.Card != nil {
		parts = append(parts, c.Card.Token, c.Card.Number, c.Card.Expiry)
		parts = append(parts, c.Card.ID, c.Card.Holder)
	}
	for _, p := range c.payoutParts() {
		parts = append(parts, p.value)
	}
	if c.Person != nil {
		for _, field := range c.Person.fields() {
			parts = append(parts, *field.value)
		}
	}
	var b strings.Builder
	any := false
	for _, part := range parts {
		any = any || !part.IsZero()
		b.WriteString(part.Reveal())
		b.WriteByte(0)
	}
	if !any {
		return ""
	}
	return b.String()
}
