package atmosips_test

import (
	"strings"
	"testing"
	"time"

	"tolov/internal/payment"
	"tolov/internal/providers/sandbox"
	"tolov/internal/saga"
)

// Operations 37, 38, 40, 42.
func TestPaymentPasses3DSecureAndIsDebitedOnce(t *testing.T) {
	h := newHouse(t)
	h.is(h.send(command(payment.VerbPay, number(cardNo))), payment.ActionRequired)
	h.atPage()
	p := h.passTime(payment.Completed)
	h.moved(1, 0)
	if p.AmountCharged != amount || len(p.Receipts) == 0 || p.ProviderRefs["rrn"] == "" {
		t.Errorf("%+v", p)
	}
	if got := strings.Join(h.events, " "); got != "accepted action_required completed receipt_issued" {
		t.Error(got)
	}
}

// Operations 36, 39: a linked card that has passed 3-D Secure is not sent there again; another one is.
func TestPaymentWithALinkedCard(t *testing.T) {
	h := newHouse(t)
	p := h.send(command(payment.VerbPay, linked(linkedID)))
	h.is(p, payment.Completed)
	if p.Card == nil || p.Card.ID != linkedID || p.Card.Masked != "427831******5430" {
		t.Errorf("card %+v", p.Card)
	}
	h.moved(1, 0)

	h = newHouse(t)
	h.is(h.send(command(payment.VerbPay, linked("900002"))), payment.ActionRequired)
	h.atPage()
	h.passTime(payment.Completed)
	h.moved(1, 0)
}

func TestRedirectThatIsNeverFinishedEndsCancelledAfterAsking(t *testing.T) {
	h := newHouse(t)
	h.is(h.send(command(payment.VerbPay, number(cardNo))), payment.ActionRequired)
	h.must(h.box.AbandonPage(h.last.State.Transaction))
	before := h.box.Calls()["atmos-ips.get"]
	p := h.passTime(payment.Cancelled)
	if p.CancelReason != "expired" || h.box.Calls()["atmos-ips.get"] <= before || h.last.State.Watch != nil {
		t.Errorf("%s, %d questions, %+v", p.CancelReason, h.box.Calls()["atmos-ips.get"]-before, h.last.State.Watch)
	}
	h.moved(0, 0)
}

// A customer who passes 3-D Secure after the merchant cancelled is not debited, and that is no contradiction.
func TestPaymentThatWasCancelledAt3DSecureIsNotDebited(t *testing.T) {
	h := newHouse(t)
	h.is(h.send(command(payment.VerbPay, number(cardNo))), payment.ActionRequired)
	transaction := h.last.State.Transaction
	h.is(h.send(next(payment.VerbCancel)), payment.Cancelled)
	h.must(h.box.PayPage(transaction))
	h.now = h.now.Add(time.Hour)
	h.is(h.handleTimer(), payment.Cancelled)
	h.moved(0, 0)
}

func TestFailed3DSecureEndsThePayment(t *testing.T) {
	h := newHouse(t)
	h.is(h.send(command(payment.VerbPay, number("4000000000003220"))), payment.ActionRequired)
	h.atPage()
	if p := h.passTime(payment.Failed); p.Failure.Code != "card_not_verified" {
		t.Errorf("%+v", p.Failure)
	}
	h.moved(0, 0)
}

// H1: an answer that is lost is asked for, and the call is not made again.
func TestLostAnswersEndInOneDebit(t *testing.T) {
	for op, scene := range map[string]func(h *house){
		"pre-create": func(h *house) { h.send(command(payment.VerbPay, number(freeNo))) },
		"create": func(h *house) {
			h.is(h.send(command(payment.VerbPay, number(cardNo))), payment.InDoubt)
			h.passTime(payment.ActionRequired)
			h.atPage()
		},
		"apply": func(h *house) { h.is(h.send(command(payment.VerbPay, number(freeNo))), payment.InDoubt) },
		"create-template": func(h *house) {
			c := command(payment.VerbPay, linked(linkedID))
			c.Recurring = true
			h.is(h.send(c), payment.InDoubt)
		},
	} {
		t.Run(op, func(t *testing.T) {
			h := newHouse(t)
			h.fault(op, sandbox.ResetAfter)
			scene(h)
			h.passTime(payment.Completed)
			h.moved(1, 0)
			if op != "pre-create" && h.box.Calls()["atmos-ips."+op] != 1 {
				t.Errorf("%v", h.box.Calls())
			}
		})
	}
}

