package main

import (
	"bytes"
	"context"
	"encoding/json"
	"flag"
	"os"
	"regexp"
	"strings"
	"testing"
	"time"

	"tolov/client"
)

var update = flag.Bool("update", false, "write the golden files anew")

func TestHistoryIsATimeline(t *testing.T) {
	extID := fresh()
	payFor(t, extID, "", "--token", "tok", "--wait").expect(t, exitDone)
	payctl(t, "", "history", extID).expect(t, exitDone,
		"pay_…  completed  from …",
		"",
		"… TIME  STATUS      CAUSE                EVIDENCE …  EVENTS …  DUE",
		"…  accepted    pay command …  1 accepted …  looked at again +24h00m",
		"…  processing  answer to pre-apply  pre-apply done, HTTP 200, OK, transaction …  apply no. 1 leaves by +5.0 s",
		"…  completed   answer to apply      apply done, HTTP 200, OK, transaction …  2 completed, 3 receipt_issued",
	)
	var h client.History
	s := payctl(t, "", "--json", "history", client.PaymentID("", extID))
	if err := json.Unmarshal([]byte(s.out), &h); err != nil || len(h.Records) != 3 {
		t.Errorf("as JSON: %q, %v", s.out, err)
	}
}

// The whole life of a difficult payment, as history shows it.
func TestHistoryGolden(t *testing.T) {
	var out bytes.Buffer
	(&app{out: &out}).showHistory(recorded(t, "testdata/history.json"))
	golden(t, "testdata/history.txt", lineFrom(out.String(), 2)) // the first one has the time of day
}

// The same life in words, and how it looked while a person was wanted.
func TestExplainGolden(t *testing.T) {
	h := recorded(t, "testdata/history.json")
	var out bytes.Buffer
	now := h.Records[len(h.Records)-1].At.Add(time.Hour)
	p := client.Payment{
		ID: h.PaymentID, ExtID: "order-17", Merchant: "shop", Provider: "atmos", Kind: "pay", Amount: 5_000_000,
		Currency: "UZS",
	}
	(&app{out: &out}).explain(h, p, now)
	for _, n := range []int{6, 5, 1} {
		out.WriteString("\n")
		h.Records = h.Records[:n]
		if n == 1 {
			p = client.Payment{}
		}
		(&app{out: &out}).explain(h, p, h.Records[n-1].At.Add(time.Second))
	}
	golden(t, "testdata/explain.txt", clockless(out.String()))
}

// clockless is a text without times of day, which depend on the reader's zone.
func clockless(text string) string {
	return regexp.MustCompile(`\d{4}-\d\d-\d\d [\d:.]+ [+-][\d:]+`).ReplaceAllString(text, "TIME")
}

func recorded(t *testing.T, path string) (h client.History) {
	t.Helper()
	data, err := os.ReadFile(path)
	if err == nil {
		err = json.Unmarshal(data, &h)
	}
	if err != nil {
		t.Fatal(err)
	}
	return h
}

// golden compares with a file that -update writes.
func golden(t *testing.T, path, got string) {
	t.Helper()
	if *update {
		if err := os.WriteFile(path, []byte(got), 0o600); err != nil {
			t.Fatal(err)
		}
	}
	want, err := os.ReadFile(path)
	if err != nil || got != string(want) {
		t.Errorf("got\n%s\nwant\n%s (%v)", got, want, err)
	}
}

func lineFrom(text string, n int) string {
	return strings.Join(strings.SplitAfter(text, "\n")[n:], "")
}

func TestGetShowsOnePayment(t *testing.T) {
	one, two := fresh(), fresh()
	payFor(t, one, "", "--token", "tok", "--wait").expect(t, exitDone)
	s := payctl(t, "", "get", one)
	s.expect(t, exitDone)
	if !strings.Contains(s.out, "\n  status    completed\n") {
		t.Errorf("printed %s", s.out)
	}
	if byID := payctl(t, "", "get", client.PaymentID("default", one)); byID.out != s.out {
		t.Errorf("by its id it is\n%s", byID.out)
	}
	none := payctl(t, "", "get", two)
	none.expect(t, exitFailed)
	if !strings.Contains(none.errs, "no payment with this id") {
		t.Errorf("of an unknown payment it said %q", none.errs)
	}
}

// lookout is a writer that calls once a text was written.
type lookout struct {
	bytes.Buffer
	until string
	call  func()
}

func (l *lookout) Write(b []byte) (int, error) {
	n, err := l.Buffer.Write(b)
	if strings.Contains(l.String(), l.until) {
		l.call()
	}
	return n, err
}

func TestWatchShowsEventsUntilItIsInterrupted(t *testing.T) {
	extID := fresh()
	ctx, cancel := context.WithTimeout(t.Context(), patience)
	defer cancel()
	out := &lookout{until: "receipt_issued", call: cancel}
	ended := make(chan error, 1)
	go func() {
		ended <- run(ctx, []string{"--nats", os.Getenv(envNATS), "watch", extID, "--from-start"}, nothing, nil, out, out)
	}()
	payFor(t, extID, "", "--token", "tok").expect(t, exitDone)
	if err := <-ended; err != nil {
		t.Fatal(err)
	}
	said{out: out.String()}.expect(t, exitDone,
		"…:…  "+extID+"  · accepted         50 000.50 UZS for account flat-"+extID,
		"…:…  "+extID+"  ✓ completed        50 000.50 UZS charged",
		"…:…  "+extID+"  ✓ receipt_issued   sale https://…, commission https://…",
	)
}
