package sandbox

import (
	"net/http"
	"slices"
)

// bulkRequest is the body of every call under /merchant/bulk/pay.
type bulkRequest struct {
	StoreID      loose      `json:"store_id"`
	Params       []bulkPart `json:"params"`
	Transactions []loose    `json:"transaction_id"`
	CardToken    loose      `json:"card_token"`
	CardNumber   loose      `json:"card_number"`
	Expiry       loose      `json:"expiry"`
	OTP          loose      `json:"otp"`
	Lang         loose      `json:"lang"`
}

// bulkPart is one payment of a bulk.
type bulkPart struct {
	Account    loose `json:"account"`
	Amount     loose `json:"amount"`
	TerminalID loose `json:"terminal_id"`
	Details    loose `json:"details"`
}

// bulkCall is a request about several payments that was read.
type bulkCall struct {
	numerals
	in    bulkRequest
	store int64
	ids   []int64
}

// readsBulk makes an operation's reader out of what the operation does.
func (a *atmos) readsBulk(act func(*bulkCall) answer) func(*http.Request, []byte) (task, *answer) {
	return func(r *http.Request, body []byte) (task, *answer) {
		c, refusal := a.bulkCall(r, body)
		if refusal != nil {
			return task{}, refusal
		}
		return a.bulkTask(c, func() answer { return act(c) }), nil
	}
}

// readBulkApply is readsBulk for apply, which may be done in part, and which a token's magic reaches.
func (a *atmos) readBulkApply(r *http.Request, body []byte) (task, *answer) {
	c, refusal := a.bulkCall(r, body)
	if refusal != nil {
		return task{}, refusal
	}
	t := a.bulkTask(c, func() answer { return a.bulkApply(c, len(c.ids)) })
	t.part = func() answer { return a.bulkApply(c, 1) }
	a.mu.Lock()
	defer a.mu.Unlock()
	for _, id := range c.ids {
		a.payments[id].arrived()
	}
	if len(c.ids) > 0 {
		t.magic = a.payments[c.ids[0]].magic()
	}
	return t, nil
}

func (a *atmos) bulkCall(r *http.Request, body []byte) (*bulkCall, *answer) {
	c := &bulkCall{}
	if refusal := a.admit(r, body, &c.in); refusal != nil {
		return nil, refusal
	}
	c.store = c.number(c.in.StoreID)
	for _, id := range c.in.Transactions {
		c.ids = append(c.ids, c.number(id))
	}
	return c, nil
}

// bulkTask finds out whose payments the call is about: those of its first part's account.
func (a *atmos) bulkTask(c *bulkCall, do func() answer) task {
	t := task{do: do, idle: c.refuse(codeInternal)}
	if len(c.in.Params) > 0 {
		t.account = string(c.in.Params[0].Account)
	}
	a.mu.Lock()
	defer a.mu.Unlock()
	for i, id := range c.ids {
		t.also = append(t.also, paymentKey(id))
		if p := a.payments[id]; p != nil && i == 0 {
			t.account = p.account
		}
	}
	return t
}

// bulkCreate makes a draft of several payments. From then on each is a payment like any other.
func (a *atmos) bulkCreate(c *bulkCall) answer {
	if c.in.StoreID == "" || len(c.in.Params) == 0 {
		return c.refuse(codeParameterMissing)
	}
	now := a.now()
	var parts []*atmosPayment
	for _, part := range c.in.Params {
		amount := c.number(part.Amount)
		switch {
		case part.Account == "" || part.Amount == "":
			return c.refuse(codeParameterMissing)
		case c.malformed:
			return c.refuse(codeBadFormat)
		case amount <= 0:
			return c.refuse(codeAmount)
		}
		parts = append(parts, &atmosPayment{
			store: c.store, terminal: string(part.TerminalID), account: string(part.Account), amount: amount,
			details: string(part.Details), state: atmosCreated, createdAt: now,
		})
	}
	a.mu.Lock()
	defer a.mu.Unlock()
	for _, p := range parts {
		p.id = a.number()
		p.bulk = parts[0].id
		a.payments[p.id] = p
	}
	return a.tellBulk(c, parts, bulkCreated)
}

