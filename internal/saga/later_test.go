package saga_test

import (
	"fmt"
	"strings"
	"testing"
	"time"

	"github.com/go-json-experiment/json"

	"tolov/internal/payment"
	"tolov/internal/saga"
)

// H2, H54: a worker that was frozen in the call of one refund comes back with its answer while the next one's call is
// under way. Whatever it says, it speaks of the first refund alone.
func TestAnswerAboutOneRefundIsNoneAboutTheNext(t *testing.T) {
	for _, outcome := range []payment.Outcome{
		payment.Done, payment.Declined, payment.NotSent, payment.Unknown, payment.Pending,
	} {
		t.Run(string(outcome), func(t *testing.T) {
			s := paid(t)
			frozen := s.done(s.refund("r1"), "create-part")
			s.now = s.now.Add(time.Minute)
			s.done(s.wakes(), "get-part")
			second := s.done(s.refund("r2"), "create-part")
			open := s.saved.State.Intent
			s.answer(frozen, payment.Answer{Outcome: outcome})
			if got := s.saved.State.Intent; got == nil || got.At != open.At || s.saved.State.Doubt != nil {
				t.Fatalf("the second refund's intent is %+v, its doubt %+v", got, s.saved.State.Doubt)
			}
			s.done(second, "confirm-part")
			if p := s.saved.Payment; p.AmountRefunded != 2000 || p.Refunds[1].Status != payment.RefundDone {
				t.Errorf("refunded %d, %+v", p.AmountRefunded, p.Refunds)
			}
		})
	}
}

// H6, H54: what a slow question learned of one refund is not taken for the next one's outcome either.
func TestQuestionAboutOneRefundIsNoneAboutTheNext(t *testing.T) {
	for _, outcome := range []payment.Outcome{payment.Done, payment.Declined, payment.Absent} {
		t.Run(string(outcome), func(t *testing.T) {
			s := paid(t)
			s.done(s.refund("r1"), "create-part")
			s.now = s.now.Add(time.Minute)
			slow := s.wakes()
			s.now = s.now.Add(time.Minute)
			s.done(s.wakes(), "get-part")
			second := s.done(s.refund("r2"), "create-part")
			s.answer(slow, payment.Answer{Outcome: outcome})
			if s.saved.State.Intent == nil {
				t.Fatalf("the second refund's intent is gone: %+v", s.saved.Payment)
			}
			s.answer(second, payment.Answer{Outcome: payment.Declined})
			if p := s.saved.Payment; p.AmountRefunded != 1000 || p.Refunds[1].Status != payment.RefundRefused {
				t.Errorf("refunded %d, %+v", p.AmountRefunded, p.Refunds)
			}
		})
	}
}

// Law 8: a refund that was found refused, and that the provider confirms afterwards, is a matter for a person, even
// when another one was made meanwhile.
func TestLateConfirmationOfARefusedRefundIsNotThrownAway(t *testing.T) {
	for _, next := range []bool{false, true} {
		t.Run(fmt.Sprint(next), func(t *testing.T) {
			s := paid(t)
			frozen := s.done(s.refund("r1"), "create-part")
			s.lost(frozen)
			if next {
				s.done(s.done(s.refund("r2"), "create-part"), "confirm-part")
			}
			s.done(frozen, "confirm-part")
			if p := s.saved.Payment; p.Status != payment.NeedsReview || s.saved.State.Review != saga.ReviewByContradiction {
				t.Errorf("the payment is %s, refunded %d: %+v", p.Status, p.AmountRefunded, p.Refunds)
			}
		})
	}
}

// H54: a refund_id is used up for as long as the payment lives, however many commands come after it.
func TestRefundIsNotMadeAgainWhenItsCommandIsForgotten(t *testing.T) {
	s := paid(t)
	s.done(s.done(s.refund("r1"), "create-part"), "confirm-part")
	for i := range 70 {
		s.command(payment.Command{Verb: payment.VerbRecheck, Message: fmt.Sprint("x", i), CommandID: fmt.Sprint("x", i)})
	}
	part := payment.Money(1000)
	m := s.command(payment.Command{Verb: payment.VerbRefund, Message: "late", RefundID: "r1", Amount: &part})
	if m.call != nil || len(s.saved.Payment.Refunds) != 1 {
		t.Errorf("the refund is made again: %+v", s.saved.Payment.Refunds)
	}
}

// H67: the clock of the worker that takes a payment over may be ahead of the one that recorded the intent. What it
// takes for the end of the quiet period may be in the middle of the call.
func TestQuietPeriodOfATakenOverCallIsOfOneClock(t *testing.T) {
	s := newShared(t, bank())
	m := s.command(payment.Command{Verb: payment.VerbPay, Message: "m1"})
	frozen := s.done(s.done(m, "create"), "bind")
	if frozen.call == nil || frozen.call.Attempt != 1 {
		t.Fatal("no money call")
	}
	s.now = s.now.Add(25*time.Second + 10*time.Second) // 25 s later, by a clock that is 10 s ahead
	s.answer(s.wakes(), payment.Answer{Outcome: payment.Absent})
	if s.saved.State.Intent == nil || s.saved.State.Intent.Attempt != 1 || s.saved.State.Doubt == nil {
		t.Error("the call was taken for lost while it may be under way")
	}
}

