package events

import (
	"crypto/sha256"
	"encoding/base64"
)

func digest(text []byte) string {
	sum := sha256.Sum256(text)
	return base64.RawURLEncoding.EncodeToString(sum[:])
}

const maxToken = 64

// plainToken tells whether a text can be a token of a subject as it is (H46), and is no card number (I8).
func plainToken(s string) bool {
	for _, r := range s {
		if r != '-' && r != '_' && (r < '0' || r > '9') && (r < 'a' || r > 'z') && (r < 'A' || r > 'Z') {
			return false
		}
	}
	return s != "" && len(s) <= maxToken && !cardLike(s)
}
