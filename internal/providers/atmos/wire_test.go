package atmos_test

import (
	"encoding/json"
	"io"
	"net/http"
	"net/url"
	"os"
	"strconv"
	"strings"
	"sync"
	"testing"
	"time"

	"github.com/google/go-cmp/cmp"

	"tolov/internal/payment"
	"tolov/internal/providers/atmos"
	"tolov/internal/providers/providertest"
	"tolov/internal/providers/rest"
	"tolov/internal/saga"
)

// request is what goes over the wire, as testdata/<operation>.request.json tells it.
type request struct {
	Method string            `json:"method"`
	Path   string            `json:"path"`
	Header map[string]string `json:"header"`
	Form   map[string]string `json:"form,omitempty"`
	Body   any               `json:"body,omitempty"`
}

// gateway plays ATMOS from the reply fixtures and keeps what it was asked.
type gateway struct {
	t       *testing.T
	mu      sync.Mutex
	asked   []request
	replies map[string]string // bodies by path; none: the fixture of that name
}

func (g *gateway) ServeHTTP(w http.ResponseWriter, r *http.Request) {
	got := request{Method: r.Method, Path: r.URL.RequestURI(), Header: map[string]string{}}
	for _, name := range []string{"Authorization", "Content-Type", "Accept"} {
		if value := r.Header.Get(name); value != "" {
			got.Header[name] = value
		}
	}
	text, err := io.ReadAll(r.Body)
	if err != nil {
		g.t.Error(err)
	}
	if strings.Contains(got.Header["Content-Type"], "form") {
		form, _ := url.ParseQuery(string(text))
		got.Form = map[string]string{}
		for name := range form {
			got.Form[name] = form.Get(name)
		}
	} else if err := json.Unmarshal(text, &got.Body); err != nil {
		g.t.Errorf("sent %q: %v", text, err)
	}
	g.mu.Lock()
	defer g.mu.Unlock()
	g.asked = append(g.asked, got)
	w.Header().Set("Content-Type", "application/json;charset=UTF-8")
	_, _ = io.WriteString(w, g.replies[r.URL.Path])
}

func (g *gateway) last() request {
	g.mu.Lock()
	defer g.mu.Unlock()
	return g.asked[len(g.asked)-1]
}

func fixture(t *testing.T, name string) string {
	t.Helper()
	text, err := os.ReadFile("testdata/" + name + ".json")
	if err != nil {
		t.Fatal(err)
	}
	return string(text)
}

// documented is one merchant before a gateway that answers operation's path with its fixture.
func documented(t *testing.T, operation string) (*gateway, *atmos.Client, *time.Time) {
	t.Helper()
	now := time.Date(2026, 5, 1, 12, 0, 0, 0, time.UTC)
	g := &gateway{t: t, replies: map[string]string{
		"/token": fixture(t, "token.reply"), wanted(t, operation).Path: fixture(t, operation+".reply"),
	}}
	client := rest.New(1, providertest.Serve(t, g))
	t.Cleanup(client.Close)
	return g, atmos.New(atmos.Settings{
		BaseURL: "http://atmos/", ConsumerKey: payment.NewSecret("consumer-key"),
		ConsumerSecret: payment.NewSecret("consumer-secret"), StoreID: "8032", TerminalID: "92415513",
		Now: func() time.Time { return now },
	}, client), &now
}

func wanted(t *testing.T, operation string) request {
	t.Helper()
	var want request
	if err := json.Unmarshal([]byte(fixture(t, operation+".request")), &want); err != nil {
		t.Fatal(err)
	}
	return want
}

func (g *gateway) sent(operation string) {
	g.t.Helper()
	if diff := cmp.Diff(wanted(g.t, operation), g.last()); diff != "" {
		g.t.Errorf("%s is sent otherwise (-want +got):\n%s", operation, diff)
	}
}

// call is one step of a payment whose draft is transaction 202072.
func call(step string) saga.Call {
	c := saga.Call{
		Step: step, Payment: &payment.Payment{ID: "pay_x", Account: "12345"}, Order: payment.Order{Lang: "ru"},
		Amount: amount, Transaction: "202072", Code: payment.NewSecret("012345"),
	}
	if step == "create" {
		c.Transaction = ""
	}
	return c
}

