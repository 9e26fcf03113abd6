package telemetry_test

import (
	"encoding/json"
	"os"
	"os/exec"
	"regexp"
	"slices"
	"strings"
	"testing"

	"go.yaml.in/yaml/v3"
)

const (
	rulesFile     = "../../deploy/prometheus/alerts.yaml"
	rulesTests    = "../../deploy/prometheus/alerts_test.yaml"
	dashboardFile = "../../deploy/grafana/tolov.json"
	runbookFile   = "../../docs/runbook.md"
)

// alert is a rule as Prometheus reads it.
type alert struct {
	Name        string            `yaml:"alert"`
	Expr        string            `yaml:"expr"`
	Labels      map[string]string `yaml:"labels"`
	Annotations map[string]string `yaml:"annotations"`
}

func text(t *testing.T, path string) string {
	t.Helper()
	data, err := os.ReadFile(path)
	if err != nil {
		t.Fatal(err)
	}
	return string(data)
}

func alerts(t *testing.T) []alert {
	t.Helper()
	var file struct {
		Groups []struct {
			Rules []alert `yaml:"rules"`
		} `yaml:"groups"`
	}
	if err := yaml.Unmarshal([]byte(text(t, rulesFile)), &file); err != nil {
		t.Fatal(err)
	}
	var all []alert
	for _, g := range file.Groups {
		all = append(all, g.Rules...)
	}
	if len(all) < 20 {
		t.Fatalf("only %d alarms were read", len(all))
	}
	return all
}

// told gives the names of metrics and labels that the programs tell in a real run, and those that Prometheus adds.
func told(t *testing.T) map[string]bool {
	t.Helper()
	names := map[string]bool{"up": true, "instance": true, "job": true, "le": true}
	for _, program := range []string{"worker", "webhook-ingress"} {
		for line := range strings.Lines(text(t, "../../cmd/"+program+"/testdata/metrics.txt")) {
			parts := strings.Fields(line)
			names[parts[0]] = true
			if parts[1] == "histogram" {
				names[parts[0]+"_bucket"], names[parts[0]+"_count"], names[parts[0]+"_sum"] = true, true, true
			}
			for _, label := range parts[2:] {
				names[label] = true
			}
		}
	}
	return names
}

var ownName = regexp.MustCompile(`\b(tolov|http)_[a-z0-9_]+`)

// wantTold fails when an expression stands on a metric or a label that no program tells.
func wantTold(t *testing.T, names map[string]bool, where, expr string) {
	t.Helper()
	found := ownName.FindAllString(expr, -1)
	if len(found) == 0 {
		t.Errorf("%s stands on no metric of ours: %s", where, expr)
	}
	for _, name := range found {
		if !names[name] {
			t.Errorf("%s stands on %s, which no program tells", where, name)
		}
	}
}

func TestEveryAlarmStandsOnMetricsThatProgramsTell(t *testing.T) {
	names := told(t)
	for _, a := range alerts(t) {
		wantTold(t, names, a.Name, a.Expr)
		if a.Annotations["summary"] == "" || !slices.Contains([]string{"page", "ticket"}, a.Labels["severity"]) {
			t.Errorf("%s has no summary or severity", a.Name)
		}
	}
}

// HAZARDS §4, item 50.
func TestThereIsAnAlarmForEverythingThatMustBeHeardOf(t *testing.T) {
	var all []string
	for _, a := range alerts(t) {
		all = append(all, a.Name)
	}
	for what, name := range map[string]string{
		"a contradiction": "TolovConflict", "an old doubt": "TolovDoubtOld", "a parked message": "TolovMessageParked",
		"streams that fill": "TolovStreamFilling", "forged calls": "TolovSignatureFailures",
		"an open breaker": "TolovBreakerOpen", "books that differ": "TolovMismatch", "a canary": "TolovCanary",
	} {
		if !slices.Contains(all, name) {
			t.Errorf("%s raises no alarm: no %s", what, name)
		}
	}
}

