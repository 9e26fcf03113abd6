package atmosips_test

import (
	"encoding/json"
	"io"
	"net/http"
	"os"
	"slices"
	"strings"
	"sync"
	"testing"
	"time"

	"github.com/google/go-cmp/cmp"

	"tolov/internal/payment"
	"tolov/internal/providers/atmosips"
	"tolov/internal/providers/providertest"
	"tolov/internal/providers/rest"
	"tolov/internal/saga"
)

// desk plays ATMOS from reply bodies by path, and keeps what it was asked.
type desk struct {
	t       *testing.T
	mu      sync.Mutex
	asked   []providertest.Request
	replies map[string]string
	status  int
}

func (d *desk) ServeHTTP(w http.ResponseWriter, r *http.Request) {
	d.mu.Lock()
	defer d.mu.Unlock()
	w.Header().Set("Content-Type", "application/json")
	if r.URL.Path == "/token" {
		_, _ = io.WriteString(w, fixture(d.t, "token.reply"))
		return
	}
	got := providertest.ReadRequest(d.t, r)
	d.asked = append(d.asked, got)
	if d.status != 0 {
		w.WriteHeader(d.status)
	}
	_, _ = io.WriteString(w, d.replies[r.URL.Path])
}

// set makes the desk answer otherwise.
func (d *desk) set(path, reply string) {
	d.mu.Lock()
	defer d.mu.Unlock()
	d.replies[path] = reply
}

// paths are those that were asked, in order.
func (d *desk) paths() string {
	d.mu.Lock()
	defer d.mu.Unlock()
	var paths []string
	for _, r := range d.asked {
		paths = append(paths, r.Path)
	}
	return strings.Join(paths, " ")
}

func fixture(t *testing.T, name string) string {
	t.Helper()
	text, err := os.ReadFile("testdata/" + name + ".json")
	if err != nil {
		t.Fatal(err)
	}
	return string(text)
}

// read gives the request of a fixture.
func read(t *testing.T, operation string) (want providertest.Request) {
	t.Helper()
	if err := json.Unmarshal([]byte(fixture(t, operation+".request")), &want); err != nil {
		t.Fatal(err)
	}
	return want
}

// documented is a merchant before a gateway that answers as told.
func documented(
	t *testing.T, replies map[string]string, change ...func(*atmosips.Settings),
) (*desk, *atmosips.Client) {
	t.Helper()
	d := &desk{t: t, replies: replies}
	http := rest.New(1, providertest.Serve(t, d))
	t.Cleanup(http.Close)
	change = append([]func(*atmosips.Settings){func(s *atmosips.Settings) { s.APIKey = secret("<api-key>") }}, change...)
	return d, client("http://atmos/", http, change...)
}

func money(n int64) *payment.Money {
	m := payment.Money(n)
	return &m
}

// sample is one row of the list of operations: a call, and what becomes of the documented reply to it.
type sample struct {
	row   string
	file  string
	store string
	call  saga.Call
	swap  []string // what the sample's reply has otherwise than its own request
	want  payment.Answer
}

func of(id string, change func(*saga.Call)) saga.Call {
	c := saga.Call{Payment: &payment.Payment{ID: id, Card: &payment.Card{Masked: "419525******1540"}}}
	change(&c)
	return c
}

func TestEveryCallSpeaksTheDocumentedWire(t *testing.T) {
	for _, s := range slices.Concat(paySamples(), cardSamples(), holdSamples()) {
		t.Run(s.row, func(t *testing.T) {
			want := read(t, s.file)
			reply := strings.NewReplacer(s.swap...).Replace(fixture(t, s.file+".reply"))
			d, client := documented(t, map[string]string{want.Path: reply}, func(settings *atmosips.Settings) {
				settings.StoreID = s.store
				settings.Now = func() time.Time { return time.Unix(0, 0) }
			})
			got := client.Do(t.Context(), s.call)
			if diff := cmp.Diff([]providertest.Request{want}, d.asked); diff != "" {
				t.Errorf("is sent otherwise (-want +got):\n%s", diff)
			}
			s.want.HTTPStatus = http.StatusOK
			if diff := cmp.Diff(s.want, got); diff != "" {
				t.Errorf("is read otherwise (-want +got):\n%s", diff)
			}
		})
	}
}

// The header apikey goes along only for a merchant that has one.
func TestMerchantWithoutAnAPIKeySendsNone(t *testing.T) {
	d, client := documented(t, map[string]string{}, func(s *atmosips.Settings) { s.APIKey = payment.Secret{} })
	client.Do(t.Context(), of("x", func(c *saga.Call) { c.Step, c.Transaction = "get", "235" }))
	if _, sent := d.asked[0].Header["Apikey"]; sent || d.asked[0].Header["Authorization"] == "" {
		t.Errorf("%v", d.asked[0].Header)
	}
}

// The wire order of an expiry is a setting: the table and the examples differ.
func TestExpiryGoesOutInTheConfiguredOrder(t *testing.T) {
	for order, want := range map[string]string{"": "2908", atmosips.ExpiryYYMM: "2908", atmosips.ExpiryMMYY: "0829"} {
		d, client := documented(t, map[string]string{}, func(s *atmosips.Settings) { s.Expiry = order })
		for i, step := range []string{"create", "card-bind"} {
			client.Do(t.Context(), of("x", func(c *saga.Call) { c.Step, c.Card = step, number(cardNo) }))
			if body, _ := d.asked[i].Body.(map[string]any); body["expiry"] != want {
				t.Errorf("%s with %q: %v", step, order, body["expiry"])
			}
		}
	}
}

// Drafts and holds must name an invoice (documentation, "Creating a transaction draft (bind)", "Creating a hold
// operation (IPS)"); a caller need not (contract, invoice_id?).
func TestPaymentWithoutAnInvoiceIsItsOwn(t *testing.T) {
	for step, file := range map[string]string{"pre-create": "pre-create", "hold": "hold"} {
		d, client := documented(t, map[string]string{})
		client.Do(t.Context(), of("pay_1", func(c *saga.Call) {
			c.Step, c.Amount, c.Payment.ExtID, c.Card = step, 100, "order-1", linked("947")
		}))
		if len(d.asked) != 1 || d.asked[0].Path != read(t, file).Path {
			t.Fatalf("%s: sent %+v", step, d.asked)
		}
		if body, _ := d.asked[0].Body.(map[string]any); body["invoice_id"] != "order-1" {
			t.Errorf("%s: sent %+v", step, d.asked)
		}
	}
}
