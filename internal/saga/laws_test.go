package saga_test

import (
	"fmt"
	"testing"
	"time"

	"pgregory.net/rapid"

	"tolov/internal/payment"
	"tolov/internal/saga"
)

// world drives the engine with everything that can happen, in any order, and holds it to the laws.
type world struct {
	*rapid.T
	flow    *saga.Flow
	now     time.Time
	saved   saga.Record
	pending []pending // calls that were made and not answered, by any worker
	hands   []saga.Input

	calls     map[string]bool // money calls that were made: intent by intent
	lastMoney time.Time       // when the last money call left
	asked     bool            // whether absent was heard after the quiet period since then
	finals    int
	next      int
}

// pending is a worker that waits for an answer: its memory, its message, its call.
type pending struct {
	mind  saga.Record
	in    saga.Input
	call  saga.Call
	asked time.Time
}

func TestLawsHoldWhateverHappens(t *testing.T) {
	rapid.Check(t, func(rt *rapid.T) {
		flow := rapid.SampledFrom([]*saga.Flow{bank(), bankDebt()}).Draw(rt, "flow")
		w := &world{T: rt, flow: flow, now: time.Unix(1_800_000_000, 0), calls: map[string]bool{}}
		rt.Repeat(map[string]func(*rapid.T){
			"command": func(rt *rapid.T) { w.T = rt; w.command() },
			"again":   func(rt *rapid.T) { w.T = rt; w.again() },
			"wake":    func(rt *rapid.T) { w.T = rt; w.decide(w.saved, saga.Input{Wake: saga.ByTimer}) },
			"notice":  func(rt *rapid.T) { w.T = rt; w.decide(w.saved, saga.Input{Notice: &payment.Evidence{Step: "told"}}) },
			"answer":  func(rt *rapid.T) { w.T = rt; w.answer() },
			"reply":   func(rt *rapid.T) { w.T = rt; w.answer() }, // twice, so that payments get somewhere
			"time":    func(rt *rapid.T) { w.now = w.now.Add(time.Duration(rapid.IntRange(1, 60).Draw(rt, "s")) * time.Second) },
			"crash":   func(*rapid.T) { w.pending = nil },
		})
	})
}

func (w *world) command() {
	verbs := []payment.Verb{
		w.flow.Opens, payment.VerbConfirm, payment.VerbResendCode, payment.VerbCancel, payment.VerbRecheck,
	}
	verb := rapid.SampledFrom(verbs).Draw(w.T, "verb")
	w.next++
	amount := payment.Money(5000)
	c := &payment.Command{
		Verb: verb, ExtID: "order", Merchant: "shop", Provider: "bank", Message: fmt.Sprint("m", w.next), Amount: &amount,
		Card: &payment.CardInput{Token: payment.NewSecret("t")},
	}
	if verb == payment.VerbConfirm {
		c.OTP = payment.NewSecret("1")
	}
	in := saga.Input{Command: c, Print: payment.Fingerprint{Content: string(verb)}}
	w.hands = append(w.hands, in)
	w.decide(w.saved, in)
}

func (w *world) again() {
	if len(w.hands) == 0 {
		w.Skip("nothing was sent")
	}
	w.decide(w.saved, rapid.SampledFrom(w.hands).Draw(w.T, "message"))
}

