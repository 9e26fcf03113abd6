package providers_test

import (
	"fmt"
	"strings"
	"testing"
	"time"

	"go.opentelemetry.io/otel/codes"
	"go.opentelemetry.io/otel/sdk/trace"

	"tolov/internal/payment"
	"tolov/internal/providers/sandbox"
	"tolov/internal/telemetry"
)

// H1: no call lasts longer than PROVIDER_TIMEOUT_S, and what it did is unknown then.
func TestCallEndsAtItsDeadlineAsUnknown(t *testing.T) {
	inHouse(t, func(h *house) {
		h.do("create", payment.Done)
		h.box.Script(sandbox.Fault{Op: "*", Kind: sandbox.SilentBefore})
		for _, step := range []string{"apply", "get"} {
			start := time.Now()
			h.do(step, payment.Unknown)
			if took := time.Since(start); took != timeout {
				t.Errorf("%s took %s", step, took)
			}
		}
	})
}

// H71: on the way down what is under way is given up, and asked about by whoever comes next.
func TestAbortEndsCallsAsUnknown(t *testing.T) {
	inHouse(t, func(h *house) {
		h.do("create", payment.Done)
		h.box.Script(sandbox.Fault{Op: "apply", Kind: sandbox.SilentAfter})
		start := time.Now()
		stop := time.AfterFunc(time.Second, h.Abort)
		defer stop.Stop()
		h.do("apply", payment.Unknown)
		if took := time.Since(start); took != time.Second {
			t.Errorf("the call ended after %s", took)
		}
		h.do("get", payment.Unknown)
	})
}

// A payment whose account is gone waits; nothing is said about its money.
func TestCallForAnUnknownAccountIsNotMade(t *testing.T) {
	inHouse(t, func(h *house) {
		for _, who := range [][2]string{{"empty", "atmos"}, {"nobody", "atmos"}, {"default", "nowhere"}} {
			for step, want := range map[string]payment.Outcome{"apply": payment.NotSent, "get": payment.Unknown} {
				c := call(step)
				c.Payment.Merchant, c.Payment.Provider = who[0], who[1]
				if a := h.make(c); a.Outcome != want || a.Note == "" {
					t.Errorf("%s of %v: %+v", step, who, a)
				}
			}
		}
	})
}

// H73: a span names the payment and what came of the call, and holds nothing that is secret.
func TestSpanTellsTheCallWithoutSecrets(t *testing.T) {
	inHouse(t, func(h *house) {
		number := call("pre-apply")
		number.Card = &payment.CardInput{Number: payment.NewSecret(cardNumber), Expiry: payment.NewSecret("2912")}
		h.do("create", payment.Done)
		h.make(number)
		h.do("apply", payment.Done)
		h.box.Script(sandbox.Fault{Op: "get", Kind: sandbox.Unavailable})
		h.do("get", payment.Unknown)
		h.do("pre-apply", payment.Declined) // confirmed already
		var told []string
		var refused trace.Status
		for _, span := range h.spans.Ended() {
			said := fmt.Sprint(span.Name(), span.SpanKind(), span.Attributes(), span.Status(), span.Events())
			for _, secret := range []string{cardNumber, cardToken, secretCode, "2912", "consumer", "Bearer"} {
				if strings.Contains(said, secret) {
					t.Errorf("%q stands in the span %s", secret, said)
				}
			}
			if strings.HasPrefix(span.Name(), telemetry.SpanExchange) {
				continue
			}
			told = append(told, span.Name()+" "+span.Status().Code.String())
			if strings.HasSuffix(span.Name(), " get") {
				refused = span.Status()
			}
			for _, part := range []string{"tolov.payment.id", "pay_x", "tolov.outcome", "tolov.step", "tolov.attempt"} {
				if !strings.Contains(said, part) {
					t.Errorf("no %s in the span %s", part, said)
				}
			}
		}
		want := "step atmos create Unset, step atmos pre-apply Unset, step atmos apply Unset, " +
			"step atmos get Error, step atmos pre-apply Error"
		if got := strings.Join(told, ", "); got != want {
			t.Errorf("spans %s, want %s", got, want)
		}
		if refused.Code != codes.Error || !strings.Contains(refused.Description, "503") {
			t.Errorf("the refused question ended as %+v", refused)
		}
	})
}

func TestMetricsAreRecorded(t *testing.T) {
	inHouse(t, func(h *house) {
		h.do("create", payment.Done)
		h.do("create", payment.Done)
		h.do("get", payment.Absent)
		h.box.Script(sandbox.Fault{Op: "get", Kind: sandbox.UnknownCode, Times: 1})
		h.do("get", payment.Unknown)
		h.box.Script(sandbox.Fault{Op: "get", Kind: sandbox.HTML, Times: 1})
		h.do("get", payment.Unknown)
		h.value("2", "tolov_step_duration_seconds_count", `tolov_step="create"`, `tolov_outcome="done"`)
		h.value("1", "tolov_step_duration_seconds_count", `tolov_step="get"`, `tolov_outcome="absent"`)
		h.value("2", "tolov_step_duration_seconds_count", `tolov_step="get"`, `tolov_outcome="unknown"`)
		h.value("3", "tolov_polls_total", `tolov_provider="atmos"`)
		h.value("1", "tolov_unknown_codes_total", `tolov_provider="atmos"`)
		h.value("0", "tolov_breaker_state", `tolov_provider="atmos"`, `tolov_merchant="default"`)
	})
}

// H10: the alarm is for codes that nobody documented; one that proves nothing by its own words raises none.
func TestKnownCodeThatProvesNothingIsNoUnknownCode(t *testing.T) {
	inHouse(t, func(h *house) {
		number := call("pre-apply")
		number.Card = &payment.CardInput{
			Number: payment.NewSecret("8600312987000557"), Expiry: payment.NewSecret("2912"), // answers internal error
		}
		h.do("create", payment.Done)
		h.make(number)
		if a := h.do("apply", payment.Unknown); a.Code != "STPIMS-ERR-001" {
			t.Errorf("answered %q", a.Code)
		}
		h.value("0", "tolov_unknown_codes_total", `tolov_provider="atmos"`)
	})
}
