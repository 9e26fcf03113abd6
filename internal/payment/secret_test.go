package payment_test

import (
	"bytes"
	stdjson "encoding/json"
	"errors"
	"fmt"
	"log/slog"
	"strings"
	"testing"

	"github.com/go-json-experiment/json"

	"tolov/internal/payment"
)

const canary = "8600490000003347"

// holder holds secrets in every way a struct can, the way that fmt cannot see included.
type holder struct {
	Value   payment.Secret
	Pointer *payment.Secret
	Card    *payment.CardInput
	List    []payment.Secret
	Map     map[string]payment.Secret
	Any     any
	hidden  payment.Secret
	nested  struct{ deep payment.Secret }
}

func holderOf(s payment.Secret) holder {
	h := holder{
		Value: s, Pointer: &s, Card: &payment.CardInput{Number: s}, List: []payment.Secret{s},
		Map: map[string]payment.Secret{"k": s}, Any: s, hidden: s,
	}
	h.nested.deep = s
	return h
}

// H73, I8: whatever way a secret is printed, its value does not come out.
func TestSecretIsHiddenFromEveryVerbOfFmt(t *testing.T) {
	s := payment.NewSecret(canary)
	h := holderOf(s)
	for _, x := range []any{s, &s, h, &h, []any{s}, h.List, h.Map, fmt.Errorf("card %v", s)} {
		for _, flag := range []string{"", "+", "#", "-", " ", "0", "20", ".3"} {
			for verb := 'A'; verb <= 'z'; verb++ {
				format := "%" + flag + string(verb)
				conceals(t, fmt.Sprintf("%T with %s", x, format), fmt.Sprintf(format, x))
			}
		}
		conceals(t, "Sprint", fmt.Sprint(x))
		conceals(t, "Sprintln", fmt.Sprintln(x))
		extra := []any{x, x} // one more than the format has verbs
		conceals(t, "an argument too many", fmt.Sprintf("%v", extra...))
	}
}

func TestSecretPrintsAsStars(t *testing.T) {
	s := payment.NewSecret(canary)
	for _, format := range []string{"%v", "%s", "%q", "%d", "%x", "%+v", "%#v", "%10s", "%t"} {
		if got := fmt.Sprintf(format, s); !strings.Contains(got, "***") {
			t.Errorf("%s: %s", format, got)
		}
	}
	if s.String() != "***" || s.GoString() != "***" {
		t.Error(s.String(), s.GoString())
	}
}

func TestSecretIsHiddenFromLogs(t *testing.T) {
	var out bytes.Buffer
	s := payment.NewSecret(canary)
	h := holderOf(s)
	for _, handler := range []slog.Handler{
		slog.NewTextHandler(&out, nil), slog.NewJSONHandler(&out, nil),
	} {
		log := slog.New(handler).With("s", s).WithGroup("g")
		log.Info("card", "s", s, "p", &s, "card", h.Card, "list", h.List, "map", h.Map, "h", h)
		log.Error("failed", "err", fmt.Errorf("card %s", s))
	}
	conceals(t, "slog", out.String())
	if strings.Count(out.String(), "***") < 8 {
		t.Error(out.String())
	}
}

func TestSecretIsHiddenFromJSON(t *testing.T) {
	h := holderOf(payment.NewSecret(canary))
	v1, err1 := stdjson.Marshal(h)
	v2, err2 := json.Marshal(h)
	if err1 != nil || err2 != nil {
		t.Fatal(err1, err2)
	}
	for _, text := range [][]byte{v1, v2} {
		conceals(t, "JSON", string(text))
		if bytes.Count(text, []byte(`"***"`)) != 6 {
			t.Errorf("%s", text)
		}
	}
	c := payment.Command{OTP: payment.NewSecret("123456")}
	if text, err := json.Marshal(&c); err != nil || string(text) != `{"otp":"***"}` {
		t.Errorf("%s, %v", text, err)
	}
}

func TestSecretIsReadFromACommand(t *testing.T) {
	for text, want := range map[string]string{`"123456"`: "123456", `""`: "", `"***"`: "***"} {
		var v1, v2 payment.Secret
		if err := errors.Join(stdjson.Unmarshal([]byte(text), &v1), json.Unmarshal([]byte(text), &v2)); err != nil {
			t.Fatal(err)
		}
		if v1.Reveal() != want || v2.Reveal() != want || v2.IsZero() != (want == "") || v2.Len() != len(want) {
			t.Errorf("%s: %q, %q", text, v1.Reveal(), v2.Reveal())
		}
	}
	var s payment.Secret
	if err := json.Unmarshal([]byte(`4111`), &s); err == nil {
		t.Error("a number was taken for a secret")
	}
}

func TestSecretOfDigits(t *testing.T) {
	for _, good := range []string{"0", "123456"} {
		if !payment.NewSecret(good).Digits() {
			t.Errorf("%q", good)
		}
	}
	for _, bad := range []string{"", "12a", "12 ", "１２", "-1"} {
		if payment.NewSecret(bad).Digits() {
			t.Errorf("%q", bad)
		}
	}
}

func TestSecretWithoutAValueIsTheZeroSecret(t *testing.T) {
	none := payment.Secret{}
	if payment.NewSecret("") != none || !none.IsZero() || none.Reveal() != "" || none.Len() != 0 {
		t.Error("an empty secret is not the zero one")
	}
}

func conceals(t *testing.T, how, got string) {
	t.Helper()
	for _, form := range []string{canary, fmt.Sprintf("%x", canary), fmt.Sprintf("%X", canary), canary[:10]} {
		if strings.Contains(got, form) {
			t.Errorf("%s prints the secret: %s", how, got)
		}
	}
}

// I8: what a command held is gone with it, in every copy.
func TestForgottenSecretIsGoneInEveryCopy(t *testing.T) {
	c := &payment.Command{OTP: payment.NewSecret("111111"), Card: &payment.CardInput{
		ID: payment.NewSecret("9"), Token: payment.NewSecret("t"), Number: payment.NewSecret("4278310021875430"),
		Expiry: payment.NewSecret("2908"), Holder: payment.NewSecret("A"), CVC: payment.NewSecret("680"),
		Sealed: payment.NewSecret("k.x"),
	}}
	copied, code := *c.Card, c.OTP
	c.Forget()
	for _, s := range []payment.Secret{
		code, copied.ID, copied.Token, copied.Number, copied.Expiry, copied.Holder, copied.CVC, copied.Sealed,
	} {
		if s.Reveal() != "" {
			t.Error("a copy is left")
		}
	}
	(&payment.Command{}).Forget()
}