// The answers that the documented replies stand for.
func answers() map[string]payment.Answer {
	done := payment.Answer{Outcome: payment.Done, Code: "OK", HTTPStatus: 200}
	drafted := done
	drafted.Transaction = "202072"
	created := drafted
	created.Amount, created.Amounted = amount, true
	created.Refs = map[string]string{"transaction_id": "202072"}
	asked := drafted
	asked.Action = &payment.Action{Type: payment.ActionCode}
	paid := created
	paid.Refs = map[string]string{"success_trans_id": "2730590"}
	receipted := paid
	receipted.Receipts = []payment.Receipt{
		{Kind: "sale", URL: "https://ofd2.atmos.uz/api/ofd/bUFLd0Erc2NyTEJMWGFyQlNaRUdRZz09"},
		{Kind: "commission", URL: "https://ofd2.atmos.uz/api/ofd-commission/bUFLd0Erc2NyTEJMWGFyQlNaRUdRZz09"},
	}
	closed := paid
	closed.Code = "STPIMS-ERR-092"
	absent := payment.Answer{
		Outcome: payment.Absent, Code: "OK", HTTPStatus: 200, Transaction: "202072", Amount: amount, Amounted: true,
	}
	return map[string]payment.Answer{
		"create": created, "pre-apply-token": drafted, "pre-apply-number": asked, "apply": receipted, "otp-resend": done,
		"get-confirmed": closed, "get-unconfirmed": absent,
		"get-not-found": {Outcome: payment.Absent, Code: "STPIMS-ERR-061", HTTPStatus: 200},
	}
}

// steps names the documented exchanges by operation number.
func steps() map[string]saga.Call {
	byToken, byNumber := call("pre-apply"), call("pre-apply")
	byToken.Card = &payment.CardInput{Token: payment.NewSecret(cardToken)}
	byNumber.Card = &payment.CardInput{Number: payment.NewSecret(cardNumber), Expiry: payment.NewSecret("2912")}
	return map[string]saga.Call{
		"4 create": call("create"), "5 pre-apply-token": byToken, "5 pre-apply-number": byNumber, "6 apply": call("apply"),
		"10 otp-resend": call("otp-resend"), "12 get-confirmed": call("get"), "12 get-unconfirmed": call("get"),
		"12 get-not-found": call("get"),
	}
}

func TestEveryOperationSpeaksTheDocumentedWire(t *testing.T) {
	for name, step := range steps() {
		t.Run(name, func(t *testing.T) {
			_, operation, _ := strings.Cut(name, " ")
			g, client, _ := documented(t, operation)
			got := client.Do(t.Context(), step)
			g.sent(operation)
			if diff := cmp.Diff(answers()[operation], got); diff != "" {
				t.Errorf("read otherwise (-want +got):\n%s", diff)
			}
		})
	}
}

func TestTokensSpeakTheDocumentedWire(t *testing.T) {
	t.Run("1 token", func(t *testing.T) {
		g, client, _ := documented(t, "token")
		client.Do(t.Context(), call("otp-resend"))
		g.asked = g.asked[:1]
		g.sent("token")
	})
	t.Run("2 token-refresh", func(t *testing.T) {
		g, client, now := documented(t, "token-refresh")
		client.Do(t.Context(), call("otp-resend"))
		*now = now.Add(time.Hour)
		client.Do(t.Context(), call("otp-resend"))
		g.asked = g.asked[:3]
		g.sent("token-refresh")
	})
	t.Run("3 revoke", func(t *testing.T) {
		g, client, _ := documented(t, "revoke")
		client.Do(t.Context(), call("otp-resend"))
		if err := client.Close(t.Context()); err != nil {
			t.Error(err)
		}
		g.sent("revoke")
		if err := client.Close(t.Context()); err != nil || len(g.asked) != 3 {
			t.Errorf("given up twice: %d requests, %v", len(g.asked), err)
		}
	})
}

// ATMOS writes ids, amounts and codes as numbers in one sample and as strings in another.
func TestNumbersAndStringsReadAlike(t *testing.T) {
	for name, step := range steps() {
		_, operation, _ := strings.Cut(name, " ")
		var reply any
		if err := json.Unmarshal([]byte(fixture(t, operation+".reply")), &reply); err != nil {
			t.Fatal(err)
		}
		drifted, err := json.Marshal(drift(reply))
		if err != nil {
			t.Fatal(err)
		}
		g, client, _ := documented(t, operation)
		g.replies[wanted(t, operation).Path] = string(drifted)
		if diff := cmp.Diff(answers()[operation], client.Do(t.Context(), step)); diff != "" {
			t.Errorf("%s from %s (-want +got):\n%s", operation, drifted, diff)
		}
	}
}

// drift writes every number as a string.
func drift(v any) any {
	switch v := v.(type) {
	case map[string]any:
		for name, value := range v {
			v[name] = drift(value)
		}
		return v
	case float64:
		return strconv.FormatInt(int64(v), 10)
	default:
		return v
	}
}