// H74: a person's word about a payment whose draft was being dropped ends the payment, as it says.
func TestResolveOfAPaymentThatWasBeingDropped(t *testing.T) {
	for _, v := range []struct{ outcome, want payment.Status }{
		{payment.Completed, payment.Completed}, {payment.Failed, payment.Failed}, {payment.Cancelled, payment.Cancelled},
	} {
		t.Run(string(v.outcome), func(t *testing.T) {
			s := newShared(t, bankDebt())
			s.answer(s.command(payment.Command{Verb: payment.VerbWithdraw, Message: "m1"}),
				payment.Answer{Outcome: payment.Unknown})
			m := s.command(payment.Command{Verb: payment.VerbCancel, Message: "m2"})
			s.answer(m, payment.Answer{Outcome: payment.Done, Moved: true, Transaction: "77", Amount: 5000, Amounted: true})
			if s.saved.Payment.Status != payment.NeedsReview {
				t.Fatal(s.saved.Payment.Status)
			}
			s.command(payment.Command{
				Verb: payment.VerbResolve, Message: "m3", Outcome: v.outcome, Actor: "a", ApprovedBy: "b",
			})
			p := s.saved.Payment
			if p.Status != v.want || (p.AmountCharged == 5000) != (v.want == payment.Completed) {
				t.Errorf("resolved as %s, the payment is %s, charged %d", v.outcome, p.Status, p.AmountCharged)
			}
		})
	}
}

// lost walks a money call that a frozen worker holds to the refusal of the attempt after it, and gives the frozen one.
func (s *shared) lost(frozen mind) mind {
	s.t.Helper()
	s.now = s.now.Add(time.Minute)
	s.answer(s.wakes(), payment.Answer{Outcome: payment.Absent})
	s.now = s.now.Add(time.Minute)
	s.answer(s.answer(s.wakes(), payment.Answer{Outcome: payment.Absent}), payment.Answer{Outcome: payment.Declined})
	return frozen
}

// H74, I5: what a person says happened is what the late confirmation spoke of: that refund, or that part of the hold,
// and not the whole payment.
func TestResolveIsAboutWhatWasConfirmedLate(t *testing.T) {
	resolve := payment.Command{
		Verb: payment.VerbResolve, Message: "end", Outcome: payment.Completed, Actor: "a", ApprovedBy: "b",
	}
	t.Run("refund", func(t *testing.T) {
		s := paid(t)
		s.done(s.lost(s.done(s.refund("r1"), "create-part")), "confirm-part")
		s.command(resolve)
		p := s.saved.Payment
		if p.Status != payment.PartiallyRefunded || p.AmountRefunded != 1000 || p.AmountCharged != 5000 {
			t.Errorf("%s, refunded %d of %d", p.Status, p.AmountRefunded, p.AmountCharged)
		}
	})
	t.Run("charge", func(t *testing.T) {
		s := newShared(t, bankHold())
		m := s.command(payment.Command{Verb: payment.VerbHold, Message: "m1", DurationMin: new(int64(60))})
		s.done(s.done(m, "create"), "freeze")
		part := payment.Money(1000)
		m = s.command(payment.Command{Verb: payment.VerbCharge, Message: "m2", Amount: &part})
		s.done(s.lost(m), "charge")
		s.command(resolve)
		if p := s.saved.Payment; p.Status != payment.Completed || p.AmountCharged != 1000 {
			t.Errorf("%s, charged %d", p.Status, p.AmountCharged)
		}
	})
	t.Run("watched refund", func(t *testing.T) {
		s := paid(t)
		s.lost(s.done(s.refund("r1"), "create-part"))
		s.now = s.now.Add(time.Minute)
		watch := s.wakes()
		if watch.call == nil || watch.call.Walk.RefundID != "r1" {
			t.Fatalf("the question is %+v", watch.call)
		}
		s.done(watch, "get-part")
		s.command(resolve)
		if p := s.saved.Payment; p.Status != payment.PartiallyRefunded || p.AmountRefunded != 1000 {
			t.Errorf("%s, refunded %d", p.Status, p.AmountRefunded)
		}
	})
}

