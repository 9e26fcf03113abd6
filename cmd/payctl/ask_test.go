package main

import (
	"bytes"
	"context"
	"encoding/json"
	"flag"
	"os"
	"strings"
	"testing"

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
	data, err := os.ReadFile("testdata/history.json")
	if err != nil {
		t.Fatal(err)
	}
	var h client.History
	if err := json.Unmarshal(data, &h); err != nil {
		t.Fatal(err)
	}
	var out bytes.Buffer
	(&app{out: &out}).showHistory(h)
	got := lineFrom(out.String(), 2) // the first one has the time of day
	if *update {
		if err := os.WriteFile("testdata/history.txt", []byte(got), 0o600); err != nil {
			t.Fatal(err)
		}
	}
	want, err := os.ReadFile("testdata/history.txt")
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
