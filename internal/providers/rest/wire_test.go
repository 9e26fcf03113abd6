package rest_test

import (
	"math/big"
	"strconv"
	"testing"

	"github.com/go-json-experiment/json"
	"pgregory.net/rapid"

	"tolov/internal/providers/rest"
)

// H68: an amount is a whole number or nothing, however it is written.
func TestIntTakesWholeNumbersInEitherForm(t *testing.T) {
	for text, want := range map[string]rest.Int{
		`5000000`: {Value: 5_000_000, Present: true}, `"5000000"`: {Value: 5_000_000, Present: true},
		`0`: {Present: true}, `"0"`: {Present: true}, `-1`: {Value: -1, Present: true}, `"-1"`: {Value: -1, Present: true},
		`5.0`: {Value: 5, Present: true}, `"5.00"`: {Value: 5, Present: true}, `"0005"`: {Value: 5, Present: true},
		`9223372036854775807`: {Value: 1<<63 - 1, Present: true}, `null`: {}, `""`: {},
	} {
		var got rest.Int
		if err := json.Unmarshal([]byte(text), &got); err != nil || got != want {
			t.Errorf("%s: %+v, %v", text, got, err)
		}
	}
	for _, text := range []string{
		`5.5`, `"5.5"`, `"5."`, `".0"`, `"5.0.0"`, `1e3`, `"1e3"`, `"+5"`, `" 5"`, `"5 "`, `"5,000"`, `"1_000"`, `"0x5"`,
		`9223372036854775808`, `"null"`, `"NaN"`, `"-"`, `"--5"`, `true`, `[5]`, `{"x":5}`, `"٥"`, `"\u0035"`, `"5\""`,
	} {
		var got rest.Int
		if err := json.Unmarshal([]byte(text), &got); err == nil {
			t.Errorf("%s was taken as %+v", text, got)
		}
	}
}

// H68: no value becomes another one on its way in, and a fraction never becomes a whole number.
func TestIntIsExactOrRefused(t *testing.T) {
	rapid.Check(t, func(t *rapid.T) {
		text := rapid.OneOf(
			rapid.Map(rapid.Int64(), func(n int64) string { return strconv.FormatInt(n, 10) }),
			rapid.StringMatching(`-?[0-9]{1,22}(\.[0-9]{1,3})?([eE]-?[0-9])?`), rapid.String(),
		).Draw(t, "text")
		written, err := json.Marshal(text)
		if err != nil {
			t.Skip("not UTF-8")
		}
		var got rest.Int
		if json.Unmarshal(written, &got) != nil {
			return
		}
		want, isNumber := new(big.Rat).SetString(text)
		if text == "" && !got.Present {
			return
		}
		if !isNumber || want.Cmp(new(big.Rat).SetInt64(got.Value)) != 0 || !got.Present {
			t.Fatalf("%q was taken as %+v", text, got)
		}
	})
}

func TestTextTakesStringsAndNumbers(t *testing.T) {
	for text, want := range map[string]rest.Text{
		`"202072"`: "202072", `202072`: "202072", `"pay_1"`: "pay_1", `null`: "", `""`: "", `-7`: "-7", `"\u0041"`: "A",
		`12345678901234567890`: "12345678901234567890",
	} {
		var got rest.Text
		if err := json.Unmarshal([]byte(text), &got); err != nil || got != want {
			t.Errorf("%s: %q, %v", text, got, err)
		}
	}
	long := make([]byte, 256)
	for i := range long {
		long[i] = '1'
	}
	for _, text := range []string{`true`, `false`, `[1]`, `{"id":1}`, `"` + string(long) + `"`, string(long)} {
		var got rest.Text
		if err := json.Unmarshal([]byte(text), &got); err == nil {
			t.Errorf("%.20s was taken as %q", text, got)
		}
	}
}

// What is sent reads back as what was meant, and what looks like a number is one only when it stays the same.
func TestTextSurvivesTheWire(t *testing.T) {
	for id, want := range map[rest.Text]string{
		"202072": `202072`, "0": `0`, "-5": `-5`, "0001": `"0001"`, "": `""`, "1e3": `"1e3"`, "+5": `"+5"`, "a\"b": `"a\"b"`,
		"9223372036854775808": `"9223372036854775808"`,
	} {
		if got, err := json.Marshal(id); err != nil || string(got) != want {
			t.Errorf("%q is sent as %s, %v", id, got, err)
		}
	}
	rapid.Check(t, func(t *rapid.T) {
		id := rest.Text(rapid.StringN(0, 60, 255).Draw(t, "id"))
		sent, err := json.Marshal(id)
		if err != nil {
			t.Skip("not UTF-8")
		}
		var got rest.Text
		if err := json.Unmarshal(sent, &got); err != nil || got != id {
			t.Fatalf("%q came back as %q, %v", id, got, err)
		}
	})
}

func FuzzTextAndIntNeverPanic(f *testing.F) {
	for _, seed := range []string{`1`, `"1"`, `null`, `"`, `""`, `-`, `{}`, ` 1`, ``} {
		f.Add([]byte(seed))
	}
	f.Fuzz(func(_ *testing.T, b []byte) {
		var n rest.Int
		var s rest.Text
		_, _ = n.UnmarshalJSON(b), s.UnmarshalJSON(b)
	})
}
