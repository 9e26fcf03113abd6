package client_test

import (
	"fmt"
	"net/http"
	"net/url"
	"os"
	"strings"
	"testing"
	"time"

	"tolov/client"
)

// I5: charged is never more than held, and what is not charged is released.
func TestHoldIsChargedInPartAndTheRestIsReleased(t *testing.T) {
	t.Parallel()
	extID := fresh()
	c := dial(t)
	e := do(t, c, holding(extID), client.EventHeld)
	if p := e.Payment; p.AmountHeld != 5_000_000 || p.AmountCharged != 0 || time.Until(p.HeldUntil) < 23*time.Hour {
		t.Errorf("held %d until %s, charged %d", p.AmountHeld, p.HeldUntil, p.AmountCharged)
	}
	if again := do(t, c, holding(extID), client.EventHeld); again.ID != e.ID {
		t.Errorf("the same hold again led to %s, the first to %s", again.ID, e.ID)
	}
	tooMuch := client.Charge{ExtID: extID, Amount: 5_000_001}
	if e := do(t, c, tooMuch, client.EventRejected); e.Rejection.Field != "amount" {
		t.Errorf("refused for %q", e.Rejection.Field)
	}
	charge := client.Charge{ExtID: extID, CommandID: "c-1", Amount: 3_000_000}
	e = do(t, c, charge, client.EventCompleted)
	if e.Payment.AmountCharged != 3_000_000 {
		t.Errorf("charged %d", e.Payment.AmountCharged)
	}
	if again := do(t, c, charge, client.EventCompleted); again.ID != e.ID {
		t.Errorf("the same charge again led to %s, the first to %s", again.ID, e.ID)
	}
	holds := held(t, "flat-"+extID)
	if len(holds) != 1 || holds[0].Charged != 3_000_000 || holds[0].Released != 2_000_000 {
		t.Errorf("the ledger has %+v", holds)
	}
}

func TestHoldByNumberIsConfirmedAndReleased(t *testing.T) {
	t.Parallel()
	extID := fresh()
	c := dial(t)
	hold := holding(extID)
	hold.Card = byNumber(extID).Card
	do(t, c, hold, client.EventActionRequired)
	do(t, c, client.Confirm{ExtID: extID, CommandID: "code", Code: "111111"}, client.EventHeld)
	do(t, c, client.Confirm{ExtID: extID, CommandID: "code", Code: "111111"}, client.EventHeld)
	e := do(t, c, client.Cancel{ExtID: extID}, client.EventCancelled)
	if e.Payment.CancelReason != "by_command" || debits(t, "flat-"+extID) != 0 {
		t.Errorf("cancelled %s, debits: %d", e.Payment.CancelReason, debits(t, "flat-"+extID))
	}
	if holds := held(t, "flat-"+extID); len(holds) != 1 || holds[0].Released != 5_000_000 {
		t.Errorf("the ledger has %+v", holds)
	}
	if e := do(t, c, client.Charge{ExtID: extID}, client.EventRejected); e.Rejection.Code != "not_allowed" {
		t.Errorf("a charge of a cancelled hold is refused by %s", e.Rejection.Code)
	}
}

// parted is a payment's or a hold's two items and their sum.
func parted(extID string) ([]client.Item, int64) {
	return []client.Item{
		{Account: "bread-" + extID, Amount: 1_000_000, Details: "bread"}, {Account: "tea-" + extID, Amount: 2_000_000},
	}, 3_000_000
}

func TestItemsOfAHoldAreChargedForThemselves(t *testing.T) {
	t.Parallel()
	extID := fresh()
	c := dial(t)
	hold := holding(extID)
	hold.Account = ""
	hold.Items, hold.Amount = parted(extID)
	do(t, c, hold, client.EventHeld)
	charge := client.Charge{ExtID: extID, Items: []client.ChargeItem{{Index: 0, Amount: 400_000}}}
	e := do(t, c, charge, client.EventCompleted)
	items := e.Payment.Items
	if e.Payment.AmountCharged != 400_000 || items[0].AmountCharged != 400_000 || items[1].AmountCharged != 0 {
		t.Errorf("charged %d, of the items %+v", e.Payment.AmountCharged, items)
	}
	bread, tea := held(t, "bread-"+extID), held(t, "tea-"+extID)
	if bread[0].Charged != 400_000 || bread[0].Released != 600_000 || tea[0].Released != 2_000_000 {
		t.Errorf("the ledger has %+v and %+v", bread, tea)
	}
}

