package sandbox_test

import (
	"fmt"
	"net/http"
	"strings"
	"testing"
	"testing/synctest"
	"time"

	"tolov/internal/providers/sandbox"
)

const (
	ipsCard = "4278310021875430"
	ipsFree = "4000000000000002"
)

// ips makes a call of the acquiring with a live token; without a body it is a question.
func (b *bench) ips(path, body string, args ...any) reply {
	b.t.Helper()
	method := "POST"
	if body == "" {
		method = "GET"
	}
	return b.send(method, "/atmos/"+path, fmt.Sprintf(body, args...), func(r *http.Request) {
		r.Header.Set("Authorization", "Bearer "+b.bearer)
	})
}

// ipsSays insists on an answer's result code and the transaction's status; empty: none is told.
func (b *bench) ipsSays(got reply, code, status string) {
	b.t.Helper()
	if got.at(b.t, "status/code") != code {
		b.t.Errorf("answered %s, want %s", got.body, code)
	}
	if status != "" && got.at(b.t, "payload/status") != status {
		b.t.Errorf("status of %s, want %s", got.body, status)
	}
}

func (b *bench) ipsDraft(ext string) string {
	b.t.Helper()
	return b.ips("mps/pay/transaction/pre-create",
		`{"amount":10000,"ext_id":%q,"store_id":3,"ofd_items":[],"account":"a","invoice_id":""}`, ext).at(b.t, "payload/id")
}

func (b *bench) ipsCreate(id, ext, pan string) reply {
	b.t.Helper()
	return b.ips("mps/pay/transaction/create", `{"pan":%q,"expiry":"2908","amount":10000,"transaction_id":%s,`+
		`"card_name":"TEST","cvc2":"680","client_ip_addr":"10.0.0.1","ext_id":%q}`, pan, id, ext)
}

func (b *bench) ipsApply(id string) reply {
	b.t.Helper()
	return b.ips("mps/pay/transaction/apply", `{"transaction_id":%s}`, id)
}

func (b *bench) ipsGet(id string) reply {
	b.t.Helper()
	return b.ips("mps/pay/transaction/get/"+id, "")
}

// Rows 37, 38, 40, 42, 43.
func TestIPSDebitsOnceAfter3DSecure(t *testing.T) {
	b := newBench(t, sandbox.Options{})
	id := b.ipsDraft("e1")
	b.ipsSays(b.ipsGet(id), "0", "0")
	b.ipsSays(b.ipsApply(id), "-11", "")
	created := b.ipsCreate(id, "e1", ipsCard)
	b.ipsSays(created, "0", "1")
	page := strings.TrimPrefix(created.at(t, "payload/redirect_uri"), "http://sandbox")
	b.ipsSays(b.ipsApply(id), "-201", "")
	b.ipsSays(b.ipsCreate(id, "e1", ipsCard), "-11", "")
	b.debits(0)
	if got := b.send("POST", page, "", func(*http.Request) {}); got.status != http.StatusOK {
		t.Errorf("the page: %+v", got)
	}
	if err := b.PayPage(id); err == nil {
		t.Error("3-D Secure is passed twice")
	}
	b.ipsSays(b.ipsApply(id), "0", "4")
	b.ipsSays(b.ipsApply(id), "-11", "")
	b.ipsSays(b.ips("mps/pay/get/ext_id", `{"ext_id":"e1"}`), "0", "4")
	b.ipsSays(b.ips("mps/pay/get/ext_id", `{"ext_id":"e2"}`), "-12", "")
	b.debits(1)
	if tr, found := b.Transaction(id); !found || tr.State != "confirmed" || tr.Amount != 10_000 {
		t.Errorf("%+v", tr)
	}
}

func TestIPSMagicCards(t *testing.T) {
	b := newBench(t, sandbox.Options{})
	for pan, codes := range map[string][2]string{ // at create, at apply
		ipsFree: {"0", "0"}, "4000000000000069": {"-202", "-11"}, "4000000000000051": {"0", "-300"},
		"4000000000000127": {"0", "-203"}, "4000000000000119": {"0", "-100"}, "4000000000003220": {"0", "-11"},
	} {
		id := b.ipsDraft(pan)
		b.ipsSays(b.ipsCreate(id, pan, pan), codes[0], "")
		if err := b.PayPage(id); (err == nil) != (codes[0] == "0" && pan != ipsFree) {
			t.Errorf("%s: %v", pan, err)
		}
		b.ipsSays(b.ipsApply(id), codes[1], "")
	}
	b.debits(1)
}

