package sandbox_test

import (
	"fmt"
	"net/http"
	"strings"
	"testing"
	"testing/synctest"
	"time"

	"tolov/internal/providers/sandbox"
)

// ppa makes a call under /ppa with a live token.
func (b *bench) ppa(call, body string) reply {
	b.t.Helper()
	return b.send("POST", "/atmos/ppa/"+call, body, func(r *http.Request) {
		r.Header.Set("Authorization", "Bearer "+b.bearer)
	})
}

// debtor names a person whose PINFL ends with four digits.
func debtor(ends string) string {
	return fmt.Sprintf(`"pinfl":"4150895023%s","passport_series":"AA","passport_number":"1234567"`, ends)
}

const ppaEpos = `"epos":{"branch_id":546,"terminal_group_id":266}`

// owe makes a draft of 5000 tiyin.
func (b *bench) owe(ext, ends, more string) reply {
	b.t.Helper()
	return b.ppa("transaction/create", fmt.Sprintf(`{"ext_id":%q,"first_name":"Ivan","last_name":"Ivanov",`+
		`"middle_name":"I","contract_number":"c","amount":5000,%s%s}`, ext, debtor(ends), more))
}

func named(ext string, id int) string {
	return fmt.Sprintf(`{"ext_id":%q,"transaction_id":"%d"}`, ext, id)
}

func whose(ext, ends string) string { return fmt.Sprintf(`{"ext_id":%q,%s}`, ext, debtor(ends)) }

// holds insists on what stands in an answer.
func (r reply) holds(t *testing.T, parts ...string) {
	t.Helper()
	for _, part := range parts {
		if !strings.Contains(r.body, part) {
			t.Errorf("%d %s %v, want %s", r.status, r.body, r.err, part)
		}
	}
}

const firstDebt = 500_000_000

func TestWithdrawalsAnswerInTheDocumentedShape(t *testing.T) {
	b := newBench(t, sandbox.Options{})
	create := b.owe("12345789", "1111", "")
	create.like(t, "pinfl-create")
	b.ppa("transaction/confirm", named("12345789", firstDebt)).like(t, "pinfl-confirm")
	b.ppa("transaction/check", whose("12345789", "1111")).like(t, "pinfl-check")
	b.owe("12345790", "1111", "").like(t, "pinfl-create")
	b.ppa("transaction/cancel", named("12345790", firstDebt+1)).like(t, "pinfl-cancel")
	b.ppa("cards/update-cards-list", `{"ext_id":"u",`+debtor("1111")+`,`+ppaEpos+`}`).holds(t, `"code":"200"`)
	b.ppa("cards/check/u", "").like(t, "pinfl-cards-check")
}

// One row for each magic person, from the draft to the ledger.
func TestMagicPersons(t *testing.T) {
	for ends, want := range map[string]struct {
		more, create, confirm, check string
		taken                        []int64
	}{
		"1111": {"", `"200"`, `"SUCCESS"`, `"SUCCESS"`, []int64{5000}},
		"0002": {"", `"200"`, `"SUCCESS"`, `"SUCCESS"`, []int64{2000, 3000}},
		"0103": {"", `"-103"`, `"-301"`, `"-308"`, nil},
		"0105": {"", `"-105"`, `"-301"`, `"-308"`, nil},
		"0106": {`,"partial_debit":true`, `"200"`, `"FAILED"`, `"SUCCESS"`, []int64{2000, 1000}},
		"0107": {"", `"200"`, `"-107"`, `"CREATED"`, nil},
		"0110": {"", `"-109"`, `"-301"`, `"-308"`, nil},
		"0200": {"", `"200"`, `"PROGRESS"`, `"SUCCESS"`, []int64{5000}},
		"0202": {"", `"200"`, `"-200"`, `"-202"`, nil},
	} {
		synctest.Test(t, func(t *testing.T) {
			b := newBench(t, sandbox.Options{})
			b.owe("e", ends, want.more).holds(t, want.create)
			b.ppa("transaction/confirm", named("e", firstDebt)).holds(t, want.confirm)
			<-time.After(4 * time.Second)
			b.ppa("transaction/check", whose("e", ends)).holds(t, want.check)
			var taken []int64
			for _, d := range b.Debits() {
				taken = append(taken, d.Amount)
			}
			if fmt.Sprint(taken) != fmt.Sprint(want.taken) {
				t.Errorf("%s: %v was taken, want %v", ends, taken, want.taken)
			}
		})
	}
	newBench(t, sandbox.Options{}).owe("e", "0106", "").holds(t, `"-106"`)
}

func TestCardsAreFoundAfterAWhile(t *testing.T) {
	synctest.Test(t, func(t *testing.T) {
		b := newBench(t, sandbox.Options{})
		b.owe("e", "0109", "").holds(t, `"-109"`)
		b.ppa("cards/check/u", "").holds(t, `"-308"`)
		b.ppa("cards/update-cards-list", `{"ext_id":"u",`+debtor("0109")+`}`).holds(t, `"-307"`)
		b.ppa("cards/update-cards-list", `{"ext_id":"u","pinfl":"1",`+ppaEpos+`}`).holds(t, `"-303"`)
		for range 2 {
			b.ppa("cards/update-cards-list", `{"ext_id":"u",`+debtor("0109")+`,`+ppaEpos+`}`).holds(t, `"200"`)
			b.ppa("cards/check/u", "").holds(t, "IN_PROGRESS")
			b.owe("e", "0109", "").holds(t, `"-109"`)
			<-time.After(1500 * time.Millisecond)
		}
		b.ppa("cards/check/u", "").holds(t, "SUCCESSFUL")
		b.owe("e", "0109", "").holds(t, "CREATED")
	})
}

