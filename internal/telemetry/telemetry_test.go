package telemetry_test

import (
	"io"
	"net/http"
	"net/http/httptest"
	"strings"
	"testing"

	"go.opentelemetry.io/otel/propagation"
	"go.opentelemetry.io/otel/trace"

	"tolov/internal/telemetry"
)

// scrape reads the metrics page.
func scrape(tel *telemetry.Telemetry) string {
	w := httptest.NewRecorder()
	tel.Metrics.ServeHTTP(w, httptest.NewRequest(http.MethodGet, "/metrics", nil))
	return w.Body.String()
}

func TestMakerMakesWhatPrometheusReads(t *testing.T) {
	tel := start(t, nil)
	m := telemetry.Maker{Meter: tel.Meter}
	m.Counter("tolov.things", "things").Add(t.Context(), 3)
	m.Seconds("tolov.wait", "waits").Record(t.Context(), .015)
	m.Gauge("tolov.level", "level", func(report telemetry.Report) { report(7) })
	if err := m.Err(); err != nil {
		t.Fatal(err)
	}
	for _, want := range []string{
		"tolov_things_total 3", "tolov_level 7", `tolov_wait_seconds_bucket{le="0.01"} 0`,
		`tolov_wait_seconds_bucket{le="0.02"} 1`, `tolov_wait_seconds_bucket{le="60"} 1`,
		`tolov_build_info{commit="abc",goversion="go1",version="v1.2.3"} 1`,
	} {
		if page := scrape(tel); !strings.Contains(page, want+"\n") {
			t.Errorf("no %q on the page", want)
		}
	}
}

func TestMakerGathersWhatWentWrong(t *testing.T) {
	m := telemetry.Maker{Meter: start(t, nil).Meter}
	m.Counter("", "no name")
	m.Seconds("with blanks", "no name either")
	if err := m.Err(); err == nil || strings.Count(err.Error(), "\n") != 1 {
		t.Errorf("%v", err)
	}
}

// Spans leave only when an address for them is set.
func TestSpansLeaveWhenAnAddressIsSet(t *testing.T) {
	got := make(chan string, 1)
	collector := httptest.NewServer(http.HandlerFunc(func(_ http.ResponseWriter, r *http.Request) {
		body, _ := io.ReadAll(r.Body)
		got <- r.URL.Path + " " + string(body)
	}))
	defer collector.Close()
	t.Setenv("OTEL_EXPORTER_OTLP_ENDPOINT", collector.URL)
	const endpoint = "OTEL_EXPORTER_OTLP_ENDPOINT"
	tel := start(t, map[string]string{endpoint: collector.URL})
	_, span := tel.Tracer.Start(t.Context(), "process payments.commands.pay")
	span.End()
	if err := tel.Stop(t.Context()); err != nil {
		t.Fatal(err)
	}
	sent := <-got
	for _, part := range []string{"/v1/traces ", "process payments.commands.pay", "tolov-test", "v1.2.3", "abc"} {
		if !strings.Contains(sent, part) {
			t.Errorf("no %q in what was exported: %q", part, sent)
		}
	}
	for _, off := range []map[string]string{
		nil,
		{endpoint: collector.URL, "OTEL_SDK_DISABLED": "true"},
		{endpoint: collector.URL, "OTEL_TRACES_EXPORTER": "none"},
	} {
		tel := start(t, off)
		_, span := tel.Tracer.Start(t.Context(), "x")
		if span.IsRecording() {
			t.Errorf("with %v spans are recorded", off)
		}
		if err := tel.Stop(t.Context()); err != nil {
			t.Error(err)
		}
	}
}

// The caller's trace id is in every event, telemetry on or off.
func TestTraceOfTheCallerPassesThroughWhenTelemetryIsOff(t *testing.T) {
	const parent = "00-" + traceID + "-00f067aa0ba902b7-01"
	in := propagation.MapCarrier{"traceparent": parent}
	ctx := telemetry.Propagator().Extract(t.Context(), in)
	ctx, span := telemetry.Off().Tracer.Start(ctx, "x")
	defer span.End()
	out := propagation.MapCarrier{}
	telemetry.Propagator().Inject(ctx, out)
	got := trace.SpanContextFromContext(ctx).TraceID().String()
	if got != traceID || !strings.Contains(out["traceparent"], traceID) {
		t.Errorf("%s, %v", got, out)
	}
	if err := telemetry.Off().Stop(ctx); err != nil {
		t.Error(err)
	}
}
