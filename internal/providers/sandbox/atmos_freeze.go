package sandbox

import "time"

// atmosFreeze is what one code confirms: a single hold, or a multiple one.
type atmosFreeze struct {
	id       int64 // parent_id; 0: of a single hold
	duration time.Duration
	card     atmosCard
	code     atmosCode
	items    []*atmosHold
	done     bool
	lost     bool // its first apply was lost
	told     uint64
}

const longestHold = 366 * 24 * time.Hour / time.Minute // minutes

// magic is what the card's token brings about when the hold is applied. With the lock held.
func (f *atmosFreeze) magic() Fault {
	if f.done || f.code.spent() {
		return Fault{}
	}
	p := atmosPayment{card: f.card, state: atmosPrepared, lost: f.lost}
	fault := p.magic()
	f.lost = p.lost
	return fault
}

// holdCreate makes a draft of one hold, and sends a code for a card number.
func (a *atmos) holdCreate(c *holdCall) answer {
	f, refusal := a.newFreeze(c, []holdPart{c.in.holdPart})
	if refusal != codeOK {
		return c.refuse(refusal)
	}
	a.mu.Lock()
	defer a.mu.Unlock()
	a.open(f)
	return a.tellHold(c, f.items[0], holdAnswer{shape: holdCreated})
}

// multipleCreate makes a draft of several holds that one code confirms.
func (a *atmos) multipleCreate(c *holdCall) answer {
	if len(c.in.Items) == 0 {
		return c.refuse(codeParameterMissing)
	}
	f, refusal := a.newFreeze(c, c.in.Items)
	if refusal != codeOK {
		return c.refuse(refusal)
	}
	a.mu.Lock()
	defer a.mu.Unlock()
	f.id = a.number()
	a.parents[f.id] = f
	a.open(f)
	return a.tellFreeze(c, f, false)
}

// newFreeze reads a draft, or tells what refuses it.
func (a *atmos) newFreeze(c *holdCall, parts []holdPart) (*atmosFreeze, string) {
	minutes := c.number(c.in.Duration)
	f := &atmosFreeze{duration: time.Duration(minutes) * time.Minute}
	for _, part := range parts {
		store, amount := c.number(part.StoreID), c.number(part.Amount)
		switch {
		case part.StoreID == "" || part.Account == "" || part.Amount == "" || c.in.Duration == "":
			return nil, codeParameterMissing
		case c.malformed:
			return nil, codeBadFormat
		case amount <= 0:
			return nil, codeAmount
		case minutes <= 0 || minutes > int64(longestHold):
			return nil, codeInvalidParameters
		}
		p := &atmosPayment{
			store: store, account: string(part.Account), details: string(part.Details), amount: amount, hold: true,
			state: atmosCreated, createdAt: a.now(),
		}
		f.items = append(f.items, &atmosHold{amount: amount, payment: p, freeze: f})
	}
	a.mu.Lock()
	defer a.mu.Unlock()
	card, refusal := a.card(c.in.CardToken, c.in.CardNumber, c.in.CardExpiry)
	f.card, f.code.till = card, a.now().Add(codeLife)
	return f, refusal
}

// open numbers a draft. With the lock held.
func (a *atmos) open(f *atmosFreeze) {
	for _, h := range f.items {
		h.id, h.payment.id = a.number(), a.number()
		h.payment.card = f.card
		a.holds[h.id], a.payments[h.payment.id] = h, h.payment
	}
}

// holdApply freezes the amount.
func (a *atmos) holdApply(c *holdCall) answer {
	a.mu.Lock()
	defer a.mu.Unlock()
	h, refusal := a.namedHold(c)
	switch {
	case h == nil:
		return c.refuse(refusal)
	case h.freeze.id != 0: // only all of them together
		return c.refuse(codeTransactionID)
	}
	if refusal = a.mayFreeze(c, h.freeze); refusal != codeOK {
		return c.refuse(refusal)
	}
	a.freezeHold(h)
	return a.tellHold(c, h, holdAnswer{shape: holdApplied})
}

// multipleApply freezes the amounts of the first n holds, and refuses the others for insufficient funds; n < 0: of all.
func (a *atmos) multipleApply(c *holdCall, f *atmosFreeze, n int) answer {
	a.mu.Lock()
	defer a.mu.Unlock()
	switch {
	case c.malformed:
		return c.refuse(codeBadFormat)
	case f == nil:
		return c.refuse(codeTransactionNotFound)
	}
	if refusal := a.mayFreeze(c, f); refusal != codeOK {
		return c.refuse(refusal)
	}
	f.done = true
	for i, h := range f.items {
		if n < 0 || i < n {
			a.freezeHold(h)
		} else {
			h.payment.refused = codeInsufficient
		}
	}
	return a.tellFreeze(c, f, true)
}

// mayFreeze tells whether a draft may be frozen, and counts wrong codes. With the lock held.
func (a *atmos) mayFreeze(c *holdCall, f *atmosFreeze) string {
	refusal := codeOK
	for _, h := range f.items {
		if code := a.freezable(h); refusal == codeOK {
			refusal = a.again(code, c.in.OTP)
		}
	}
	if refusal == codeOK && f.done {
		refusal = a.again(codeClosed, c.in.OTP)
	}
	if refusal != codeOK {
		return refusal
	}
	refusal = f.code.judge(c.in.OTP, f.card.token == "", a.now())
	switch {
	case f.code.spent():
		for _, h := range f.items {
			h.cancel()
		}
	case refusal == codeOK:
		refusal = f.card.atApply
	}
	return refusal
}

// freezable gives the code that refuses to freeze a hold that is not a draft any more. With the lock held.
func (a *atmos) freezable(h *atmosHold) string {
	switch {
	case h.state == holdCancelled:
		return codeHoldCancelled
	case h.expired(a.now()):
		return codeHoldExpired
	case h.state == holdHeld, h.state == holdCharged:
		return codeClosed
	}
	return codeOK
}

// freezeHold freezes an amount, again where the provider is naive. With the lock held.
func (a *atmos) freezeHold(h *atmosHold) {
	p, now := h.payment, a.now()
	h.freeze.done, p.refused = true, ""
	if h.frozen {
		a.ledger.changeHold(h.ledger, func(l *Hold) { l.Held, l.Freezes = l.Held+h.amount, l.Freezes+1 })
		return
	}
	h.state, h.frozen, h.till, p.preparedAt = holdHeld, true, now.Add(h.freeze.duration), now
	l := Hold{
		Provider: providerAtmos, ID: decimal(h.id), Store: decimal(p.store), Transaction: decimal(p.id),
		Account: p.account, Card: p.card.masked, Held: h.amount, Freezes: 1, At: now, Till: h.till,
	}
	if h.freeze.id != 0 {
		l.Parent = decimal(h.freeze.id)
	}
	h.ledger = a.ledger.hold(l)
}
