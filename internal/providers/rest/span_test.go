package rest_test

import (
	"context"
	"fmt"
	"net/http"
	"net/http/httptest"
	"strings"
	"testing"

	"go.opentelemetry.io/otel/codes"
	"go.opentelemetry.io/otel/sdk/trace"
	"go.opentelemetry.io/otel/sdk/trace/tracetest"

	"tolov/internal/providers/rest"
)

// exchanged makes a request from within a span and gives the spans that came of it, the outer one aside.
func exchanged(t *testing.T, path string, answer http.HandlerFunc) tracetest.SpanStubs {
	t.Helper()
	server := httptest.NewServer(answer)
	defer server.Close()
	spans := tracetest.NewInMemoryExporter()
	provider := trace.NewTracerProvider(trace.WithSyncer(spans))
	ctx, outer := provider.Tracer("test").Start(context.Background(), "step")
	rest.New(1, nil).Exchange(ctx, rest.Request{
		Method: http.MethodPost, URL: server.URL + path, Body: []byte(`{"pan":"8600490744313347"}`),
		Header: http.Header{"Authorization": {"Bearer secret-token"}},
	})
	defer outer.End()
	return spans.GetSpans()
}

// H73: headers, body, query and ids in the path are no matter of a span.
func TestASpanTellsNothingThatIsSecret(t *testing.T) {
	for path, want := range map[string]string{
		"/merchant/pay/apply":                      "HTTP POST /merchant/pay/apply",
		"/v1/payment/3fd1":                         "HTTP POST /v1/payment/{id}",
		"/mps/pay/card/8600490744313347":           "HTTP POST /mps/pay/card/{id}",
		"/hold/secret%2Dtoken1":                    "HTTP POST /hold/{id}",
		"/hold/ABCDEF":                             "HTTP POST /hold/{id}",
		"/pay?card=8600490744313347":               "HTTP POST /pay",
		"/hold/averylongwordthatnobodywouldwrite/": "HTTP POST /hold/{id}/",
		"": "HTTP POST /",
	} {
		spans := exchanged(t, path, func(w http.ResponseWriter, _ *http.Request) {
			_, _ = w.Write([]byte(`{"otp":"918273"}`))
		})
		if len(spans) != 1 || spans[0].Name != want {
			t.Fatalf("%s: %v, want one span with the name %s", path, spans, want)
		}
		for _, secret := range []string{"8600490744313347", "secret", "918273", "ABCDEF"} {
			if told := fmt.Sprintf("%+v", spans); strings.Contains(told, secret) {
				t.Errorf("%s: the span tells %s: %s", path, secret, told)
			}
		}
	}
}

func TestASpanTellsHowTheRequestEnded(t *testing.T) {
	for name, c := range map[string]struct {
		answer http.HandlerFunc
		want   codes.Code
	}{
		"answered": {func(w http.ResponseWriter, _ *http.Request) { w.WriteHeader(http.StatusOK) }, codes.Unset},
		"refused":  {func(w http.ResponseWriter, _ *http.Request) { w.WriteHeader(http.StatusBadGateway) }, codes.Error},
		"cut off":  {func(http.ResponseWriter, *http.Request) { panic(http.ErrAbortHandler) }, codes.Error},
	} {
		if got := exchanged(t, "/x", c.answer)[0].Status.Code; got != c.want {
			t.Errorf("%s: %s, want %s", name, got, c.want)
		}
	}
}

// Without a span around it, a request costs no span.
func TestNoSpanWithoutOne(t *testing.T) {
	server := httptest.NewServer(http.HandlerFunc(func(w http.ResponseWriter, _ *http.Request) {
		w.WriteHeader(http.StatusOK)
	}))
	defer server.Close()
	reply := rest.New(1, nil).Exchange(t.Context(), rest.Request{Method: http.MethodGet, URL: server.URL})
	if reply.Status != http.StatusOK {
		t.Errorf("%+v", reply)
	}
}
