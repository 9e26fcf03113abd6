package campaign_test

import (
	"context"
	"errors"
	"fmt"
	"strings"
	"sync"

	"github.com/go-json-experiment/json"
	"github.com/go-json-experiment/json/jsontext"
	"github.com/nats-io/nats.go/jetstream"

	"tolov/api/schematest"
	"tolov/internal/events"
	"tolov/internal/payment"
	"tolov/internal/providers/sandbox"
	"tolov/internal/saga"
)

// verdicts are what the oracle found wrong. The judge is the sandbox's ledger.
type verdicts []string

func (v *verdicts) add(format string, args ...any) {
	if len(*v) < 20 {
		*v = append(*v, fmt.Sprintf(format, args...))
	}
}

// last is the payment's last record in the journal.
func (h *house) last(id string) saga.Record {
	stream, subject := h.place(id)
	msg, err := stream.GetLastMsgForSubject(context.Background(), subject)
	if err != nil {
		return saga.Record{}
	}
	var r saga.Record
	h.must(json.Unmarshal(msg.Data, &r))
	return r
}

func (h *house) place(id string) (jetstream.Stream, string) {
	k := events.Shard(id, 2)
	stream, err := h.js.Stream(context.Background(), events.JournalStream(k))
	h.must(err)
	return stream, events.JournalSubject(k, id)
}

// settled tells whether every payment that was sent has come to rest for good.
func (h *house) settled(c *customers) bool {
	c.mu.Lock()
	defer c.mu.Unlock()
	for _, end := range c.orders {
		if end == "" {
			return false
		}
	}
	for ext := range c.sent {
		r := h.last(payment.ID(payment.DefaultMerchant, ext))
		if r.Payment == nil || !r.Payment.Status.Final() && r.State.Review != saga.ReviewByContradiction {
			return false
		}
		if r.State.Watch != nil || r.State.Path != "" && r.State.Review == "" {
			return false
		}
	}
	return true
}

// judge compares what we say with what really happened.
func (h *house) judge(c *customers) verdicts {
	var v verdicts
	books := h.books()
	judgeHolds(&v, h.box.Holds())
	told := h.told(&v)
	for ext := range c.sent {
		id := payment.ID(payment.DefaultMerchant, ext)
		h.judgeMoney(&v, ext, h.last(id), books.of(ext))
		judgeEvents(&v, ext, told[id], c.acts[ext], true)
		h.judgeHistory(&v, ext, id)
		delete(books, ext)
	}
	for ext, end := range c.orders {
		id := payment.ID(payment.DefaultMerchant, ext)
		h.judgeOrder(&v, ext, h.last(id), books.of(ext), end)
		judgeEvents(&v, ext, told[id], c.acts[ext]+wordsRefused, end == sandbox.UzumPaid)
		delete(books, ext)
	}
	v = append(v, h.uzum.Contradictions()...)
	for ext := range books {
		v.add("I1: money moved for %q, of which we know nothing", ext)
	}
	return v
}

// judgeMoney holds one payment against its debits: I1, I2, I3, I5.
func (h *house) judgeMoney(v *verdicts, ext string, r saga.Record, book *book) {
	accounts, debits := map[string]int{}, book.debits
	for _, d := range debits {
		if accounts[d.Account]++; accounts[d.Account] == 2 {
			v.add("I1 %s: %d debits of %s", ext, len(debits), d.Account)
		}
	}
	if r.Payment == nil {
		v.add("I7 %s: the payment was lost", ext)
		return
	}
	p := r.Payment
	judgeBooks(v, ext, p, book.moved())
	for _, refund := range p.Refunds {
		if refund.Status == payment.RefundPending && p.Status != payment.NeedsReview {
			v.add("I6 %s: refund %s has no outcome", ext, refund.RefundID)
		}
	}
	switch {
	case !p.Status.Final() && r.State.Review != saga.ReviewByContradiction:
		v.add("I7 %s: still %s\n%s", ext, p.Status, h.story(r.PaymentID))
	case len(debits) > 0 && (p.Status == payment.Failed || p.Status == payment.Cancelled):
		v.add("I2 %s: debited, and %s", ext, p.Status)
	case len(debits) == 0 && p.Status == payment.Completed:
		v.add("I3 %s: completed, and nothing was debited", ext)
	case p.Status == payment.Completed && p.Kind != payment.Hold && len(p.Items) == 0:
		d := debits[0]
		if payment.Money(d.Amount) != p.AmountCharged || d.Transaction != p.ProviderRefs["transaction_id"] {
			v.add("I3 %s: we say %d of %s, the ledger %d of %s",
				ext, p.AmountCharged, p.ProviderRefs["transaction_id"], d.Amount, d.Transaction)
		}
	}
}

