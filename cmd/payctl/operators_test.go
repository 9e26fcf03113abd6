package main

import (
	"encoding/json"
	"strings"
	"testing"

	"tolov/internal/desk"
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

func TestOnlyAnAccountOfOursIsPaused(t *testing.T) {
	for _, args := range [][]string{
		who("provider", "pause", "uzum"), who("provider", "pause", "via", "--merchant", "nobody"),
		who("provider", "pause", "no provider"), {"provider", "pause", "via", "--actor", "a"},
		{"provider", "pause", "via", "--actor", " ", "--reason", "r"},
	} {
		payctl(t, "", args...).expect(t, exitUsage)
	}
}
