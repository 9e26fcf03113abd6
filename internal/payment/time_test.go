package payment_test

import (
	stdjson "encoding/json"
	"errors"
	"testing"
	"time"

	"github.com/go-json-experiment/json"
	"pgregory.net/rapid"

	"tolov/internal/payment"
)

// Contract: times are RFC 3339, UTC, milliseconds, whoever writes them.
func TestTimesAreWrittenWithMilliseconds(t *testing.T) {
	tashkent := time.FixedZone("", 5*60*60)
	for _, v := range []struct {
		at   time.Time
		want string
	}{
		{time.Date(2026, 1, 2, 3, 4, 5, 0, time.UTC), "2026-01-02T03:04:05.000Z"},
		{time.Date(2026, 1, 2, 3, 4, 5, 500_000_000, time.UTC), "2026-01-02T03:04:05.500Z"},
		{time.Date(2026, 1, 2, 3, 4, 5, 123_999_999, time.UTC), "2026-01-02T03:04:05.123Z"},
		{time.Date(2026, 1, 2, 3, 4, 5, 0, tashkent), "2026-01-01T22:04:05.000Z"},
	} {
		writesTime(t, payment.At(v.at), v.want)
		writesTime(t, payment.Time{Time: v.at}, v.want)
	}
}

func writesTime(t *testing.T, at payment.Time, want string) {
	t.Helper()
	v1, err1 := stdjson.Marshal(at)
	v2, err2 := json.Marshal(at)
	text, err3 := at.MarshalText()
	if err := errors.Join(err1, err2, err3); err != nil {
		t.Fatal(err)
	}
	for _, got := range []string{string(v1), string(v2), `"` + string(text) + `"`, `"` + at.String() + `"`} {
		if got != `"`+want+`"` {
			t.Errorf("%s, want %s", got, want)
		}
	}
}

func TestTimeEqualsItselfAfterARoundTrip(t *testing.T) {
	rapid.Check(t, func(t *rapid.T) {
		at := payment.At(time.Unix(rapid.Int64Range(0, 4e9).Draw(t, "s"), rapid.Int64Range(0, 999_999_999).Draw(t, "ns")))
		for name, pass := range map[string]func(payment.Time) (payment.Time, error){
			"v1": roundTripV1, "v2": roundTripV2, "text": roundTripText,
		} {
			got, err := pass(at)
			if err != nil || got != at {
				t.Fatalf("%s: %v became %v: %v", name, at, got, err)
			}
		}
	})
}

func TestTimeReadsAnyRFC3339AndCutsIt(t *testing.T) {
	for text, want := range map[string]string{
		`"2026-01-02T03:04:05Z"`:              "2026-01-02T03:04:05.000Z",
		`"2026-01-02T08:04:05.9999999+05:00"`: "2026-01-02T03:04:05.999Z",
	} {
		var got payment.Time
		if err := json.Unmarshal([]byte(text), &got); err != nil || got.String() != want {
			t.Errorf("%s: %s, %v", text, got, err)
		}
	}
	for _, text := range []string{`"yesterday"`, `""`, `5`, `{}`, `"2026-01-02"`, `"`} {
		if err := new(payment.Time).UnmarshalJSON([]byte(text)); err == nil {
			t.Errorf("%s was read", text)
		}
	}
}

func roundTripV1(t payment.Time) (back payment.Time, err error) {
	text, err := stdjson.Marshal(t)
	if err != nil {
		return back, err
	}
	return back, stdjson.Unmarshal(text, &back)
}

func roundTripV2(t payment.Time) (back payment.Time, err error) {
	text, err := json.Marshal(t)
	if err != nil {
		return back, err
	}
	return back, json.Unmarshal(text, &back)
}

func roundTripText(t payment.Time) (back payment.Time, err error) {
	text, err := t.MarshalText()
	if err != nil {
		return back, err
	}
	return back, back.UnmarshalText(text)
}