func TestEveryAlarmHasItsPageInTheRunbook(t *testing.T) {
	entries := map[string]string{}
	for _, entry := range strings.Split(text(t, runbookFile), "\n## ")[1:] {
		name, body, _ := strings.Cut(entry, "\n")
		entries[name] = body
	}
	for _, a := range alerts(t) {
		body, ok := entries[a.Name]
		if want := "docs/runbook.md#" + strings.ToLower(a.Name); !ok || a.Annotations["runbook_url"] != want {
			t.Errorf("%s has no entry in the runbook, or its runbook_url is not %s", a.Name, want)
		}
		rest := body
		for _, part := range []string{"\n**Means.** ", "\n**Look.**\n\n```\n", "payctl ", "\n**Do.** ", "\n**Never** "} {
			_, after, found := strings.Cut(rest, part)
			if !found {
				t.Errorf("the entry of %s has no %q where it belongs", a.Name, part)
				break
			}
			rest = after
		}
		if _, look, _ := strings.Cut(body, "```\n"); strings.Count(strings.Split(look, "```")[0], "\n") != 3 {
			t.Errorf("the entry of %s does not look in three commands", a.Name)
		}
		delete(entries, a.Name)
	}
	for name := range entries {
		t.Errorf("the runbook knows an alarm that there is not: %s", name)
	}
}

// promtool is Prometheus's own tool; CI has it.
func promtool(t *testing.T, args ...string) {
	t.Helper()
	path, err := exec.LookPath("promtool")
	if err != nil {
		if os.Getenv("CI") != "" {
			t.Fatal("no promtool in the path")
		}
		t.Skip("no promtool in the path (Debian: apt-get install prometheus)")
	}
	if out, err := exec.Command(path, args...).CombinedOutput(); err != nil {
		t.Errorf("promtool %v: %v\n%s", args, err, out)
	}
}

func TestPrometheusTakesTheRules(t *testing.T) { promtool(t, "check", "rules", rulesFile) }

// Each alarm has a case in which it is raised and one in which it is not.
func TestAlarmsAreRaisedWhenTheyMust(t *testing.T) {
	promtool(t, "test", "rules", rulesTests)
	cases := text(t, rulesTests)
	for _, a := range alerts(t) {
		raised := regexp.MustCompile(`alertname: ` + a.Name + `\n +exp_alerts:\n +- exp_labels`)
		silent := regexp.MustCompile(`alertname: ` + a.Name + `\n +exp_alerts: \[\]`)
		if !raised.MatchString(cases) || !silent.MatchString(cases) {
			t.Errorf("%s has no case in which it is raised, or none in which it is silent", a.Name)
		}
	}
}

// panel is a part of the dashboard; rows hold panels.
type panel struct {
	ID      int    `json:"id"`
	Title   string `json:"title"`
	Type    string `json:"type"`
	Targets []struct {
		Expr string `json:"expr"`
	} `json:"targets"`
}

func TestEveryPanelShowsMetricsThatProgramsTell(t *testing.T) {
	var dashboard struct {
		UID    string  `json:"uid"`
		Panels []panel `json:"panels"`
	}
	if err := json.Unmarshal([]byte(text(t, dashboardFile)), &dashboard); err != nil {
		t.Fatal(err)
	}
	names, ids, shown := told(t), map[int]bool{}, map[string]bool{}
	for _, p := range dashboard.Panels {
		if ids[p.ID] || p.Title == "" {
			t.Errorf("panel %d %q has no id or title of its own", p.ID, p.Title)
		}
		ids[p.ID] = true
		if p.Type != "row" && len(p.Targets) == 0 {
			t.Errorf("panel %q shows nothing", p.Title)
		}
		for _, target := range p.Targets {
			wantTold(t, names, p.Title, target.Expr)
			for _, name := range ownName.FindAllString(target.Expr, -1) {
				shown[name] = true
			}
		}
	}
	for _, name := range []string{
		"tolov_payments_total", "tolov_money_total", "tolov_step_duration_seconds_bucket", "tolov_payments_in_doubt",
		"tolov_in_doubt_oldest_age", "tolov_in_doubt_exposure", "tolov_polls_total", "tolov_breaker_state",
		"tolov_queue_pending", "tolov_redeliveries_total", "tolov_dead_letters_total", "tolov_stream_bytes",
	} {
		if !shown[name] {
			t.Errorf("no panel shows %s", name)
		}
	}
}
