package events_test

import (
	"context"
	"regexp"
	"slices"
	"strconv"
	"testing"
	"time"

	"github.com/nats-io/nats.go"
	"pgregory.net/rapid"

	"tolov/internal/events"
	"tolov/internal/payment"
	"tolov/internal/telemetry"
)

const trace = "00-0af7651916cd43dd8448eb211c80319c-b7ad6b7169203331-01"

// NATS headers are case-sensitive and their writers are not: any case is read, the usual one is written.
func TestTheTraceHeaderIsReadInAnyCase(t *testing.T) {
	for _, name := range []string{"traceparent", "Traceparent", "TraceParent", "TRACEPARENT"} {
		m := nats.NewMsg("x")
		m.Header[name] = []string{trace}
		ctx := telemetry.Propagator().Extract(t.Context(), events.Header(m.Header))
		if got := events.TraceParent(ctx, payment.ID("default", "order-1")); got != trace {
			t.Errorf("%s: %s", name, got)
		}
	}
}

func TestTheTraceHeaderIsWrittenInLowerCase(t *testing.T) {
	ctx := telemetry.Propagator().Extract(t.Context(), events.Header{"traceparent": {trace}})
	out := events.Header{}
	telemetry.Propagator().Inject(ctx, out)
	if !slices.Equal(out.Keys(), []string{"traceparent"}) || out.Get("Traceparent") != trace {
		t.Errorf("%v", out)
	}
}

func TestOfSeveralSpellingsTheExactOneCounts(t *testing.T) {
	h := events.Header{"Traceparent": {"other"}, "traceparent": {trace, "second"}, "TRACEPARENT": {"third"}}
	for range 20 { // a map has no order
		if got := h.Get("traceparent"); got != trace {
			t.Fatal(got)
		}
	}
	if (events.Header{"traceparent": nil}).Get("traceparent") != "" || (events.Header{}).Get("traceparent") != "" {
		t.Error("a header without a value has one")
	}
}

// Contract: the caller's trace id is in every event, telemetry on or off; without a caller's, all events of a payment
// share one.
func TestAPaymentWithoutATraceGetsOneOfItsOwn(t *testing.T) {
	form := regexp.MustCompile(`^00-[0-9a-f]{32}-[0-9a-f]{16}-00$`)
	rapid.Check(t, func(t *rapid.T) {
		extID := rapid.StringMatching(`[a-z0-9]{1,9}`)
		a, b := extID.Draw(t, "a"), extID.Draw(t, "b")
		one := events.TraceParent(context.Background(), payment.ID("default", a))
		two := events.TraceParent(context.Background(), payment.ID("default", b))
		if !form.MatchString(one) || (one == two) != (a == b) {
			t.Fatalf("%s, %s", one, two)
		}
		ctx := telemetry.Propagator().Extract(context.Background(), events.Header{"traceparent": {one}})
		if events.TraceParent(ctx, "another") != one {
			t.Fatalf("%s is no trace", one)
		}
	})
}

func TestABrokenTraceHeaderIsNone(t *testing.T) {
	id := payment.ID("default", "order-1")
	for _, broken := range []string{"", "00-x", "00-00000000000000000000000000000000-b7ad6b7169203331-01", trace + "x"} {
		ctx := telemetry.Propagator().Extract(t.Context(), events.Header{"traceparent": {broken}})
		if got := events.TraceParent(ctx, id); got != events.TraceParent(t.Context(), id) {
			t.Errorf("%q became %s", broken, got)
		}
	}
}

func TestATraceParentIsRead(t *testing.T) {
	s := events.SpanContext(trace)
	if s.TraceID().String() != "0af7651916cd43dd8448eb211c80319c" || !s.IsSampled() || !s.IsRemote() {
		t.Errorf("%+v", s)
	}
	if events.SpanContext("").IsValid() || events.SpanContext("00-x").IsValid() {
		t.Error("no trace is a trace")
	}
}

// A wake-up hours later does not belong in the trace of whoever armed it.
func TestATimerThatRanForHoursIsLong(t *testing.T) {
	at := time.Date(2026, time.March, 1, 0, 0, 0, 0, time.UTC)
	for armed, want := range map[string]bool{
		strconv.FormatInt(at.Add(-59*time.Minute).UnixMilli(), 10): false,
		strconv.FormatInt(at.Add(-61*time.Minute).UnixMilli(), 10): true,
		"": false, "soon": false,
	} {
		d := &events.Delivery{Stored: at, Header: nats.Header{events.HeaderArmed: {armed}}}
		if events.Long(d) != want {
			t.Errorf("armed at %q: %t", armed, !want)
		}
	}
	if events.Long(&events.Delivery{Stored: at}) {
		t.Error("a message that is no timer is long")
	}
}
