package payment_test

import (
	"encoding/json"
	"errors"
	"fmt"
	"strings"
	"testing"

	"tolov/internal/payment"
)

func somebody() *payment.Person {
	return &payment.Person{
		FirstName: payment.NewSecret("Gulnora"), LastName: payment.NewSecret("G‘afurova-Oʻktam qizi"),
		MiddleName: payment.NewSecret("Олимовна"), PINFL: payment.NewSecret("41508950230017"),
		PassportSeries: payment.NewSecret("AB"), PassportNumber: payment.NewSecret("1234567"),
	}
}

func withdrawal() *payment.Command {
	return &payment.Command{
		Verb: payment.VerbWithdraw, ExtID: "order-1", Merchant: "default", Provider: "atmos-pinfl",
		Amount: money(100_500), Person: somebody(), ContractNumber: "123456",
	}
}

func withdrawalShape() payment.Shape {
	return payment.Shape{
		Required: []string{"amount", "person", "contract_number"}, Optional: []string{"partial", "ofd", "epos"},
	}
}

// part is one value of a person by its name in commands.
func part(p *payment.Person, name string) *payment.Secret {
	return map[string]*payment.Secret{
		"first_name": &p.FirstName, "last_name": &p.LastName, "middle_name": &p.MiddleName, "pinfl": &p.PINFL,
		"passport_series": &p.PassportSeries, "passport_number": &p.PassportNumber,
	}[name]
}

// Contract, row `withdraw`: who is debited is told in full and in form.
func TestPersonRules(t *testing.T) {
	missing, invalid := payment.MissingField, payment.InvalidValue
	for _, r := range []struct {
		field, value string
		code         payment.RefusedBy
	}{
		{"first_name", "", missing}, {"last_name", "", missing}, {"middle_name", "", missing}, {"pinfl", "", missing},
		{"passport_series", "", missing}, {"passport_number", "", missing},
		{"first_name", " ", invalid}, {"last_name", "Ali 7", invalid}, {"middle_name", "a\nb", invalid},
		{"last_name", strings.Repeat("ў", 100), ""}, {"last_name", strings.Repeat("ў", 101), invalid},
		{"pinfl", "41508950", invalid}, {"pinfl", "4150895023001715089", invalid}, {"pinfl", "4150895023001x", invalid},
		{"passport_series", "ab", invalid}, {"passport_series", "АВ", invalid}, {"passport_series", "ABC", invalid},
		{"passport_number", "123456", invalid}, {"passport_number", "1234567890", invalid},
		{"passport_number", "123456789", ""}, {"passport_number", "12345x7", invalid},
	} {
		c := withdrawal()
		*part(c.Person, r.field) = payment.NewSecret(r.value)
		got := c.Check(withdrawalShape(), now())
		switch {
		case got == nil && r.code != "":
			t.Errorf("%s %q is taken", r.field, r.value)
		case got != nil && (got.Code != r.code || got.Field != "person."+r.field):
			t.Errorf("%s %q: %+v, want %s", r.field, r.value, got, r.code)
		case got != nil && strings.Contains(got.Message, "415089"):
			t.Errorf("%s: the message repeats the value: %s", r.field, got.Message)
		}
	}
}

