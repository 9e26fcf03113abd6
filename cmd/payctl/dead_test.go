package main

import (
	"bytes"
	"encoding/json"
	"os"
	"path/filepath"
	"regexp"
	"strings"
	"testing"
	"time"

	"github.com/nats-io/nats.go"

	"tolov/internal/desk"
	"tolov/internal/payment"
)

// bury publishes what nobody can use, and gives its number among the dead.
func bury(t *testing.T, subject, body, mark string) string {
	t.Helper()
	nc, err := nats.Connect(os.Getenv(envNATS))
	if err != nil {
		t.Fatal(err)
	}
	defer nc.Close()
	dead, err := nc.SubscribeSync("payments.dead.>")
	if err != nil {
		t.Fatal(err)
	}
	if _, err := nc.Request(subject, []byte(body), patience); err != nil {
		t.Fatal(err)
	}
	if _, err := dead.NextMsg(patience); err != nil {
		t.Fatal(err)
	}
	for {
		s := payctl(t, "", "dead", "list")
		if no := regexp.MustCompile(`(?m)^ +(\d+) .*` + mark).FindStringSubmatch(s.out); no != nil {
			return no[1]
		}
		if s.code != exitDone || t.Context().Err() != nil {
			t.Fatalf("not among the dead: %s%s", s.out, s.errs)
		}
	}
}

// H74: a replay is a command like every other: foreseen by the same decision, and a no-op the second time.
func TestDeadLetterIsMendedAndReplayed(t *testing.T) {
	extID := fresh()
	no := bury(t, "payments.commands.pay", `{"ext_id":"bad id of `+extID+`","provider":"atmos","amount":5000050,`+
		`"account":"flat-1","card":{"number":"8600490744313347","expiry":"4912"}}`, "payments.commands.pay +bad id of "+extID)
	shown := payctl(t, "", "dead", "show", no)
	shown.expect(t, exitDone)
	for _, want := range []string{
		"dead because    bad_ext_id: its ext_id or merchant is missing", "field account   ***", "field card      ***",
		"field amount    5000050",
	} {
		if !strings.Contains(shown.out, want) {
			t.Errorf("no %q in %s", want, shown.out)
		}
	}
	payctl(t, "", "dead", "replay", no, "--dry-run").expect(t, exitUsage) // the card is hidden
	payctl(t, "", "dead", "replay", no, "--body", "-").expect(t, exitUsage)
	body := filepath.Join(t.TempDir(), "mended.json")
	mended := `{"ext_id":"` + extID + `","account":"flat-1","card":{"token":"tok"}}`
	if err := os.WriteFile(body, []byte(mended), 0o600); err != nil {
		t.Fatal(err)
	}
	payctl(t, "", "dead", "replay", no, "--body", "@"+body, "--dry-run").expect(t, exitDone,
		"pay of pay_… would lead to the call create")
	payctl(t, "", "get", extID).expect(t, exitFailed)
	replay := who("dead", "replay", no, "--body", "@"+body)
	payctl(t, "", replay...).expect(t, exitDone, "pay of pay_… would …", "published   see payctl history pay_…")
	if told := watched(t, extID, "completed"); !strings.Contains(told, "✓ completed") {
		t.Errorf("led to %s", told)
	}
	again := payctl(t, "", replay...)
	again.expect(t, exitDone)
	if !strings.Contains(again.out, "would change nothing") {
		t.Errorf("the second time it said %s", again.out)
	}
	if list := payctl(t, "", "dead", "list"); !strings.Contains(list.out, "by aziza, ") {
		t.Errorf("who did it is not in %s", list.out)
	}
}

func TestReplayThatWouldBeRefusedIsNotPublished(t *testing.T) {
	extID := fresh()
	no := bury(t, "payments.commands.payy", `{"ext_id":"`+extID+`","provider":"atmos"}`, extID)
	payctl(t, "", "dead", "replay", no, "--dry-run").expect(t, exitUsage) // no such verb
	s := payctl(t, "", "dead", "replay", no, "--verb", "pay", "--dry-run")
	s.expect(t, exitFailed)
	if !strings.Contains(s.errs, "it would be rejected: pay: amount is required for pay") {
		t.Errorf("said %s", s.errs)
	}
	s = payctl(t, `{"otp":"111111"}`, "dead", "replay", no, "--verb", "confirm", "--body", "-", "--dry-run")
	if s.expect(t, exitFailed); !strings.Contains(s.errs, "provider") || strings.Contains(s.errs, "111111") {
		t.Errorf("said %s", s.errs)
	}
	s = payctl(t, `{"otp":"111111","provider":null}`, "--json", "dead", "replay", no, "--verb", "confirm", "--body", "-",
		"--dry-run")
	if s.expect(t, exitFailed); !strings.Contains(s.out, `"code":"unknown_payment"`) {
		t.Errorf("as JSON %s", s.out)
	}
	for _, args := range [][]string{
		{"dead", "replay", no, "--verb", "pay"}, {"dead", "replay", no, "--verb", "pay", "--body", `{"otp":"111111"}`},
	} {
		if s := payctl(t, "", args...); s.code != exitUsage || strings.Contains(s.errs, "111111") {
			t.Errorf("%v: %d, %s", args, s.code, s.errs)
		}
	}
	payctl(t, "", "dead", "show", "999999").expect(t, exitFailed)
}

func TestLettersGolden(t *testing.T) {
	at := payment.At(time.Date(2026, 11, 20, 9, 0, 0, 0, time.UTC))
	letters := []desk.Letter{
		{
			Sequence: 7, At: at, Reason: "not_json", Subject: "payments.commands.pay", Original: "12",
			Body: []byte(`{"bytes":17}`),
		},
		{
			Sequence: 3, At: at, Reason: "bad_ext_id", Subject: "payments.commands.refund", Original: "9",
			Body: []byte(`{"ext_id":"a b","amount":5000000,"reason":"***"}`),
			Replay: &desk.Replay{
				Sequence: 3, PaymentID: "pay_x", Verb: "refund", Actor: "aziza", Reason: "the blank is gone", At: at,
			},
		},
	}
	var out bytes.Buffer
	a := &app{out: &out}
	a.showLetters(letters, 9)
	out.WriteString("\n")
	a.showLetter(letters[1])
	golden(t, "testdata/dead.txt", clockless(out.String()))
	if text, err := json.Marshal(letters); err != nil || !strings.Contains(string(text), `"body":{"ext_id":"a b"`) {
		t.Errorf("as JSON %s, %v", text, err)
	}
}
