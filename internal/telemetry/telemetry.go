package telemetry

import (
	"context"
	"errors"
	"fmt"
	"net/http"

	"github.com/prometheus/client_golang/prometheus"
	"github.com/prometheus/client_golang/prometheus/collectors"
	"github.com/prometheus/client_golang/prometheus/promhttp"
	"go.opentelemetry.io/otel/attribute"
	"go.opentelemetry.io/otel/exporters/otlp/otlptrace/otlptracehttp"
	otelprom "go.opentelemetry.io/otel/exporters/prometheus"
	"go.opentelemetry.io/otel/metric"
	"go.opentelemetry.io/otel/propagation"
	sdkmetric "go.opentelemetry.io/otel/sdk/metric"
	"go.opentelemetry.io/otel/sdk/resource"
	sdktrace "go.opentelemetry.io/otel/sdk/trace"
	semconv "go.opentelemetry.io/otel/semconv/v1.37.0"
	"go.opentelemetry.io/otel/trace"
	"go.opentelemetry.io/otel/trace/noop"

	"tolov/internal/build"
)

// Telemetry is a process's tracer, meter and metrics page.
type Telemetry struct {
	Tracer  trace.Tracer
	Meter   metric.Meter
	Metrics http.Handler
	stop    []func(context.Context) error
}

// Off records nothing; trace context still passes through.
func Off() *Telemetry {
	return &Telemetry{
		Tracer: noop.NewTracerProvider().Tracer(Scope), Meter: sdkmetric.NewMeterProvider().Meter(Scope),
		Metrics: http.NotFoundHandler(),
	}
}

// Start sets a process's telemetry up. Spans are exported when getenv names an OTLP endpoint; the exporter reads the
// other OTEL_* variables itself.
func Start(ctx context.Context, service string, about build.Info, getenv func(string) string) (*Telemetry, error) {
	origin, err := resource.New(ctx, resource.WithFromEnv(), resource.WithTelemetrySDK(), resource.WithAttributes(
		semconv.ServiceName(service), semconv.ServiceVersion(about.Version), semconv.VCSRefHeadRevision(about.Commit)))
	if err != nil && !errors.Is(err, resource.ErrPartialResource) {
		return nil, fmt.Errorf("telemetry: %w", err)
	}
	t := Off()
	if err := t.startMetrics(origin, about); err != nil {
		return nil, err
	}
	if wanted(getenv) {
		exporter, err := otlptracehttp.New(ctx)
		if err != nil {
			return nil, fmt.Errorf("telemetry: OTLP: %w", err)
		}
		provider := sdktrace.NewTracerProvider(sdktrace.WithBatcher(exporter), sdktrace.WithResource(origin))
		t.Tracer = provider.Tracer(Scope)
		t.stop = append(t.stop, provider.Shutdown)
	}
	return t, nil
}

func wanted(getenv func(string) string) bool {
	if getenv("OTEL_SDK_DISABLED") == "true" || getenv("OTEL_TRACES_EXPORTER") == "none" {
		return false
	}
	return getenv("OTEL_EXPORTER_OTLP_ENDPOINT") != "" || getenv("OTEL_EXPORTER_OTLP_TRACES_ENDPOINT") != ""
}

func (t *Telemetry) startMetrics(origin *resource.Resource, about build.Info) error {
	registry := prometheus.NewRegistry()
	registry.MustRegister(collectors.NewGoCollector(), collectors.NewProcessCollector(collectors.ProcessCollectorOpts{}))
	exporter, err := otelprom.New(otelprom.WithRegisterer(registry), otelprom.WithoutScopeInfo())
	if err != nil {
		return fmt.Errorf("telemetry: metrics: %w", err)
	}
	seconds := sdkmetric.NewView(sdkmetric.Instrument{Unit: "s", Kind: sdkmetric.InstrumentKindHistogram},
		sdkmetric.Stream{Aggregation: sdkmetric.AggregationExplicitBucketHistogram{
			Boundaries: []float64{.002, .005, .01, .02, .05, .1, .2, .5, 1, 2, 5, 10, 20, 60},
		}})
	provider := sdkmetric.NewMeterProvider(
		sdkmetric.WithReader(exporter), sdkmetric.WithResource(origin), sdkmetric.WithView(seconds))
	t.Meter = provider.Meter(Scope)
	named := Maker{Meter: t.Meter}
	named.Gauge(MetricBuild, "1, with what the build is called", func(report Report) {
		report(1, metric.WithAttributes(attribute.String(AttrVersion, about.Version),
			attribute.String(AttrCommit, about.Commit), attribute.String(AttrCompiler, about.Go)))
	})
	t.Metrics = promhttp.HandlerFor(registry, promhttp.HandlerOpts{})
	t.stop = append(t.stop, provider.Shutdown)
	return named.Err()
}

// Stop sends what is still on its way.
func (t *Telemetry) Stop(ctx context.Context) error {
	var faults []error
	for _, stop := range t.stop {
		faults = append(faults, stop(ctx))
	}
	return errors.Join(faults...)
}

// Propagator reads and writes W3C trace context.
func Propagator() propagation.TextMapPropagator { return propagation.TraceContext{} }
