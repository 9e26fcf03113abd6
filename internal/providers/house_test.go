package providers_test

import (
	"net/http"
	"net/http/httptest"
	"strings"
	"testing"
	"testing/synctest"
	"time"

	"go.opentelemetry.io/otel/sdk/trace"
	"go.opentelemetry.io/otel/sdk/trace/tracetest"

	"tolov/internal/build"
	"tolov/internal/config"
	"tolov/internal/payment"
	"tolov/internal/providers"
	"tolov/internal/providers/providertest"
	"tolov/internal/providers/rest"
	"tolov/internal/providers/sandbox"
	"tolov/internal/saga"
	"tolov/internal/telemetry"
)

const (
	timeout    = 15 * time.Second
	cardToken  = "tok-of-a-linked-card"
	cardNumber = "9860090101014364"
	secretCode = "111111"
)

// house is a guard before the sandbox, with all that it tells about itself.
type house struct {
	*providers.Guard
	t     *testing.T
	box   *sandbox.Sandbox
	spans *tracetest.SpanRecorder
	page  *telemetry.Telemetry
}

func merchants() map[string]config.Merchant {
	return map[string]config.Merchant{
		"default": {Atmos: config.Atmos{
			BaseURL: providertest.Host + "/atmos", StoreID: "7",
			ConsumerKey: payment.NewSecret("consumer-key"), ConsumerSecret: payment.NewSecret("consumer-secret"),
		}},
		"other": {Atmos: config.Atmos{
			BaseURL: providertest.Host + "/atmos", StoreID: "8",
			ConsumerKey: payment.NewSecret("consumer-key"), ConsumerSecret: payment.NewSecret("consumer-secret"),
		}},
		"empty": {},
	}
}

// inHouse runs a test in a bubble: time passes when everybody waits.
func inHouse(t *testing.T, f func(h *house)) {
	t.Helper()
	synctest.Test(t, func(t *testing.T) {
		h := &house{t: t, box: sandbox.New(sandbox.Options{}), spans: tracetest.NewSpanRecorder()}
		client := rest.New(64, providertest.Serve(t, h.box.Handler()))
		t.Cleanup(h.box.Close)
		t.Cleanup(client.Close)
		registry, err := providers.NewRegistry(merchants(), client, time.Now, nil)
		if err != nil {
			t.Fatal(err)
		}
		h.page, err = telemetry.Start(t.Context(), "test", build.This(), func(string) string { return "" })
		if err != nil {
			t.Fatal(err)
		}
		h.page.Tracer = trace.NewTracerProvider(trace.WithSpanProcessor(h.spans)).Tracer(telemetry.Scope)
		if h.Guard, err = providers.NewGuard(registry, timeout, h.page); err != nil {
			t.Fatal(err)
		}
		f(h)
	})
}

// call is a step of one payment.
func call(step string) saga.Call {
	return saga.Call{
		Step: step, Transaction: "1", Amount: 5_000_000, Attempt: 1, Asks: step == "get",
		Payment: &payment.Payment{ID: "pay_x", Merchant: "default", Provider: "atmos", Account: "order-1"},
		Card:    &payment.CardInput{Token: payment.NewSecret(cardToken)}, Code: payment.NewSecret(secretCode),
	}
}

func (h *house) make(c saga.Call) payment.Answer { return h.Do(h.t.Context(), c) }

// do makes a step and insists on its outcome.
func (h *house) do(step string, want payment.Outcome) payment.Answer {
	h.t.Helper()
	a := h.make(call(step))
	if a.Outcome != want {
		h.t.Errorf("%s is %s (%s), want %s", step, a.Outcome, a.Note, want)
	}
	return a
}

// arrived is how many calls of a step reached the provider.
func (h *house) arrived(step string) int { return h.box.Calls()["atmos."+step] }

// metric gives the lines of the metrics page that begin with name and hold all parts.
func (h *house) metric(name string, parts ...string) []string {
	h.t.Helper()
	w := httptest.NewRecorder()
	h.page.Metrics.ServeHTTP(w, httptest.NewRequest(http.MethodGet, "/metrics", nil))
	var found []string
	for line := range strings.Lines(w.Body.String()) {
		fits := strings.HasPrefix(line, name)
		for _, part := range parts {
			fits = fits && strings.Contains(line, part)
		}
		if fits {
			found = append(found, strings.TrimSpace(line))
		}
	}
	return found
}

// value is the one value of a metric.
func (h *house) value(want, name string, parts ...string) {
	h.t.Helper()
	lines := h.metric(name, parts...)
	if len(lines) != 1 || !strings.HasSuffix(lines[0], " "+want) {
		h.t.Errorf("%s %v is %q, want %s", name, parts, lines, want)
	}
}
