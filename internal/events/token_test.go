package events_test

import (
	"strings"
	"testing"

	"pgregory.net/rapid"

	"tolov/internal/events"
)

// H46, I8: whatever a provider calls its transactions, each has a subject of its own, of one form, and what may be a
// card number is not spelled out in it.
func TestEveryKeyHasASubjectOfItsOwn(t *testing.T) {
	const prefix = "payments.index.atmos.shop."
	key := rapid.OneOf(
		rapid.String(), rapid.StringMatching(`[0-9]{1,20}`),
		rapid.StringMatching(`=?[A-Za-z0-9_.*> -]{0,70}`),
	)
	rapid.Check(t, func(t *rapid.T) {
		a, b := key.Draw(t, "a"), key.Draw(t, "b")
		one, other := events.IndexSubject("atmos", "shop", a), events.IndexSubject("atmos", "shop", b)
		if (one == other) != (a == b) {
			t.Fatalf("%q and %q: %s %s", a, b, one, other)
		}
		token, found := strings.CutPrefix(one, prefix)
		if !found || token == "" || len(token) > 64 || strings.ContainsAny(token, ".*> \t\r\n\x00") {
			t.Fatalf("%q: %s", a, one)
		}
	})
	for _, card := range []string{"8600490744313347", "8600-4907-4431-3347"} {
		if s := events.IndexSubject("atmos", "shop", card); strings.Contains(s, card) {
			t.Error(s)
		}
	}
}
