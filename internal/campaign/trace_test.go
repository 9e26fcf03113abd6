package campaign_test

import (
	"bytes"
	"fmt"
	"log/slog"
	"maps"
	"strings"
	"sync"
	"testing"
	"testing/synctest"
	"time"

	"github.com/nats-io/nats.go"
	sdktrace "go.opentelemetry.io/otel/sdk/trace"
	"go.opentelemetry.io/otel/sdk/trace/tracetest"

	"tolov/internal/events"
	"tolov/internal/payment"
	"tolov/internal/providers/sandbox"
	"tolov/internal/telemetry"
)

// listener hears everything that leaves a worker beside its streams: spans and log lines.
type listener struct {
	mu    sync.Mutex
	logs  bytes.Buffer
	spans *tracetest.InMemoryExporter
}

func (l *listener) Write(b []byte) (int, error) {
	l.mu.Lock()
	defer l.mu.Unlock()
	return l.logs.Write(b)
}

// listen makes the house's next workers tell everything.
func (h *house) listen() *listener {
	l := &listener{spans: tracetest.NewInMemoryExporter()}
	provider := sdktrace.NewTracerProvider(sdktrace.WithSyncer(l.spans))
	h.telemetry = telemetry.Off()
	h.telemetry.Tracer = provider.Tracer(telemetry.Scope)
	h.log = slog.New(slog.NewTextHandler(l, &slog.HandlerOptions{Level: slog.LevelDebug}))
	return l
}

// send publishes a command with a trace of its own.
func (h *house) send(verb payment.Verb, trace, body string) {
	m := nats.NewMsg(events.CommandSubject(verb))
	m.Data = []byte(body)
	if trace != "" {
		m.Header.Set("traceparent", trace)
	}
	_, err := h.js.PublishMsg(h.t.Context(), m)
	h.must(err)
}

// TestNoSecretLeavesTheWorker sends marked cards, tokens and codes through every flow and every fault, and looks for
// them in every byte of every stream, log line and span (I8, H73).
func TestNoSecretLeavesTheWorker(t *testing.T) {
	synctest.Test(t, func(t *testing.T) {
		h := newHouse(t, 2)
		defer h.close()
		heard := h.listen()
		h.start()
		const code = "918273"
		n := 0
		for _, kind := range append(providerFaults(), "") {
			for _, card := range []string{
				`{"token":"` + canaryToken + `"}`, `{"number":"` + canaryPAN + `","expiry":"9912"}`,
				`{"number":"` + canaryPAN + `","token":"` + canaryToken + `"}`, `{"number":"` + canaryPAN + `","expiry":"2001"}`,
			} {
				n++
				ext := fmt.Sprint("s", n)
				if kind != "" {
					h.box.Script(sandbox.Fault{Op: "*", Account: ext, Kind: kind, Times: 2})
				}
				verb, fields := canaryOpening(n, ext)
				h.send(verb, "", fmt.Sprintf(`{"ext_id":%q,"provider":"atmos",%s"card":%s}`, ext, fields, card))
			}
		}
		for _, broken := range []string{
			`{"card":{"number":"` + canaryPAN + `"}}`, `{"ext_id":"` + canaryPAN + ` ","card":{"token":"` + canaryToken + `"}}`,
			`{"ext_id":"q","card":"` + canaryPAN, `["` + canaryToken + `"]`, canaryPAN,
		} {
			h.send(payment.VerbPay, "", broken)
		}
		h.send("paay", "", `{"ext_id":"q","card":{"number":"`+canaryPAN+`"},"otp":"`+code+`"}`)
		pass(30 * time.Second)
		for i := range n {
			h.send(payment.VerbConfirm, "", fmt.Sprintf(`{"ext_id":"s%d","otp":%q}`, i+1, code))
		}
		pass(3 * time.Minute)
		secrets := []string{canaryToken, canaryPAN, code}
		h.searchStreams(secrets)
		heard.search(t, secrets, 10_000, 100)
	})
}

