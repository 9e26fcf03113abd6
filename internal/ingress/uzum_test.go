package ingress_test

import (
	"encoding/json"
	"fmt"
	"os"
	"path/filepath"
	"reflect"
	"strings"
	"testing"
	"time"

	"tolov/internal/payment"
)

const (
	okBilling = `{"ok":true,"data":{"fio":{"value":"Ivanov Ivan Ivanovich"}}}`
	ivanov    = `{"account":{"value":"123456789"},"fio":{"value":"Ivanov Ivan Ivanovich"}}`
)

// The sample requests, byte for byte, in the order of the document: the answers have the samples' fields and values,
// the times aside.
func TestSampleRequestsGetTheSampleAnswers(t *testing.T) {
	t.Parallel()
	h := openHall(t, 1, "BILLING=nats")
	asked := make(chan string, 10)
	h.billing(func(q map[string]any) string {
		asked <- fmt.Sprint(q["stage"], " ", q["account"], " ", q["amount"], " ", q["merchant"])
		return okBilling
	})
	for _, op := range []string{"check", "create", "confirm", "status", "reverse"} {
		got := h.doors[0].post(op, sample(t, op+".request"))
		want := sample(t, op+".answer")
		if got.status != 200 || got.header.Get("Content-Type") != "application/json" {
			t.Errorf("%s: %s", op, got)
		}
		if g, w := timeless(t, got.body), timeless(t, want); !reflect.DeepEqual(g, w) {
			t.Errorf("%s: %v, want %v", op, g, w)
		}
	}
	if first, second := <-asked, <-asked; first != "check 123456789 <nil> default" ||
		second != "create 123456789 2.5e+06 default" || len(asked) != 0 {
		t.Errorf("billing was asked: %s, %s", first, second)
	}
	if got := h.story("5c398d7e-76b6-11ee-96da-f3a095c6289d"); got != "accepted completed refunded" {
		t.Errorf("recorded: %s", got)
	}
}

// timeless is a body whose times are replaced by what they are.
func timeless(t *testing.T, body string) map[string]any {
	t.Helper()
	var all map[string]any
	if err := json.Unmarshal([]byte(body), &all); err != nil {
		t.Fatalf("%v: %s", err, body)
	}
	for name, value := range all {
		if _, number := value.(float64); number && (strings.HasSuffix(name, "Time") || name == "timestamp") {
			all[name] = "a time"
		}
	}
	return all
}

// What is answered is what is recorded, to the millisecond, however often it is asked (contract, "Uzum").
func TestARepeatGetsTheAnswerOfItsOwnKind(t *testing.T) {
	t.Parallel()
	h := openHall(t, 2)
	id, first := trans(1), map[string]said{}
	calls := []struct{ op, body string }{
		{"create", createBody(id, 500)}, {"confirm", confirmBody(id)}, {"reverse", aboutBody(id)},
	}
	for done := range calls {
		for n := range 2 * (done + 1) { // everything that was said before is said again, at both doors
			c := calls[n/2]
			got := h.doors[n%2].post(c.op, c.body)
			if was, again := first[c.op]; got.status != 200 || again && was.body != got.body {
				t.Errorf("%s: %s, and before %s", c.op, got, was)
			}
			first[c.op] = got
		}
	}
	records := h.records(id)
	if len(records) != 3 {
		t.Fatalf("%d records", len(records))
	}
	for i, at := range []string{
		first["create"].field("transTime"), first["confirm"].field("confirmTime"), first["reverse"].field("reverseTime"),
	} {
		if at != fmt.Sprint(records[i].At.UnixMilli()) {
			t.Errorf("record %d is of %d, told %s", i, records[i].At.UnixMilli(), at)
		}
	}
	p := records[2].Payment
	if p.Provider != "uzum" || p.ExtID != id || p.Account != "77" || p.Amount != 500 || p.AmountRefunded != 500 ||
		p.ProviderRefs["payment_source"] != "UZCARD" || p.Status != payment.Refunded {
		t.Errorf("%+v", p)
	}
}