// told reads every event, in order: I8 on the way.
func (h *house) told(v *verdicts) map[string][]events.CloudEvent {
	told := map[string][]events.CloudEvent{}
	ids := map[string]bool{}
	h.read(events.StreamEvents, func(_, text string) {
		body, err := jsontext.NewDecoder(strings.NewReader(text)).ReadValue()
		h.must(err)
		var e events.CloudEvent
		h.must(json.Unmarshal(body, &e))
		if err := h.contract().CheckEvent(e.Type, body); err != nil {
			v.add("event %s is none of the contract's: %v", e.ID, err)
		}
		if ids[e.ID] {
			v.add("I4: event %s was stored twice", e.ID)
		}
		ids[e.ID] = true
		told[e.Subject] = append(told[e.Subject], e)
		if isCanary(text) {
			v.add("I8: a secret in event %s", e.ID)
		}
	})
	for _, name := range []string{"PAYMENTS_JOURNAL_0", "PAYMENTS_JOURNAL_1", events.StreamDead, events.StreamTimers} {
		h.read(name, func(subject, text string) {
			if isCanary(text) {
				v.add("I8: a secret in %s", subject)
			}
		})
	}
	return told
}

// contract is the public schemas, to which every event is held.
func (h *house) contract() *schematest.Contract {
	c, err := schemas()
	h.must(err)
	return c
}

var schemas = sync.OnceValues(func() (*schematest.Contract, error) { return schematest.Load("../../api/schemas") })

// read gives every message of a stream to visit.
func (h *house) read(name string, visit func(subject, text string)) {
	ctx := context.Background()
	stream, err := h.js.Stream(ctx, name)
	h.must(err)
	state := stream.CachedInfo().State
	for seq := max(state.FirstSeq, 1); seq <= state.LastSeq; seq++ {
		msg, err := stream.GetMsg(ctx, seq)
		if errors.Is(err, jetstream.ErrMsgNotFound) {
			continue
		}
		h.must(err)
		visit(msg.Subject, string(msg.Data)+fmt.Sprint(msg.Header))
	}
}

// judgeEvents holds a payment's events to I4 and I6. Most payments must have come to their end.
func judgeEvents(v *verdicts, ext string, told []events.CloudEvent, follows int, ends bool) {
	finals, rejected, reviewed := 0, 0, false
	for i, e := range told {
		if want := events.EventID(e.Subject, i+1); e.ID != want {
			v.add("I4 %s: event %s where %s was due", ext, e.ID, want)
			return
		}
		switch kind := strings.TrimSuffix(strings.TrimPrefix(e.Type, "tolov.payment."), ".v1"); kind {
		case "completed", "failed", "cancelled", "card_linked":
			finals++
		case "rejected":
			rejected++
		case "needs_review":
			reviewed = true
		case "accepted":
			if i != 0 && rejected == 0 {
				v.add("I4 %s: accepted is event %d", ext, i+1)
			}
		}
	}
	if finals > 1 || ends && finals == 0 && !reviewed {
		v.add("I4 %s: %d final events", ext, finals)
	}
	if rejected > follows {
		v.add("I6 %s: %d commands followed, %d were rejected", ext, follows, rejected)
	}
}

// story tells a payment's records, for a person who wonders what happened.
func (h *house) story(id string) string {
	var b strings.Builder
	for _, r := range h.records(id) {
		status := payment.Status("not opened")
		if r.Payment != nil {
			status = r.Payment.Status
		}
		fmt.Fprintf(&b, "    %s #%d %s by %s %s", r.At, r.State.Records, status, r.Cause.Kind, r.Cause.Verb)
		if r.Evidence != nil {
			fmt.Fprintf(&b, " | %s %s %s %s", r.Evidence.Step, r.Evidence.Outcome, r.Evidence.Code, r.Evidence.Note)
		}
		fmt.Fprintf(&b, " | sends %d polls %d due %s\n", r.State.Sends, r.State.Polls, r.State.Due)
	}
	return b.String()
}

// records are all records of a payment.
func (h *house) records(id string) []saga.Record {
	stream, subject := h.place(id)
	var all []saga.Record
	for seq := uint64(1); ; {
		msg, err := stream.GetMsg(context.Background(), seq, jetstream.WithGetMsgSubject(subject))
		if errors.Is(err, jetstream.ErrMsgNotFound) {
			return all
		}
		h.must(err)
		var r saga.Record
		h.must(json.Unmarshal(msg.Data, &r))
		all = append(all, r)
		seq = msg.Sequence + 1
	}
}

// counts tells whether the sandbox counts the calls of a step for its transaction.
func counts(provider, step string) bool {
	switch provider + " " + step {
	case "atmos apply", "atmos-ips apply", "atmos-ips hold-apply", "atmos-pinfl confirm", "via verify", "paysys confirm":
		return true
	default:
		return false
	}
}

// judgeHistory holds a payment's records to I9 and I10: no more calls than intents, none after the end.
func (h *house) judgeHistory(v *verdicts, ext, id string) {
	intents, transaction := 0, ""
	for _, r := range h.records(id) {
		i := r.State.Intent
		if i == nil || r.State.Doubt != nil || !i.At.Equal(r.At.Time) {
			continue
		}
		if counts(r.Payment.Provider, i.Step) {
			intents++
			transaction = i.Transaction
		}
	}
	if transaction == "" {
		return
	}
	t, ok := h.box.Transaction(transaction)
	if ok && t.Applies > intents {
		v.add("I9 %s: %d intents, %d calls\n%s", ext, intents, t.Applies, h.story(id))
	}
}
