package sandbox

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
	p.id = a.nextID
	a.nextID++
	a.payments[p.id] = p
	return a.tell(c, p, atmosAnswer{code: codeOK, shape: saysCreated})
}

// preApply takes the card. A code goes out for a number, none for a token.
func (a *atmos) preApply(c *atmosCall) answer {
	card, code := c.card()
	a.mu.Lock()
	defer a.mu.Unlock()
	p, refusal := a.find(c)
	switch {
	case refusal != codeOK:
		return answer{words: c.refuse(refusal)}
	case code != codeOK:
		return answer{words: c.refuse(code)}
	case card.atPrepare != codeOK:
		return answer{words: c.refuse(card.atPrepare)}
	}
	p.card, p.state, p.preparedAt = card, atmosPrepared, a.now()
	p.codeTill = p.preparedAt.Add(codeLife)
	return a.tell(c, p, atmosAnswer{code: codeOK, shape: saysPrepared})
}

// apply debits the card, once in a payment's life, or as often as it is called when the provider is naive.
func (a *atmos) apply(c *atmosCall) answer {
	a.mu.Lock()
	defer a.mu.Unlock()
	p, refusal := a.find(c)
	if refusal == codeClosed && a.naive && c.in.OTP == sentCode {
		p.state, refusal = atmosPrepared, codeOK
	}
	if refusal == codeOK {
		refusal = a.verdict(c, p)
	}
	if refusal != codeOK {
		return answer{words: c.refuse(refusal)}
	}
	p.state, p.confirmedAt = atmosConfirmed, a.now()
	n := a.ledger.debit(Debit{
		Provider: providerAtmos, Store: decimal(p.store), Transaction: decimal(p.id), Account: p.account,
		Amount: p.amount, Card: p.card.masked, At: p.confirmedAt,
	})
	p.success = firstSuccess + int64(n)
	return a.tell(c, p, atmosAnswer{code: codeOK, shape: saysApplied})
}

// verdict tells whether an open payment may be debited, and counts wrong codes.
func (a *atmos) verdict(c *atmosCall, p *atmosPayment) string {
	switch {
	case p.state != atmosPrepared:
		return codeTransactionID
	case c.in.OTP == "":
		return codeParameterMissing
	case c.in.OTP != sentCode:
		if p.wrong++; p.wrong == wrongCodes {
			p.state = atmosCancelled
		}
		return codeWrongOTP
	case p.card.token == "" && a.now().After(p.codeTill):
		return codeWrongOTP
	}
	return p.card.atApply
}

// otpResend sends a code that holds for another five minutes. The call names no store.
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
	p.codeTill = a.now().Add(codeLife)
	return a.tell(c, p, atmosAnswer{code: codeOK, shape: saysResent})
}

// get tells how a payment stands. A confirmed one reads "transaction closed", which is good news.
func (a *atmos) get(c *atmosCall) answer {
	a.mu.Lock()
	defer a.mu.Unlock()
	p, refusal := a.find(c)
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
	p := a.payments[c.transaction]
	switch {
	case p == nil:
		return nil, codeTransactionNotFound
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
	if a.drift {
		p.told++
		told.drift = mix(a.seed, uint64(p.id), p.told)
	}
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