func TestReversedBeforeItWasConfirmedItIsCancelled(t *testing.T) {
	t.Parallel()
	h := openHall(t, 1)
	d, id := h.doors[0], trans(1)
	d.post("create", createBody(id, 500))
	reversed := d.post("reverse", aboutBody(id))
	if reversed.field("status") != "REVERSED" || h.story(id) != "accepted cancelled" {
		t.Errorf("%s: %s", reversed, h.story(id))
	}
	for range 2 { // refused once, and the refusal is recorded
		if got := d.post("confirm", confirmBody(id)); got.status != 400 || got.field("errorCode") != "10009" {
			t.Errorf("confirm: %s", got)
		}
	}
	if h.story(id) != "accepted cancelled rejected" {
		t.Error(h.story(id))
	}
	if got := d.post("status", aboutBody(id)); got.field("status") != "REVERSED" || got.field("confirmTime") != "" ||
		got.field("reverseTime") != reversed.field("reverseTime") {
		t.Errorf("status: %s", got)
	}
}

// Status never invents, and nothing that comes before create makes a transaction.
func TestAnUnknownTransactionStaysUnknown(t *testing.T) {
	t.Parallel()
	h := openHall(t, 1)
	d, id := h.doors[0], trans(1)
	calls := map[string]string{"status": aboutBody(id), "confirm": confirmBody(id), "reverse": aboutBody(id)}
	for op, body := range calls {
		got := d.post(op, body)
		if got.status != 400 || got.field("errorCode") != "99999" || got.field("status") != "FAILED" ||
			got.field("transId") != id || got.field("serviceId") != fmt.Sprint(service) {
			t.Errorf("%s: %s", op, got)
		}
	}
	if n := len(h.records(id)); n != 0 {
		t.Errorf("%d records", n)
	}
	if got := d.post("create", createBody(id, 5)); got.field("status") != "CREATED" {
		t.Errorf("afterwards: %s", got)
	}
	if got := d.post("confirm", confirmBody(id)); got.field("status") != "CONFIRMED" {
		t.Errorf("afterwards: %s", got)
	}
}

// A transaction is what it was created as.
func TestOtherContentUnderOneTransactionIsRefused(t *testing.T) {
	t.Parallel()
	h := openHall(t, 1, "CONFIG_FILE="+file(t, `merchants: {shop: {uzum: {login: `+login+`, password: `+password+
		`, service_id: 5}}}`))
	d, id := h.doors[0], trans(1)
	d.post("create", createBody(id, 500))
	for name, body := range map[string]string{
		"amount":                              createBody(id, 501),
		"account":                             strings.Replace(createBody(id, 500), `"77"`, `"78"`, 1),
		"params":                              strings.Replace(createBody(id, 500), `"77"`, `"77","more":1`, 1),
		"account as a number is another text": strings.Replace(createBody(id, 500), `"77"`, `77`, 1),
	} {
		if got := d.post("create", body); got.status != 400 || got.field("errorCode") != "99999" {
			t.Errorf("%s: %s", name, got)
		}
	}
	again := strings.Replace(createBody(id, 500), `"timestamp":1`, `"timestamp":2`, 1)
	if got := d.post("create", again); got.field("status") != "CREATED" {
		t.Errorf("another timestamp: %s", got)
	}
	other := strings.Replace(confirmBody(id), fmt.Sprint(service), "5", 1) // another merchant's, whose it is not
	if got := d.post("confirm", other); got.field("errorCode") != "99999" {
		t.Errorf("another merchant's service: %s", got)
	}
	if h.story(id) != "accepted" {
		t.Error(h.story(id))
	}
}

