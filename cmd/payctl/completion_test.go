package main

import (
	"os/exec"
	"slices"
	"strings"
	"testing"
)

func TestShellIsToldWhatMayFollow(t *testing.T) {
	for line, want := range map[string]string{
		"st":                           "stuck",
		"provider ":                    "list pause resume",
		"provider pa":                  "pause",
		"stuck --by ":                  "age exposure",
		"stuck --by=age --older":       "--older",
		"--json dead replay 17 --dry":  "--dry-run",
		"--merchant shop stuck --stat": "--status",
		"resolve order-1 --outcome c":  "cancelled completed",
		"pay --token ":                 "",
		"completion ":                  "bash fish zsh",
		"nonsense --no":                "",
		"__c":                          "",
	} {
		args := append([]string{"__complete", "--"}, strings.Split(line, " ")...)
		s := payctl(t, "", args...)
		s.expect(t, exitDone)
		if got := strings.Join(strings.Fields(s.out), " "); got != want {
			t.Errorf("after %q come %q, want %q", line, got, want)
		}
	}
	if all := payctl(t, "", "__complete"); !slices.Contains(strings.Fields(all.out), "doctor") {
		t.Errorf("at the beginning comes %s", all.out)
	}
}

// The script is run by a real bash, in which payctl stands for what it would answer.
func TestBashCompletes(t *testing.T) {
	script := payctl(t, "", "completion", "bash")
	script.expect(t, exitDone)
	const stub = `
payctl() { [ "$1 $2 $3 $4" = "__complete -- provider pa" ] && printf 'pause\n'; }
COMP_WORDS=(payctl provider pa) COMP_CWORD=2
_payctl
echo "${COMPREPLY[@]}"`
	out, err := exec.Command("bash", "-c", script.out+stub).CombinedOutput()
	if err != nil || string(out) != "pause\n" {
		t.Errorf("%q, %v", out, err)
	}
	for _, shell := range []string{"zsh", "fish"} {
		if s := payctl(t, "", "completion", shell); !strings.Contains(s.out, "payctl __complete -- ") {
			t.Errorf("for %s it printed %s", shell, s.out)
		}
	}
	payctl(t, "", "completion", "cmd").expect(t, exitUsage)
}
