package via_test

import (
	"encoding/json"
	"io"
	"net/http"
	"os"
	"testing"

	"github.com/google/go-cmp/cmp"

	"tolov/internal/payment"
	"tolov/internal/providers/providertest"
	"tolov/internal/providers/rest"
	"tolov/internal/providers/via"
	"tolov/internal/saga"
)

const (
	paymentID   = "pay_rvymzj3qffcbsgfyhryf6cqx3q"
	transaction = "trx_2VQGS1Eeu4DNsfuKxbFO1vftNy4"
)

// request is what goes over the wire, as testdata/<operation>.request.json tells it.
type request struct {
	Method string            `json:"method"`
	Path   string            `json:"path"`
	Header map[string]string `json:"header"`
	Body   any               `json:"body,omitempty"`
}

func fixture(t *testing.T, name string) string {
	t.Helper()
	text, err := os.ReadFile("testdata/" + name + ".json")
	if err != nil {
		t.Fatal(err)
	}
	return string(text)
}

// said is one HTTP reply; the zero status is that of an honest one.
type said struct {
	status int
	body   string
}

// partner plays VIA: it answers each path with what was given for it, and keeps what it was asked last.
type partner struct {
	t       *testing.T
	replies map[string]said
	last    request
}

func (p *partner) ServeHTTP(w http.ResponseWriter, r *http.Request) {
	got := request{Method: r.Method, Path: r.URL.RequestURI(), Header: map[string]string{}}
	for _, name := range []string{"Client-Id", "Client-Secret", "Content-Type"} {
		if value := r.Header.Get(name); value != "" {
			got.Header[name] = value
		}
	}
	text, err := io.ReadAll(r.Body)
	if err == nil && len(text) > 0 {
		err = json.Unmarshal(text, &got.Body)
	}
	if err != nil {
		p.t.Error(err)
	}
	p.last = got
	reply := p.replies[r.URL.Path]
	w.Header().Set("Content-Type", "application/json")
	w.Header().Set("Retry-After", "7")
	if reply.status != 0 {
		w.WriteHeader(reply.status)
	}
	_, _ = io.WriteString(w, reply.body)
}

const (
	pathPay    = "/partner/merchant/confirm/pay"
	pathVerify = "/partner/merchant/confirm/pay/verify"
	pathStatus = "/partner/transaction"
)

// before makes a client whose VIA answers so.
func before(t *testing.T, replies map[string]said) (*partner, *via.Client) {
	t.Helper()
	p := &partner{t: t, replies: replies}
	client := rest.New(1, providertest.Serve(t, p))
	t.Cleanup(client.Close)
	return p, via.New(via.Settings{
		BaseURL: "http://via/", ClientID: payment.NewSecret("system"), ClientSecret: payment.NewSecret("system123"),
		MerchantID: "mrt_2V4M5svbNoQ68tB0ul8LoLWJOZQ",
	}, client)
}

// call is a step of the documented payment.
func call(step string) saga.Call {
	c := saga.Call{
		Step: step, Amount: 100, Order: payment.Order{Description: "tea"},
		Payment: &payment.Payment{ID: paymentID, ExtID: "order-1", Account: "12345"},
		Card:    &payment.CardInput{Number: payment.NewSecret(cardNumber), Expiry: payment.NewSecret("2912")},
		Code:    payment.NewSecret("005646"),
	}
	if step != "confirm-pay" {
		c.Transaction = transaction
	}
	return c
}

// Operations 51, 52 and 53: the documented request leaves, and the documented reply is read.
func TestRequestsAndRepliesAreTheDocumentedOnes(t *testing.T) {
	for step, path := range map[string]string{
		"confirm-pay": pathPay, "verify": pathVerify, "transaction": pathStatus,
	} {
		p, client := before(t, map[string]said{path: {body: fixture(t, step+".reply")}})
		a := client.Do(t.Context(), call(step))
		var want request
		if err := json.Unmarshal([]byte(fixture(t, step+".request")), &want); err != nil {
			t.Fatal(err)
		}
		if diff := cmp.Diff(want, p.last); diff != "" {
			t.Errorf("%s is sent otherwise (-want +got):\n%s", step, diff)
		}
		if a.Outcome != payment.Done || a.Transaction != transaction {
			t.Errorf("%s: %+v", step, a)
		}
		if asks := a.Action != nil && a.Action.Type == payment.ActionCode; asks != (step == "confirm-pay") {
			t.Errorf("%s: action %+v", step, a.Action)
		}
		told := a.Amounted && a.Amount == 100 && a.Refs["fee"] == "0" && a.Refs["fee_percent"] == "0.0"
		if step != "confirm-pay" && !told {
			t.Errorf("%s: %+v", step, a)
		}
	}
}

// Operation 51: the expiry comes as YYmm and goes as MMYY, the note is the description or the caller's own id.
func TestNoteFallsBackOnTheCallersID(t *testing.T) {
	p, client := before(t, map[string]said{pathPay: {body: fixture(t, "confirm-pay.reply")}})
	c := call("confirm-pay")
	c.Order.Description = ""
	client.Do(t.Context(), c)
	body, _ := p.last.Body.(map[string]any)
	if card, _ := body["card"].(map[string]any); body["note"] != "order-1" || card["expiry"] != "1229" {
		t.Errorf("sent %+v", body)
	}
}
