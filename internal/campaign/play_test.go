package campaign_test

import (
	"cmp"
	"context"
	"fmt"
	"strings"
	"time"

	"github.com/nats-io/nats.go/jetstream"

	"tolov/internal/events"
	"tolov/internal/payment"
	"tolov/internal/providers/sandbox"
	"tolov/internal/saga"
)

// play is one payment's run: its lives, and the messages it was sent.
type play struct {
	*matrix
	name   string
	ext    string
	deaths []int // the points at which the next lives die
	life   *life
	total  int
	sent   int
	given  int // of the scene's follows
	linked int // cards, before
	paid   bool
}

// run plays the scene once and returns how many points there were.
func (m *matrix) run(name string, deaths ...int) int {
	m.runs++
	p := &play{matrix: m, name: name, ext: fmt.Sprint("x", m.runs), deaths: deaths}
	p.born()
	m.knows(p.ext)
	m.box.ClearFaults()
	provider := cmp.Or(m.scene.provider, "atmos")
	if m.scene.fault != "" {
		m.box.Script(sandbox.Fault{Op: provider + "." + m.scene.op, Kind: m.scene.fault, Times: 1})
	}
	p.linked = m.linkedCards()
	with := strings.NewReplacer("$", p.ext, "######", fmt.Sprintf("%06d", m.runs)).Replace(m.scene.with)
	p.command(cmp.Or(m.scene.opens, payment.VerbPay), fmt.Sprintf(`"provider":%q,%s`, provider, with))
	p.live()
	p.judge()
	return p.total + p.life.points
}

// born starts the next life.
func (p *play) born() {
	if p.life != nil {
		p.total += p.life.points
	}
	p.life = &life{}
	if len(p.deaths) > 0 {
		p.life.dieAt, p.deaths = p.deaths[0], p.deaths[1:]
	}
}

// command delivers a command until it was acknowledged.
func (p *play) command(verb payment.Verb, with string) {
	p.sent++
	body := fmt.Sprintf(`{"ext_id":%q}`, p.ext)
	if with != "" {
		body = fmt.Sprintf(`{"ext_id":%q,%s}`, p.ext, with)
	}
	in, dead := p.decoder.Decode(events.CommandSubject(verb), []byte(body), fmt.Sprint("m", p.sent))
	if dead != "" {
		p.t.Fatal(dead)
	}
	p.deliver(in)
}

// deliver hands a message to the worker again and again, through every death, until it is acknowledged.
func (p *play) deliver(in saga.Input) {
	for range 50 {
		if p.try(in) {
			return
		}
	}
	p.t.Fatalf("%s: a message was never acknowledged", p.name)
}

// try delivers once; a message that was not acknowledged comes again after AckWait, or when it was asked to.
func (p *play) try(in saga.Input) (acked bool) {
	defer func() {
		if r := recover(); r != nil {
			if _, ok := r.(died); !ok {
				panic(r)
			}
			p.born()
			pass(events.AckWait)
		}
	}()
	result, err := p.runner(p.life).Handle(context.Background(), payment.ID("default", p.ext), in, false)
	p.must(err)
	p.life.point() // before the acknowledgement
	if result.Back > 0 {
		pass(result.Back)
		return false
	}
	return true
}

// live lets timers fire and the customer act until the payment has come to its end.
func (p *play) live() {
	answered := 0
	for range 300 {
		r, err := p.journal.Load(context.Background(), payment.ID("default", p.ext))
		p.must(err)
		switch {
		case p.follows(r):
		case r.Payment.Status.Final() && r.State.Watch == nil:
			return
		case p.scene.page && r.Payment.Status == payment.ActionRequired && !p.paid:
			p.paid = true
			p.must(p.box.PayPage(r.State.Transaction))
		case p.scene.person && r.Payment.Status == payment.NeedsReview:
			p.resolve(r)
		case r.Payment.Action != nil && r.State.Ending == "" && r.State.Events > answered && p.acts():
			answered = r.State.Events
			p.act()
		default:
			p.tick()
		}
	}
	p.t.Errorf("%s: no end\n%s", p.name, p.story(payment.ID("default", p.ext)))
}

