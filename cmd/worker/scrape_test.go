package main

import (
	"flag"
	"strings"
	"testing"
	"time"

	"tolov/internal/telemetry/telemetrytest"
)

var update = flag.Bool("update", false, "write the files that are generated")

// What dashboards and alarms may stand on: the metrics of a worker that has made one payment, and whose operator has
// paused another provider.
func TestTheWorkersMetricsAreThoseOfTheGoldenFile(t *testing.T) {
	p := start(t, embeddedIn(t.TempDir())...)
	p.said("worker is ready", "version")
	nc := p.client()
	for subject, body := range map[string]string{
		"payments.commands.pay": `{"ext_id":"m-1","provider":"atmos","amount":5000000,"account":"1","card":{"token":"tok"}}`,
		"payments.operations.provider.via._all": `{"provider":"via","merchant":"_all","paused":true,"actor":"a",` +
			`"reason":"r","at":"2026-11-29T05:00:00.000Z"}`,
	} {
		if err := nc.Publish(subject, []byte(body)); err != nil {
			t.Fatal(err)
		}
	}
	page, deadline := "", time.Now().Add(patience)
	for !containsAll(page, "tolov_queue_pending{", `tolov_event="receipt_issued"`, "tolov_provider_paused{") {
		if page = p.page("/metrics"); time.Now().After(deadline) {
			t.Fatalf("no queue, payment or switch among the metrics:\n%s", page)
		}
	}
	telemetrytest.Golden(t, "testdata/metrics.txt", page, *update)
	if err := p.end(); err != nil {
		t.Error(err)
	}
}

func containsAll(page string, parts ...string) bool {
	for _, part := range parts {
		if !strings.Contains(page, part) {
			return false
		}
	}
	return true
}
