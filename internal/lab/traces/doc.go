// Package traces shows a trace as text, and reads one from Jaeger's HTTP API: what a person sees on its page, a test
// and the docs see too. It knows nothing of payments.
package traces
