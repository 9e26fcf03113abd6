package sandbox

import "net/http"

// atmosPartial is a partial reversal.
type atmosPartial struct {
	id, amount int64
	payment    *atmosPayment
	request    string // the caller's request_id
	done       bool
	told       uint64
}

// readsPartial is reads for the calls about a partial reversal, which lags by itself.
func (a *atmos) readsPartial(act func(*atmosCall) answer) func(*http.Request, []byte) (task, *answer) {
	return func(r *http.Request, body []byte) (task, *answer) {
		c, refusal := a.call(r, body)
		if refusal != nil {
			return task{}, refusal
		}
		t := a.task(c, act)
		t.key = partialKey(c.partial)
		return t, nil
	}
}

// reverse gives back all that is left of a payment. The call names no store.
func (a *atmos) reverse(c *atmosCall) answer {
	a.mu.Lock()
	defer a.mu.Unlock()
	p, refusal := a.named(c)
	switch {
	case refusal == codeOK:
		return answer{words: c.refuse(codeNotReversed)}
	case refusal == codeReversed && a.naive:
		a.giveBack(p, p.amount, &atmosPartial{})
	case refusal == codeClosed && p.reverted < p.amount:
		a.giveBack(p, p.amount-p.reverted, &atmosPartial{})
	case refusal == codeClosed:
		return answer{words: c.refuse(codeReversed)}
	default:
		return answer{words: c.refuse(refusal)}
	}
	p.state = atmosReversed
	return a.tell(c, p, atmosAnswer{code: codeOK, shape: saysResent})
}

// giveBack refunds. With the lock held.
func (a *atmos) giveBack(p *atmosPayment, amount int64, by *atmosPartial) {
	r := Refund{
		Provider: providerAtmos, Store: decimal(p.store), Transaction: decimal(p.id), Account: p.account,
		RequestID: by.request, Amount: amount, At: a.now(),
	}
	if by.id != 0 {
		r.Partial = decimal(by.id)
	}
	p.reverted += amount
	a.ledger.refund(p.debit, r)
}

// createPartial opens a partial reversal. It reserves nothing.
func (a *atmos) createPartial(c *atmosCall) answer {
	a.mu.Lock()
	defer a.mu.Unlock()
	p, refusal := a.paid(c)
	switch {
	case refusal != codeOK:
		return answer{words: c.refuse(refusal)}
	case c.in.Amount == "":
		return answer{words: c.refuse(codeParameterMissing)}
	case c.amount <= 0:
		return answer{words: c.refuse(codeAmount)}
	case c.amount > p.amount-p.reverted:
		return answer{words: c.refuse(codeUnauthorizedAmount)}
	}
	r := &atmosPartial{id: a.number(), amount: c.amount, payment: p, request: string(c.in.RequestID)}
	a.partials[r.id] = r
	return a.tellPartial(c, r, false)
}

// confirmPartial gives its amount back, once, or as often as it is called when the provider is naive.
func (a *atmos) confirmPartial(c *atmosCall) answer {
	a.mu.Lock()
	defer a.mu.Unlock()
	r, refusal := a.partialOf(c)
	if refusal == codeOK {
		refusal = c.receipt()
	}
	switch {
	case refusal != codeOK:
		return answer{words: c.refuse(refusal)}
	case r.done && a.naive:
	case r.done:
		return answer{words: c.refuse(codeReversed)}
	case r.amount > r.payment.amount-r.payment.reverted:
		return answer{words: c.refuse(codeUnauthorizedAmount)}
	}
	r.done = true
	a.giveBack(r.payment, r.amount, r)
	return a.tellPartial(c, r, true)
}

// receipt tells what is wrong with the fiscal items of a confirmation.
func (c *atmosCall) receipt() string {
	if len(c.in.OFDItems) == 0 {
		return codeParameterMissing
	}
	for _, item := range c.in.OFDItems {
		amount := c.number(item.Amount)
		switch {
		case item.Name == "" || item.Code == "" || item.Amount == "":
			return codeParameterMissing
		case c.malformed:
			return codeBadFormat
		case amount <= 0:
			return codeAmount
		}
	}
	return codeOK
}

// getPartial tells how a partial reversal stands.
func (a *atmos) getPartial(c *atmosCall) answer {
	a.mu.Lock()
	defer a.mu.Unlock()
	r, refusal := a.partialOf(c)
	if r == nil {
		return answer{words: c.refuse(refusal)}
	}
	return a.tellPartial(c, r, true)
}

// paid gives the store's payment that can be given back in parts. With the lock held.
func (a *atmos) paid(c *atmosCall) (*atmosPayment, string) {
	p, refusal := a.find(c)
	switch refusal {
	case codeClosed:
		return p, codeOK
	case codeOK:
		return p, codeNotReversed
	}
	return p, refusal
}

// partialOf gives the partial reversal that the call names, and the code that refuses its payment. With the lock held.
func (a *atmos) partialOf(c *atmosCall) (*atmosPartial, string) {
	p, refusal := a.paid(c)
	r := a.partials[c.partial]
	switch {
	case p == nil:
		return nil, refusal
	case c.in.Partial == "":
		return nil, codeParameterMissing
	case r == nil || r.payment != p:
		return nil, codeTransactionNotFound
	}
	return r, refusal
}

// tellPartial words a partial reversal as it stands. With the lock held.
func (a *atmos) tellPartial(c *atmosCall, r *atmosPartial, amounts bool) answer {
	told := partialAnswer{
		code: codeOK, lang: string(c.in.Lang), payment: r.payment.id, id: r.id, amount: r.amount, done: r.done,
		left: r.payment.amount - r.payment.reverted, amounts: amounts, request: r.request,
		drift: a.drifting(r.id, &r.told),
	}
	if amounts && c.in.RequestID != "" {
		told.request = string(c.in.RequestID)
	}
	return answer{words: told}
}

// partialAnswer is the wording of every call about a partial reversal that was not refused.
type partialAnswer struct {
	code, lang   string
	payment, id  int64
	amount, left int64 // tiyin
	done         bool
	amounts      bool // they are told
	request      string
	drift        uint64
}

func (p partialAnswer) appendTo(b []byte, t twist) []byte {
	switch t {
	case strangeCode:
		return atmosAnswer{lang: p.lang}.appendTo(b, t)
	case inProcess:
		return atmosAnswer{lang: p.lang}.appendTo(b, t)
	case unconfirmed:
		if p.done {
			p.done, p.left = false, p.left+p.amount
		}
	case otherAmount:
		p.amount += otherBy
	case otherTransaction:
		p.payment++
	}
	w := atmosWriter{b: b, drift: p.drift, lang: p.lang}
	w.lit("{").number("transaction_id", p.payment).lit(",").number("transaction_partial_reverse_id", p.id).lit(",")
	if p.amounts {
		reverted := int64(0)
		if p.done {
			reverted = p.amount
		}
		w.number("transaction_reverted_amount", reverted).lit(",")
		w.number("transaction_left_amount", p.left).lit(",")
	}
	w.result(p.code)
	if p.request != "" {
		w.lit(",").text("request_id", p.request)
	}
	return w.lit("}").b
}