// Law 8: a question can be slow too. When it says that the money moved, and the payment was given up meanwhile, a
// person must look.
func TestSlowQuestionThatSawTheMoneyMoveIsNotThrownAway(t *testing.T) {
	s := newShared(t, bank())
	m := s.done(s.command(payment.Command{Verb: payment.VerbPay, Message: "m1"}), "create")
	s.answer(m, payment.Answer{Outcome: payment.Done, Action: &payment.Action{Type: payment.ActionCode}})
	s.now = s.now.Add(6 * time.Minute)
	slow := s.wakes() // the code ran out: was it paid all the same?
	s.now = s.now.Add(time.Minute)
	s.answer(s.wakes(), payment.Answer{Outcome: payment.Absent})
	if s.saved.Payment.Status != payment.Cancelled {
		t.Fatal(s.saved.Payment.Status)
	}
	s.done(slow, "get")
	if got := s.saved.State.Review; got != saga.ReviewByContradiction {
		t.Errorf("the payment is %s", s.saved.Payment.Status)
	}
}

// What the record knows already is no contradiction: the funds were held, and then let go.
func TestLateConfirmationOfAHoldThatWasReleasedIsOld(t *testing.T) {
	s := newShared(t, bankHold())
	m := s.command(payment.Command{Verb: payment.VerbHold, Message: "m1", DurationMin: new(int64(60))})
	frozen := s.done(m, "create")
	s.now = s.now.Add(time.Minute)
	s.done(s.wakes(), "hold")
	s.done(s.command(payment.Command{Verb: payment.VerbCancel, Message: "m2"}), "free")
	s.done(frozen, "freeze")
	if p := s.saved.Payment; p.Status != payment.Cancelled {
		t.Errorf("the payment is %s", p.Status)
	}
}

// H5, H24: a page stays open at the provider's after the payment was cancelled here. For as long as the customer was
// given to pay there, and as long as a call may land late, it is asked whether he did.
func TestPageIsWatchedUntilItCloses(t *testing.T) {
	s := newShared(t, bankPage())
	page := payment.Action{
		Type: payment.ActionRedirect, URL: "https://page", ExpiresAt: payment.At(s.now.Add(50 * time.Minute)),
	}
	m := s.command(payment.Command{Verb: payment.VerbPay, Message: "m1"})
	s.answer(m, payment.Answer{Outcome: payment.Done, Transaction: "77", Action: &page})
	cancel := s.command(payment.Command{Verb: payment.VerbCancel, Message: "m2"})
	s.answer(cancel, payment.Answer{Outcome: payment.Absent})
	if s.saved.Payment.Status != payment.Cancelled {
		t.Fatal(s.saved.Payment.Status)
	}
	for at := s.now.Add(45 * time.Minute); s.now.Before(at); s.now = s.now.Add(time.Minute) {
		if m := s.wakes(); m.call != nil {
			s.answer(m, payment.Answer{Outcome: payment.Absent})
		}
	}
	for range 20 {
		s.now = s.now.Add(time.Minute)
		if m := s.wakes(); m.call != nil {
			s.answer(m, payment.Answer{Outcome: payment.Done, Transaction: "77", Amount: 5000, Amounted: true})
			break
		}
	}
	if s.saved.Payment.Status != payment.NeedsReview {
		t.Errorf("paid at the page after 45 min, and the payment is %s", s.saved.Payment.Status)
	}
}

// H6, H13: a read that lags behind says that nothing is held, moments after the hold was confirmed. That proves
// nothing: the funds are held until the provider says that they are free, or until their time is over.
func TestHeldFundsAreNotGivenUpForAReadThatLags(t *testing.T) {
	s := newShared(t, bankHold())
	m := s.command(payment.Command{Verb: payment.VerbHold, Message: "m1", DurationMin: new(int64(60))})
	s.done(s.done(m, "create"), "freeze")
	m = s.command(payment.Command{Verb: payment.VerbRecheck, Message: "m2"})
	s.answer(m, payment.Answer{Outcome: payment.Absent})
	if p := s.saved.Payment; p.Status != payment.Held {
		t.Fatalf("the payment is %s (%s)", p.Status, p.CancelReason)
	}
	s.now = s.now.Add(time.Hour)
	s.answer(s.wakes(), payment.Answer{Outcome: payment.Absent})
	if p := s.saved.Payment; p.Status != payment.Cancelled || p.CancelReason != saga.CancelHoldExpired {
		t.Errorf("the payment is %s (%s)", p.Status, p.CancelReason)
	}
}

// A record that does not fit a message cannot be saved, and the outcome of the call before it would be lost. So the
// refunds of a payment are bounded, whatever their reasons are.
func TestRecordOfAPaymentWithManyRefundsFitsAMessage(t *testing.T) {
	const smallest = 256 << 10 // what a server may be set to take
	s := paid(t)
	one := payment.Money(1)
	for i := range 1000 {
		id := fmt.Sprintf("%064d", i)
		m := s.command(payment.Command{
			Verb: payment.VerbRefund, Message: id, RefundID: id, Amount: &one, Reason: strings.Repeat("ж", 255),
		})
		if m.call == nil {
			break
		}
		s.done(s.done(m, "create-part"), "confirm-part")
	}
	text, err := json.Marshal(s.saved)
	if err != nil || len(text) > smallest {
		t.Errorf("%d refunds, %d bytes, %v", len(s.saved.Payment.Refunds), len(text), err)
	}
}
