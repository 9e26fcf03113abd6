package paysys_test

import (
	"crypto/sha1"
	"encoding/hex"
	"encoding/json"
	"io"
	"maps"
	"net/http"
	"os"
	"regexp"
	"slices"
	"strconv"
	"strings"
	"testing"
	"time"

	"github.com/google/go-cmp/cmp"

	"tolov/internal/payment"
	"tolov/internal/providers/paysys"
	"tolov/internal/providers/providertest"
	"tolov/internal/providers/rest"
	"tolov/internal/saga"
)

const (
	paymentID   = "pay_rvymzj3qffcbsgfyhryf6cqx3q"
	transaction = "2354812"
)

func at() time.Time { return time.UnixMilli(1_648_988_775_123) }

func fixture(t *testing.T, name string) string {
	t.Helper()
	text, err := os.ReadFile("testdata/" + name + ".json")
	if err != nil {
		t.Fatal(err)
	}
	return string(text)
}

// said is one HTTP reply; the zero status is that of an honest one. $id and $number stand for the request's own.
type said struct {
	status int
	body   string
}

// gateway plays PaySys: it answers each method with what was given for it, and keeps what it was asked.
type gateway struct {
	t       *testing.T
	replies map[string]said // by the method's last word: prepare, confirm, check, cancel
	asked   []map[string]any
	header  http.Header
}

func (g *gateway) ServeHTTP(w http.ResponseWriter, r *http.Request) {
	var got map[string]any
	text, err := io.ReadAll(r.Body)
	if err == nil {
		err = json.Unmarshal(text, &got)
	}
	if err != nil || r.Method != http.MethodPost || r.URL.Path != "/gateway" {
		g.t.Errorf("%s %s %s: %v", r.Method, r.URL.Path, text, err)
	}
	g.asked, g.header = append(g.asked, got), r.Header
	method, _ := got["method"].(string)
	reply := g.replies[strings.TrimSuffix(strings.TrimPrefix(method, "cash2card."), "_remittance")]
	id, _ := got["id"].(string)
	w.Header().Set("Content-Type", "application/json")
	w.Header().Set("Retry-After", "7")
	if reply.status != 0 {
		w.WriteHeader(reply.status)
	}
	_, _ = io.WriteString(w, strings.NewReplacer("$id", id, "$number", number()).Replace(reply.body))
}

func (g *gateway) methods() string {
	var all []string
	for _, one := range g.asked {
		method, _ := one["method"].(string)
		all = append(all, strings.TrimPrefix(method, "cash2card."))
	}
	return strings.Join(all, " ")
}

func number() string { return strconv.FormatInt(paysys.Number(&payment.Payment{ID: paymentID}), 10) }

// before makes a client whose PaySys answers so.
func before(t *testing.T, replies map[string]said) (*gateway, *paysys.Client) {
	t.Helper()
	g := &gateway{t: t, replies: replies}
	client := rest.New(1, providertest.Serve(t, g))
	t.Cleanup(client.Close)
	s := settings("http://paysys/gateway")
	s.Now = at
	return g, paysys.New(s, client)
}

// call is a step of the documented payout.
func call(step string) saga.Call {
	card := &payment.CardInput{Number: payment.NewSecret(cardNumber)}
	c := saga.Call{
		Step: step, Amount: amount, Card: card, Sender: &payment.Sender{
			LastName: payment.NewSecret("Test"), FirstName: payment.NewSecret("Test"),
		},
		Payment: &payment.Payment{ID: paymentID, Card: &payment.Card{Masked: card.Masked()}},
	}
	if step != "prepare" {
		c.Transaction, c.Card, c.Sender = transaction, nil, nil
	}
	return c
}

