package sandbox

import (
	"strings"
	"time"
)

// atmosHold is one frozen amount. Its payment stands open until the hold is charged.
type atmosHold struct {
	id      int64
	amount  int64 // tiyin
	payment *atmosPayment
	freeze  *atmosFreeze
	state   holdState
	frozen  bool // it once was held
	till    time.Time
	ledger  int // its number there
	told    uint64
}

// holdState is where a hold stands. One whose time has run out is still held here: the clock tells.
type holdState uint8

const (
	holdUnconfirmed holdState = iota
	holdHeld
	holdCharged
	holdCancelled
)

// holdCharge debits the held amount, or the part that the call names, and releases the rest.
func (a *atmos) holdCharge(c *holdCall) answer {
	amount := c.number(c.in.Amount)
	a.mu.Lock()
	defer a.mu.Unlock()
	h, refusal := a.namedHold(c)
	if refusal == codeClosed && a.naive {
		refusal = codeOK
	}
	switch {
	case refusal != codeOK:
		return c.refuse(refusal)
	case h.payment.asking:
		return c.refuse(codeInProgress)
	case c.in.Amount == "":
		amount = h.amount
	case amount <= 0:
		return c.refuse(codeAmount)
	case amount > h.amount:
		return c.refuse(codeUnauthorizedAmount)
	}
	before := h.payment.amount
	h.payment.amount = amount
	if refusal = a.consent(h.payment); refusal != codeOK {
		h.payment.amount = before
		return c.refuse(refusal)
	}
	released := h.amount - amount
	if h.state == holdCharged {
		released = 0
	}
	h.state = holdCharged
	a.charge(h.payment)
	a.ledger.changeHold(h.ledger, func(l *Hold) { l.Charged, l.Released = l.Charged+amount, l.Released+released })
	return a.tellHold(c, h, holdAnswer{shape: holdPaid})
}

// holdCancel releases the held amount, or drops a draft. That the hold is cancelled is good news.
func (a *atmos) holdCancel(c *holdCall) answer {
	a.mu.Lock()
	defer a.mu.Unlock()
	h, refusal := a.namedHold(c)
	sms := string(c.in.CancelSMS)
	switch {
	case h == nil, refusal == codeHoldExpired:
		return c.refuse(refusal)
	case sms == "" || sms == "null":
		return c.refuse(codeParameterMissing)
	case sms != "true" && sms != "false":
		return c.refuse(codeBadFormat)
	case h.state == holdCharged, h.payment.asking:
		return c.refuse(codeHoldNotRemoved)
	}
	if h.frozen && (h.state == holdHeld || a.naive) {
		a.ledger.changeHold(h.ledger, func(l *Hold) { l.Released += h.amount })
	}
	h.cancel()
	return a.tellHold(c, h, holdAnswer{shape: holdGone})
}

// cancel ends a hold and its payment.
func (h *atmosHold) cancel() { h.state, h.payment.state = holdCancelled, atmosCancelled }

// holdGet tells how a hold stands.
func (a *atmos) holdGet(c *holdCall) answer {
	a.mu.Lock()
	defer a.mu.Unlock()
	h, refusal := a.namedHold(c)
	if h == nil {
		return c.refuse(refusal)
	}
	return a.tellHold(c, h, holdAnswer{shape: holdGot})
}

// namedHold gives the hold that the address names, and the code that refuses to charge it. With the lock held.
func (a *atmos) namedHold(c *holdCall) (*atmosHold, string) {
	h := a.holds[c.id]
	switch {
	case c.malformed:
		return nil, codeBadFormat
	case h == nil:
		return nil, codeTransactionNotFound
	}
	return h, h.standing(a.now())
}

// standing gives the code that refuses to charge a hold; codeOK: it may be charged.
func (h *atmosHold) standing(now time.Time) string {
	switch {
	case h.state == holdUnconfirmed:
		return codeHoldUnconfirmed
	case h.state == holdCancelled:
		return codeHoldCancelled
	case h.expired(now):
		return codeHoldExpired
	case h.payment.state == atmosReversed:
		return codeReversed
	case h.state == holdCharged:
		return codeClosed
	}
	return codeOK
}

func (h *atmosHold) expired(now time.Time) bool { return h.state == holdHeld && !now.Before(h.till) }

// processing is the card's processing center. A token tells none: most are UzCard's.
func (c atmosCard) processing() string {
	if strings.HasPrefix(c.masked, "9860") {
		return "HUMO"
	}
	return "UZCARD"
}
