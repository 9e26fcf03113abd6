package gateway

import (
	"fmt"
	"net/http"

	"tolov/internal/payment"
	"tolov/internal/providers/rest"
)

// Open starts an answer from a reply that must hold a result code: into is the reply, code its place in there. It is
// false when the reply cannot be read, and then the answer is all that can be said (H8, H9).
func Open(raw rest.Reply, into any, code *rest.Text) (payment.Answer, bool) {
	a := raw.Answer()
	if err := Failed(raw); err != nil {
		return a.Noted(err.Error()), false
	}
	if err := raw.Decode(into); err != nil {
		return a.Unclear(err.Error()), false
	}
	if a.Code = string(*code); a.Code == "" {
		return a.Unclear("no result code"), false
	}
	return a, true
}

// Failed tells why an exchange has no reply to read. Results come with HTTP 200 alone: any other status proves nothing.
func Failed(raw rest.Reply) error {
	if raw.Status != 0 && raw.Status != http.StatusOK {
		return fmt.Errorf("HTTP status %d", raw.Status)
	}
	return raw.Err
}
