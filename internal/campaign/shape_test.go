package campaign_test

import (
	"fmt"
	"slices"
	"strings"
	"testing"
	"testing/synctest"
	"time"

	"go.opentelemetry.io/otel/codes"
	"go.opentelemetry.io/otel/sdk/trace/tracetest"

	"tolov/client"
	"tolov/internal/lab/traces"
	"tolov/internal/payment"
	"tolov/internal/providers/sandbox"
	"tolov/internal/telemetry"
)

// shopper is a service that publishes commands, each under a request's span of its own.
type shopper struct {
	h      *house
	client *client.Client
}

func (h *house) shopper() shopper {
	c, err := client.New(h.nc)
	h.must(err)
	return shopper{h, c}
}

// request publishes a command from within a request, and gives the request's trace.
func (s shopper) request(name string, cmd client.Command) string {
	ctx, span := s.h.telemetry.Tracer.Start(s.h.t.Context(), name)
	defer span.End()
	s.h.must(s.client.Publish(ctx, cmd))
	return span.SpanContext().TraceID().String()
}

// trace gives the spans of one trace that have ended.
func (l *listener) trace(id string) (found []traces.Span) {
	for _, s := range l.spans.GetSpans() {
		if s.SpanContext.TraceID().String() == id {
			found = append(found, spanOf(s))
		}
	}
	return found
}

func spanOf(s tracetest.SpanStub) traces.Span {
	span := traces.Span{
		Trace: s.SpanContext.TraceID().String(), ID: s.SpanContext.SpanID().String(), Name: s.Name,
		Parent: s.Parent.SpanID().String(), Start: s.StartTime, Took: s.EndTime.Sub(s.StartTime),
		Attributes: map[string]string{},
	}
	if s.Status.Code == codes.Error {
		span.Error = s.Status.Description
	}
	for _, a := range s.Attributes {
		span.Attributes[string(a.Key)] = a.Value.String()
	}
	for _, link := range s.Links {
		span.Links = append(span.Links, link.SpanContext.TraceID().String())
	}
	return span
}

// wantShape compares a trace with what is drawn, without the indentation that the test's own text has. Events are not
// in the drawing: the projector writes them beside the run that leads to them, so their place among its steps varies.
func wantShape(t *testing.T, what string, spans []traces.Span, want string) {
	t.Helper()
	spans = slices.DeleteFunc(slices.Clone(spans), isEvent)
	want = strings.TrimPrefix(strings.ReplaceAll(want, "\n\t\t\t", "\n"), "\n")
	want = strings.TrimRight(want, "\t")
	got := traces.Shape(spans, telemetry.AttrInDoubt, telemetry.AttrIntent, telemetry.AttrStatus)
	if got != want {
		t.Errorf("%s is\n%s\nwant\n%s", what, got, want)
	}
}

func isEvent(s traces.Span) bool { return strings.HasPrefix(s.Name, telemetry.SpanEvent) }

// wantEvents compares the events of a trace, all of which hang from the message that opened the payment.
func wantEvents(t *testing.T, spans []traces.Span, want string) {
	t.Helper()
	var names []string
	opened := slices.IndexFunc(spans, func(s traces.Span) bool { return s.Name == "process payments.commands.pay" })
	for _, s := range spans {
		if !isEvent(s) {
			continue
		}
		names = append(names, strings.TrimPrefix(s.Name, telemetry.SpanEvent))
		if s.Parent != spans[opened].ID {
			t.Errorf("%s hangs from another span", s.Name)
		}
		if doubt := s.Attributes[telemetry.AttrInDoubt] == "true"; doubt != (s.Name == "event in_doubt") {
			t.Errorf("%s is marked wrongly: %v", s.Name, s.Attributes)
		}
	}
	if got := strings.Join(names, ", "); got != want {
		t.Errorf("the trace has the events %s, want %s", got, want)
	}
}

// TestOnePaymentIsOneTrace wants all that a payment by token leads to under its publisher's trace id: the command, its
// records, every step with its requests, and the events.
func TestOnePaymentIsOneTrace(t *testing.T) {
	synctest.Test(t, func(t *testing.T) {
		h := newHouse(t, 1)
		defer h.close()
		heard := h.listen()
		h.start()
		id := h.shopper().request("checkout", client.Pay{
			ExtID: "t1", Provider: "atmos", Amount: 5000, Account: "t1", Card: client.Card{Token: "t"},
		})
		pass(10 * time.Second)
		wantShape(t, "the trace", heard.trace(id), `
			checkout
			  publish payments.commands.pay
			    process payments.commands.pay [tolov.payment.status=completed]
			      record [tolov.payment.status=accepted]
			      step atmos create
			        HTTP POST /atmos/token
			        HTTP POST /atmos/merchant/pay/create
			      step atmos pre-apply
			        HTTP POST /atmos/merchant/pay/pre-apply
			      record [tolov.intent=apply] [tolov.payment.status=processing]
			      step atmos apply
			        HTTP POST /atmos/merchant/pay/apply
			      record [tolov.payment.status=completed]
		`)
		wantEvents(t, heard.trace(id), "accepted, completed, receipt_issued")
		for _, e := range h.told(&verdicts{})[payment.ID("default", "t1")] {
			if !strings.Contains(e.TraceParent, id) {
				t.Errorf("event %s has another trace: %s", e.ID, e.TraceParent)
			}
		}
	})
}

