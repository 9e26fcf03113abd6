package main

import (
	"context"
	"errors"
	"strings"
	"time"

	"github.com/alecthomas/kong"
	"go.opentelemetry.io/otel/codes"
	"go.opentelemetry.io/otel/trace"

	"tolov/internal/build"
	"tolov/internal/telemetry"
)

const spansWait = 2 * time.Second // for what is left of them to be sent

// traced runs the verb in a span, under which everything hangs that the verb's command leads to. Spans are sent when
// OTEL_EXPORTER_OTLP_ENDPOINT says where.
func (a *app) traced(ctx context.Context, line *kong.Context) (err error) {
	t, err := telemetry.Start(ctx, "payctl", build.This(), a.getenv)
	if err != nil {
		return err
	}
	defer func() {
		ctx, cancel := context.WithTimeout(context.WithoutCancel(ctx), spansWait)
		defer cancel()
		if lost := t.Stop(ctx); lost != nil { // spans that could not be sent are no reason to fail
			show(a.errs, "payctl: traces not sent: %v\n", lost)
		}
	}()
	ctx, span := t.Tracer.Start(ctx, telemetry.SpanTool+words(line.Command()))
	defer func() {
		if err != nil && !errors.Is(err, errUnknown) {
			span.SetStatus(codes.Error, "exit code is not 0")
		}
		span.End()
	}()
	line.BindTo(ctx, (*context.Context)(nil))
	return line.Run(a)
}

// words are those of a command line without its arguments.
func words(command string) string {
	verbs, _, _ := strings.Cut(command, " <")
	return verbs
}

// ownTrace gives a command of the demo a trace of its own, as one that another request of the shop leads to has.
func (s *stage) ownTrace(ctx context.Context, verb string) (context.Context, trace.Span) {
	return trace.SpanFromContext(ctx).TracerProvider().Tracer(telemetry.Scope).Start(ctx,
		telemetry.SpanTool+"demo "+verb, trace.WithNewRoot())
}
