package main

import (
	"encoding/json"
	"os"
	"path/filepath"
	"strings"
	"testing"
)

// payFor runs payctl pay for an account of the ext_id's own.
func payFor(t *testing.T, extID, stdin string, args ...string) said {
	t.Helper()
	return payctl(t, stdin, append([]string{
		"pay", "--ext-id", extID, "--amount", "5000050", "--account", "flat-" + extID,
	}, args...)...)
}

func TestPayByTokenCompletes(t *testing.T) {
	extID := fresh()
	s := payFor(t, extID, "", "--token", "tok", "--wait", "--metadata", "shop=7", "--lang", "uz")
	s.expect(t, exitDone,
		"✓ completed  50 000.50 UZS charged",
		"  payment   pay_…",
		"  ext_id    "+extID+" of default",
		"  status    completed",
		"  amount    50 000.50 UZS",
		"  charged   50 000.50 UZS",
		"  account   flat-"+extID,
		"  provider  atmos…transaction_id=…",
		"  receipts  sale https://…, commission https://…",
		"  metadata  shop=7",
		"  opened    …",
		"  changed   … version 3)",
	)
	if !strings.Contains(s.errs, "· accepted") || !strings.Contains(s.errs, "✓ completed") {
		t.Errorf("on the way it said %q", s.errs)
	}
	again := payFor(t, extID, "", "--token", "tok", "--wait", "--metadata", "shop=7", "--lang", "uz")
	again.expect(t, exitDone)
	if again.out != s.out {
		t.Errorf("a repeat said\n%s", again.out)
	}
}

func TestPayByCardWaitsForTheCode(t *testing.T) {
	extID := fresh()
	s := payFor(t, extID, "8600490744313347\n4912\n", "--card", "-", "--expiry", "-", "--wait")
	s.expect(t, exitDone,
		"! action_required  the customer must enter the code within 5m00s, 3 attempts left",
		"  payment   pay_…",
		"  ext_id    "+extID+" of default",
		"  status    action_required",
		"  amount    50 000.50 UZS",
		"  charged   0.00 UZS",
		"  account   flat-"+extID,
		"  card      860049******3347",
		"  provider  atmos  transaction_id=…",
		"  action    the customer must enter the code within …, 3 attempts left",
		"  opened    …",
		"  changed   …",
		"",
		"next: payctl confirm "+extID,
	)
	wrong := payctl(t, "000000\n", "confirm", extID, "--wait")
	wrong.expect(t, exitFailed)
	if !strings.Contains(wrong.errs, "2 attempts left") || strings.Contains(wrong.out+wrong.errs, "000000") {
		t.Errorf("a wrong code led to %q", wrong.errs)
	}
	payctl(t, "", "resend-code", extID, "--wait").expect(t, exitDone)
	file := filepath.Join(t.TempDir(), "code")
	if err := os.WriteFile(file, []byte("111111\n"), 0o600); err != nil {
		t.Fatal(err)
	}
	payctl(t, "", "confirm", extID, "@"+file, "--wait", "--command-id", "c-1").expect(t, exitDone)
	late := payctl(t, "", "recheck", extID, "--wait")
	late.expect(t, exitFailed)
	if !strings.Contains(late.errs, "the payment is final (not_allowed)") {
		t.Errorf("a recheck of a completed payment led to %q", late.errs)
	}
}

func TestDeclineRefusalAndConflictExitWithOne(t *testing.T) {
	one, two := fresh(), fresh()
	s := payFor(t, one, "", "--token", "insufficient", "--wait")
	s.expect(t, exitFailed)
	if !strings.Contains(s.out, "insufficient_funds (STPIMS-ERR-057)") {
		t.Errorf("a decline printed %s", s.out)
	}
	payFor(t, one, "", "--token", "another", "--wait").expect(t, exitFailed,
		"✗ rejected  pay: ext_id is taken by a payment with other content (conflict)", "  payment …", "  ext_id …",
		"  status    failed", "  amount …", "  charged …", "  account …", "  provider …", "  failure …", "  opened …",
		"  changed …")
	payFor(t, two, "", "--token", "tok", "--lang", "xx", "--wait").expect(t, exitFailed,
		"✗ rejected  pay: lang must be uz, ru or en (invalid_value)")
	payctl(t, "", "confirm", "nobody-1", "111111", "--wait").expect(t, exitFailed,
		"✗ rejected  confirm: ext_id no payment was opened under this ext_id (unknown_payment)")
}

func TestCancelAndResolveAreJudgedByTheirOwnEnd(t *testing.T) {
	extID := fresh()
	payFor(t, extID, "", "--card", "8600490744313347", "--expiry", "4912", "--wait").expect(t, exitDone)
	payctl(t, "", "cancel", extID, "--reason", "no stock", "--wait").expect(t, exitDone,
		"– cancelled  by command", "  payment …", "  ext_id …", "  status    cancelled", "  amount …", "  charged   0.00 UZS",
		"  account …", "  card …", "  provider …", "  because   by command", "  opened …", "  changed …")
	resolve := []string{
		"resolve", extID, "--outcome", "completed", "--evidence", "statement", "--actor", "a", "--approved-by", "b",
		"--wait",
	}
	payctl(t, "", resolve...).expect(t, exitFailed)
}

func TestOutcomeThatIsNotKnownInTimeExitsWithThree(t *testing.T) {
	extID := fresh()
	s := payFor(t, extID, "", "--token", "silent", "--wait", "--timeout", "1s")
	s.expect(t, exitUnknown)
	if !strings.Contains(s.errs, "wait again, nothing is lost") {
		t.Errorf("said %q", s.errs)
	}
}

func TestMachinesGetTheWorkersOwnJSON(t *testing.T) {
	one, two := fresh(), fresh()
	var published map[string]string
	s := payFor(t, one, "", "--token", "tok", "--json")
	s.expect(t, exitDone)
	if err := json.Unmarshal([]byte(s.out), &published); err != nil || published["ext_id"] != one {
		t.Errorf("printed %q, %v", s.out, err)
	}
	s = payFor(t, two, "", "--token", "tok", "--json", "--wait")
	s.expect(t, exitDone)
	if !strings.HasPrefix(s.out, `{"specversion":"1.0"`) || strings.Count(s.out, "\n") != 1 || s.errs != "" {
		t.Errorf("printed %q, and %q beside it", s.out, s.errs)
	}
}

func TestFreshExtIDIsMadeWhenNoneIsGiven(t *testing.T) {
	s := payctl(t, "", "pay", "--amount", "100", "--account", "a", "--token", "tok")
	s.expect(t, exitDone, "pay published   payctl-…", "  payment     pay_…", "  see         payctl history payctl-…")
	if again := payctl(t, "", "pay", "--amount", "100", "--account", "a", "--token", "tok"); again.out == s.out {
		t.Error("the second one is the same")
	}
}