// canaryOpening takes the kinds of payment with a card in turn.
func canaryOpening(n int, ext string) (verb payment.Verb, fields string) {
	switch n % 5 {
	case 1:
		return payment.VerbHold, fmt.Sprintf(`"amount":5000,"account":%q,"duration_min":9,`, ext)
	case 2:
		return payment.VerbPay, fmt.Sprintf(`"amount":5000,"items":[{"account":%q,"amount":5000}],`, ext)
	case 3:
		return payment.VerbLinkCard, ""
	default:
		return payment.VerbPay, fmt.Sprintf(`"amount":5000,"account":%q,`, ext)
	}
}

// TestTokenOfALinkedCardIsToldOnce: it stands in its own event and the record of that, nowhere else and never again.
func TestTokenOfALinkedCardIsToldOnce(t *testing.T) {
	synctest.Test(t, func(t *testing.T) {
		h := newHouse(t, 1)
		defer h.close()
		heard := h.listen()
		h.start()
		h.send(payment.VerbLinkCard, "",
			`{"ext_id":"l1","provider":"atmos","card":{"number":"`+canaryPAN+`","expiry":"9912"}}`)
		pass(10 * time.Second)
		h.send(payment.VerbConfirm, "", `{"ext_id":"l1","otp":"`+canaryCode+`"}`)
		pass(10 * time.Second)
		h.send(payment.VerbRemoveCard, "", `{"ext_id":"l1"}`)
		pass(10 * time.Second)
		p := h.last(payment.ID("default", "l1")).Payment
		if p.Status != payment.Removed || p.Card.Token != "" || p.Card.Masked != "860077******5678" {
			t.Errorf("%s %+v", p.Status, p.Card)
		}
		token, places := "", map[string]int{}
		for _, r := range h.records(p.ID) {
			if r.Payment.Card.Token != "" {
				token = r.Payment.Card.Token
			}
		}
		for _, name := range []string{"PAYMENTS_JOURNAL_0", "PAYMENTS_JOURNAL_1", events.StreamEvents, events.StreamTimers} {
			h.read(name, func(_, text string) {
				if token != "" && strings.Contains(text, token) {
					places[strings.TrimRight(name, "_01")]++
				}
			})
		}
		if want := map[string]int{"PAYMENTS_JOURNAL": 1, events.StreamEvents: 1}; !maps.Equal(places, want) {
			t.Errorf("the token stands in %v, want %v", places, want)
		}
		heard.search(t, []string{token}, 1000, 5)
	})
}

// searchStreams looks through every message of every stream but the commands'.
func (h *house) searchStreams(secrets []string) {
	layout := events.Layout{Shards: 2}
	searched := 0
	for _, stream := range layout.Streams() {
		if stream.Name == events.StreamCommands {
			continue
		}
		h.read(stream.Name, func(subject, text string) {
			searched++
			for _, secret := range secrets {
				if strings.Contains(text, secret) {
					h.t.Errorf("%s holds a secret: %s", subject, text)
				}
			}
		})
	}
	if searched < 100 {
		h.t.Errorf("only %d messages were searched", searched)
	}
}

func (l *listener) search(t *testing.T, secrets []string, leastLog, leastSpans int) {
	l.mu.Lock()
	defer l.mu.Unlock()
	if l.logs.Len() < leastLog || len(l.spans.GetSpans()) < leastSpans {
		t.Errorf("only %d bytes of log and %d spans were searched", l.logs.Len(), len(l.spans.GetSpans()))
	}
	heard := l.logs.String() + fmt.Sprintf("%+v", l.spans.GetSpans())
	for _, secret := range secrets {
		if i := strings.Index(heard, secret); i >= 0 {
			t.Errorf("a secret was told: %s", heard[max(0, i-200):i+50])
		}
	}
}
