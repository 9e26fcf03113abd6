package client_test

import (
	"net/http"
	"strings"
	"testing"
	"time"

	"tolov/client"
)

// visa is a card of the sandbox's that asks for 3-D Secure.
func visa() client.Card {
	return client.Card{Number: "4278310021875430", Expiry: "4912", Holder: "ANDREY PAK", CVC: "680"}
}

// byVisa is a payment whose customer is sent to 3-D Secure.
func byVisa(extID string) client.Pay {
	p := byToken(extID)
	p.Provider, p.CustomerIP, p.InvoiceID, p.Card = "atmos-ips", "192.168.200.1", "invoice-7", visa()
	return p
}

// by3DS plays the customer, who finishes the page that the payment sends to.
func by3DS(t *testing.T, e client.Event) {
	t.Helper()
	a := e.Payment.Action
	if a == nil || a.Type != "redirect" || !strings.HasPrefix(a.URL, "http://") {
		t.Fatalf("the customer must %+v", a)
	}
	reply, err := (&http.Client{}).Post(a.URL, "", nil)
	if err != nil {
		t.Fatal(err)
	}
	_ = reply.Body.Close()
	if reply.StatusCode >= http.StatusMultipleChoices {
		t.Fatal("the page answers ", reply.Status)
	}
}

// Operations 37, 38, 40.
func TestVisaPaysBehind3DSecure(t *testing.T) {
	t.Parallel()
	extID := fresh()
	c := dial(t)
	e := do(t, c, byVisa(extID), client.EventActionRequired)
	if debits(t, "flat-"+extID) != 0 {
		t.Error("debited before 3-D Secure")
	}
	by3DS(t, e)
	e, err := c.Outcome(patient(t), e.PaymentID)
	if err != nil || e.Type != client.EventCompleted || e.Payment.Card.Masked != "427831******5430" {
		t.Fatalf("led to %s with %+v, %v", e.Type, e.Payment.Card, err)
	}
	if n := debits(t, "flat-"+extID); n != 1 {
		t.Errorf("%d debits", n)
	}
	if again := do(t, c, byVisa(extID), client.EventCompleted); again.ID != e.ID {
		t.Errorf("the same again led to %s, the first to %s", again.ID, e.ID)
	}
}

// Operations 34, 36, 39: a card is linked by its number, and pays by its id.
func TestVisaIsLinkedAndPaysByItsID(t *testing.T) {
	t.Parallel()
	one, two := fresh(), fresh()
	c := dial(t)
	link := client.LinkCard{ExtID: one, Provider: "atmos-ips", Card: visa(), CustomerIP: "192.168.200.1"}
	e := do(t, c, link, client.EventActionRequired)
	by3DS(t, e)
	e, err := c.Outcome(patient(t), e.PaymentID)
	if err != nil || e.Type != client.EventCardLinked || e.Payment.Card.ID == "" {
		t.Fatalf("led to %s with %+v, %v", e.Type, e.Payment.Card, err)
	}
	pay := byVisa(two)
	pay.Card = client.Card{ID: client.Secret(e.Payment.Card.ID)}
	do(t, c, pay, client.EventCompleted)
	if n := debits(t, "flat-"+two); n != 1 {
		t.Errorf("%d debits", n)
	}
}

// Operation 41: a card that has not passed 3-D Secure is not debited without its holder.
func TestOnlyAVerifiedCardPaysWithoutItsHolder(t *testing.T) {
	t.Parallel()
	for id, want := range map[client.Secret]client.EventType{
		"900001": client.EventCompleted, "900002": client.EventFailed, "900004": client.EventFailed,
	} {
		pay := byVisa(fresh())
		pay.Card, pay.Recurring = client.Card{ID: id}, true
		e := do(t, dial(t), pay, want)
		if want == client.EventFailed && e.Payment.Failure.Code != "card_not_verified" {
			t.Errorf("refused for %s", e.Payment.Failure.Code)
		}
		n := 0
		for _, d := range ledger(t).Debits { // such a debit names no account
			if d.Provider == "atmos-ips" && d.Transaction == e.Payment.ProviderRefs["transaction_id"] {
				n++
			}
		}
		if (n == 1) != (want == client.EventCompleted) {
			t.Errorf("%d debits with %s", n, want)
		}
	}
}

// Operations 45, 46, 48. The provider's charge takes no amount: a part of a hold is refused before any call.
func TestVisaHoldIsChargedAsAWholeAndGivenBack(t *testing.T) {
	t.Parallel()
	extID := fresh()
	c := dial(t)
	hold := holding(extID)
	hold.Provider, hold.Duration, hold.CustomerIP = "atmos-ips", 0, "192.168.200.1"
	hold.Card = client.Card{ID: "900001"}
	hold.OFDItems = []client.OFDItem{{Name: "Room", OFDCode: "10105001001000000", Amount: hold.Amount}}
	do(t, c, hold, client.EventHeld)
	e := do(t, c, client.Charge{ExtID: extID, CommandID: "part", Amount: 1}, client.EventRejected)
	if e.Payment.Status != client.StatusHeld || debits(t, hold.Account) != 0 {
		t.Errorf("after a charge of a part it is %s", e.Payment.Status)
	}
	do(t, c, client.Charge{ExtID: extID, CommandID: "all"}, client.EventCompleted)
	do(t, c, client.Refund{ExtID: extID, RefundID: "r-1"}, client.EventRefunded)
	if n, back := debits(t, hold.Account), refunded(t, hold.Account); n != 1 || back != hold.Amount {
		t.Errorf("%d debits, %d went back", n, back)
	}
}

// Operation 44.
func TestInvoiceIsPaidAtThePage(t *testing.T) {
	t.Parallel()
	pay := byVisa(fresh())
	until := time.Now().Add(time.Hour).Truncate(time.Second)
	pay.Card, pay.Hosted = client.Card{}, &client.Hosted{
		SuccessURL: "https://shop.example/thanks", ExpiresAt: until,
		Items: []client.HostedItem{{
			ItemsID: "1", Name: "Tea", Amount: pay.Amount, Quantity: 1,
			Details: &client.HostedDetails{Name: "leaf", Values: "green"},
		}},
	}
	c := dial(t)
	e := do(t, c, pay, client.EventActionRequired)
	if at := e.Payment.Action.ExpiresAt; !at.Equal(until) {
		t.Errorf("ends at %s, asked for was %s", at, until)
	}
	post(t, "/sandbox/pages/checkout_"+e.Payment.ProviderRefs["payment_id"]+"/pay", "", "")
	if e, err := c.Outcome(patient(t), e.PaymentID); err != nil || e.Type != client.EventCompleted {
		t.Errorf("led to %s, %v", e.Type, err)
	}
	if n := debits(t, pay.Account); n != 1 {
		t.Errorf("%d debits", n)
	}
}

// Operation 35.
func TestOwnerLinksTheCardAtThePage(t *testing.T) {
	t.Parallel()
	c := dial(t)
	e := do(t, c, client.LinkCard{
		ExtID: fresh(), Provider: "atmos-ips", Account: "customer-7",
		Hosted: &client.Hosted{SuccessURL: "https://shop.example/thanks"},
	}, client.EventActionRequired)
	post(t, "/sandbox/pages/checkout_"+e.Payment.ProviderRefs["payment_id"]+"/pay", "", "")
	e, err := c.Outcome(patient(t), e.PaymentID)
	if err != nil || e.Type != client.EventCardLinked || e.Payment.Card.ID == "" {
		t.Errorf("led to %s with %+v, %v", e.Type, e.Payment.Card, err)
	}
}
