package rest

import (
	"errors"
	"fmt"
	"net/http"

	"tolov/internal/payment"
)

// Answer is what the exchange alone proves, whatever the reply says: that the call was not made when no byte of it
// left, else nothing (H8).
func (r Reply) Answer() payment.Answer {
	a := payment.Answer{
		Outcome: payment.Unknown, HTTPStatus: r.Status, RetryAfter: r.RetryAfter, TooLong: errors.Is(r.Err, ErrTooLong),
	}
	if !r.Sent {
		a.Outcome = payment.NotSent
	}
	return a
}

// Silent tells why the body says nothing of the request, nil when it can be read.
func (r Reply) Silent() error {
	if r.Status != 0 && !r.speaks() {
		return fmt.Errorf("HTTP status %d", r.Status)
	}
	return r.Err
}

// speaks tells whether the HTTP status leaves it to the body to say what became of the request: success, or a refusal
// of this very request. Who may ask, how often, and how the provider itself is doing are no word on it.
func (r Reply) speaks() bool {
	switch r.Status {
	case http.StatusUnauthorized, http.StatusForbidden, http.StatusRequestTimeout, http.StatusTooManyRequests:
		return false
	default:
		return r.Status == http.StatusOK || r.Status >= 400 && r.Status < 500
	}
}