func TestWithdrawalRules(t *testing.T) {
	missing, invalid, long := payment.MissingField, payment.InvalidValue, strings.Repeat("1", 256)
	for name, r := range map[string]struct {
		spoil func(c *payment.Command)
		code  payment.RefusedBy
		field string
	}{
		"whole":         {func(*payment.Command) {}, "", ""},
		"nobody":        {func(c *payment.Command) { c.Person = nil }, missing, "person"},
		"no contract":   {func(c *payment.Command) { c.ContractNumber = "" }, missing, "contract_number"},
		"long contract": {func(c *payment.Command) { c.ContractNumber = long }, invalid, "contract_number"},
		"partial":       {func(c *payment.Command) { c.Partial = true }, "", ""},
		"an account":    {func(c *payment.Command) { c.Account = "a" }, payment.UnknownField, "account"},
		"a card":        {func(c *payment.Command) { c.Card = token("t") }, payment.UnknownField, "card"},
		"OFD":           {func(c *payment.Command) { c.OFD = &payment.OFD{OFDCode: "1", TIN: "100100100"} }, "", ""},
		"OFD of no TIN": {func(c *payment.Command) { c.OFD = &payment.OFD{TIN: "10010010"} }, invalid, "ofd.tin"},
		"OFD code":      {func(c *payment.Command) { c.OFD = &payment.OFD{OFDCode: long} }, invalid, "ofd.ofd_code"},
		"package code": {func(c *payment.Command) { c.OFD = &payment.OFD{PackageCode: long} },
			invalid, "ofd.package_code"},
		"ePOS": {func(c *payment.Command) { c.Epos = &payment.Epos{BranchID: "1", TerminalGroupID: "2"} }, "", ""},
		"ePOS, no branch": {func(c *payment.Command) { c.Epos = &payment.Epos{TerminalGroupID: "2"} },
			missing, "epos.branch_id"},
		"ePOS, no group": {func(c *payment.Command) { c.Epos = &payment.Epos{BranchID: "1"} },
			missing, "epos.terminal_group_id"},
		"ePOS, long": {func(c *payment.Command) { c.Epos = &payment.Epos{BranchID: long, TerminalGroupID: "2"} },
			invalid, "epos"},
	} {
		c := withdrawal()
		r.spoil(c)
		got := c.Check(withdrawalShape(), now())
		switch {
		case got == nil && r.code != "":
			t.Errorf("%s is taken", name)
		case got != nil && (got.Code != r.code || got.Field != r.field):
			t.Errorf("%s: %+v, want %s of %s", name, got, r.code, r.field)
		}
	}
}

// Contract, fine print: personal data is kept sealed to the worker's own key, for the one payment.
func TestPersonIsKeptSealed(t *testing.T) {
	old, fresh, id := key(t, "k1", 1), key(t, "k2", 2), payment.ID("default", "order-1")
	ring := payment.Keyring{payment.NewSharedKey("mac", payment.NewSecret("s")), fresh, old}
	sealed, err := ring.SealPerson(somebody(), id)
	if err != nil || !strings.HasPrefix(sealed, "k2.") {
		t.Fatalf("%q, %v", sealed, err)
	}
	got, err := ring.OpenPerson(sealed, id)
	if err != nil || got.PINFL.Reveal() != "41508950230017" || got.LastName.Reveal() != "G‘afurova-Oʻktam qizi" ||
		got.PassportSeries.Reveal() != "AB" || got.PassportNumber.Reveal() != "1234567" ||
		got.FirstName.Reveal() != "Gulnora" || got.MiddleName.Reveal() != "Олимовна" {
		t.Errorf("opened as %v, %v", got, err)
	}
	if again, _ := ring.SealPerson(somebody(), id); again == sealed {
		t.Error("two seals of one person can be told to be the same")
	}
	before, err := payment.Keyring{old}.SealPerson(somebody(), id)
	if err != nil {
		t.Fatal(err)
	}
	if _, err := ring.OpenPerson(before, id); err != nil {
		t.Errorf("sealed before the key was changed: %v", err)
	}
	for name, blob := range map[string]string{
		"damaged": sealed[:len(sealed)-2], "none": "", "a card": seal(t, fresh, id, `{"pinfl":"41508950230017"}`),
	} {
		if p, err := ring.OpenPerson(blob, id); err == nil {
			t.Errorf("%s opens as %v", name, p)
		}
	}
	if _, err := ring.OpenPerson(sealed, payment.ID("default", "order-2")); err == nil {
		t.Error("opens for another payment")
	}
	if _, err := ring.Open(payment.NewSecret(sealed), id); err == nil {
		t.Error("a sealed person opens as a card")
	}
}

