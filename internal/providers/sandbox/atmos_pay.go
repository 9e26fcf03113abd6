package sandbox

import "time"

// create makes a draft.
func (a *atmos) create(c *atmosCall) answer {
	switch {
	case c.in.StoreID == "" || c.in.Amount == "" || c.in.Account == "":
		return answer{words: c.refuse(codeParameterMissing)}
	case c.malformed:
		return answer{words: c.refuse(codeBadFormat)}
	case c.amount <= 0:
		return answer{words: c.refuse(codeAmount)}
	}
	p := &atmosPayment{
		store: c.store, terminal: string(c.in.TerminalID), account: string(c.in.Account), amount: c.amount,
		state: atmosCreated, createdAt: a.now(),
	}
	a.mu.Lock()
	defer a.mu.Unlock()
	p.id = a.number()
	a.payments[p.id] = p
	return a.tell(c, p, atmosAnswer{code: codeOK, shape: saysCreated})
}

// preApply takes the card. A code goes out for a number, none for a token.
func (a *atmos) preApply(c *atmosCall) answer {
	a.mu.Lock()
	defer a.mu.Unlock()
	p, refusal := a.find(c)
	card, code := a.card(c.in.CardToken, c.in.CardNumber, c.in.Expiry)
	switch {
	case refusal != codeOK:
		return answer{words: c.refuse(refusal)}
	case p.hold:
		return answer{words: c.refuse(codeTransactionID)}
	case p.asking:
		return answer{words: c.refuse(codeInProgress)}
	case code != codeOK:
		return answer{words: c.refuse(code)}
	}
	p.prepare(card, a.now())
	return a.tell(c, p, atmosAnswer{code: codeOK, shape: saysPrepared})
}

// apply debits the card, once in a payment's life, or as often as it is called when the provider is naive.
func (a *atmos) apply(c *atmosCall) answer {
	a.mu.Lock()
	defer a.mu.Unlock()
	p, refusal := a.find(c)
	refusal = a.again(refusal, c.in.OTP)
	if refusal == codeOK {
		refusal = a.verdict(c.in.OTP, p)
	}
	if refusal == codeOK {
		refusal = a.consent(p)
	}
	if refusal != codeOK {
		return answer{words: c.refuse(refusal)}
	}
	a.charge(p)
	return a.tell(c, p, atmosAnswer{code: codeOK, shape: saysApplied})
}

// prepare gives a payment its card. With the lock held.
func (p *atmosPayment) prepare(card atmosCard, now time.Time) {
	p.card, p.state, p.preparedAt, p.refused = card, atmosPrepared, now, ""
	p.code.till = now.Add(codeLife)
}

// again lets a naive provider do twice what the right code confirms.
func (a *atmos) again(refusal string, otp loose) string {
	if refusal == codeClosed && a.naive && otp == sentCode {
		return codeOK
	}
	return refusal
}

// verdict tells whether an open payment may be debited, and counts wrong codes. With the lock held.
func (a *atmos) verdict(otp loose, p *atmosPayment) string {
	switch {
	case p.hold, p.state != atmosPrepared && (p.state != atmosConfirmed || !a.naive):
		return codeTransactionID
	case p.asking:
		return codeInProgress
	}
	refusal := p.code.judge(otp, p.card.token == "", a.now())
	switch {
	case p.code.spent():
		p.state = atmosCancelled
	case refusal == codeOK:
		refusal = p.card.atApply
	}
	return refusal
}

// charge debits the card. With the lock held.
func (a *atmos) charge(p *atmosPayment) {
	p.state, p.confirmedAt, p.refused = atmosConfirmed, a.now(), ""
	p.debit = a.ledger.debit(Debit{
		Provider: providerAtmos, Store: decimal(p.store), Transaction: decimal(p.id), Account: p.account,
		Amount: p.amount, Card: p.card.masked, At: p.confirmedAt,
	})
	p.success = firstSuccess + int64(p.debit)
}

// otpResend sends a code that holds for another five minutes, for all parts of a bulk. The call names no store.
func (a *atmos) otpResend(c *atmosCall) answer {
	a.mu.Lock()
	defer a.mu.Unlock()
	p, refusal := a.named(c)
	switch {
	case refusal != codeOK:
		return answer{words: c.refuse(refusal)}
	case p.state != atmosPrepared || p.card.token != "":
		return answer{words: c.refuse(codeTransactionID)}
	}
	p.code.till = a.now().Add(codeLife)
	for part := a.payments[p.bulk]; part != nil && part.bulk == p.bulk; part = a.payments[part.id+1] {
		part.code.till = p.code.till
	}
	return a.tell(c, p, atmosAnswer{code: codeOK, shape: saysResent})
}

// get tells how a payment stands. A confirmed one reads "transaction closed", which is good news.
func (a *atmos) get(c *atmosCall) answer {
	a.mu.Lock()
	defer a.mu.Unlock()
	p, refusal := a.booked(a.find(c))
	if p == nil {
		return answer{words: c.refuse(refusal)}
	}
	return a.tell(c, p, atmosAnswer{code: refusal, shape: saysGot})
}

// find gives the store's payment that the call names, and the code that refuses a closed one. With the lock held.
func (a *atmos) find(c *atmosCall) (*atmosPayment, string) {
	if c.in.StoreID == "" {
		return nil, codeParameterMissing
	}
	p, refusal := a.named(c)
	if p != nil && p.store != c.store {
		return nil, codeTransactionNotFound
	}
	return p, refusal
}

// named is find for a call without a store.
func (a *atmos) named(c *atmosCall) (*atmosPayment, string) {
	if c.in.TransactionID == "" {
		return nil, codeParameterMissing
	}
	if c.malformed {
		return nil, codeBadFormat
	}
	return a.standing(c.transaction)
}

// standing gives a payment, and the code that refuses a closed one. With the lock held.
func (a *atmos) standing(id int64) (*atmosPayment, string) {
	p := a.payments[id]
	switch {
	case p == nil:
		return nil, codeTransactionNotFound
	case p.state == atmosReversed:
		return p, codeReversed
	case p.state == atmosConfirmed:
		return p, codeClosed
	case p.state == atmosCancelled:
		return p, codeCancelled
	}
	return p, codeOK
}

// tell completes an answer with the payment as it stands. With the lock held.
func (a *atmos) tell(c *atmosCall, p *atmosPayment, told atmosAnswer) answer {
	told.lang, told.payment = string(c.in.Lang), *p
	told.drift = a.drifting(p.id, &p.told)
	return answer{words: told}
}

// mix is SplitMix64 over several numbers.
func mix(parts ...uint64) uint64 {
	var h uint64
	for _, n := range parts {
		h += n + 0x9e3779b97f4a7c15
		h = (h ^ h>>30) * 0xbf58476d1ce4e5b9
		h = (h ^ h>>27) * 0x94d049bb133111eb
		h ^= h >> 31
	}
	return h
}
