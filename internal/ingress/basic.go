package ingress

import (
	"crypto/sha256"
	"crypto/subtle"
	"encoding/base64"
	"net/http"
	"slices"
	"strings"

	"tolov/internal/payment"
)

// credentials are the names and passwords of all merchants for one caller. Every one is compared each time, over
// digests of one length, so that the time tells nothing (HAZARDS §4, item 10).
type credentials []credential

type credential struct {
	merchant string
	digest   [sha256.Size]byte
}

// add lets a merchant's caller in with any of the passwords: during a rotation the old and the new one.
func (c *credentials) add(merchant string, login payment.Secret, passwords []payment.Secret) {
	for _, password := range passwords {
		*c = append(*c, credential{merchant, digest(login.Reveal(), password.Reveal())})
	}
}

// digest tells a name and a password from every other pair: a name has no colon (RFC 7617 §2).
func digest(login, password string) [sha256.Size]byte {
	return sha256.Sum256([]byte(login + ":" + password))
}

// basic tells whose credentials the Authorization header shows.
func (c credentials) basic(h http.Header) (Party, bool) {
	shown := sha256.Sum256(basicPair(h))
	var party Party
	for _, one := range c {
		if subtle.ConstantTimeCompare(shown[:], one.digest[:]) == 1 && !slices.Contains(party, one.merchant) {
			party = append(party, one.merchant)
		}
	}
	return party, len(party) > 0
}

// basicPair gives "name:password", or what no pair is equal to. Two such headers are none.
func basicPair(h http.Header) []byte {
	values := h.Values("Authorization")
	if len(values) != 1 {
		return nil
	}
	scheme, encoded, _ := strings.Cut(values[0], " ")
	if !strings.EqualFold(scheme, "Basic") {
		return nil
	}
	pair, err := base64.StdEncoding.DecodeString(strings.TrimSpace(encoded))
	if err != nil {
		return nil
	}
	return pair
}
