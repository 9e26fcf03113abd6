package main

import (
	"net/http"
	"net/http/httptest"
	"os"
	"regexp"
	"strings"
	"testing"
)

func sandboxSays(t *testing.T, args ...string) said {
	t.Helper()
	return payctl(t, "", append([]string{"sandbox", "--url", os.Getenv(envAdmin)}, args...)...)
}

func TestLedgerShowsWhatReallyLeftTheCards(t *testing.T) {
	extID := fresh()
	payFor(t, extID, "", "--token", "tok", "--wait").expect(t, exitDone)
	s := sandboxSays(t, "ledger")
	s.expect(t, exitDone)
	row := regexp.MustCompile(`(?m) flat-` + extID + ` +50 000\.50 +token$`)
	if !row.MatchString(s.out) || !strings.Contains(s.out, " debits, ") {
		t.Errorf("printed\n%s", s.out)
	}
	if s := sandboxSays(t, "--json", "ledger"); !strings.HasPrefix(s.out, `{"debits":[{"n":1,`) {
		t.Errorf("printed %s", s.out)
	}
}

func TestFaultIsScriptedAndCleared(t *testing.T) {
	sandboxSays(t, "fault", "--op", "create", "--kind", "html", "--account", "flat-nobody").expect(t, exitDone,
		"the next call of create: html")
	sandboxSays(t, "fault", "--op", "create", "--kind", "slow", "--account", "flat-nobody", "--times", "0",
		"--delay", "2s").expect(t, exitDone, "every call of create: slow")
	sandboxSays(t, "clear").expect(t, exitDone)
	s := sandboxSays(t, "fault", "--op", "create", "--kind", "sulk")
	s.expect(t, exitFailed)
	if !strings.Contains(s.errs, `"sulk"`) {
		t.Errorf("said %q", s.errs)
	}
}

func TestSandboxThatIsNotThereIsTold(t *testing.T) {
	other := httptest.NewServer(http.NotFoundHandler())
	defer other.Close()
	for url, want := range map[string]string{
		"http://127.0.0.1:1": "no sandbox at", other.URL: "it is no sandbox",
	} {
		s := payctl(t, "", "sandbox", "--url", url, "ledger")
		s.expect(t, exitFailed)
		if !strings.Contains(s.errs, want) {
			t.Errorf("said %q", s.errs)
		}
	}
}
