package main

import (
	"encoding/json"
	"net/http"
	"os"
	"regexp"
	"strings"
	"testing"
)

// holdFor runs payctl hold for an account of the ext_id's own.
func holdFor(t *testing.T, extID string, args ...string) said {
	t.Helper()
	return payctl(t, "", append([]string{"hold", "--ext-id", extID, "--token", "tok", "--wait"}, args...)...)
}

func TestHoldIsChargedInPart(t *testing.T) {
	extID := fresh()
	holdFor(t, extID, "--amount", "5000000", "--account", "flat-"+extID, "--duration", "90m").expect(t, exitDone,
		"· held  50 000.00 UZS held until … (in 1h…)",
		"  payment   pay_…",
		"  ext_id    "+extID+" of default",
		"  status    held",
		"  amount    50 000.00 UZS",
		"  held      50 000.00 UZS",
		"  charged   0.00 UZS",
		"  until     … (in 1h…)",
		"  account   flat-"+extID,
		"  provider  atmos  hold_id=…",
		"  opened    …",
		"  changed   …",
		"",
		"next: payctl charge "+extID+", or payctl cancel "+extID,
	)
	payctl(t, "", "charge", extID, "--amount", "5000001", "--wait").expect(t, exitFailed)
	s := payctl(t, "", "charge", extID, "--amount", "3000000", "--wait")
	s.expect(t, exitDone)
	if !strings.HasPrefix(s.out, "✓ completed  30 000.00 UZS charged, 20 000.00 released\n") {
		t.Errorf("printed %s", s.out)
	}
	ledger := sandboxSays(t, "ledger")
	row := regexp.MustCompile(`(?m) flat-` + extID + ` +50 000\.00 +30 000\.00 +20 000\.00 `)
	if !row.MatchString(ledger.out) {
		t.Errorf("the ledger has\n%s", ledger.out)
	}
}

func TestHoldIsReleasedByCancel(t *testing.T) {
	extID := fresh()
	holdFor(t, extID, "--amount", "5000000", "--account", "flat-"+extID).expect(t, exitDone)
	payctl(t, "", "cancel", extID, "--wait").expect(t, exitDone)
	payctl(t, "", "charge", extID, "--wait").expect(t, exitFailed)
}

func TestItemsOfAHoldAreChosen(t *testing.T) {
	extID := fresh()
	holdFor(t, extID, "--item", "bread-"+extID+":1000000:rye: dark, sliced", "--item", "tea-"+extID+":2000000").expect(t,
		exitDone)
	s := payctl(t, "", "charge", extID, "--item", "1", "--item", "0:250000", "--wait")
	s.expect(t, exitDone)
	for _, want := range []string{
		"✓ completed  22 500.00 UZS charged, 7 500.00 released, bread-" + extID + " 2 500.00, tea-" + extID + " 20 000.00\n",
		"\n  item 0    bread-" + extID + "  10 000.00 UZS, 2 500.00 charged, rye: dark, sliced  ",
		"\n  item 1    tea-" + extID + "  20 000.00 UZS, 20 000.00 charged  ",
	} {
		if !strings.Contains(s.out, want) {
			t.Errorf("no %q in\n%s", want, s.out)
		}
	}
	wrong := payctl(t, "", "hold", "--item", "a:1", "--amount", "2", "--token", "tok", "--wait")
	wrong.expect(t, exitFailed, "✗ rejected  hold: amount must be the sum of the items (invalid_value)")
}

func TestRefundsAddUp(t *testing.T) {
	extID := fresh()
	payFor(t, extID, "", "--token", "tok", "--wait").expect(t, exitDone)
	payctl(t, "", "refund", extID, "--refund-id", "r-1", "--amount", "2000000", "--reason", "broken", "--wait").expect(t,
		exitDone,
		"✓ refunded  20 000.00 UZS given back, 20 000.00 in all: refund r-1",
		"  payment   pay_…",
		"  ext_id    "+extID+" of default",
		"  status    partially_refunded",
		"  amount    50 000.50 UZS",
		"  charged   50 000.50 UZS",
		"  refunded  20 000.00 UZS",
		"  account   …",
		"  refund    r-1  20 000.00 UZS refunded, broken",
		"  provider  …",
		"  receipts  …",
		"  opened    …",
		"  changed   …",
	)
	rest := payctl(t, "", "--json", "refund", extID)
	rest.expect(t, exitDone)
	var published map[string]string
	if err := json.Unmarshal([]byte(rest.out), &published); err != nil ||
		!strings.HasPrefix(published["refund_id"], "payctl-") {
		t.Errorf("printed %q, %v", rest.out, err)
	}
	again := payctl(t, "", "refund", extID, "--refund-id", published["refund_id"], "--wait")
	again.expect(t, exitDone)
	if !strings.HasPrefix(again.out, "✓ refunded  30 000.50 UZS given back, 50 000.50 in all") {
		t.Errorf("printed %s", again.out)
	}
	payctl(t, "", "refund", extID, "--wait").expect(t, exitFailed)
	history := payctl(t, "", "history", extID)
	for _, want := range []string{"confirm-reverse-partial no. 1 leaves by", "refund r-1 of 20 000.00: broken"} {
		if !strings.Contains(history.out, want) {
			t.Errorf("no %q in\n%s", want, history.out)
		}
	}
}

