package atmos

import (
	"crypto/md5" //nolint:gosec // the provider's choice
	"crypto/sha256"
	"crypto/subtle"
	"encoding/hex"

	"github.com/go-json-experiment/json"

	"tolov/internal/payment"
	"tolov/internal/providers/rest"
)

// Callback is what ATMOS asks before it debits (documentation, "Callback API"). Its values count as they were written,
// number or string, for they are what is signed. The time of the transaction is not signed, and not read.
type Callback struct {
	StoreID       rest.Text      `json:"store_id"`
	TransactionID rest.Text      `json:"transaction_id"`
	Invoice       rest.Text      `json:"invoice"` // the payment's account
	Amount        rest.Text      `json:"amount"`  // tiyin
	Sign          payment.Secret `json:"sign"`
}

// SignedBy tells whether the callback was signed with the key: hexadecimal MD5 of store_id, transaction_id, invoice,
// amount and key, one behind the other. The values have no borders in it, so a callback with right sign may still have
// its digits in other fields: each of them must be compared with what is recorded.
func (c Callback) SignedBy(key payment.Secret) bool {
	text := c.StoreID + c.TransactionID + c.Invoice + c.Amount + rest.Text(key.Reveal())
	want := md5.Sum([]byte(text)) //nolint:gosec // the provider's choice
	sign, err := hex.DecodeString(c.Sign.Reveal())
	return err == nil && !key.IsZero() && subtle.ConstantTimeCompare(sign, want[:]) == 1
}

// Tiyin is the amount; ok is false when it is no whole number.
func (c Callback) Tiyin() (amount payment.Money, ok bool) {
	quoted, err := json.Marshal(string(c.Amount))
	if err != nil {
		return 0, false
	}
	var n rest.Int
	if n.UnmarshalJSON(quoted) != nil || !n.Present {
		return 0, false
	}
	return payment.Money(n.Value), true
}

// CardBind is what ATMOS tells when its owner has linked a card (documentation, "Card linking by the owner").
type CardBind struct {
	APIKey payment.Secret `json:"api_key"`
	CardID rest.Text      `json:"card_id"`
}

// KnowsKey tells whether ATMOS has shown the merchant's key. Digests are compared, so the time does not tell its
// length.
func (b CardBind) KnowsKey(key payment.Secret) bool {
	shown, want := sha256.Sum256([]byte(b.APIKey.Reveal())), sha256.Sum256([]byte(key.Reveal()))
	return !key.IsZero() && subtle.ConstantTimeCompare(shown[:], want[:]) == 1
}