// Operations 54 to 57: the documented request leaves, and the documented reply is read.
func TestRequestsAndRepliesAreTheDocumentedOnes(t *testing.T) {
	for _, step := range []string{"prepare", "prepare-document", "confirm", "check", "cancel"} {
		name, _, documented := strings.Cut(step, "-")
		g, client := before(t, map[string]said{name: {body: fixture(t, name+".reply")}})
		c := call(name)
		if documented {
			c.Document = passport()
		}
		a := client.Do(t.Context(), c)
		var want map[string]any
		if err := json.Unmarshal([]byte(fixture(t, step+".request")), &want); err != nil {
			t.Fatal(err)
		}
		if params, _ := want["params"].(map[string]any); params["partner_transaction_id"] != nil {
			n, _ := strconv.ParseFloat(number(), 64)
			params["partner_transaction_id"] = n
		}
		want["id"] = g.asked[0]["id"]
		if diff := cmp.Diff(want, g.asked[0]); diff != "" || len(g.asked) != 1 {
			t.Errorf("%s is sent otherwise (-want +got):\n%s", step, diff)
		}
		if a.Outcome != payment.Done || step != "cancel" && a.Transaction != transaction {
			t.Errorf("%s: %+v", step, a)
		}
		if (name == "prepare" || name == "check") && (!a.Amounted || a.Amount != amount) {
			t.Errorf("%s names %v %d tiyin", step, a.Amounted, a.Amount)
		}
		if want := map[string]string{
			"transaction_id": transaction, "partner_transaction_id": number(), "commission_percent": "0.5", "total": "402000",
		}; name == "prepare" && !maps.Equal(a.Refs, want) {
			t.Errorf("%s keeps %v", step, a.Refs)
		}
	}
}

// Facts: Auth is <service_id>-<sha1hex(secret_key + timestamp)>-<timestamp>, and every request has an id of its own.
func TestCallsAreSignedAndNumbered(t *testing.T) {
	g, client := before(t, map[string]said{"check": {body: fixture(t, "check.reply")}})
	client.Do(t.Context(), call("check"))
	client.Do(t.Context(), call("check"))
	sum := sha1.Sum([]byte(secretKey + "1648988775123"))
	if want := "7-" + hex.EncodeToString(sum[:]) + "-1648988775123"; g.header.Get("Auth") != want {
		t.Errorf("Auth is %q, want %q", g.header.Get("Auth"), want)
	}
	first, _ := g.asked[0]["id"].(string)
	uuid := regexp.MustCompile(`^[0-9a-f]{8}-[0-9a-f]{4}-4[0-9a-f]{3}-[89ab][0-9a-f]{3}-[0-9a-f]{12}$`)
	if first == g.asked[1]["id"] || !uuid.MatchString(first) {
		t.Errorf("ids are %v and %v", first, g.asked[1]["id"])
	}
}

// H56: payouts are known by this number for ever, so its making never changes.
func TestNumberOfAPaymentNeverChanges(t *testing.T) {
	seen := map[int64]bool{}
	for i := range 100_000 {
		n := paysys.Number(&payment.Payment{ID: payment.ID("default", strconv.Itoa(i))})
		if n <= 0 || n >= 1<<53 || seen[n] {
			t.Fatalf("payment %d has the number %d", i, n)
		}
		seen[n] = true
	}
	if got := number(); got != goldenNumber {
		t.Errorf("the number is %s, and was %s", got, goldenNumber)
	}
}

const goldenNumber = "3261011662514675" // the first 53 bits of the SHA-256 of the payment id

// The document is needed from 50 base calculation values, and small payouts are not taken.
func TestShapeKnowsTheBounds(t *testing.T) {
	_, client := before(t, nil)
	takes := client.Narrow(paysys.Flows()[0].Takes)
	for _, r := range []struct {
		amount   payment.Money
		document bool
		code     payment.RefusedBy
		field    string
	}{
		{99_999, false, payment.InvalidValue, "amount"},
		{100_000, false, "", ""},
		{100_000, true, payment.InvalidValue, "document"},
		{50*bcv - 1, false, "", ""},
		{50*bcv - 1, true, payment.InvalidValue, "document"},
		{50 * bcv, false, payment.MissingField, "document"},
		{50 * bcv, true, "", ""},
	} {
		c := payout()
		c.Amount = &r.amount
		if r.document {
			c.Document = passport()
		}
		got := c.Check(takes, at())
		switch {
		case got == nil && r.code != "", got != nil && (got.Code != r.code || got.Field != r.field):
			t.Errorf("%d tiyin, document %v: %+v, want %s %s", r.amount, r.document, got, r.code, r.field)
		}
	}
	if !slices.Equal(takes.Cards, []payment.CardForm{payment.CardBare}) {
		t.Errorf("takes cards %v", takes.Cards)
	}
}