func TestItemsArePaidWithOneCode(t *testing.T) {
	t.Parallel()
	extID := fresh()
	c := dial(t)
	pay := byNumber(extID)
	pay.Account = ""
	pay.Items, pay.Amount = parted(extID)
	wrong := pay
	wrong.Amount++
	if e := do(t, c, wrong, client.EventRejected); e.Rejection.Field != "amount" {
		t.Errorf("refused for %q", e.Rejection.Field)
	}
	do(t, c, pay, client.EventActionRequired)
	e := do(t, c, client.Confirm{ExtID: extID, Code: "111111"}, client.EventCompleted)
	if again := do(t, c, pay, client.EventCompleted); again.ID != e.ID {
		t.Errorf("the same again led to %s, the first to %s", again.ID, e.ID)
	}
	for i, account := range []string{"bread-" + extID, "tea-" + extID} {
		item := e.Payment.Items[i]
		if item.Account != account || item.AmountCharged != pay.Items[i].Amount || debits(t, account) != 1 {
			t.Errorf("item %+v, debits: %d", item, debits(t, account))
		}
	}
}

// I5 and H54: no two refunds together give back more than was charged, and each Refund is told of its own end.
func TestEachRefundIsToldOfItsOwnEnd(t *testing.T) {
	t.Parallel()
	extID := fresh()
	c := dial(t)
	do(t, c, byToken(extID), client.EventCompleted)
	one := client.Refund{ExtID: extID, RefundID: "r-1", Amount: 2_000_000, Reason: "broken"}
	e := do(t, c, one, client.EventRefunded)
	if e.Refund.RefundID != "r-1" || e.Refund.Amount != 2_000_000 || e.Payment.AmountRefunded != 2_000_000 ||
		e.Payment.Status != client.StatusPartiallyRefunded {
		t.Errorf("refunded %+v, in all %d, %s", e.Refund, e.Payment.AmountRefunded, e.Payment.Status)
	}
	tooMuch := client.Refund{ExtID: extID, RefundID: "r-2", Amount: 3_000_001}
	if e := do(t, c, tooMuch, client.EventRejected); e.Rejection.Field != "amount" {
		t.Errorf("refused for %q", e.Rejection.Field)
	}
	rest := do(t, c, client.Refund{ExtID: extID, RefundID: "r-3"}, client.EventRefunded)
	if rest.Refund.Amount != 3_000_000 || rest.Payment.Status != client.StatusRefunded {
		t.Errorf("refunded %+v, %s", rest.Refund, rest.Payment.Status)
	}
	if again := do(t, c, one, client.EventRefunded); again.ID != e.ID {
		t.Errorf("the same refund again led to %s, the first to %s", again.ID, e.ID)
	}
	other := one
	other.Amount++
	if e := do(t, c, other, client.EventRejected); e.Rejection.Code != "conflict" {
		t.Errorf("refused by %s", e.Rejection.Code)
	}
	if sum := refunded(t, "flat-"+extID); sum != 5_000_000 {
		t.Errorf("%d went back", sum)
	}
}

