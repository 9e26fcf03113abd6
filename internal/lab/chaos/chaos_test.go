package main

import (
	"context"
	"errors"
	"flag"
	"os"
	"slices"
	"strings"
	"testing"

	"tolov/internal/lab"
	"tolov/internal/payment"
)

// A few payments under kills, so that the experiment itself does not rot. `make chaos` is the real one.
func TestAFewPaymentsSurviveKills(t *testing.T) {
	if testing.Short() {
		t.Skip("it waits for messages of dead workers")
	}
	if _, err := lab.FindRedis(); err != nil {
		if os.Getenv("CI") == "true" {
			t.Fatal(err)
		}
		t.Skip(err)
	}
	t.Parallel()
	var out strings.Builder
	err := run(t.Context(), []string{
		"-n", "20", "-uzum", "20", "-rate", "20", "-kill", "500ms", "-redis", "-within", "3m", "-dir", t.TempDir(),
	}, &out)
	t.Log(out.String())
	if err != nil {
		t.Error(err)
	}
}

func TestAnInterruptEndsTheExperiment(t *testing.T) {
	ctx, cancel := context.WithCancel(t.Context())
	cancel()
	var out strings.Builder
	if err := run(ctx, []string{"-dir", t.TempDir()}, &out); err == nil {
		t.Error("it went on")
	}
}

func TestWrongFlagsAreRefused(t *testing.T) {
	for _, args := range [][]string{{"-n", "0"}, {"-coded", "101"}, {"-kill", "0s"}, {"more"}, {"-wrong"}} {
		if _, err := parse(args, &strings.Builder{}); err == nil || errors.Is(err, flag.ErrHelp) {
			t.Errorf("%v: %v", args, err)
		}
	}
}

func TestTheMixIsSpreadEvenly(t *testing.T) {
	for percent := range 101 {
		codes := 0
		for i := range 1000 {
			if (options{coded: percent}).byCode(i) {
				codes++
			}
		}
		if codes != 10*percent {
			t.Errorf("%d%%: %d of 1000", percent, codes)
		}
	}
}

func TestAnEventIsReadAsTheContractWritesIt(t *testing.T) {
	got, err := parseEvent([]byte(`{"id":"pay_a.3","type":"tolov.payment.action_required.v1",` +
		`"data":{"payment":{"ext_id":"chaos-000001","status":"action_required"}}}`))
	want := event{paymentID: "pay_a", extID: "chaos-000001", n: 3, kind: payment.EventActionRequired}
	if err != nil || got != want {
		t.Errorf("%+v, %v", got, err)
	}
	for _, body := range []string{
		`{`, `{"id":"pay_a","type":"tolov.payment.failed.v1"}`, `{"id":"pay_a.1","type":"tolov.payment.failed.v2"}`,
		`{"id":"pay_a.1","type":"failed.v1"}`,
	} {
		if _, err := parseEvent([]byte(body)); err == nil {
			t.Errorf("took %s", body)
		}
	}
}

// The judge must see every way in which a payment's events can be wrong, and no other.
func TestAStoryHasItsFaults(t *testing.T) {
	const (
		accepted, completed = payment.EventAccepted, payment.EventCompleted
		inDoubt, failed     = payment.EventInDoubt, payment.EventFailed
	)
	for name, c := range map[string]struct {
		told []event
		want []string
	}{
		"well":       {told: []event{{n: 1, kind: accepted}, {n: 2, kind: completed}}},
		"in doubt":   {told: []event{{n: 1, kind: inDoubt}, {n: 2, kind: inDoubt}, {n: 3, kind: completed}}},
		"gap":        {[]event{{n: 1, kind: accepted}, {n: 3, kind: completed}}, []string{"event 2 is missing"}},
		"twice":      {[]event{{n: 1, kind: completed}, {n: 1, kind: completed}}, []string{"event 1 is stored 2 times"}},
		"two ends":   {[]event{{n: 1, kind: completed}, {n: 2, kind: completed}}, []string{"2 events completed"}},
		"failed too": {[]event{{n: 1, kind: completed}, {n: 2, kind: failed}}, []string{"told failed"}},
		"no end":     {[]event{{n: 1, kind: accepted}}, []string{"never told completed"}},
		"silence":    {want: []string{"never told completed"}},
	} {
		b := newBook()
		b.stories[""] = &story{told: map[int]int{}, kinds: map[payment.EventType]int{}}
		for _, e := range c.told {
			b.note(e)
		}
		if got := b.stories[""].faults(); !slices.Equal(got, c.want) {
			t.Errorf("%s: %q, want %q", name, got, c.want)
		}
	}
}
