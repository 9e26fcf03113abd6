package telemetry_test

import (
	"bytes"
	"context"
	"encoding/json"
	"log/slog"
	"os"
	"strings"
	"testing"

	"go.opentelemetry.io/otel/trace"

	"tolov/internal/payment"
	"tolov/internal/telemetry"
)

const traceID = "4bf92f3577b34da6a3ce929d0e0e4736"

// traced is a context that carries a caller's trace.
func traced(t *testing.T) context.Context {
	t.Helper()
	id, err := trace.TraceIDFromHex(traceID)
	if err != nil {
		t.Fatal(err)
	}
	return trace.ContextWithSpanContext(t.Context(), trace.NewSpanContext(trace.SpanContextConfig{
		TraceID: id, SpanID: trace.SpanID{1}, Remote: true,
	}))
}

// line logs one line and reads it back.
func line(t *testing.T, say func(*slog.Logger)) map[string]any {
	t.Helper()
	var out bytes.Buffer
	log, err := telemetry.NewLogger(&out, "debug", "json")
	if err != nil {
		t.Fatal(err)
	}
	say(log)
	var got map[string]any
	if err := json.Unmarshal(out.Bytes(), &got); err != nil {
		t.Fatalf("%q: %v", out.String(), err)
	}
	return got
}

func TestLogLineCarriesTheTraceOfItsContext(t *testing.T) {
	for name, say := range map[string]func(*slog.Logger){
		"plain":      func(l *slog.Logger) { l.InfoContext(traced(t), "x") },
		"attributes": func(l *slog.Logger) { l.With("a", 1).InfoContext(traced(t), "x") },
	} {
		if got := line(t, say); got["trace_id"] != traceID {
			t.Errorf("%s: %v", name, got)
		}
	}
	if got := line(t, func(l *slog.Logger) { l.Info("x") }); got["trace_id"] != nil {
		t.Errorf("a trace from nowhere: %v", got)
	}
	grouped := line(t, func(l *slog.Logger) { l.WithGroup("g").InfoContext(traced(t), "x", "a", 1) })
	if inside, ok := grouped["g"].(map[string]any); !ok || inside["trace_id"] != traceID {
		t.Errorf("in a group: %v", grouped)
	}
}

// H73: whoever logs a secret by mistake logs stars.
func TestLogLineHidesSecrets(t *testing.T) {
	got := line(t, func(l *slog.Logger) {
		number, token := payment.NewSecret("8600490000003347"), payment.NewSecret("tok")
		l.Info("x", "card", number, "input", payment.CardInput{Token: token})
	})
	if text, _ := json.Marshal(got); strings.Contains(string(text), "8600") || strings.Contains(string(text), "tok\"") {
		t.Errorf("%s", text)
	}
}

func TestLogLevelIsALowerBound(t *testing.T) {
	for level, want := range map[string]int{"debug": 4, "INFO": 3, "warn": 2, "error": 1} {
		var out bytes.Buffer
		log, err := telemetry.NewLogger(&out, level, "text")
		if err != nil {
			t.Fatal(err)
		}
		for _, at := range []slog.Level{slog.LevelDebug, slog.LevelInfo, slog.LevelWarn, slog.LevelError} {
			log.Log(t.Context(), at, "said")
		}
		if n := strings.Count(out.String(), "msg=said"); n != want {
			t.Errorf("%s lets %d lines through, want %d", level, n, want)
		}
	}
}

func TestLogFormatIsJSONWhereNobodyLooks(t *testing.T) {
	notATerminal, err := os.CreateTemp(t.TempDir(), "log")
	if err != nil {
		t.Fatal(err)
	}
	log, err := telemetry.NewLogger(notATerminal, "info", "")
	if err != nil {
		t.Fatal(err)
	}
	log.Info("said")
	text, err := os.ReadFile(notATerminal.Name())
	if err != nil || !json.Valid(text) {
		t.Errorf("%q, %v", text, err)
	}
}

func TestWrongLogSettingIsNamed(t *testing.T) {
	for want, setting := range map[string][2]string{
		"LOG_LEVEL: must be debug, info, warn or error": {"loud", ""},
		"LOG_FORMAT: must be text or json":              {"info", "xml"},
	} {
		if _, err := telemetry.NewLogger(os.Stderr, setting[0], setting[1]); err == nil || err.Error() != want {
			t.Errorf("%v: %v, want %s", setting, err, want)
		}
	}
}
