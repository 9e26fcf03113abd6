package main

import (
	"bytes"
	"encoding/json"
	"io"
	"net/http"
	"os"
	"regexp"
	"strings"
	"testing"
	"time"

	"tolov/internal/desk"
	"tolov/internal/payment"
)

// who says who does something and why.
func who(args ...string) []string { return append(args, "--actor", "aziza", "--reason", "incident 7") }

func TestStuckListsWhatIsOpenByAgeAndExposure(t *testing.T) {
	waits, doubt := fresh(), fresh()
	payFor(t, waits, "", "--card", "8600490744313347", "--expiry", "4912", "--wait").expect(t, exitDone)
	payFor(t, doubt, "", "--token", "silent", "--wait", "--timeout", "300ms").expect(t, exitUnknown)
	s := payctl(t, "", "stuck", "--by", "exposure")
	s.expect(t, exitDone)
	for _, want := range []string{
		"WAITS  STATUS", waits + "  default   atmos", "the customer", "open", doubt + "  default   atmos",
	} {
		if !strings.Contains(s.out, want) {
			t.Errorf("no %q in %s", want, s.out)
		}
	}
	var found desk.OpenAnswer
	j := payctl(t, "", "--json", "stuck", "--status", "action_required", "--merchant", "default", "--limit", "1000")
	if err := json.Unmarshal([]byte(j.out), &found); err != nil || !strings.Contains(j.out, waits) ||
		strings.Contains(j.out, doubt) || found.Count < 1 {
		t.Errorf("as JSON %q, %v", j.out, err)
	}
	if none := payctl(t, "", "stuck", "--merchant", "nobody"); none.out != "0 open\n" {
		t.Errorf("of nobody there is %q", none.out)
	}
	if none := payctl(t, "", "stuck", "--older", "1000h"); strings.Contains(none.out, waits) {
		t.Errorf("older than 1000 hours is %q", none.out)
	}
	payctl(t, "", "cancel", waits, "--wait").expect(t, exitDone)
}

// What would begin at a paused provider waits, and nothing of it is lost; what has begun goes on, and can be cancelled.
func TestPausedProviderGetsNoNewMoneyCallAndLosesNone(t *testing.T) {
	begun, dropped, waits := fresh(), fresh(), fresh()
	via := []string{"--provider", "via", "--card", "8600490744313347", "--expiry", "4912", "--wait"}
	payFor(t, begun, "", via...).expect(t, exitDone)
	payFor(t, dropped, "", via...).expect(t, exitDone)

	s := payctl(t, "", who("provider", "pause", "via")...)
	s.expect(t, exitDone)
	if !strings.Contains(s.out, "via          default   wait") || !strings.Contains(s.out, "aziza  incident 7") {
		t.Errorf("paused, it is %s", s.out)
	}
	sick := payctl(t, "", "doctor")
	if !strings.Contains(sick.out, "via is paused for all merchants by aziza: incident 7") {
		t.Errorf("the doctor says %s", sick.out)
	}
	if told := metrics(t); !strings.Contains(told, `tolov_merchant="_all"`) || !pausedMetric.MatchString(told) {
		t.Error("the metric does not tell of the pause")
	}
	payFor(t, waits, "", append(via, "--timeout", "500ms")...).expect(t, exitUnknown)
	payctl(t, "", "confirm", begun, "111111", "--command-id", "c", "--wait", "--timeout", "500ms").expect(t, exitUnknown)
	payctl(t, "", "get", waits).expect(t, exitFailed) // nothing is recorded yet
	payctl(t, "", "cancel", dropped, "--wait").expect(t, exitDone)
	payFor(t, fresh(), "", "--token", "tok", "--wait").expect(t, exitDone) // elsewhere all is well

	payctl(t, "", who("provider", "resume", "via", "--merchant", "default")...).expect(t, exitFailed)
	payctl(t, "", who("provider", "resume", "via")...).expect(t, exitDone)
	if told := watched(t, begun, "completed"); !strings.Contains(told, "✓ completed") {
		t.Errorf("the code that waited led to %s", told)
	}
	if told := watched(t, waits, "action_required"); !strings.Contains(told, "! action_required") {
		t.Errorf("the payment that waited came to %s", told)
	}
	list := payctl(t, "", "provider", "list")
	if list.expect(t, exitDone); !strings.Contains(list.out, "via resumed") || strings.Contains(list.out, "wait") {
		t.Errorf("resumed, it is %s", list.out)
	}
}

var pausedMetric = regexp.MustCompile(`(?m)^tolov_provider_paused\{.*tolov_provider="via".*\} 1$`)

// metrics are what the worker shows to Prometheus.
func metrics(t *testing.T) string {
	t.Helper()
	reply, err := (&http.Client{}).Get(os.Getenv(envAdmin) + "/metrics")
	if err != nil {
		t.Fatal(err)
	}
	defer func() { _ = reply.Body.Close() }()
	text, err := io.ReadAll(reply.Body)
	if err != nil {
		t.Fatal(err)
	}
	return string(text)
}

func TestOnlyAnAccountOfOursIsPaused(t *testing.T) {
	for _, args := range [][]string{
		who("provider", "pause", "uzum"), who("provider", "pause", "via", "--merchant", "nobody"),
		who("provider", "pause", "no provider"), {"provider", "pause", "via", "--actor", "a"},
		{"provider", "pause", "via", "--actor", " ", "--reason", "r"},
	} {
		payctl(t, "", args...).expect(t, exitUsage)
	}
}

func TestOpenPaymentsAndProvidersGolden(t *testing.T) {
	at := payment.At(time.Date(2026, 11, 20, 9, 0, 0, 0, time.UTC))
	ago := func(d time.Duration) payment.Time { return payment.At(at.Add(-d)) }
	var out bytes.Buffer
	a := &app{out: &out}
	a.showOpen(desk.OpenAnswer{At: at, Count: 120, Exposure: 7_000_000, Payments: []desk.OpenPayment{
		{
			ExtID: "order-1", Merchant: "default", Provider: "atmos", Status: payment.NeedsReview, Amount: 5_000_000,
			Exposure: 5_000_000, Step: "apply", Review: "time", Since: ago(26 * time.Hour), Due: ago(time.Minute),
		},
		{
			ExtID: "order-2", Merchant: "shop", Provider: "paysys", Status: payment.InDoubt, Amount: 2_000_000,
			Exposure: 2_000_000, Step: "confirm", Since: ago(90 * time.Second), Due: payment.At(at.Add(5 * time.Second)),
		},
		{
			ExtID: "room-12", Merchant: "default", Provider: "atmos", Status: payment.Held, Amount: 20_000_000,
			Since: ago(time.Second), Due: payment.At(at.Add(24 * time.Hour)),
		},
		{ExtID: "card-7", Merchant: "default", Provider: "atmos-ips", Status: payment.ActionRequired, Since: ago(0)},
	}})
	out.WriteString("\n")
	a.tellProviders([]desk.Account{
		{Merchant: "default", Provider: "atmos"}, {Merchant: "default", Provider: "via"},
		{Merchant: "shop", Provider: "atmos"},
	}, desk.Switches{
		{Provider: "atmos", Merchant: "shop", Paused: true, Actor: "aziza", Reason: "incident 7", At: ago(time.Hour)},
		{Provider: "via", Merchant: desk.Everyone, Actor: "bobur", Reason: "mended", At: ago(time.Minute)},
	}, at.Time)
	out.WriteString("\n")
	a.tellProviders(nil, nil, at.Time)
	golden(t, "testdata/operators.txt", out.String())
}