// bulkPreApply takes the card for all parts. One code goes out for a number, none for a token.
func (a *atmos) bulkPreApply(c *bulkCall) answer {
	a.mu.Lock()
	defer a.mu.Unlock()
	parts, refusal := a.parts(c)
	card, code := a.card(c.in.CardToken, c.in.CardNumber, c.in.Expiry)
	switch {
	case refusal != codeOK:
		return c.refuse(refusal)
	case slices.ContainsFunc(parts, func(p *atmosPayment) bool { return p.asking }):
		return c.refuse(codeInProgress)
	case code != codeOK:
		return c.refuse(code)
	}
	now := a.now()
	for _, p := range parts {
		p.prepare(card, now)
	}
	return c.refuse(codeOK)
}

// bulkApply debits the first n parts, and refuses the others for insufficient funds. Unless one code refuses all.
func (a *atmos) bulkApply(c *bulkCall, n int) answer {
	a.mu.Lock()
	defer a.mu.Unlock()
	parts, refusal := a.parts(c)
	if refusal != codeOK {
		return c.refuse(refusal)
	}
	for _, p := range parts {
		if met := a.verdict(c.in.OTP, p); refusal == codeOK {
			refusal = met
		}
	}
	if refusal == codeOK {
		refusal = a.consent(parts...)
	}
	if refusal != codeOK {
		return c.refuse(refusal)
	}
	for i, p := range parts {
		if i < n {
			a.charge(p)
		} else {
			p.refused = codeInsufficient
		}
	}
	return a.tellBulk(c, parts, bulkApplied)
}

// parts gives the store's payments that the call names, all of one bulk and none twice, and the code that refuses the
// first that is closed. With the lock held.
func (a *atmos) parts(c *bulkCall) ([]*atmosPayment, string) {
	switch {
	case c.in.StoreID == "" || len(c.ids) == 0:
		return nil, codeParameterMissing
	case c.malformed:
		return nil, codeBadFormat
	}
	var parts []*atmosPayment
	refusal := codeOK
	for _, id := range c.ids {
		p, met := a.standing(id)
		switch {
		case p == nil || p.store != c.store:
			return nil, codeTransactionNotFound
		case p.bulk == 0 || len(parts) > 0 && p.bulk != parts[0].bulk || slices.Contains(parts, p):
			return nil, codeTransactionID
		}
		if refusal == codeOK {
			refusal = a.again(met, c.in.OTP)
		}
		parts = append(parts, p)
	}
	return parts, refusal
}

// refuse is an answer of a result alone, also of a good one.
func (c *bulkCall) refuse(code string) answer {
	return answer{words: atmosAnswer{code: code, lang: string(c.in.Lang)}}
}

// tellBulk words the parts as they stand. With the lock held.
func (a *atmos) tellBulk(c *bulkCall, parts []*atmosPayment, shape bulkShape) answer {
	told := bulkAnswer{lang: string(c.in.Lang), shape: shape, drift: a.drifting(parts[0].id, &parts[0].told)}
	for _, p := range parts {
		told.parts = append(told.parts, *p)
	}
	return answer{words: told}
}

// bulkShape is what an answer carries beside its result.
type bulkShape uint8

const (
	bulkCreated bulkShape = iota
	bulkApplied
)

// bulkAnswer is the wording of a call about several payments that was not refused as a whole.
type bulkAnswer struct {
	lang  string
	shape bulkShape
	parts []atmosPayment
	drift uint64
}

func (a bulkAnswer) appendTo(b []byte, t twist) []byte {
	parts := slices.Clone(a.parts)
	switch t {
	case strangeCode, inProcess:
		return atmosAnswer{lang: a.lang}.appendTo(b, t)
	case otherAmount:
		parts[0].amount += otherBy
	case otherTransaction:
		parts[0].id += int64(len(parts))
	}
	w := atmosWriter{b: b, drift: a.drift, lang: a.lang}
	w.lit("{").result(codeOK)
	name := `,"store_transaction":[`
	if a.shape == bulkCreated {
		name = `,"store_transactions":[`
		w.lit(`,"transaction_id":[`)
		for i := range parts {
			w.comma(i).integer(parts[i].id)
		}
		w.lit("]")
	}
	w.lit(name)
	for i := range parts {
		w.comma(i).object(&parts[i], a.shape == bulkApplied)
	}
	return w.lit("]}").b
}
