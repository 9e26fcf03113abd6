package client_test

import (
	"bytes"
	"encoding/json"
	"fmt"
	"log/slog"
	"strings"
	"testing"

	"tolov/client"
)

// I8: nothing that is printed holds a card number, a token, a code or personal data.
func TestSecretsPrintNowhere(t *testing.T) {
	const number, token, code = "8600490744313347", "tok-very-secret", "271828"
	const name, pinfl, passport, born = "Gulchehra", "41508950231111", "7654321", "15.08.1995"
	person := client.Person{FirstName: name, PINFL: pinfl, PassportSeries: "QZ", PassportNumber: passport}
	sender := client.Sender{LastName: name, FirstName: name, MiddleName: name}
	document := client.Document{SeriesNumber: passport, BirthDate: born, PINFL: pinfl}
	commands := []any{
		client.Pay{ExtID: "a", Card: client.Card{Number: number, Expiry: "4912"}},
		&client.Pay{ExtID: "a", Card: client.Card{Token: token, Sealed: "k1." + token}},
		client.Hold{ExtID: "a", Card: client.Card{Number: number, Expiry: "4912"}},
		client.LinkCard{ExtID: "a", Card: client.Card{Number: number, Expiry: "4912"}},
		client.Withdraw{ExtID: "a", Person: person}, &client.Withdraw{ExtID: "a", Person: person}, person, &person,
		client.Payout{ExtID: "a", Sender: sender, Document: document}, &client.Payout{ExtID: "a", Document: document},
		[]client.Document{document}, map[string]client.Sender{"sender": sender},
		client.Event{Raw: client.Envelope(`{"token":"` + token + `"}`)},
		client.Payment{Card: &client.CardShown{Token: token}},
		client.Confirm{ExtID: "a", Code: code},
		struct{ Inner client.Card }{client.Card{Number: number, Token: token}},
		[]client.Secret{number, token, code},
		map[string]client.Secret{"code": code},
		client.Secret(code),
	}
	var out bytes.Buffer
	timeless := &slog.HandlerOptions{ReplaceAttr: func(_ []string, a slog.Attr) slog.Attr {
		if a.Key == slog.TimeKey { // its digits may be those of a secret
			return slog.Attr{}
		}
		return a
	}}
	for _, c := range commands {
		for _, verb := range []string{"%v", "%+v", "%#v", "%s", "%q", "%x", "%d"} {
			fmt.Fprintf(&out, verb, c)
		}
		text, err := json.Marshal(c)
		if err != nil {
			t.Fatal(err)
		}
		out.Write(text)
		slog.New(slog.NewTextHandler(&out, timeless)).Info("command", "c", c)
		slog.New(slog.NewJSONHandler(&out, timeless)).Info("command", "c", c)
	}
	for _, secret := range []string{number, token, code, "4912", "0744", name, pinfl, passport, born, "QZ"} {
		if at := strings.Index(out.String(), secret); at >= 0 {
			t.Errorf("%q is printed: …%s", secret, out.String()[max(0, at-60):at])
		}
	}
	if hexed := fmt.Sprintf("%x", code); strings.Contains(out.String(), hexed) {
		t.Error("the code is printed in hex")
	}
}

func TestMaskedShowsSixAndFour(t *testing.T) {
	for number, want := range map[client.Secret]string{
		"8600490744313347": "860049******3347", "123456789012": "", "": "",
	} {
		if got := (client.Card{Number: number}).Masked(); got != want {
			t.Errorf("a card of %d digits is shown as %q, want %q", len(number), got, want)
		}
	}
}
