// Package telemetry sets up OpenTelemetry and slog, and lists every span, metric and attribute name (names.go).
//
// Traces leave by OTLP when the standard OTEL_EXPORTER_OTLP_ENDPOINT is set; metrics are read at /metrics. No name here
// and no value given to one may hold a secret (H73).
package telemetry