func TestErrorsAreThoseOfTheDocument(t *testing.T) {
	t.Parallel()
	d := openHall(t, 1).doors[0]
	good := createBody(trans(1), 5)
	for name, c := range map[string]struct{ op, body, code string }{
		"no JSON":          {"create", `{`, "10002"},
		"duplicate key":    {"create", strings.Replace(good, `{`, `{"amount":1,`, 1), "10002"},
		"wrong type":       {"create", strings.Replace(good, `:5}`, `:"5"}`, 1), "10002"},
		"deep":             {"create", strings.Repeat(`[`, 20_000), "10002"},
		"missing":          {"create", `{}`, "10005"},
		"foreign service":  {"create", strings.Replace(good, fmt.Sprint(service), "9", 1), "10006"},
		"no account":       {"create", strings.Replace(good, `"account"`, `"other"`, 1), "10007"},
		"check no account": {"check", fmt.Sprintf(`{"serviceId":%d,"timestamp":1,"params":{}}`, service), "10007"},
		"nothing":          {"create", strings.Replace(good, `:5}`, `:0}`, 1), "99999"},
		"no UUID":          {"create", createBody("order-1", 5), "99999"},
		"unknown":          {"refund", `{}`, "10003"},
		"below":            {"check/more", `{}`, "10003"},
	} {
		if got := d.post(c.op, c.body); got.status != 400 || got.field("errorCode") != c.code ||
			got.field("status") != "FAILED" {
			t.Errorf("%s: %s, want %s", name, got, c.code)
		}
	}
}

// The money has moved when the bank says so: a deadline that nobody acted on yet is no reason against it.
func TestConfirmedLateButNotCancelledIsConfirmed(t *testing.T) {
	t.Parallel()
	h := openHall(t, 1)
	d, id := h.doors[0], trans(1)
	h.ago.Store(int64(25 * time.Hour))
	d.post("create", createBody(id, 5))
	created := h.records(id)[0]
	if wait := created.State.Due.Sub(created.At.Time); wait != 24*time.Hour {
		t.Errorf("waits %s", wait)
	}
	h.ago.Store(0)
	if got := d.post("confirm", confirmBody(id)); got.field("status") != "CONFIRMED" {
		t.Error(got)
	}
}

// The wait for a confirmation has an end: the worker's sweep finds it, and services hear of it. They hear of
// everything, and can do nothing to such a payment themselves.
func TestTheWorkerTellsEndsAndRefuses(t *testing.T) {
	t.Parallel()
	h := openHall(t, 1)
	h.work()
	d, late, paid := h.doors[0], trans(1), trans(2)
	h.ago.Store(int64(25 * time.Hour))
	d.post("create", createBody(late, 5))
	h.ago.Store(0)
	eventually(t, func() bool { return h.story(late) == "accepted cancelled" })
	if got := d.post("status", aboutBody(late)); got.field("status") != "FAILED" {
		t.Errorf("status: %s", got)
	}
	if got := d.post("confirm", confirmBody(late)); got.field("errorCode") != "10009" {
		t.Errorf("confirm: %s", got)
	}
	if got := d.post("reverse", aboutBody(late)); got.field("status") != "REVERSED" {
		t.Errorf("reverse: %s", got)
	}
	d.post("create", createBody(paid, 5))
	for verb, more := range map[string]string{
		"confirm": `,"otp":"1"`, "cancel": "", "refund": `,"refund_id":"r"`, "charge": "",
	} {
		body := fmt.Sprintf(`{"ext_id":%q%s}`, paid, more)
		if err := h.bench.Conn.Publish("payments.commands."+verb, []byte(body)); err != nil {
			t.Fatal(err)
		}
	}
	eventually(t, func() bool { return h.story(paid) == "accepted rejected rejected rejected rejected" })
	for _, r := range h.records(paid)[1:] {
		if why := r.Events[0].Rejection; why.Code != payment.Unsupported {
			t.Errorf("%s: %s", why.Verb, why.Code)
		}
	}
	d.post("confirm", confirmBody(paid))
	eventually(t, func() bool { return h.told(paid) == "accepted rejected rejected rejected rejected completed" })
}

func file(t testing.TB, content string) string {
	t.Helper()
	path := filepath.Join(t.TempDir(), "file")
	if err := os.WriteFile(path, []byte(content), 0o600); err != nil {
		t.Fatal(err)
	}
	return path
}
