package payment

import (
	"crypto/sha256"
	"encoding/base32"
	"regexp"
	"strings"
)

// DefaultMerchant is whose credentials a command uses when it names none.
const DefaultMerchant = "default"

const (
	idPrefix = "pay_"
	idLength = 26 // of base32: 130 bits of the hash
)

var (
	merchantForm = regexp.MustCompile(`^[a-z0-9-]{1,32}$`)
	extIDForm    = regexp.MustCompile(`^[A-Za-z0-9._:-]{1,64}$`)
	idForm       = regexp.MustCompile(`^pay_[a-z2-7]{26}$`)
	lowerBase32  = base32.StdEncoding.WithPadding(base32.NoPadding)
)

// ID is the payment's name everywhere. It derives from (merchant, ext_id), so a caller can compute it before it
// publishes, and a second payment under the same key cannot even be spelled (H25, H46).
func ID(merchant, extID string) string {
	sum := sha256.Sum256([]byte(merchant + "\x00" + extID))
	return idPrefix + strings.ToLower(lowerBase32.EncodeToString(sum[:]))[:idLength]
}

// IsID tells whether s has the form of a payment id, and so may stand in a subject.
func IsID(s string) bool { return idForm.MatchString(s) }

// IsMerchant tells whether s has the form of a merchant's name.
func IsMerchant(s string) bool { return merchantForm.MatchString(s) }

// IsExtID tells whether s has the form of a caller's idempotency key.
func IsExtID(s string) bool { return extIDForm.MatchString(s) }
