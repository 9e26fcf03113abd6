package gateway

import (
	"context"
	"errors"
	"net"
	"testing"
	"time"

	"tolov/internal/providers/rest"
)

// H14: a call that saw no token just before another's refresh ended takes what that one brought.
func TestRefreshThatComesTooLateAsksForNothing(t *testing.T) {
	nobody := func(context.Context, string, string) (net.Conn, error) {
		t.Error("asked for a token")
		return nil, errors.New("no network")
	}
	now := time.Now()
	tokens := newTokens(Settings{Now: func() time.Time { return now }}, rest.New(1, nobody))
	tokens.value, tokens.renewAt = "new", now.Add(time.Hour)
	for _, seen := range []string{"", "old"} {
		if token, err := tokens.renew(t.Context(), seen); token != "new" || err != nil {
			t.Errorf("having seen %q: %q, %v", seen, token, err)
		}
	}
}
