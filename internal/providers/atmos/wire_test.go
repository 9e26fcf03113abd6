package atmos_test

import (
	"encoding/json"
	"io"
	"maps"
	"net/http"
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

// desk plays ATMOS from the reply fixtures and keeps what it was asked.
type desk struct {
	t       *testing.T
	mu      sync.Mutex
	asked   []providertest.Request
	replies map[string]string // bodies by path; none: the fixture of that name
}

func (g *desk) ServeHTTP(w http.ResponseWriter, r *http.Request) {
	got := providertest.ReadRequest(g.t, r)
	if got.Form == nil && got.Body == nil && r.Method != http.MethodGet {
		g.t.Errorf("%s %s was sent without a body", r.Method, r.URL.Path)
	}
	w.Header().Set("Content-Type", "application/json;charset=UTF-8")
	g.mu.Lock()
	defer g.mu.Unlock()
	if body, ok := got.Body.(map[string]any); ok && body["page"] == 2.0 { // one page is the whole list of cards
		_, _ = io.WriteString(w, `{"result":{"code":"OK"},"cardDataSmallList":[]}`)
		return
	}
	g.asked = append(g.asked, got)
	_, _ = io.WriteString(w, g.replies[r.URL.Path])
}

func (g *desk) last() providertest.Request {
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
func documented(t *testing.T, operation string) (*desk, *atmos.Client, *time.Time) {
	t.Helper()
	now := time.Date(2026, 5, 1, 12, 0, 0, 0, time.UTC)
	g := &desk{t: t, replies: map[string]string{
		"/token": fixture(t, "token.reply"), "/partner/list-cards": fixture(t, "list-cards.reply"),
	}}
	g.replies[wanted(t, operation).Path] = fixture(t, operation+".reply")
	client := rest.New(1, providertest.Serve(t, g))
	t.Cleanup(client.Close)
	return g, atmos.New(atmos.Settings{
		StoreID: "8032", TerminalID: "92415513",
		CheckoutURL: "https://test-checkout.pays.uz/invoice/get", OFDCode: "1", Zone: tashkent(),
	}, account("http://atmos/", client, func() time.Time { return now })), &now
}

func wanted(t *testing.T, operation string) providertest.Request {
	t.Helper()
	var want providertest.Request
	if err := json.Unmarshal([]byte(fixture(t, operation+".request")), &want); err != nil {
		t.Fatal(err)
	}
	return want
}

func (g *desk) sent(operation string) {
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

func tashkent() *time.Location { return time.FixedZone("", int((5 * time.Hour).Seconds())) }

// exchange is a documented one: the call that makes it, and the answer that its reply stands for.
type exchange struct {
	call   saga.Call
	answer payment.Answer
}

// exchanges names them by operation number.
func exchanges() map[string]exchange {
	all := map[string]exchange{}
	for _, some := range []map[string]exchange{
		payExchanges(), bulkExchanges(), refundExchanges(), cardExchanges(), holdExchanges(),
	} {
		maps.Copy(all, some)
	}
	return all
}

// answered is how every answer to a whole reply of this code begins.
func answered(outcome payment.Outcome, code string) payment.Answer {
	return payment.Answer{Outcome: outcome, Code: code, HTTPStatus: http.StatusOK}
}

func payExchanges() map[string]exchange {
	withToken, withNumber := call("pre-apply"), call("pre-apply")
	withToken.Card, withNumber.Card = byToken(), byNumber()
	drafted := answered(payment.Done, "OK")
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
	absent := created
	absent.Outcome, absent.Refs = payment.Absent, nil
	return map[string]exchange{
		"4 create": {call("create"), created}, "5 pre-apply-token": {withToken, drafted},
		"5 pre-apply-number": {withNumber, asked}, "6 apply": {call("apply"), receipted},
		"10 otp-resend":    {call("otp-resend"), answered(payment.Done, "OK")},
		"12 get-confirmed": {call("get"), closed}, "12 get-unconfirmed": {call("get"), absent},
		"12 get-not-found": {call("get"), answered(payment.Absent, "STPIMS-ERR-061")},
	}
}

func TestEveryOperationSpeaksTheDocumentedWire(t *testing.T) {
	for name, want := range exchanges() {
		t.Run(name, func(t *testing.T) {
			_, operation, _ := strings.Cut(name, " ")
			g, client, _ := documented(t, operation)
			got := client.Do(t.Context(), want.call)
			g.sent(operation)
			if diff := cmp.Diff(want.answer, got); diff != "" {
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
	for name, want := range exchanges() {
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
		if diff := cmp.Diff(want.answer, client.Do(t.Context(), want.call)); diff != "" {
			t.Errorf("%s from %s (-want +got):\n%s", name, drifted, diff)
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
	case []any:
		for i, value := range v {
			v[i] = drift(value)
		}
		return v
	case float64:
		return strconv.FormatInt(int64(v), 10)
	default:
		return v
	}
}
