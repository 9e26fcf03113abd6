package sandbox

import (
	"slices"
	"time"
)

const (
	holdTill     = "2006-01-02T15:04:05.000" // in Tashkent, which the text does not say
	hoursAhead   = 5                         // of UTC
	cancelStatus = -242
	tokenPan     = "860049******0000" // of a token that was never linked here
)

// holdShape is what an answer carries beside its result, in the order of the documented samples.
type holdShape uint8

const (
	holdCreated holdShape = iota
	holdApplied
	holdPaid
	holdGone
	holdGot
)

// holdView is a hold as an answer shows it.
type holdView struct {
	id      int64
	code    string
	till    time.Time // zero: it is not held
	payment atmosPayment
}

// view is the hold as GET /hold tells it. With the lock held.
func (h *atmosHold) view(now time.Time) holdView {
	v := holdView{id: h.id, code: h.standing(now), payment: *h.payment}
	switch v.code {
	case codeOK:
		v.till = h.till
	case codeClosed: // charged, which the text words as OK
		v.code = codeOK
	}
	return v
}

// before is the hold as it was before the last thing that happened to it. With the lock held.
func (h *atmosHold) before(now time.Time) holdView {
	v := h.view(now)
	if v.payment.state == atmosReversed {
		v.code, v.payment.state = codeOK, atmosConfirmed
		return v
	}
	v.payment.state, v.payment.confirmedAt, v.payment.success = atmosCreated, time.Time{}, 0
	if h.state == holdCharged || h.state == holdCancelled && h.frozen {
		v.code, v.till, v.payment.amount = codeOK, h.till, h.amount
	} else {
		v.code, v.till = codeHoldUnconfirmed, time.Time{}
	}
	return v
}

// tellHold completes an answer with the hold as it stands. With the lock held.
func (a *atmos) tellHold(c *holdCall, h *atmosHold, told holdAnswer) answer {
	told.lang, told.card, told.drift = string(c.in.Lang), h.freeze.card, a.drifting(h.id, &h.told)
	told.now, told.was = h.view(a.now()), h.before(a.now())
	return answer{words: told}
}

// holdAnswer is the wording of a call about one hold that was not refused.
type holdAnswer struct {
	lang     string
	shape    holdShape
	card     atmosCard
	now, was holdView
	drift    uint64
}

func (a holdAnswer) appendTo(b []byte, t twist) []byte {
	switch t {
	case strangeCode, inProcess:
		return atmosAnswer{lang: a.lang}.appendTo(b, t)
	case otherAmount:
		a.now.payment.amount += otherBy
	case otherTransaction:
		a.now.id++
		a.now.payment.id++
	case unconfirmed:
		a.now = a.was
	}
	w := atmosWriter{b: b, drift: a.drift, lang: a.lang}
	w.lit("{")
	switch a.shape {
	case holdCreated:
		w.result(codeOK).lit(",").number("hold_id", a.now.id).lit(`,"account":null`)
	case holdApplied:
		w.result(codeOK).lit(",").number("hold_id", a.now.id).lit(",").frozen(a.card, a.now.till)
	case holdPaid:
		w.result(codeOK).lit(",").transaction(&a.now.payment, true).receipts(a.now.payment.success)
	case holdGone:
		w.result(codeHoldCancelled).lit(",").number("status", cancelStatus).lit(",")
		w.text("processing", a.card.processing())
	case holdGot:
		w.result(a.now.code).lit(",").transaction(&a.now.payment, a.now.payment.state == atmosConfirmed)
		if !a.now.till.IsZero() {
			w.lit(",").text("hold_till", tashkent(a.now.till))
		}
	}
	return w.lit("}").b
}

// frozen writes what applying tells of the card and the time.
func (w *atmosWriter) frozen(card atmosCard, till time.Time) *atmosWriter {
	if card.token == "" {
		w.lit(`"card_token":null`)
	} else {
		w.text("card_token", card.token)
	}
	pan := card.masked
	if pan == maskedToken {
		pan = tokenPan
	}
	w.lit(",").text("card_pan", pan).lit(",")
	if till.IsZero() {
		return w.lit(`"hold_till":null`)
	}
	return w.text("hold_till", tashkent(till))
}

func tashkent(t time.Time) string {
	return t.In(time.FixedZone("", hoursAhead*int(time.Hour/time.Second))).Format(holdTill)
}

// tellFreeze words a multiple hold. With the lock held.
func (a *atmos) tellFreeze(c *holdCall, f *atmosFreeze, applied bool) answer {
	told := freezeAnswer{
		lang: string(c.in.Lang), id: f.id, card: f.card, applied: applied, drift: a.drifting(f.id, &f.told),
	}
	for _, h := range f.items {
		told.items = append(told.items, h.view(a.now()))
	}
	return answer{words: told}
}

// freezeAnswer is the wording of a call about a multiple hold that was not refused as a whole.
type freezeAnswer struct {
	lang    string
	id      int64
	card    atmosCard
	applied bool
	items   []holdView
	drift   uint64
}

func (a freezeAnswer) appendTo(b []byte, t twist) []byte {
	items := slices.Clone(a.items)
	switch t {
	case strangeCode, inProcess:
		return atmosAnswer{lang: a.lang}.appendTo(b, t)
	case otherTransaction:
		a.id++
		items[0].id += int64(2 * len(items))
	}
	w := atmosWriter{b: b, drift: a.drift, lang: a.lang}
	w.lit("{").result(codeOK).lit(",").number("parent_id", a.id).lit(`,"items":[`)
	for i, h := range items {
		w.comma(i).lit("{")
		if !a.applied {
			w.lit(`"result":null,`).number("hold_id", h.id).lit(",").text("account", h.payment.account).lit("}")
			continue
		}
		code := codeOK
		if h.payment.refused != "" {
			code = h.payment.refused
		}
		w.result(code).lit(",").number("hold_id", h.id).lit(",").frozen(a.card, h.till).lit("}")
	}
	return w.lit("]}").b
}