// A worker without keys of its own keeps persons with what all workers of the merchant share, and still opens them when
// it is given keys. No card can be sealed to such a key.
func TestPersonIsKeptByWorkersThatShareASecret(t *testing.T) {
	id, shared := payment.ID("default", "order-1"), payment.NewSecret("given by the provider")
	sealed, err := payment.Keyring{payment.NewSharedKey("merchant", shared)}.SealPerson(somebody(), id)
	if err != nil {
		t.Fatal(err)
	}
	another := payment.Keyring{key(t, "k1", 1), payment.NewSharedKey("merchant", shared)}
	if p, err := another.OpenPerson(sealed, id); err != nil || p.PINFL.Reveal() != "41508950230017" {
		t.Errorf("%v, %v", p, err)
	}
	for name, ring := range map[string]payment.Keyring{
		"another secret": {payment.NewSharedKey("merchant", payment.NewSecret("another"))},
		"another name":   {payment.NewSharedKey("other", shared)},
	} {
		if _, err := ring.OpenPerson(sealed, id); err == nil {
			t.Errorf("%s opens it", name)
		}
	}
	if public := another[1].Public(); public != nil {
		t.Error("callers can seal to it")
	}
}

func TestPersonIsNotKeptWithoutAKey(t *testing.T) {
	for _, ring := range []payment.Keyring{nil, {payment.NewSharedKey("mac", payment.Secret{})}} {
		if sealed, err := ring.SealPerson(somebody(), "p"); sealed != "" || !errors.Is(err, payment.ErrNoKey) {
			t.Errorf("%q, %v", sealed, err)
		}
	}
}

// I8: what is kept of a withdrawal holds nothing of the person in clear, however it is printed.
func TestPersonPrintsAsStars(t *testing.T) {
	c := withdrawal()
	var err error
	if c.SealedPerson, err = (payment.Keyring{key(t, "k1", 1)}).SealPerson(c.Person, c.PaymentID()); err != nil {
		t.Fatal(err)
	}
	asJSON, err := json.Marshal([]any{c, c.Order()})
	if err != nil {
		t.Fatal(err)
	}
	printed := string(asJSON) + fmt.Sprintf("%v %+v %#v %v %+v", c.Person, *c.Person, c.Person, c.Order(), c.Order())
	for _, part := range []string{"41508950230017", "1234567\"", "Gulnora", "afurova", "Олимовна", `"AB"`} {
		if strings.Contains(printed, part) {
			t.Errorf("%s is in %s", part, printed)
		}
	}
}

// Contract, fine print: same content is the decoded content; a person's is compared by a keyed hash.
func TestEveryPartOfAPersonIsContent(t *testing.T) {
	ring := payment.Keyring{key(t, "k1", 1)}
	print := func(c *payment.Command) payment.Fingerprint { return ring.Fingerprint([]byte("same"), c) }
	first := print(withdrawal())
	if !print(withdrawal()).Same(first) || first.Secret == "" {
		t.Errorf("the same person is another: %+v", first)
	}
	for name, change := range map[string]func(p *payment.Person){
		"first name": func(p *payment.Person) { p.FirstName = payment.NewSecret("x") },
		"last name":  func(p *payment.Person) { p.LastName = payment.NewSecret("x") },
		"middle":     func(p *payment.Person) { p.MiddleName = payment.NewSecret("x") },
		"PINFL":      func(p *payment.Person) { p.PINFL = payment.NewSecret("41508950230018") },
		"series":     func(p *payment.Person) { p.PassportSeries = payment.NewSecret("AA") },
		"number":     func(p *payment.Person) { p.PassportNumber = payment.NewSecret("1234568") },
	} {
		c := withdrawal()
		change(c.Person)
		if print(c).Same(first) {
			t.Errorf("another %s is the same content", name)
		}
	}
}
