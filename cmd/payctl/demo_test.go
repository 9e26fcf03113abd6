package main

import (
	"bytes"
	"context"
	"net"
	"os"
	"path/filepath"
	"regexp"
	"strings"
	"testing"
)

// The demo is the house's front door: it must end well, and its ledger must agree.
func TestDemoPlaysEverySceneAndTheLedgerAgrees(t *testing.T) {
	ctx, cancel := context.WithTimeout(t.Context(), patience)
	defer cancel()
	var out bytes.Buffer
	if err := run(ctx, []string{"demo", "--worker", os.Getenv(envWorker)}, os.Getenv, nil, &out, &out); err != nil {
		t.Fatalf("%v\n%s", err, out.String())
	}
	rest := out.String()
	for _, want := range played() {
		_, after, found := strings.Cut(rest, want)
		if !found {
			t.Fatalf("no %q where it belongs:\n%s", want, out.String())
		}
		rest = after
	}
	for what, text := range map[string]string{"colours": "\x1b", "a name": "Karimov", "a PINFL": "4150895"} {
		if strings.Contains(out.String(), text) {
			t.Error(what, "printed")
		}
	}
}

func TestInterruptedDemoLeavesNothingBehind(t *testing.T) {
	tmp := t.TempDir()
	t.Setenv("TMPDIR", tmp)
	ctx, cancel := context.WithTimeout(t.Context(), patience)
	defer cancel()
	out := &lookout{until: "1. A linked card", call: cancel}
	err := run(ctx, []string{"demo", "--worker", os.Getenv(envWorker)}, os.Getenv, nil, out, out)
	if err == nil || !strings.Contains(err.Error(), "interrupted") || exitCode(err) != exitFailed {
		t.Errorf("ended with %v", err)
	}
	for what, where := range map[string]string{"worker": `nats://([\d.:]+)`, "ingress": `calls http://([\d.:]+)`} {
		address := regexp.MustCompile(where).FindStringSubmatch(out.String())
		if address == nil {
			t.Fatalf("printed\n%s", out.String())
		}
		if conn, err := net.Dial("tcp", address[1]); err == nil {
			_ = conn.Close()
			t.Error("still runs: the", what)
		}
	}
	if left, _ := os.ReadDir(tmp); len(left) > 0 {
		t.Errorf("left in the directory: %v", left)
	}
}

func TestDemoTellsWhenItCannotStart(t *testing.T) {
	broken := filepath.Join(t.TempDir(), "worker")
	if err := os.WriteFile(broken, []byte("#!/bin/sh\necho no luck today\nexit 3\n"), 0o700); err != nil {
		t.Fatal(err)
	}
	alone := filepath.Join(t.TempDir(), "worker")
	if err := os.Symlink(os.Getenv(envWorker), alone); err != nil {
		t.Fatal(err)
	}
	for path, want := range map[string]string{
		"/nowhere/worker": "go build", broken: "no luck today", alone: "start the webhook-ingress",
	} {
		var out bytes.Buffer
		err := run(t.Context(), []string{"demo", "--worker", path}, os.Getenv, nil, &out, &out)
		if err == nil || !strings.Contains(err.Error(), want) {
			t.Errorf("%s: %v", path, err)
		}
	}
}

// played is what the demo prints, in order.
func played() []string {
	return []string{
		"\n1. A linked card\n", "→ pay", "by token", "· accepted", "✓ completed",
		"\n2. A card with a code\n", "by card 860049******3347", "! action_required", "the customer enters 111111",
		"✓ completed",
		"\n3. Not enough money\n", "✗ failed           insufficient_funds",
		"\n4. The provider takes the money and never answers\n", "⚡ sandbox fault", "? in_doubt", "✓ completed", "← get done",
		"\n5. The same command, five times\n", "→ pay ×5", "✓ completed",
		"\n6. A hold that is partly charged\n", "→ hold", "· held             200 000.00 UZS held until", "→ charge",
		"✓ completed        150 000.00 UZS charged, 50 000.00 released",
		"\n7. A payment that is given back in two parts\n", "✓ completed",
		"→ refund           50 000.00 UZS, refund one-shoe",
		"✓ refunded         50 000.00 UZS given back, 50 000.00 in all", "→ refund           all that is left",
		"✓ refunded         70 000.00 UZS given back, 120 000.00 in all",
		"\n8. Two items with one code\n", "for 2 items", "! action_required", "shop-demo-8-gas 60 000.00",
		"\n9. A card is linked, and pays\n", "→ link_card", "✓ card_linked", "token ***", "→ pay", "✓ completed",
		"\n10. A payment page\n", "! action_required  the customer must visit http://", "→ page", "✓ completed",
		"\n11. A withdrawal that the cards cover in part\n", "→ withdraw", "30 000.00 UZS charged of 50 000.00",
		"860066******5544 20 000.00", "860049******3347 10 000.00", "✓ receipt_issued",
		"\n12. A payout to a card\n", "→ payout           40 000.00 UZS to card 860053******9500",
		"40 000.00 UZS paid out to 860053******9500",
		"\n13. The same verb, another provider: VIA\n", "at via, by card", "3 attempts left", "2 attempts left",
		"✓ completed",
		"\n14. A payment that starts at the bank: Uzum\n", "→ check            Uzum Bank: 35 000.00 UZS", "· accepted",
		"✓ completed",
		"\n15. A Visa card behind 3-D Secure\n", "by card 411111******1111",
		"! action_required  the customer must visit http://",
		"→ page             the customer confirms at the bank's page", "✓ completed        55 000.00 UZS charged",
		"\n16. A Mastercard is linked, and pays\n", "→ link_card        card 555555******4444", "→ page", "✓ card_linked",
		"→ pay              70 000.00 UZS for shop-demo-16 at atmos-ips, by the card's id", "✓ completed",
		"\n17. A Visa hold that is charged, and given back\n", "→ hold", "· held", "→ charge", "✓ completed", "→ refund",
		"✓ refunded         90 000.00 UZS given back",
		"What really happened on the cards", "125 000.00", "80 000.00", "300 000.00", "45 000.00", "150 000.00",
		"atmos-pinfl", "atmos-pinfl", "via", "uzum         5c398d7e", "PAYOUT", "paysys",
		"MOVES", "✓  1. A linked card", "0 of 0", "✓  6. A hold", "✓  7. Two refunds", "2 of 2",
		"✓  11. A withdrawal", "2 of 2", "✓  12. A payout", "✓  13. VIA", "✓  14. Uzum",
		"✓  15. Visa, 3-D Secure", "✓  16. Mastercard, linked", "✓  17. A Visa hold",
		"✓ the ledger agrees with every payment",
	}
}
