package rest_test

import (
	"testing"

	"tolov/internal/providers/rest"
)

// H8, H14: a body says what became of a request only under a status that is about this very request. Who may ask, how
// often, how long, and how the provider itself is doing are no word on it, whatever stands in the body.
func TestOnlyAStatusAboutTheRequestLetsTheBodySpeak(t *testing.T) {
	for status, speaks := range map[int]bool{
		200: true, 400: true, 402: true, 404: true, 409: true, 422: true,
		201: false, 204: false, 301: false, 302: false, 307: false,
		401: false, 403: false, 408: false, 429: false, 500: false, 502: false, 503: false, 504: false,
	} {
		if err := (rest.Reply{Status: status, Sent: true}).Silent(); (err == nil) != speaks {
			t.Errorf("%d: %v", status, err)
		}
	}
}