func TestWithdrawalsAreStrict(t *testing.T) {
	b := newBench(t, sandbox.Options{})
	good := strings.TrimSuffix(whose("e", "1111"), "}") +
		`,"first_name":"I","last_name":"I","middle_name":"I","contract_number":"c","amount":5000}`
	for part, wrong := range map[string][2]string{
		`"ext_id":"e",`:           {``, `"-303"`},
		`"first_name":"I",`:       {``, `"-303"`},
		`"last_name":"I",`:        {``, `"-303"`},
		`"middle_name":"I",`:      {``, `"-303"`},
		`"41508950231111"`:        {`"415089502311111"`, `"-303"`},
		`"AA"`:                    {`"A"`, `"-303"`},
		`"1234567"`:               {`""`, `"-303"`},
		`"contract_number":"c"`:   {`"contract_number":""`, `"-303"`},
		`5000}`:                   {`-1}`, `"-303"`},
		`"amount":5000`:           {`"amount":"5000.5"`, `"-303"`},
		`:5000}`:                  {`:999}`, `"-306"`},
		`"middle_name":"I"`:       {`"middle_name":"I","epos":{"branch_id":"1"}`, `"-303"`},
		`,"contract_number":"c",`: {`,"epos":{"terminal_group_id":"1"},"contract_number":"c",`, `"-303"`},
	} {
		b.ppa("transaction/create", strings.Replace(good, part, wrong[0], 1)).holds(t, wrong[1])
	}
	b.ppa("transaction/create", good).holds(t, "CREATED")
	b.ppa("transaction/create", good).holds(t, `"-302"`)
	b.ppa("transaction/confirm", named("e", firstDebt+1)).holds(t, `"-301"`)
	b.ppa("transaction/confirm", named("f", firstDebt)).holds(t, `"-301"`)
	b.ppa("transaction/cancel", named("f", firstDebt)).holds(t, `"-301"`)
	b.ppa("transaction/check", whose("e", "1112")).holds(t, `"-301"`)
	b.ppa("transaction/cancel", named("e", firstDebt)).holds(t, "CANCELED")
	b.ppa("transaction/confirm", named("e", firstDebt)).holds(t, "CANCELED")
	if got := b.ppa("transaction/create", "{"); got.status != http.StatusBadRequest {
		t.Errorf("garbage: %d %s", got.status, got.body)
	}
	b.bearer = "another"
	if got := b.ppa("cards/check/u", ""); got.status != http.StatusUnauthorized {
		t.Errorf("without a token: %d", got.status)
	}
	if len(b.Debits()) != 0 || b.Transactions() != 1 {
		t.Errorf("%v of %d transactions", b.Debits(), b.Transactions())
	}
}

// A second confirm tells how the transaction stands; at the worst of providers it debits again.
func TestOnlyANaiveProviderDebitsTwice(t *testing.T) {
	for naive, want := range map[bool]int{false: 1, true: 2} {
		b := newBench(t, sandbox.Options{Naive: naive})
		b.owe("e", "1111", "")
		for range 2 {
			b.ppa("transaction/confirm", named("e", firstDebt)).holds(t, "SUCCESS")
		}
		b.ppa("transaction/cancel", named("e", firstDebt)).holds(t, "SUCCESS")
		if got := len(b.Debits()); got != want {
			t.Errorf("naive %v: %d debits", naive, got)
		}
		if d, found := b.Transaction(fmt.Sprint(firstDebt)); !found || d.Applies != 2 || d.State != "success" {
			t.Errorf("naive %v: %+v", naive, d)
		}
	}
}

// Untruths that a fault wants told have a place in these answers too.
func TestWithdrawalsCanBeToldUntruly(t *testing.T) {
	for kind, want := range map[string]string{
		sandbox.WrongAmount: `"5100"`, sandbox.WrongTransaction: `"500000001"`, sandbox.UnknownCode: `"-999"`,
		sandbox.Pending: "PROGRESS",
	} {
		b := newBench(t, sandbox.Options{})
		b.owe("e", "1111", "")
		b.Script(sandbox.Fault{Op: "atmos-pinfl.confirm", Account: "c", Kind: kind, Times: 1})
		b.ppa("transaction/confirm", named("e", firstDebt)).holds(t, want)
	}
	b := newBench(t, sandbox.Options{Drift: true, Seed: 3})
	b.owe("e", "1111", "")
	b.ppa("transaction/confirm", named("e", firstDebt))
	b.Script(sandbox.Fault{Op: "atmos-pinfl.check", Kind: sandbox.FlipFlop})
	for _, status := range []string{"SUCCESS", "CREATED", "SUCCESS"} {
		b.ppa("transaction/check", whose("e", "1111")).holds(t, status)
	}
}