// TestADoubtIsMarkedInItsTrace: the step whose outcome is not known, the record and the event that say so, and the
// timer that asked, all in the payment's trace.
func TestADoubtIsMarkedInItsTrace(t *testing.T) {
	synctest.Test(t, func(t *testing.T) {
		h := newHouse(t, 1)
		defer h.close()
		heard := h.listen()
		h.start()
		h.box.Script(sandbox.Fault{Op: "apply", Account: "t1", Kind: sandbox.SilentAfter, Times: 1})
		id := h.shopper().request("checkout", client.Pay{
			ExtID: "t1", Provider: "atmos", Amount: 5000, Account: "t1", Card: client.Card{Token: "t"},
		})
		pass(2 * time.Minute)
		const lost = "context deadline exceeded"
		wantShape(t, "the trace", heard.trace(id), fmt.Sprintf(`
			checkout
			  publish payments.commands.pay
			    process payments.commands.pay [tolov.in_doubt=true] [tolov.payment.status=in_doubt]
			      record [tolov.payment.status=accepted]
			      step atmos create
			        HTTP POST /atmos/token
			        HTTP POST /atmos/merchant/pay/create
			      step atmos pre-apply
			        HTTP POST /atmos/merchant/pay/pre-apply
			      record [tolov.intent=apply] [tolov.payment.status=processing]
			      step atmos apply [tolov.in_doubt=true] [error: unknown: network: %[1]s]
			        HTTP POST /atmos/merchant/pay/apply [error: network: %[1]s]
			      record [tolov.in_doubt=true] [tolov.payment.status=in_doubt]
			      process payments.timers.due.{payment_id} [tolov.payment.status=completed]
			        step atmos get
			          HTTP POST /atmos/merchant/pay/get
			        record [tolov.payment.status=completed]
		`, lost))
		wantEvents(t, heard.trace(id), "accepted, in_doubt, completed")
	})
}

// TestACodeLinksTwoTraces: the customer's code comes in a request of its own, minutes later. Its trace points back to
// the one that opened the payment, and that one has the events.
func TestACodeLinksTwoTraces(t *testing.T) {
	synctest.Test(t, func(t *testing.T) {
		h := newHouse(t, 1)
		defer h.close()
		heard := h.listen()
		h.start()
		shop := h.shopper()
		opened := shop.request("checkout", client.Pay{
			ExtID: "t1", Provider: "atmos", Amount: 5000, Account: "t1",
			Card: client.Card{Number: canaryPAN, Expiry: "9912"},
		})
		pass(3 * time.Minute)
		confirmed := shop.request("enter code", client.Confirm{ExtID: "t1", Code: canaryCode})
		pass(10 * time.Second)
		wantShape(t, "the second trace", heard.trace(confirmed), `
			enter code
			  publish payments.commands.confirm
			    process payments.commands.confirm [tolov.payment.status=completed] [links to 1]
			      record [tolov.intent=apply] [tolov.payment.status=processing]
			      step atmos apply
			        HTTP POST /atmos/merchant/pay/apply
			      record [tolov.payment.status=completed]
		`)
		for _, s := range heard.trace(confirmed) {
			if len(s.Links) > 0 && s.Links[0] != opened {
				t.Errorf("%s points to %s, want %s", s.Name, s.Links[0], opened)
			}
		}
		wantEvents(t, heard.trace(opened), "accepted, action_required, completed, receipt_issued")
	})
}

// TestADeadLetterIsAnErrorInItsTrace: nobody can use the message, and its span says so.
func TestADeadLetterIsAnErrorInItsTrace(t *testing.T) {
	synctest.Test(t, func(t *testing.T) {
		h := newHouse(t, 1)
		defer h.close()
		heard := h.listen()
		h.start()
		const id = "0af7651916cd43dd8448eb211c80319c"
		h.send(payment.VerbPay, "00-"+id+"-b7ad6b7169203331-01", `{"ext_id": `)
		pass(10 * time.Second)
		wantShape(t, "the trace", heard.trace(id), `
			process payments.commands.pay [error: dead letter: not_json]
		`)
	})
}
