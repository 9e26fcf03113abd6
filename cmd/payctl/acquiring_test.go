package main

import (
	"context"
	"net/http"
	"os"
	"regexp"
	"strings"
	"testing"
	"time"
)

// visited plays the customer at the page that a run told of.
func visited(t *testing.T, s said) {
	t.Helper()
	address := regexp.MustCompile(`http://\S+/atmos/ips/\w+`).FindString(s.out)
	reply, err := (&http.Client{}).Post(address, "", nil)
	if err != nil {
		t.Fatalf("%v: %s", err, s.out)
	}
	_ = reply.Body.Close()
}

// watched is what watch tells of a payment up to an event.
func watched(t *testing.T, extID, event string) string {
	t.Helper()
	ctx, cancel := context.WithTimeout(t.Context(), patience)
	defer cancel()
	out := &lookout{until: event, call: cancel}
	args := []string{"--nats", os.Getenv(envNATS), "watch", extID, "--from-start"}
	if err := run(ctx, args, nothing, nil, out, out); err != nil {
		t.Fatal(err)
	}
	return out.String()
}

// byVisa runs a verb with a Visa card from standard input.
func byVisa(t *testing.T, args ...string) said {
	t.Helper()
	in := "4278310021875430\n4912\nANDREY PAK\n680\n"
	return payctl(t, in, append(args, "--provider", "atmos-ips", "--card", "-", "--expiry", "-", "--holder", "-",
		"--cvc", "-", "--customer-ip", "192.0.2.7", "--wait")...)
}

// Operations 37, 38 and 40.
func TestVisaPaymentWaitsForTheBanksPage(t *testing.T) {
	extID := fresh()
	s := byVisa(t, "pay", "--ext-id", extID, "--amount", "5000050", "--account", "flat-"+extID, "--invoice-id", "i-7")
	s.expect(t, exitDone)
	if !strings.HasSuffix(s.out, "\nnext: the customer pays at the page; payctl watch "+extID+"\n") ||
		!strings.Contains(s.out, "427831******5430") || strings.Contains(s.out+s.errs, "680\n") {
		t.Errorf("printed %s", s.out)
	}
	visited(t, s)
	if told := watched(t, extID, "completed"); !strings.Contains(told, "✓ completed        50 000.50 UZS charged") {
		t.Errorf("led to %s", told)
	}
}

// Operations 34, 36 and 41: a card is linked by 3-D Secure, and debited by its id.
func TestVisaCardIsLinkedAndPaysByItsID(t *testing.T) {
	link, pay := fresh(), fresh()
	s := byVisa(t, "link-card", "--ext-id", link)
	s.expect(t, exitDone)
	visited(t, s)
	told := watched(t, link, "card_linked")
	id := regexp.MustCompile(`id (\d+)`).FindStringSubmatch(told)
	if id == nil {
		t.Fatalf("no id in %s", told)
	}
	payctl(t, "", "pay", "--ext-id", pay, "--amount", "5000000", "--account", "a", "--provider", "atmos-ips", "--card-id",
		id[1], "--recurring", "--customer-ip", "192.0.2.7", "--wait").expect(t, exitDone)
}

// Operations 45 and 46.
func TestVisaHoldIsCharged(t *testing.T) {
	extID := fresh()
	payctl(t, "", "hold", "--ext-id", extID, "--amount", "5000000", "--account", "room-"+extID, "--provider", "atmos-ips",
		"--card-id", "900001", "--customer-ip", "192.0.2.7", "--ofd", "Room:10105001001000000:5000000", "--wait").
		expect(t, exitDone)
	payctl(t, "", "charge", extID, "--wait").expect(t, exitDone)
}

// Operations 44 and 35: an invoice, and a card that its owner links, each at a page.
func TestPagesOfAcquiringAreAskedFor(t *testing.T) {
	one, two := fresh(), fresh()
	until := time.Now().Add(time.Hour).Format(time.RFC3339)
	s := payctl(t, "", "pay", "--ext-id", one, "--amount", "5000000", "--account", "flat-"+one, "--provider", "atmos-ips",
		"--hosted", "--success-url", "https://shop.example/thanks", "--line", "1:Tea:5000000", "--until",
		until, "--wait")
	s.expect(t, exitDone)
	payctl(t, "", "link-card", "--ext-id", two, "--provider", "atmos-ips", "--hosted", "--account", "customer-7",
		"--success-url", "https://shop.example/thanks", "--wait").expect(t, exitDone)
}
