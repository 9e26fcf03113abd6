package sandbox

import (
	"fmt"
	"net/http"
	"slices"
)

const (
	cardsKey = providerAtmos + "/cards" // the key of everything that list-cards shows
	cardSize = 10                       // cards on a page, when the call does not say
)

// atmosLink is a card on its way to be linked.
type atmosLink struct {
	id     int64
	number string
	expiry string
	card   atmosCard
	code   atmosCode
	done   bool
	told   uint64
}

// atmosLinked is a card that was linked. The token tells nothing of it.
type atmosLinked struct {
	id      int64
	number  string
	expiry  string
	token   string
	card    atmosCard
	removed bool
	ledger  int // its number there
}

func (a *atmos) readBindInit(r *http.Request, body []byte) (task, *answer) {
	c, refusal := a.call(r, body)
	if refusal != nil {
		return task{}, refusal
	}
	t := c.about("", func() answer { return a.bindInit(c) })
	if digits(string(c.in.CardNumber), 16) {
		t.account = numberCard(string(c.in.CardNumber)).masked
	}
	return t, nil
}

func (a *atmos) readBindConfirm(r *http.Request, body []byte) (task, *answer) {
	c, refusal := a.call(r, body)
	if refusal != nil {
		return task{}, refusal
	}
	t := c.about(cardsKey, func() answer { return a.bindConfirm(c) })
	a.mu.Lock()
	defer a.mu.Unlock()
	if link := a.links[c.transaction]; link != nil {
		t.account = link.card.masked
	}
	return t, nil
}

func (a *atmos) readListCards(r *http.Request, body []byte) (task, *answer) {
	c, refusal := a.call(r, body)
	if refusal != nil {
		return task{}, refusal
	}
	return c.about(cardsKey, func() answer { return a.listCards(c) }), nil
}

func (a *atmos) readRemoveCard(r *http.Request, body []byte) (task, *answer) {
	c, refusal := a.call(r, body)
	if refusal != nil {
		return task{}, refusal
	}
	t := c.about(cardsKey, func() answer { return a.removeCard(c) })
	a.mu.Lock()
	defer a.mu.Unlock()
	if l := a.linked[string(c.in.Token)]; l != nil {
		t.account = l.card.masked
	}
	return t, nil
}

// about makes the task of a call that names no payment.
func (c *atmosCall) about(key string, do func() answer) task {
	return task{key: key, do: do, idle: answer{words: c.refuse(codeInternal)}}
}

// bindInit sends a code to the card's holder.
func (a *atmos) bindInit(c *atmosCall) answer {
	a.mu.Lock()
	defer a.mu.Unlock()
	card, refusal := a.card("", c.in.CardNumber, c.in.Expiry)
	if refusal != codeOK {
		return answer{words: c.refuse(refusal)}
	}
	l := &atmosLink{
		id: a.number(), number: string(c.in.CardNumber), expiry: string(c.in.Expiry), card: card,
		code: atmosCode{till: a.now().Add(codeLife)},
	}
	a.links[l.id] = l
	return answer{words: bindAnswer{lang: string(c.in.Lang), id: l.id, drift: a.drifting(l.id, &l.told)}}
}

// bindConfirm links the card. One that is linked already keeps its number and token.
func (a *atmos) bindConfirm(c *atmosCall) answer {
	a.mu.Lock()
	defer a.mu.Unlock()
	l := a.links[c.transaction]
	if refusal := a.bindVerdict(c, l); refusal != codeOK {
		return answer{words: c.refuse(refusal)}
	}
	l.done = true
	told := bindAnswer{lang: string(c.in.Lang), id: l.id, drift: a.drifting(l.id, &l.told), card: a.link(l)}
	return answer{words: told}
}

// bindVerdict tells whether a card may be linked, and counts wrong codes. With the lock held.
func (a *atmos) bindVerdict(c *atmosCall, l *atmosLink) string {
	switch {
	case c.in.TransactionID == "":
		return codeParameterMissing
	case c.malformed:
		return codeBadFormat
	case l == nil:
		return codeTransactionNotFound
	case l.done:
		return codeClosed
	case l.code.spent():
		return codeCancelled
	}
	return l.code.judge(c.in.OTP, true, a.now())
}

// link adds the card to the list. With the lock held.
func (a *atmos) link(l *atmosLink) *atmosLinked {
	same := func(c *atmosLinked) bool { return c.number == l.number && c.expiry == l.expiry }
	if i := slices.IndexFunc(a.cards, same); i >= 0 {
		a.ledger.changeCard(a.cards[i].ledger, func(c *Card) { c.Links++ })
		return a.cards[i]
	}
	card := &atmosLinked{id: a.number(), number: l.number, expiry: l.expiry, card: l.card}
	card.token = fmt.Sprintf("%016x%016x", mix(a.seed, uint64(card.id)), mix(uint64(card.id), a.seed))
	card.ledger = a.ledger.card(Card{
		Provider: providerAtmos, ID: decimal(card.id), Card: card.card.masked, Links: 1, LinkedAt: a.now(),
	})
	a.linked[card.token] = card
	a.stale, a.cards = a.cards, append(slices.Clip(a.cards), card)
	return card
}