// Rows 45 to 48.
func TestIPSHoldIsChargedOrCancelledOnce(t *testing.T) {
	b := newBench(t, sandbox.Options{})
	hold := func(ext, card string) reply {
		return b.ips("mps-extend/uklon/hold", `{"ext_id":%q,"amount":12000,"store_id":3,"ofd_items":[{"name":"x"}],`+
			`"account":"a","invoice_id":"1","card_id":%s,"client_ip_addr":"10.0.0.1"}`, ext, card)
	}
	for card, code := range map[string]string{"900002": "-201", "900003": "-300", "900004": "-201", "1": "-200"} {
		b.ipsSays(hold("x", card), code, "")
	}
	charged, cancelled := hold("h1", "900001").at(t, "payload/id"), hold("h2", "900001").at(t, "payload/id")
	b.ipsSays(hold("h1", "900001"), "-10", "")
	one := func(call, id string) reply {
		return b.ips("mps-extend/uklon/"+call, `{"store_id":3,"transaction_id":%s}`, id)
	}
	b.ipsSays(one("return", charged), "-11", "")
	b.ipsSays(one("apply", charged), "0", "4")
	b.ipsSays(one("apply", charged), "-11", "")
	b.ipsSays(one("cancel", charged), "-11", "")
	b.ipsSays(one("cancel", cancelled), "0", "")
	b.ipsSays(one("apply", cancelled), "-11", "")
	b.ipsSays(b.ipsGet(cancelled), "0", "6")
	b.debits(1)
	b.ipsSays(one("return", charged), "0", "7")
	b.ipsSays(one("return", charged), "-11", "")
	if refunds, holds := b.Refunds(), b.Holds(); len(refunds) != 1 || len(holds) != 2 || holds[0].Charged != 12_000 ||
		holds[1].Released != 12_000 {
		t.Errorf("%+v, %+v", refunds, holds)
	}
}

// Row 41: debited at once, told a little later.
func TestIPSRecurringPaymentSettlesAfterAMoment(t *testing.T) {
	synctest.Test(t, func(t *testing.T) {
		b := newBench(t, sandbox.Options{})
		for card, status := range map[string]string{"900001": "4", "900005": "1"} {
			got := b.ips("mps/pay/transaction/create/template",
				`{"card_id":%s,"amount":1000,"client_ip_addr":"10.0.0.1","ext_id":%q}`, card, "t"+card)
			b.ipsSays(got, "0", status)
			<-time.After(2 * time.Second)
			b.ipsSays(b.ipsGet(got.at(t, "payload/id")), "0", "4")
		}
		b.debits(2)
	})
}

// Rows 34 to 36, 44.
func TestIPSPagesAreFinishedOrAbandoned(t *testing.T) {
	b := newBench(t, sandbox.Options{})
	bind := func(ext string) reply {
		return b.ips("mps/pay/card/bind", `{"store_id":1,"pan":%q,"expiry":"2908","card_name":"TEST","cvc2":"075",`+
			`"client_ip_addr":"10.0.0.1","ext_id":%q}`, ipsCard, ext)
	}
	for ext, want := range map[string]string{"b1": "VERIFIED", "b2": "PENDING"} {
		card := bind(ext).at(t, "payload/card_id")
		act := map[string]func(string) error{"VERIFIED": b.PayPage, "PENDING": b.AbandonPage}[want]
		if err := act(card); err != nil {
			t.Error(err)
		}
		if got := b.ips("mps/pay/card/"+card, ""); got.at(t, "payload/card/verified_state") != want {
			t.Error(got.body)
		}
		if b.PayPage(card) == nil {
			t.Error("passed after all")
		}
	}
	page := func(path, more string) string {
		return "checkout_" + b.ips("checkout/"+path, `{"request_id":"r","store_id":3,"account":"a",`+
			`"success_url":"https://shop.uz"%s}`, more).at(t, "payment_id")
	}
	invoice := page("invoice/create", `,"amount":100,"items":[{"items_id":"1","name":"x","amount":100}]`)
	for _, id := range []string{invoice, page("card-bind/create", "")} {
		b.ipsSays(b.ips("mps/pay/get/ext_id", `{"ext_id":%q}`, id), "-12", "")
		if err := b.PayPage(id); err != nil {
			t.Error(err)
		}
		b.ipsSays(b.ips("mps/pay/get/ext_id", `{"ext_id":%q}`, id), "0", "4")
		if b.PayPage(id) == nil || b.AbandonPage(id) == nil {
			t.Error("finished twice")
		}
	}
	b.debits(1)
	if cards := b.Cards(); len(cards) != 2 {
		t.Errorf("%+v", cards)
	}
}

func TestIPSLetsNobodyInWithoutTokenOrKey(t *testing.T) {
	b := newBench(t, sandbox.Options{IPSKey: "k"})
	b.ipsSays(b.ipsGet("600000000"), "-400", "")
	got := b.send("GET", "/atmos/mps/pay/card/900001", "", func(r *http.Request) { r.Header.Set("apikey", "k") })
	if got.status != http.StatusUnauthorized {
		t.Errorf("%+v", got)
	}
}
