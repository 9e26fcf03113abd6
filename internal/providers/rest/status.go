package rest

import "net/http"

// Speaks tells whether the HTTP status leaves it to the body to say what became of the request: success, or a refusal
// of this very request. Who may ask, how often, and how the provider itself is doing are no word on it.
func (r Reply) Speaks() bool {
	switch r.Status {
	case http.StatusUnauthorized, http.StatusForbidden, http.StatusRequestTimeout, http.StatusTooManyRequests:
		return false
	default:
		return r.Status == http.StatusOK || r.Status >= 400 && r.Status < 500
	}
}
