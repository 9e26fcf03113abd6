package events_test

import (
	"slices"
	"strings"
	"testing"

	"tolov/internal/events"
	"tolov/internal/payment"
	"tolov/internal/saga"
)

// bad is a message that breaks a rule of the contract: it is dead for the reason, or refused with code and field.
type bad struct {
	name  string
	verb  string
	body  string
	dead  string
	code  payment.RefusedBy
	field string
}

func badMessages() []bad {
	return slices.Concat(deadMessages(), unreadable(), wrongAmounts(), wrongFields(), wrongCards(), wrongContinuations())
}

func TestBadInputIsDeadOrRefusedByName(t *testing.T) {
	for _, b := range badMessages() {
		t.Run(b.name, func(t *testing.T) {
			in, dead := decoder().Decode("payments.commands."+b.verb, []byte(b.body), "m:1")
			if dead != b.dead {
				t.Fatalf("dead %q, want %q", dead, b.dead)
			}
			if dead != "" {
				if in.Command != nil || in.Refused != nil {
					t.Error("a dead message is a command too")
				}
				return
			}
			r := in.Refused
			if r == nil {
				t.Fatalf("taken, want %s of %q", b.code, b.field)
			}
			if r.Code != b.code || r.Field != b.field || string(r.Verb) != b.verb || r.Message == "" {
				t.Fatalf("%+v, want %s of %q", r, b.code, b.field)
			}
		})
	}
}

func decode(t *testing.T, verb payment.Verb, body string) saga.Input {
	t.Helper()
	in, dead := decoder().Decode(events.CommandSubject(verb), []byte(body), "m:1")
	if dead != "" || in.Refused != nil {
		t.Fatalf("%s: dead %q, refused %v", body, dead, in.Refused)
	}
	return in
}

func TestACommandIsReadWhole(t *testing.T) {
	b := payBody().with("merchant", `"shop-7"`).with("description", `"choy"`).with("lang", `"uz"`).
		with("metadata", `{"cart":"7"}`).with("expires_in_s", "600").with("terminal_id", `"9"`).
		with("ofd_items", `[{"name":"tea","ofd_code":"1","amount":5,"details":[{"key":"k","value":"v"}]}]`)
	c := decode(t, payment.VerbPay, b.String()).Command
	for _, v := range [][2]any{
		{c.Verb, payment.VerbPay}, {c.Message, "m:1"}, {c.Merchant, "shop-7"}, {c.ExtID, "order-1"},
		{c.Provider, "atmos"}, {*c.Amount, payment.Money(5_000_000)}, {c.Account, "998901234567"},
		{c.Description, "choy"}, {c.Lang, "uz"}, {c.TerminalID, "9"}, {c.Metadata["cart"], "7"},
		{*c.ExpiresInS, int64(600)}, {c.Card.Number.Reveal(), "8600490000003347"}, {c.Card.Expiry.Reveal(), "2712"},
		{*c.OFDItems[0].Amount, payment.Money(5)}, {c.OFDItems[0].Details[0].Value, "v"},
		{c.PaymentID(), payment.ID("shop-7", "order-1")},
	} {
		if v[0] != v[1] {
			t.Errorf("%v, want %v", v[0], v[1])
		}
	}
}

func TestAMerchantThatIsNotNamedIsDefault(t *testing.T) {
	if c := decode(t, payment.VerbPay, payBody().String()).Command; c.Merchant != "default" {
		t.Error(c.Merchant)
	}
}

// Contract: the body has at most 64 KiB, every byte of them.
func TestABodyOf64KiBIsRead(t *testing.T) {
	text := payBody().String()
	text += strings.Repeat(" ", events.MaxBody-len(text))
	decode(t, payment.VerbPay, text)
	if _, dead := decoder().Decode("payments.commands.pay", []byte(text+" "), "m:1"); dead != events.DeadTooLarge {
		t.Errorf("dead %q", dead)
	}
}

// The lane of a command is its payment, so that what a payment is told stays in order; dead messages have none.
func TestTheLaneIsThePayment(t *testing.T) {
	for _, b := range badMessages() {
		in, dead := decoder().Decode("payments.commands."+b.verb, []byte(b.body), "m:1")
		lane := events.PaymentOf([]byte(b.body))
		if dead == "" && lane != in.Command.PaymentID() {
			t.Errorf("%s: lane %q of payment %s", b.name, lane, in.Command.PaymentID())
		}
		if dead != "" && dead != events.DeadUnknownVerb && lane != "" {
			t.Errorf("%s: dead, in lane %q", b.name, lane)
		}
	}
}

// H25: a refused command is the same command when it comes again, wherever its fault stands.
func TestTheCommandIDIsReadFromARefusedCommand(t *testing.T) {
	for _, text := range []string{
		`{"command_id":"c-1","ext_id":"order-1","otp":1}`, `{"otp":1,"ext_id":"order-1","command_id":"c-1"}`,
	} {
		in, _ := decoder().Decode("payments.commands.confirm", []byte(text), "m:1")
		if in.Refused == nil || in.Command.Identity() != "c-1" {
			t.Errorf("%s: %q", text, in.Command.Identity())
		}
	}
	for _, id := range []string{`"a b"`, `7`, `null`, `"` + strings.Repeat("c", 60_000) + `"`} {
		in, _ := decoder().Decode("payments.commands.confirm", []byte(confirmBody().with("command_id", id).String()), "m:1")
		if in.Refused == nil || in.Refused.Field != "command_id" || in.Command.Identity() != "m:1" {
			t.Errorf("%.40s: %v", id, in.Refused)
		}
	}
}
