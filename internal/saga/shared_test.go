package saga_test

import (
	"fmt"
	"testing"
	"time"

	"tolov/internal/payment"
	"tolov/internal/saga"
)

// shared is one payment in the journal, decided on by several workers: what each has in mind is its own.
type shared struct {
	t     *testing.T
	flow  *saga.Flow
	now   time.Time
	saved saga.Record
}

// mind is a worker that waits for an answer.
type mind struct {
	on    saga.Record // the record that it stands on
	in    saga.Input
	call  *saga.Call
	asked time.Time
}

func newShared(t *testing.T, flow *saga.Flow) *shared {
	t.Helper()
	return &shared{t: t, flow: flow, now: time.Date(2026, 3, 1, 9, 0, 0, 0, time.UTC)}
}

// decides takes one decision and saves its record, as the runner does: a decision on an old record is taken again.
func (s *shared) decides(on saga.Record, in saga.Input) mind {
	s.t.Helper()
	d := saga.Next(s.flow, on, in, s.now, policy())
	if d.Save && on.Seq != s.saved.Seq {
		if a := in.Answer; a != nil && a.Call.Attempt == 0 && !a.Call.Asks {
			in.Answer = nil
		}
		return s.decides(s.saved, in)
	}
	if d.Save {
		d.Record.Seq = on.Seq + 1
		s.saved = d.Record
	}
	return mind{on: d.Record, in: in, call: d.Call, asked: s.now}
}

func (s *shared) command(c payment.Command) mind {
	s.t.Helper()
	c.ExtID, c.Merchant = "order", "shop"
	if c.Verb.Opens() {
		amount := payment.Money(5000)
		c.Provider, c.Amount, c.Account = "bank", &amount, "a1"
		c.Card = &payment.CardInput{Token: payment.NewSecret("t")}
	}
	return s.decides(s.saved, saga.Input{
		Command: &c, Print: payment.Fingerprint{Content: fmt.Sprint(c.Verb, c.RefundID, c.CommandID)},
	})
}

func (s *shared) wakes() mind {
	s.t.Helper()
	return s.decides(s.saved, saga.Input{Wake: saga.ByTimer})
}

func (s *shared) answer(m mind, a payment.Answer) mind {
	s.t.Helper()
	if m.call == nil {
		s.t.Fatalf("no call waits for an answer: %+v", s.saved.State)
	}
	if a.Outcome == payment.Declined {
		a.Failure = &payment.Failure{Code: "refused"}
	}
	in := m.in
	in.Answer = &saga.Answered{Call: *m.call, Answer: a, AskedAt: m.asked}
	return s.decides(m.on, in)
}

func (s *shared) done(m mind, step string) mind {
	s.t.Helper()
	if m.call == nil || m.call.Step != step {
		s.t.Fatalf("the call is %+v, want %s", m.call, step)
	}
	return s.answer(m, payment.Answer{Outcome: payment.Done, Transaction: "77"})
}

// paid is a payment of 5000 that was made.
func paid(t *testing.T) *shared {
	t.Helper()
	s := newShared(t, bank())
	m := s.command(payment.Command{Verb: payment.VerbPay, Message: "m1"})
	for _, step := range []string{"create", "bind", "apply"} {
		m = s.done(m, step)
	}
	if s.saved.Payment.Status != payment.Completed {
		t.Fatalf("the payment is %s", s.saved.Payment.Status)
	}
	return s
}

func (s *shared) refund(id string) mind {
	s.t.Helper()
	part := payment.Money(1000)
	return s.command(payment.Command{Verb: payment.VerbRefund, Message: id, RefundID: id, Amount: &part})
}
