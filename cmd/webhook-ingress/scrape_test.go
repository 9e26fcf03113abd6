package main

import (
	"flag"
	"io"
	"net/http"
	"testing"

	"tolov/internal/telemetry/telemetrytest"
)

var update = flag.Bool("update", false, "write the files that are generated")

// What dashboards and alarms may stand on: the metrics of an ingress that has opened one payment.
func TestTheIngressMetricsAreThoseOfTheGoldenFile(t *testing.T) {
	listen, streams := server(t)
	streams()
	p := start(t, "NATS_URL=nats://"+listen, "BILLING=accept")
	p.said("ingress is ready", "version")
	if status, text := p.post("create", createBody); status != http.StatusOK {
		t.Fatalf("create is %d %s", status, text)
	}
	answer, err := (&http.Client{}).Get("http://" + p.said("admin address", "addr") + "/metrics")
	if err != nil {
		t.Fatal(err)
	}
	defer func() { _ = answer.Body.Close() }()
	page, err := io.ReadAll(answer.Body)
	if err != nil {
		t.Fatal(err)
	}
	telemetrytest.Golden(t, "testdata/metrics.txt", string(page), *update)
	p.end()
}
