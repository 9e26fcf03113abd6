package events_test

import (
	"bytes"
	"strings"
	"testing"
	"time"

	"tolov/internal/events"
	"tolov/internal/payment"
)

// debts is a directory with one provider that debits persons.
type debts struct{}

func (debts) HasMerchant(string) bool         { return true }
func (debts) HasProvider(string, string) bool { return true }
func (debts) Shape(*payment.Command) (payment.Shape, bool) {
	return payment.Shape{
		Required: []string{"amount", "person", "contract_number"}, Optional: []string{"partial", "ofd", "epos"},
	}, true
}

func debtDecoder(ring payment.Keyring) *events.Decoder {
	return &events.Decoder{
		Directory: debts{}, Keys: func(string) payment.Keyring { return ring }, SealedOnly: true, Now: time.Now,
	}
}

const withdrawBody = `{"ext_id":"w1","provider":"atmos-pinfl","amount":100500,"contract_number":"77",` +
	`"person":{"first_name":"Ivan","last_name":"Ivanov","middle_name":"Ivanovich","pinfl":"41508950230017",` +
	`"passport_series":"AA","passport_number":"1234567"},"partial":true,"ofd":{"ofd_code":"1","package_code":"2",` +
	`"tin":"100100100"},"epos":{"branch_id":"546","terminal_group_id":"266"}}`

func TestPersonIsSealedBeforeTheCommandGoesOn(t *testing.T) {
	key, err := payment.NewKey("k1", bytes.Repeat([]byte{3}, 32))
	if err != nil {
		t.Fatal(err)
	}
	ring := payment.Keyring{key}
	in, dead := debtDecoder(ring).Decode("payments.commands.withdraw", []byte(withdrawBody), "m:1")
	if dead != "" || in.Refused != nil {
		t.Fatalf("dead %q, refused %v", dead, in.Refused)
	}
	order := in.Command.Order()
	person, err := ring.OpenPerson(order.Person, payment.ID("default", "w1"))
	if err != nil || person.PINFL.Reveal() != "41508950230017" || person.PassportNumber.Reveal() != "1234567" {
		t.Errorf("kept as %v, %v", person, err)
	}
	if !order.Partial || order.ContractNumber != "77" || order.OFD.TIN != "100100100" || order.Epos.BranchID != "546" {
		t.Errorf("kept as %+v", order)
	}
	again, _ := debtDecoder(ring).Decode("payments.commands.withdraw", []byte(withdrawBody), "m:2")
	if !again.Print.Same(in.Print) {
		t.Error("the same command again is another: its seal counts as content")
	}
	other, _ := debtDecoder(ring).Decode("payments.commands.withdraw",
		[]byte(strings.Replace(withdrawBody, "41508950230017", "41508950230018", 1)), "m:3")
	if other.Print.Same(in.Print) {
		t.Error("another person is the same content")
	}
}

// Without a key of the worker's own a person could only be kept in clear: the command is refused, and may come again
// when there is one.
func TestPersonIsRefusedWithoutAKeyToKeepItWith(t *testing.T) {
	for name, ring := range map[string]payment.Keyring{
		"none": nil, "one of no secret": {payment.NewSharedKey("merchant", payment.Secret{})},
	} {
		in, dead := debtDecoder(ring).Decode("payments.commands.withdraw", []byte(withdrawBody), "m:1")
		if dead != "" || in.Refused == nil || in.Refused.Code != payment.Unsupported || in.Refused.Field != "person" ||
			!strings.Contains(in.Refused.Message, "KEYS_FILE") {
			t.Errorf("%s: dead %q, %+v", name, dead, in.Refused)
		}
	}
}

func TestPersonOfAWrongFormIsRefusedByName(t *testing.T) {
	for old, wrong := range map[string][2]string{
		`"pinfl":"41508950230017"`: {`"pinfl":41508950230017`, "person.pinfl"},
		`"first_name":"Ivan",`:     {``, "person.first_name"},
		`"passport_series":"AA"`:   {`"passport_series":"A1"`, "person.passport_series"},
		`"partial":true`:           {`"partial":"yes"`, "partial"},
		`"tin":"100100100"`:        {`"tin":100100100`, "ofd.tin"},
		`"branch_id":"546",`:       {``, "epos.branch_id"},
		`"last_name":"Ivanov"`:     {`"surname":"Ivanov"`, "person.surname"},
	} {
		body := strings.Replace(withdrawBody, old, wrong[0], 1)
		in, dead := debtDecoder(nil).Decode("payments.commands.withdraw", []byte(body), "m:1")
		if dead != "" || in.Refused == nil || in.Refused.Field != wrong[1] ||
			strings.Contains(in.Refused.Message, "41508950230017") {
			t.Errorf("%s: dead %q, %+v", wrong[0], dead, in.Refused)
		}
	}
}