// A refund in doubt is no end, and the rejection of another refund meanwhile is not taken for it.
func TestRefundInDoubtIsWaitedFor(t *testing.T) {
	t.Parallel()
	extID := fresh()
	c := dial(t)
	do(t, c, byToken(extID), client.EventCompleted)
	script(t, `{"op":"reverse","kind":"silent_after","times":1,"account":"flat-`+extID+`"}`)
	type ended struct {
		e   client.Event
		err error
	}
	waiting := make(chan ended, 1)
	doubtful := make(chan struct{})
	go func() {
		e, err := c.Do(patient(t), client.Refund{ExtID: extID, RefundID: "r-1"}, func(e client.Event) {
			if e.Type == client.EventInDoubt {
				close(doubtful)
			}
		})
		waiting <- ended{e, err}
	}()
	<-doubtful
	do(t, c, client.Refund{ExtID: extID, RefundID: "r-2", Amount: 1}, client.EventRejected)
	got := <-waiting
	if got.err != nil || got.e.Type != client.EventRefunded || got.e.Refund.RefundID != "r-1" {
		t.Errorf("the first refund led to %s, %v", got.e.Type, got.err)
	}
	if sum := refunded(t, "flat-"+extID); sum != 5_000_000 {
		t.Errorf("%d went back", sum)
	}
}

// script makes the shared town's provider misbehave.
func script(t *testing.T, fault string) {
	t.Helper()
	post(t, "/sandbox/faults", "application/json", fault)
}

func post(t *testing.T, path, kind, body string) {
	t.Helper()
	reply, err := (&http.Client{}).Post(os.Getenv(envSandbox)+path, kind, strings.NewReader(body))
	if err != nil {
		t.Fatal(err)
	}
	defer func() { _ = reply.Body.Close() }()
	if reply.StatusCode >= http.StatusMultipleChoices {
		t.Fatal(path, reply.Status)
	}
}

func TestPageIsWhereTheCustomerPays(t *testing.T) {
	t.Parallel()
	extID := fresh()
	c := dial(t)
	pay := byToken(extID)
	pay.Card, pay.Hosted = client.Card{}, &client.Hosted{SuccessURL: "https://shop.example/thanks"}
	e := do(t, c, pay, client.EventActionRequired)
	back := "redirectLink=" + url.QueryEscape(pay.Hosted.SuccessURL)
	if a := e.Payment.Action; a.Type != "redirect" || !strings.Contains(a.URL, back) {
		t.Fatalf("the customer must %+v", a)
	}
	post(t, "/sandbox/pages/"+e.Payment.ProviderRefs["transaction_id"]+"/pay", "", "")
	if e, err := c.Outcome(patient(t), e.PaymentID); err != nil || e.Type != client.EventCompleted {
		t.Errorf("the page led to %s, %v", e.Type, err)
	}
	if n := debits(t, "flat-"+extID); n != 1 {
		t.Errorf("%d debits", n)
	}
}

// I8: the token is a secret of the one event that brings it.
func TestLinkedCardPaysUntilItIsRemoved(t *testing.T) {
	t.Parallel()
	one, two, three := fresh(), fresh(), fresh()
	c := dial(t)
	link := client.LinkCard{ExtID: one, Provider: "atmos", Card: client.Card{Number: "8600120034560007", Expiry: "4912"}}
	do(t, c, link, client.EventActionRequired)
	e := do(t, c, client.Confirm{ExtID: one, Code: "111111"}, client.EventCardLinked)
	card := e.Payment.Card
	if card.Token == "" || card.ID == "" || card.Masked != "860012******0007" {
		t.Fatalf("linked is %+v", card)
	}
	if said := fmt.Sprintf("%v %+v %#v %v", *card, e.Payment, card, e); strings.Contains(said, string(card.Token)) {
		t.Error("the token is printed")
	}
	pay := byToken(two)
	pay.Card = client.Card{Token: card.Token}
	do(t, c, pay, client.EventCompleted)
	remove := client.RemoveCard{ExtID: one, CommandID: "gone"}
	removed := do(t, c, remove, client.EventCardRemoved)
	if p := removed.Payment; p.Status != client.StatusRemoved || p.Card.Token != "" {
		t.Errorf("removed is %s, with %+v", p.Status, p.Card)
	}
	if again := do(t, c, remove, client.EventCardRemoved); again.ID != removed.ID {
		t.Errorf("the same again led to %s, the first to %s", again.ID, removed.ID)
	}
	pay.ExtID = three
	do(t, c, pay, client.EventFailed)
}