// follows gives the scene's next command when its time has come.
func (p *play) follows(r saga.Record) bool {
	if p.given >= len(p.scene.then) || r.State.Path != "" || r.State.Watch != nil {
		return false
	}
	next := p.scene.then[p.given]
	if r.Payment.Status != next.at {
		return false
	}
	p.given++
	p.command(next.verb, next.with)
	return true
}

// resolve ends a review as the ledger says. What did not happen is asked for again.
func (p *play) resolve(r saga.Record) {
	outcome := payment.Failed
	if p.happened(r.State.Path) {
		outcome = payment.Completed
	} else {
		p.given--
	}
	p.command(payment.VerbResolve, fmt.Sprintf(
		`"outcome":%q,"evidence":"the bank's statement","actor":"alisher","approved_by":"malika"`, outcome))
}

// happened tells whether the ledger has what a path of a held payment does.
func (p *play) happened(path payment.Verb) bool {
	book := p.books().of(p.ext)
	switch path {
	case payment.VerbCharge:
		return len(book.debits) > 0
	case payment.VerbRefund:
		return book.moved() == 0
	default:
		return book.frozen == 0
	}
}

func (p *play) acts() bool { return p.scene.cancel || len(p.scene.codes) > 0 }

func (p *play) act() {
	if p.scene.cancel {
		p.command(payment.VerbCancel, "")
		return
	}
	code := p.scene.codes[min(p.sent-1, len(p.scene.codes)-1)]
	p.command(payment.VerbConfirm, fmt.Sprintf(`"otp":%q`, code))
}

// tick waits for the next timer and wakes its payment. When a timer was lost with a life, the sweep does it.
func (p *play) tick() {
	batch, err := p.due.Fetch(1, jetstream.FetchMaxWait(time.Minute))
	p.must(err)
	woken := false
	for msg := range batch.Messages() {
		woken = true
		if events.TimerPayment(msg.Subject()) == payment.ID("default", p.ext) {
			p.deliver(saga.Input{Wake: saga.ByTimer})
		}
		p.must(msg.Ack())
	}
	if !woken {
		p.deliver(saga.Input{Wake: saga.BySweep})
	}
}

func (p *play) judge() {
	book := p.books().of(p.ext)
	debits, moved := len(book.debits), book.moved()
	id := payment.ID("default", p.ext)
	records := p.records(id)
	last := records[len(records)-1]
	want := p.scene
	if f := last.Payment.Failure; want.anew && f != nil && f.Code == "card_needed_again" && book.frozen == 0 {
		want.ends, want.debits, want.moved, want.cards = payment.Failed, 0, 0, 0
	}
	if last.Payment.Status != want.ends || debits != want.debits || moved != want.moved {
		p.t.Errorf("%s: ended %s with %d debits of %d, want %s with %d of %d\n%s",
			p.name, last.Payment.Status, debits, moved, want.ends, want.debits, want.moved, p.story(id))
	}
	if cards := p.linkedCards() - p.linked; cards != want.cards {
		p.t.Errorf("%s: %d cards more are linked, want %d", p.name, cards, want.cards)
	}
	var v verdicts
	judgeBooks(&v, p.ext, last.Payment, moved)
	judgeHolds(&v, p.box.Holds())
	p.judgeHistory(&v, p.ext, id)
	n := 0
	for _, r := range records {
		for _, e := range r.Events {
			if n++; e.N != n {
				v.add("I4 %s: event %d where %d was due", p.ext, e.N, n)
			}
		}
	}
	for _, fault := range v {
		p.t.Errorf("%s: %s", p.name, fault)
	}
}

// linkedCards counts the cards that are linked.
func (m *matrix) linkedCards() (n int) {
	for _, c := range m.box.Cards() {
		if c.RemovedAt.IsZero() {
			n++
		}
	}
	return n
}
