package traces_test

import (
	"bytes"
	"context"
	"flag"
	"net"
	"os"
	"os/exec"
	"path/filepath"
	"slices"
	"strconv"
	"strings"
	"testing"
	"time"

	"tolov/internal/lab"
	"tolov/internal/lab/traces"
	"tolov/internal/telemetry"
)

var bin = flag.String("bin", "", "where jaeger and Tolov's programs are; without it, no Jaeger is asked")

// demo plays the demo with its spans sent to a real Jaeger, and gives the traces that Jaeger has of it.
func demo(t *testing.T) [][]traces.Span {
	t.Helper()
	if *bin == "" {
		t.Skip("make jaeger-test")
	}
	ports, err := lab.FreePorts(2)
	if err != nil {
		t.Fatal(err)
	}
	ctx, cancel := context.WithTimeout(t.Context(), 3*time.Minute)
	defer cancel()
	at := func(i int) string { return net.JoinHostPort("127.0.0.1", strconv.Itoa(ports[i])) }
	j, err := traces.Start(ctx, filepath.Join(*bin, "jaeger"), "../../../tools/jaeger/config.yaml", at(0), at(1))
	if err != nil {
		t.Fatal(err)
	}
	defer func() {
		if err := j.Stop(); err != nil {
			t.Error(err)
		}
	}()
	var out bytes.Buffer
	play := exec.CommandContext(ctx, filepath.Join(*bin, "payctl"), "demo")
	play.Env = append(os.Environ(), "OTEL_EXPORTER_OTLP_ENDPOINT="+j.OTLP)
	play.Stdout, play.Stderr = &out, &out
	if err := play.Run(); err != nil {
		t.Fatalf("%v\n%s", err, out.String())
	}
	found, err := j.Find(ctx, "payctl")
	if err != nil {
		t.Fatal(err)
	}
	return found
}

// TestJaegerShowsWhatAPaymentDid asks a real Jaeger about a run of the real programs: a payment by token is one trace,
// a doubt and a refusal are marked, what came after a customer's code points back, and no attribute of any span holds a
// secret.
func TestJaegerShowsWhatAPaymentDid(t *testing.T) {
	found := demo(t)
	if len(found) < 15 {
		t.Fatalf("only %d traces", len(found))
	}
	t.Run("by token", func(t *testing.T) { byToken(t, found) })
	t.Run("in doubt", func(t *testing.T) { inDoubt(t, found) })
	t.Run("declined", func(t *testing.T) { declined(t, found) })
	t.Run("with a code", func(t *testing.T) { withCode(t, found) })
	t.Run("secrets", func(t *testing.T) { noSecrets(t, found) })
}

// of gives the first trace that has a span with this name and all these marks.
func of(t *testing.T, found [][]traces.Span, parts ...string) []traces.Span {
	t.Helper()
	for _, spans := range found {
		shape := traces.Shape(spans, telemetry.AttrInDoubt, telemetry.AttrStatus)
		if !slices.ContainsFunc(parts, func(part string) bool { return !strings.Contains(shape, part) }) {
			return spans
		}
	}
	t.Fatalf("no trace has %q", parts)
	return nil
}

func byToken(t *testing.T, found [][]traces.Span) {
	spans := of(t, found, "payctl demo pay\n", "event completed", "step atmos pre-apply")
	run := slices.DeleteFunc(slices.Clone(spans), func(s traces.Span) bool {
		return strings.HasPrefix(s.Name, telemetry.SpanEvent) || strings.HasSuffix(s.Name, "/token")
	})
	want := strings.Join([]string{
		"payctl demo pay",
		"  publish payments.commands.pay",
		"    process payments.commands.pay",
		"      record",
		"      step atmos create",
		"        HTTP POST /atmos/merchant/pay/create",
		"      step atmos pre-apply",
		"        HTTP POST /atmos/merchant/pay/pre-apply",
		"      record",
		"      step atmos apply",
		"        HTTP POST /atmos/merchant/pay/apply",
		"      record", "",
	}, "\n")
	if got := traces.Shape(run); got != want {
		t.Errorf("the trace is\n%swant\n%s", got, want)
	}
	for _, s := range spans {
		if s.Trace != spans[0].Trace {
			t.Errorf("%s is of another trace", s.Name)
		}
	}
	for _, service := range []string{"payctl", "tolov-worker"} {
		if !slices.ContainsFunc(spans, func(s traces.Span) bool { return s.Service == service }) {
			t.Errorf("no span of %s", service)
		}
	}
}

func inDoubt(t *testing.T, found [][]traces.Span) {
	shape := traces.Shape(of(t, found, "event in_doubt"), telemetry.AttrInDoubt)
	for _, want := range []string{
		"process payments.commands.pay [tolov.in_doubt=true]\n",
		"step atmos apply [tolov.in_doubt=true] [error: unknown: network: context deadline exceeded]\n",
		"event in_doubt [tolov.in_doubt=true]\n", "process payments.timers.due.{payment_id}\n", "step atmos get\n",
		"event completed\n",
	} {
		if !strings.Contains(shape, want) {
			t.Errorf("no %q in\n%s", want, shape)
		}
	}
}

func declined(t *testing.T, found [][]traces.Span) {
	shape := traces.Shape(of(t, found, "event failed"))
	if !strings.Contains(shape, "step atmos apply [error: declined]\n") {
		t.Errorf("the refused step is not marked:\n%s", shape)
	}
}

func withCode(t *testing.T, found [][]traces.Span) {
	confirmed := of(t, found, "payctl demo confirm\n", "publish payments.commands.confirm\n", "step atmos apply\n")
	opened := map[string]bool{}
	for _, spans := range found {
		for _, s := range spans {
			opened[s.Trace] = opened[s.Trace] || s.Name == "event action_required"
		}
	}
	for _, s := range confirmed {
		if strings.HasPrefix(s.Name, telemetry.SpanProcess) && (len(s.Links) != 1 || !opened[s.Links[0]]) {
			t.Errorf("%s points to %v, want the trace that waited for the code", s.Name, s.Links)
		}
	}
}

// noSecrets searches every span for what the demo's commands carry (cmd/payctl/scenes.go): I8, H73.
func noSecrets(t *testing.T, found [][]traces.Span) {
	secrets := []string{
		"8600490744313347", "8600120034560007", "4111111111111111", "linked-card-of", "insufficient-card-of",
		"41508950230106", "7654321", "Karimov", "Bearer", "Basic ",
	}
	texts := map[string]string{} // and where each stands
	for _, s := range slices.Concat(found...) {
		texts[s.Name], texts[s.Error] = s.Name, s.Name
		for name, value := range s.Attributes {
			texts[name], texts[value] = s.Name, s.Name
		}
	}
	if len(texts) < 100 {
		t.Errorf("only %d texts were searched", len(texts))
	}
	for text, where := range texts {
		told := text == "111111" // the code; other texts may have it by chance
		for _, secret := range secrets {
			told = told || strings.Contains(text, secret)
		}
		if told {
			t.Errorf("the span %s tells %s", where, text)
		}
	}
}