func TestItemsArePaidWithOneCode(t *testing.T) {
	extID := fresh()
	s := payctl(t, "", "pay", "--ext-id", extID, "--item", "water-"+extID+":100", "--item", "gas-"+extID+":250", "--card",
		"8600490744313347", "--expiry", "4912", "--wait")
	s.expect(t, exitDone)
	if !strings.Contains(s.out, "\n  amount    3.50 UZS\n") || !strings.Contains(s.errs, "! action_required") {
		t.Errorf("printed %s%s", s.out, s.errs)
	}
	s = payctl(t, "", "confirm", extID, "111111", "--wait")
	s.expect(t, exitDone)
	if !strings.HasPrefix(s.out, "✓ completed  3.50 UZS charged, water-"+extID+" 1.00, gas-"+extID+" 2.50\n") {
		t.Errorf("printed %s", s.out)
	}
}

func TestCustomerPaysAtThePage(t *testing.T) {
	extID := fresh()
	s := payFor(t, extID, "", "--hosted", "--success-url", "https://shop.example/thanks", "--wait")
	s.expect(t, exitDone)
	if !strings.Contains(s.out, "redirectLink=https%3A%2F%2Fshop.example%2Fthanks") ||
		!strings.HasSuffix(s.out, "\nnext: the customer pays at the page; payctl watch "+extID+"\n") {
		t.Errorf("printed %s", s.out)
	}
	id := regexp.MustCompile(`transactionId=(\d+)`).FindStringSubmatch(s.out)
	if id == nil {
		t.Fatalf("no transaction in\n%s", s.out)
	}
	reply, err := (&http.Client{}).Post(os.Getenv(envAdmin)+"/sandbox/pages/"+id[1]+"/pay", "", nil)
	if err != nil || reply.StatusCode >= http.StatusMultipleChoices {
		t.Fatal(reply, err)
	}
	s = payFor(t, extID, "", "--hosted", "--success-url", "https://shop.example/thanks", "--wait")
	s.expect(t, exitDone)
	for !strings.HasPrefix(s.out, "✓ completed") { // until the page was asked about
		s = payFor(t, extID, "", "--hosted", "--success-url", "https://shop.example/thanks", "--wait")
		s.expect(t, exitDone)
	}
}

// I8: the token is shown to whoever asks for the event itself, and to nobody else.
func TestLinkedCardIsShownWithoutItsToken(t *testing.T) {
	one, two := fresh(), fresh()
	payctl(t, "8600120034560007\n4912\n", "link-card", "--ext-id", one, "--card", "-", "--expiry", "-",
		"--wait").expect(t, exitDone)
	payctl(t, "", "confirm", one, "111111", "--command-id", "code", "--wait").expect(t, exitDone,
		"✓ card_linked  card 860012******0007, id …, token ***",
		"  payment   pay_…",
		"  ext_id    "+one+" of default",
		"  status    linked",
		"  card      860012******0007, id …, token ***",
		"  provider  atmos  card_id=…",
		"  opened    …",
		"  changed   …",
		"",
		"next: keep the token: payctl --json watch --from-start "+one+" shows the event that has it",
	)
	s := payctl(t, "", "--json", "confirm", one, "111111", "--command-id", "code", "--wait")
	s.expect(t, exitDone)
	token := regexp.MustCompile(`"token":"([^"]+)"`).FindStringSubmatch(s.out)
	if token == nil {
		t.Fatalf("printed %s", s.out)
	}
	payFor(t, two, "", "--token", token[1], "--wait").expect(t, exitDone)
	for _, args := range [][]string{{"get", one}, {"history", one}, {"--json", "get", one}, {"--json", "history", one}} {
		if s := payctl(t, "", args...); strings.Contains(s.out+s.errs, token[1]) {
			t.Errorf("%v shows the token", args)
		}
	}
	payctl(t, "", "remove-card", one, "--wait").expect(t, exitDone)
	payFor(t, fresh(), "", "--token", token[1], "--wait").expect(t, exitFailed)
}
