package client_test

import (
	"context"
	"errors"
	"log/slog"
	"slices"
	"strings"
	"testing"

	"github.com/nats-io/nats.go"
	sdktrace "go.opentelemetry.io/otel/sdk/trace"
	"go.opentelemetry.io/otel/sdk/trace/tracetest"
	"go.opentelemetry.io/otel/trace"

	"tolov/client"
	"tolov/internal/embedded"
	"tolov/internal/telemetry"
)

// bare is a NATS server that no worker has been on.
func bare(t *testing.T) *nats.Conn {
	t.Helper()
	server, err := embedded.StartNATS(embedded.NATSOptions{
		DataDir: t.TempDir(), Listen: "127.0.0.1:0", Log: slog.New(slog.DiscardHandler),
	})
	if err != nil {
		t.Fatal(err)
	}
	t.Cleanup(func() {
		if err := server.Stop(); err != nil {
			t.Error(err)
		}
	})
	nc, err := server.Connect()
	if err != nil {
		t.Fatal(err)
	}
	t.Cleanup(nc.Close)
	return nc
}

func over(t *testing.T, nc *nats.Conn) *client.Client {
	t.Helper()
	c, err := client.New(nc)
	if err != nil {
		t.Fatal(err)
	}
	return c
}

// H30: an acknowledgement may get lost after the message was stored; the repeat must be the same message.
func TestPublishWhoseAckIsLostIsRepeatedAsTheSameMessage(t *testing.T) {
	nc := bare(t)
	sent := make(chan *nats.Msg, 2)
	_, err := nc.Subscribe("payments.commands.pay", func(m *nats.Msg) {
		sent <- m
		if len(sent) == 2 { // the first acknowledgement is lost
			_ = m.Respond([]byte(`{"stream":"PAYMENTS_COMMANDS","seq":1}`))
		}
	})
	if err != nil {
		t.Fatal(err)
	}
	if err := over(t, nc).Publish(patient(t), byToken("order-1")); err != nil {
		t.Fatal(err)
	}
	first, second := <-sent, <-sent
	if id := first.Header.Get("Nats-Msg-Id"); id == "" || id != second.Header.Get("Nats-Msg-Id") {
		t.Errorf("sent as %q, then as %q", id, second.Header.Get("Nats-Msg-Id"))
	}
	if string(first.Data) != string(second.Data) {
		t.Error("the repeat is another command")
	}
}

func TestTraceOfTheCallerComesBackInEveryEvent(t *testing.T) {
	c := dial(t)
	const id = "4bf92f3577b34da6a3ce929d0e0e4736"
	traceID, _ := trace.TraceIDFromHex(id)
	spanID, _ := trace.SpanIDFromHex("00f067aa0ba902b7")
	ctx := trace.ContextWithSpanContext(patient(t), trace.NewSpanContext(trace.SpanContextConfig{
		TraceID: traceID, SpanID: spanID, TraceFlags: trace.FlagsSampled,
	}))
	var traces []string
	if _, err := c.Do(ctx, byToken(fresh()), func(e client.Event) {
		traces = append(traces, e.TraceParent)
	}); err != nil {
		t.Fatal(err)
	}
	if len(traces) < 2 || slices.ContainsFunc(traces, func(s string) bool { return !strings.Contains(s, id) }) {
		t.Errorf("traces of the events: %v", traces)
	}
}

// A message that names no payment would be a dead letter, and its sender would never hear of it.
func TestCommandsThatNameNoPaymentAreNotSent(t *testing.T) {
	c := over(t, bare(t))
	big := byToken("order-1")
	big.Metadata = map[string]string{"note": strings.Repeat("x", 64<<10)}
	other := byToken("order-1")
	other.Merchant = "The Shop"
	for want, cmd := range map[string]client.Command{
		"ExtID": byToken("order 17"), "Merchant": other, "Metadata": big,
	} {
		err := c.Publish(t.Context(), cmd)
		if !errors.Is(err, client.ErrInvalid) || !strings.Contains(err.Error(), want) {
			t.Errorf("want an error that names %q, got %v", want, err)
		}
	}
}

func TestErrorsTellWhatIsMissing(t *testing.T) {
	c := over(t, bare(t))
	id := client.PaymentID("", "order-1")
	_, getErr := c.Get(t.Context(), id)
	_, waitErr := c.Outcome(t.Context(), id)
	_, doErr := c.Do(t.Context(), byToken("order-1"))
	_, sealErr := c.Seal(t.Context(), id, client.Card{Token: "tok"})
	for _, e := range []struct{ got, want error }{
		{c.Publish(t.Context(), byToken("order-1")), client.ErrNoStreams},
		{getErr, client.ErrNoWorker}, {sealErr, client.ErrNoWorker},
		{waitErr, client.ErrNoStreams}, {doErr, client.ErrNoStreams},
	} {
		if !errors.Is(e.got, e.want) {
			t.Errorf("got %v, want %v", e.got, e.want)
		}
	}
	if _, err := client.Connect("nats://me:hunter2@127.0.0.1:1"); err == nil || strings.Contains(err.Error(), "hunter2") {
		t.Errorf("%v", err)
	}
	for _, err := range []error{waitOn(c, "payments.>"), waitOn(c, "order-1")} {
		if err == nil || !strings.Contains(err.Error(), "client.PaymentID") {
			t.Errorf("%v", err)
		}
	}
}

func waitOn(c *client.Client, id string) error {
	_, err := c.Wait(context.Background(), id, func(client.Event) bool { return true })
	return err
}

// A caller's span gets a child for the publishing, under the names that all of Tolov's spans have, and the command
// carries that child on.
func TestPublishIsASpanOfTheCallersTrace(t *testing.T) {
	spans := tracetest.NewInMemoryExporter()
	provider := sdktrace.NewTracerProvider(sdktrace.WithSyncer(spans))
	ctx, request := provider.Tracer("shop").Start(patient(t), "checkout")
	extID := fresh()
	c := dial(t)
	if err := c.Publish(ctx, byToken(extID)); err != nil {
		t.Fatal(err)
	}
	got := spans.GetSpans()
	if len(got) != 1 || got[0].Name != telemetry.SpanPublish+"payments.commands.pay" ||
		got[0].Parent.SpanID() != request.SpanContext().SpanID() ||
		string(got[0].Attributes[0].Key) != telemetry.AttrPaymentID {
		t.Fatalf("spans %+v", got)
	}
	e, err := c.Outcome(patient(t), client.PaymentID("", extID))
	if err != nil || !strings.Contains(e.TraceParent, request.SpanContext().TraceID().String()) {
		t.Errorf("the event has the trace %s, %v", e.TraceParent, err)
	}
}