func (w *world) answer() {
	if len(w.pending) == 0 {
		w.Skip("nobody waits")
	}
	i := rapid.IntRange(0, len(w.pending)-1).Draw(w.T, "worker")
	p := w.pending[i]
	w.pending = append(w.pending[:i:i], w.pending[i+1:]...)
	outcomes := []payment.Outcome{payment.Done, payment.Unknown, payment.NotSent, payment.Declined, payment.Pending}
	switch {
	case p.call.Attempt == 0 && !p.call.Asks:
		outcomes = []payment.Outcome{payment.Done, payment.Done, payment.Done, payment.Unknown, payment.Declined}
	case p.call.Asks:
		outcomes = []payment.Outcome{payment.Done, payment.Unknown, payment.Absent, payment.Absent, payment.Pending}
	}
	a := payment.Answer{Outcome: rapid.SampledFrom(outcomes).Draw(w.T, "outcome")}
	switch a.Outcome {
	case payment.Done:
		a.Transaction, a.Amount, a.Amounted = "77", 5000, true
		if p.call.Step == "bind" && rapid.Bool().Draw(w.T, "code") {
			a.Action = &payment.Action{Type: payment.ActionCode}
		}
	case payment.Declined:
		a.Failure = &payment.Failure{Code: "refused"}
		a.Wrong = rapid.Bool().Draw(w.T, "wrong")
	case payment.Absent:
		w.asked = w.asked || !p.asked.Before(w.lastMoney.Add(policy().Quiet()))
	case payment.NotSent:
		if p.call.Attempt > 0 {
			w.asked = true // as good as absent: the provider saw nothing of it
		}
	}
	in := p.in
	in.Answer = &saga.Answered{Call: p.call, Answer: a, AskedAt: p.asked}
	w.decide(p.mind, in)
}

// decide takes one decision and does what the runner would do, the compare-and-swap included.
func (w *world) decide(mind saga.Record, in saga.Input) {
	d := saga.Next(w.flow, mind, in, w.now, policy())
	if d.Save {
		if mind.Seq != w.saved.Seq { // another worker came first
			if a := in.Answer; a != nil && a.Call.Attempt == 0 && !a.Call.Asks {
				in.Answer = nil
			}
			w.decide(w.saved, in)
			return
		}
		w.saves(d.Record)
		d.Record.Seq = mind.Seq + 1
		w.saved = d.Record
	}
	if d.Call != nil {
		w.calling(*d.Call, d.Record)
		w.pending = append(w.pending, pending{mind: d.Record, in: in, call: *d.Call, asked: w.now})
	}
}

func (w *world) saves(r saga.Record) {
	was := w.saved.Payment
	if r.State.Records != w.saved.State.Records+1 || r.State.Events != w.saved.State.Events+len(r.Events) {
		w.Fatalf("I4: records or events are not counted without a gap: %+v", r.State)
	}
	for i, e := range r.Events {
		if e.N != w.saved.State.Events+1+i {
			w.Fatalf("I4: event %d where %d was due", e.N, w.saved.State.Events+1+i)
		}
		if e.Type == payment.EventCompleted || e.Type == payment.EventFailed || e.Type == payment.EventCancelled {
			w.finals++
		}
	}
	if w.finals > 1 {
		w.Fatal("I4: a second final event")
	}
	if was != nil && was.Status.Final() && r.Payment.Status != was.Status && r.Payment.Status != payment.NeedsReview {
		w.Fatalf("a final status became %s", r.Payment.Status)
	}
	if was != nil && was.Status == payment.Completed && r.Payment.Status != payment.Completed {
		w.Fatal("completed did not absorb")
	}
}

// calling checks a call that leaves now.
func (w *world) calling(c saga.Call, r saga.Record) {
	if c.Asks || c.Attempt == 0 {
		return
	}
	if r.State.Intent == nil || r.State.Intent.Attempt != c.Attempt || w.saved.State.Intent == nil {
		w.Fatal("I9: a money call without its intent")
	}
	name := fmt.Sprint(r.State.Transaction, c.Attempt, r.State.Intent.At)
	if w.calls[name] {
		w.Fatal("I9: a second call for one intent")
	}
	if len(w.calls) > 0 && !w.asked && !declinedSince(r) {
		w.Fatal("H6: called again before absent counted")
	}
	if r.Payment.Status.Final() {
		w.Fatal("I10: a money call after the end")
	}
	w.calls[name] = true
	w.lastMoney, w.asked = w.now, false
}

// declinedSince tells whether the attempt before was refused because of a wrong code: certainly not done.
func declinedSince(r saga.Record) bool { return r.State.WrongCodes > 0 }