// A create that never arrived cannot be made again without the card: certainly nothing was charged.
func TestCreateThatWasLostOnItsWayNeedsTheCardAgain(t *testing.T) {
	h := newHouse(t)
	h.fault("create", sandbox.ResetBefore)
	h.is(h.send(command(payment.VerbPay, number(cardNo))), payment.InDoubt)
	if p := h.passTime(payment.Failed); p.Failure.Code != "card_needed_again" {
		t.Errorf("%+v", p.Failure)
	}
	h.moved(0, 0)
}

// An apply that never arrived is made again, once that is certain.
func TestApplyThatWasLostOnItsWayIsMadeAgain(t *testing.T) {
	h := newHouse(t)
	h.fault("apply", sandbox.ResetBefore)
	h.is(h.send(command(payment.VerbPay, number(freeNo))), payment.InDoubt)
	h.passTime(payment.Completed)
	h.moved(1, 0)
}

func TestRefusalsTellWhy(t *testing.T) {
	for pan, want := range map[string]string{
		"4000000000000051": "insufficient_funds", "4000000000000127": "issuer_declined", "4000000000000069": "card_not_valid",
	} {
		h := newHouse(t)
		if p := h.send(command(payment.VerbPay, number(pan))); p.Status == payment.ActionRequired {
			h.atPage()
		}
		p := h.passTime(payment.Failed)
		if p.Failure.Code != want || p.Failure.Message.UZ == "" || p.Failure.Message.RU == "" {
			t.Errorf("%s: %+v", pan, p.Failure)
		}
		h.moved(0, 0)
	}
}

// Operation 41: only a card that has passed 3-D Secure is debited without its holder.
func TestRecurringPayment(t *testing.T) {
	for id, want := range map[string]payment.Status{
		linkedID: payment.Completed, "900005": payment.Completed, "900002": payment.Failed, "900003": payment.Failed,
		"900004": payment.Failed, "77": payment.Failed,
	} {
		h := newHouse(t)
		c := command(payment.VerbPay, linked(id))
		c.Recurring = true
		h.send(c)
		p := h.passTime(want)
		debits := 0
		if want == payment.Completed {
			debits = 1
		}
		h.moved(debits, 0)
		asked := h.box.Calls()["atmos-ips.card-get"]
		if made := h.box.Calls()["atmos-ips.create-template"]; asked != 1 || made > 1 || debits == 1 && made == 0 {
			t.Errorf("card %s: %+v, asked %d, made %d", id, p.Failure, asked, made)
		}
		if unfit := id == "900002" || id == "900004"; unfit && h.box.Calls()["atmos-ips.create-template"] != 0 {
			t.Errorf("card %s was tried", id)
		}
	}
}

// Operation 44.
func TestHostedInvoiceIsPaidAtItsPage(t *testing.T) {
	h := newHouse(t)
	h.is(h.send(invoice(h)), payment.ActionRequired)
	h.atPage()
	p := h.passTime(payment.Completed)
	h.moved(1, 0)
	if p.ProviderRefs["payment_id"] == "" || p.ProviderRefs["transaction_id"] == "" || len(p.Receipts) == 0 {
		t.Errorf("%+v", p)
	}
	h = newHouse(t)
	c := invoice(h)
	h.is(h.send(c), payment.ActionRequired)
	if p := h.passTime(payment.Cancelled); p.CancelReason != "expired" || h.now.Before(c.Hosted.ExpiresAt.Time) {
		t.Errorf("%+v at %s", p, h.now)
	}
	h.moved(0, 0)
}

func invoice(h *house) *payment.Command {
	c := command(payment.VerbPay, nil)
	total := amount
	c.Hosted = &payment.Hosted{
		SuccessURL: "https://shop.uz/done", ExpiresAt: payment.At(h.now.Add(time.Hour).Truncate(time.Second)),
		Items: []payment.HostedItem{{ItemsID: "1", Name: "book 1", Amount: &total}},
	}
	return c
}

// handleTimer lets the timer fire now.
func (h *house) handleTimer() *payment.Payment {
	h.t.Helper()
	h.handle(saga.Input{Wake: saga.ByTimer})
	return h.last.Payment
}
