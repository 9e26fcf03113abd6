// Jaeger starts a real Jaeger, lets `payctl demo` play beside it with its spans sent there, and prints the trace of
// every command as text. Then it stays, so that Jaeger can be asked, until it is told to end.
package main

import (
	"context"
	"errors"
	"flag"
	"fmt"
	"io"
	"os"
	"os/exec"
	"os/signal"
	"path/filepath"
	"syscall"

	"tolov/internal/lab/traces"
	"tolov/internal/telemetry"
)

func main() {
	ctx, stop := signal.NotifyContext(context.Background(), syscall.SIGINT, syscall.SIGTERM)
	err := run(ctx, os.Args[1:], os.Stdout)
	stop()
	if err != nil {
		fmt.Fprintln(os.Stderr, "jaeger:", err)
		os.Exit(1)
	}
}

func run(ctx context.Context, args []string, out io.Writer) error {
	flags := flag.NewFlagSet("jaeger", flag.ContinueOnError)
	bin := flags.String("bin", "bin", "where jaeger, payctl, worker and webhook-ingress are")
	config := flags.String("config", "tools/jaeger/config.yaml", "Jaeger's configuration")
	query := flags.String("query", "127.0.0.1:16686", "where Jaeger is asked")
	otlp := flags.String("otlp", "127.0.0.1:4318", "where spans are sent")
	leave := flags.Bool("leave", false, "end after the demo")
	if err := flags.Parse(args); err != nil {
		return err
	}
	j, err := traces.Start(ctx, filepath.Join(*bin, "jaeger"), *config, *query, *otlp)
	if err != nil {
		return err
	}
	err = show(ctx, j, filepath.Join(*bin, "payctl"), out)
	if err == nil && !*leave {
		_, err = fmt.Fprintf(out, "\nJaeger answers at %s/api/traces?service=payctl and takes spans at %s: \n"+
			"OTEL_EXPORTER_OTLP_ENDPOINT=%[2]s bin/worker sends them there. Ctrl-C ends it.\n", j.URL, j.OTLP)
		<-ctx.Done()
	}
	return errors.Join(err, j.Stop())
}

// show plays the demo and prints what Jaeger has of it.
func show(ctx context.Context, j *traces.Process, payctl string, out io.Writer) error {
	demo := exec.CommandContext(ctx, payctl, "demo")
	demo.Env = append(os.Environ(), "OTEL_EXPORTER_OTLP_ENDPOINT="+j.OTLP)
	demo.Stdout, demo.Stderr = out, os.Stderr
	if err := demo.Run(); err != nil {
		return fmt.Errorf("demo: %w", err)
	}
	found, err := j.Find(ctx, "payctl")
	if err != nil {
		return err
	}
	for _, trace := range found {
		if _, err := fmt.Fprintf(out, "\ntrace %s\n%s", trace[0].Trace, traces.Timeline(trace,
			telemetry.AttrStatus, telemetry.AttrIntent, telemetry.AttrInDoubt)); err != nil {
			return err
		}
	}
	return nil
}
