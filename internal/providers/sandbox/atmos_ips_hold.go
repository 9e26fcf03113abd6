package sandbox

// usable finds the linked card of a call that makes a transaction with it, or the code that refuses it.
func (p *ips) usable(c *ipsCall) (*ipsCard, string) {
	card := p.cards[c.card]
	switch {
	case c.malformed || c.amount <= 0 || c.in.ExtID == "" || !isIP(c.in.IP):
		return nil, ipsUndefined
	case card == nil:
		return nil, ipsNoCard
	case card.state != ipsVerified:
		return nil, ipsNotVerified
	case p.byExt[string(c.in.ExtID)] != nil && !p.naive:
		return nil, ipsTaken
	}
	return card, card.magic()
}

// template debits a linked card at once, and tells so a little later.
func (p *ips) template(c *ipsCall) answer {
	card, code := p.usable(c)
	if code != ipsOK {
		return p.refuse(code)
	}
	d := p.add(c, ipsPayment{kind: "TEMPLATE", card: card})
	p.charge(d, ipsOpen)
	d.was, d.settlesAt = notMade, d.createdAt.Add(ipsSettling)
	if card.quick {
		d.settlesAt = d.createdAt
	}
	return p.tell(d, ipsAnswer{})
}

// hold freezes the amount on a linked card.
func (p *ips) hold(c *ipsCall) answer {
	card, code := p.usable(c)
	switch {
	case code != ipsOK:
		return p.refuse(code)
	case c.store <= 0 || c.in.Account == "" || len(c.in.OFDItems) == 0:
		return p.malformed()
	}
	d := p.add(c, ipsPayment{kind: "TEMPLATE", card: card, status: ipsSuccess})
	d.hold = p.ledger.hold(Hold{
		Provider: providerIPS, ID: decimal(d.id), Store: decimal(d.store), Transaction: decimal(d.id), Account: d.account,
		Card: card.masked(), Held: d.amount, Freezes: 1, At: d.createdAt, Till: d.createdAt.Add(ipsHoldLasts),
	})
	return p.tell(d, ipsAnswer{card: true})
}

// holdApply debits what is held. The status does not change by that.
func (p *ips) holdApply(c *ipsCall) answer {
	d := p.numbered(c.transaction)
	switch {
	case d == nil:
		return p.refuse(ipsNotFound)
	case d.hold == 0 || d.status != ipsSuccess || d.debit > 0 && !p.naive:
		return p.refuse(ipsState)
	}
	d.applies++
	p.charge(d, ipsSuccess)
	p.ledger.changeHold(d.hold, func(h *Hold) { h.Charged += d.amount })
	return p.tell(d, ipsAnswer{card: true, sends: true})
}

// holdCancel lets go of what is held. Its answer has a code alone.
func (p *ips) holdCancel(c *ipsCall) answer {
	d := p.numbered(c.transaction)
	switch {
	case d == nil || d.store != c.store:
		return p.refuse(ipsNotFound)
	case d.hold == 0 || d.debit > 0 || !p.stands(d, ipsCancelled):
		return p.refuse(ipsState)
	}
	d.was, d.status = ipsSuccess, ipsCancelled
	p.ledger.changeHold(d.hold, func(h *Hold) { h.Released += d.amount })
	return p.refuse(ipsOK)
}

// holdReturn gives back what was charged.
func (p *ips) holdReturn(c *ipsCall) answer {
	d := p.numbered(c.transaction)
	switch {
	case d == nil:
		return p.refuse(ipsNotFound)
	case d.hold == 0 || d.debit == 0 || !p.stands(d, ipsReverted):
		return p.refuse(ipsState)
	}
	d.was, d.status = ipsSuccess, ipsReverted
	p.ledger.refund(d.debit, Refund{
		Provider: providerIPS, Store: decimal(d.store), Transaction: decimal(d.id), Account: d.account, Amount: d.amount,
		At: p.now(),
	})
	return p.tell(d, ipsAnswer{})
}

// stands tells whether a call that ends with the status after can be carried out: a naive provider does it again.
func (p *ips) stands(d *ipsPayment, after int) bool {
	return d.status == ipsSuccess || p.naive && d.status == after
}
