package main

import (
	"os"
	"path/filepath"
	"regexp"
	"strings"
	"testing"
)

func TestWithdrawalShowsWhatCameFromWhichCard(t *testing.T) {
	extID := fresh()
	args := []string{
		"withdraw", "--ext-id", extID, "--amount", "5000000", "--contract", "loan-" + extID, "--partial", "--ofd-code", "1",
		"--tin", "123456789", "--branch-id", "7", "--terminal-group-id", "8", "--wait", "--person", "@testdata/person.json",
	}
	payctl(t, "", args...).expect(t, exitDone,
		"✓ completed  30 000.00 UZS charged of 50 000.00, 860066******5544 20 000.00, 860049******3347 10 000.00",
		"  payment   pay_…",
		"  ext_id    "+extID+" of default",
		"  status    completed",
		"  amount    50 000.00 UZS",
		"  charged   30 000.00 UZS",
		"  item 0    860066******5544  20 000.00 UZS, 20 000.00 charged…",
		"  item 1    860049******3347  10 000.00 UZS, 10 000.00 charged…",
		"  provider  atmos-pinfl  …",
		"  receipts  sale …",
		"  opened    …",
		"  changed   …",
	)
	row := regexp.MustCompile(`(?m) atmos-pinfl +\d+ +loan-` + extID + ` +\d+ 000\.00 +8600`)
	if rows := row.FindAllString(sandboxSays(t, "ledger").out, -1); len(rows) != 2 {
		t.Errorf("the ledger has %q", rows)
	}
	history := payctl(t, "", "history", extID)
	history.expect(t, exitDone)
	for _, secret := range []string{"41508950230106", "Dilnoza", "7654321"} {
		if strings.Contains(history.out, secret) {
			t.Errorf("%s is shown", secret)
		}
	}
}

// Standard input has what is asked for, one after the other, on as many lines as it likes.
func TestPayoutReadsCardAndSenderFromStandardInput(t *testing.T) {
	extID := fresh()
	in := "8600530410609500\n{\"last_name\": \"Karimova\",\n \"first_name\": \"Dilnoza\"}\n" +
		`{"nationality": "860", "type": "passport", "seriesNumber": "AB7654321", "birthDate": "15.08.1995",` + "\n" +
		` "validTo": "01.01.2035", "mrz": "41508950231111"}`
	payctl(t, in, "payout", "--ext-id", extID, "--amount", "2060000000", "--card", "-", "--sender", "-",
		"--document", "-", "--wait").expect(t, exitDone,
		"✓ completed  20 600 000.00 UZS paid out to 860053******9500",
		"  payment   pay_…",
		"  ext_id    "+extID+" of default",
		"  status    completed",
		"  amount    20 600 000.00 UZS",
		"  charged   20 600 000.00 UZS",
		"  card      860053******9500",
		"  provider  paysys  …",
		"  opened    …",
		"  changed   …",
	)
	row := regexp.MustCompile(`(?m)^ +\d+ +\S+ +paysys +\d+ +\d+ +20 600 000\.00 +860053\*{6}9500$`)
	if rows := row.FindAllString(sandboxSays(t, "ledger").out, -1); len(rows) != 1 {
		t.Errorf("the ledger has %q", rows)
	}
}

func TestPayoutToACardThatCannotReceiveFails(t *testing.T) {
	s := payctl(t, "", "payout", "--amount", "400000", "--card", "8600312998546358", "--sender", "@testdata/sender.json",
		"--wait")
	s.expect(t, exitFailed)
	if !strings.HasPrefix(s.out, "✗ failed  ") {
		t.Errorf("printed %s", s.out)
	}
}

func TestViaPaymentIsConfirmedByACode(t *testing.T) {
	extID := fresh()
	s := payFor(t, extID, "", "--provider", "via", "--card", "8600490744313347", "--expiry", "4912", "--wait")
	s.expect(t, exitDone)
	if !strings.HasSuffix(s.out, "\nnext: payctl confirm "+extID+"\n") {
		t.Errorf("printed %s", s.out)
	}
	s = payctl(t, "", "confirm", extID, "111111", "--wait")
	s.expect(t, exitDone)
	if !strings.HasPrefix(s.out, "✓ completed  50 000.50 UZS charged\n") ||
		!strings.Contains(s.out, "\n  provider  via  ") {
		t.Errorf("printed %s", s.out)
	}
}

// I8: personal data come from a file or standard input, and what is wrong with them is told without repeating them.
func TestPersonalDataAreNeverRepeated(t *testing.T) {
	const secret = "41508950230106"
	broken := filepath.Join(t.TempDir(), "person.json")
	if err := os.WriteFile(broken, []byte(`{"pinfl": `+secret+`}`), 0o600); err != nil {
		t.Fatal(err)
	}
	for _, c := range []struct{ stdin, person string }{
		{"", `{"pinfl": "` + secret + `"}`}, {"", secret}, {"", "@/nowhere"}, {"", "-"}, {"", "@" + broken},
		{`{"` + secret + `": "x"}`, "-"}, {`["` + secret + `"]`, "-"}, {secret, "-"}, {`{"pinfl": "` + secret, "-"},
	} {
		s := payctl(t, c.stdin, "withdraw", "--amount", "1", "--contract", "c", "--person", c.person)
		s.expect(t, exitUsage)
		if strings.Contains(s.out+s.errs, secret) {
			t.Errorf("%s is repeated: %s%s", secret, s.out, s.errs)
		}
	}
	s := payctl(t, `{"pinfl": "`+secret+`", "first_name": "Dilnoza"}`, "withdraw", "--amount", "1", "--contract", "c",
		"--person", "-", "--wait")
	s.expect(t, exitFailed, "✗ rejected  withdraw: person.last_name is required (missing_field)")
	if strings.Contains(s.errs, secret) {
		t.Errorf("said %s", s.errs)
	}
}