// listCards shows a page of the linked cards, the oldest first.
func (a *atmos) listCards(c *atmosCall) answer {
	page, size := int64(1), int64(cardSize)
	if c.in.Page != "" {
		page = c.number(c.in.Page)
	}
	if c.in.PageSize != "" {
		size = c.number(c.in.PageSize)
	}
	switch {
	case c.malformed:
		return answer{words: c.refuse(codeBadFormat)}
	case page < 1 || size < 1 || page > maxRequest || size > maxRequest:
		return answer{words: c.refuse(codeInvalidParameters)}
	}
	a.mu.Lock()
	defer a.mu.Unlock()
	first := int((page - 1) * size)
	return answer{words: cardsAnswer{
		lang: string(c.in.Lang), now: a.cards, before: a.stale, first: first, size: int(size),
		drift: a.drifting(page, &a.listed),
	}}
}

// removeCard ends a link. Its token pays nothing from then on.
func (a *atmos) removeCard(c *atmosCall) answer {
	id := c.number(c.in.ID)
	a.mu.Lock()
	defer a.mu.Unlock()
	l := a.linked[string(c.in.Token)]
	switch {
	case c.in.ID == "" || c.in.Token == "":
		return answer{words: c.refuse(codeParameterMissing)}
	case c.malformed:
		return answer{words: c.refuse(codeBadFormat)}
	case l == nil || l.id != id || l.removed:
		return answer{words: c.refuse(codeCardNotFound)}
	}
	l.removed = true
	a.stale, a.cards = a.cards, slices.DeleteFunc(slices.Clone(a.cards), func(o *atmosLinked) bool { return o == l })
	a.ledger.changeCard(l.ledger, func(c *Card) { c.RemovedAt = a.now() })
	return answer{words: removedAnswer{lang: string(c.in.Lang), id: id}}
}

// bindAnswer is the wording of bind-card: of init without a card, of confirm with it.
type bindAnswer struct {
	lang  string
	id    int64
	card  *atmosLinked
	drift uint64
}

const cardPhone = "998900000000"

func (a bindAnswer) appendTo(b []byte, t twist) []byte {
	switch t {
	case strangeCode, inProcess:
		return atmosAnswer{lang: a.lang}.appendTo(b, t)
	case otherTransaction:
		a.id++
	}
	w := atmosWriter{b: b, drift: a.drift, lang: a.lang}
	w.lit("{").result(codeOK).lit(",")
	if c := a.card; c != nil {
		w.lit(`"data":{`).number("card_id", c.id).lit(",").text("pan", c.card.masked).lit(",")
		w.text("expiry", c.expiry).lit(`,"card_holder":"TEST","balance":1000000000,`)
		w.text("phone", cardPhone).lit(",").text("card_token", c.token).lit("},")
		return w.number("transaction_id", a.id).lit("}").b
	}
	return w.number("transaction_id", a.id).lit(",").text("phone", cardPhone).lit("}").b
}

// cardsAnswer is the wording of list-cards.
type cardsAnswer struct {
	lang        string
	now, before []*atmosLinked
	first, size int
	drift       uint64
}

func (a cardsAnswer) appendTo(b []byte, t twist) []byte {
	cards := a.now
	switch t {
	case strangeCode, inProcess:
		return atmosAnswer{lang: a.lang}.appendTo(b, t)
	case unconfirmed:
		cards = a.before
	}
	first := min(a.first, len(cards))
	w := atmosWriter{b: b, drift: a.drift, lang: a.lang}
	w.lit("{").result(codeOK).lit(`,"cardDataSmallList":[`)
	for i, c := range cards[first:min(first+a.size, len(cards))] {
		w.comma(i).lit("{").number("card_id", c.id).lit(",").text("card_token", c.token).lit(",")
		w.text("pan", c.card.masked).lit(",").text("expiry", c.expiry).lit("}")
	}
	return w.lit("]}").b
}

// removedAnswer is the wording of remove-card.
type removedAnswer struct {
	lang string
	id   int64
}

func (a removedAnswer) appendTo(b []byte, t twist) []byte {
	switch t {
	case strangeCode, inProcess:
		return atmosAnswer{lang: a.lang}.appendTo(b, t)
	}
	w := atmosWriter{b: b, lang: a.lang}
	w.lit("{").result(codeOK).lit(`,"data":{`).number("card_id", a.id)
	return w.lit(`,"pan":null,"expiry":null,"card_holder":null,"balance":null,"phone":null,"card_token":null}}`).b
}
