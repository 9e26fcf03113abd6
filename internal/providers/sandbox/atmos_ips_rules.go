package sandbox

import (
	"net/http"
	"net/netip"
	"strings"
)

// Result codes. Source: ATMOS, "System errors (IPS)", "Reference guide for statuses and types (IPS - Card Linking)".
const (
	ipsOK           = "0"
	ipsInternal     = "-1"
	ipsUndefined    = "-2"
	ipsTaken        = "-10"
	ipsState        = "-11"
	ipsNotFound     = "-12"
	ipsProcessing   = "-100"
	ipsNoCard       = "-200"
	ipsNotVerified  = "-201"
	ipsNotValid     = "-202"
	ipsDeclined     = "-203"
	ipsInsufficient = "-300"
	ipsNoKey        = "-400"
	ipsStrange      = "-999" // on no table
)

// preCreate makes a draft.
func (p *ips) preCreate(c *ipsCall) answer {
	switch {
	case c.malformed || c.store <= 0 || c.amount <= 0 || c.in.ExtID == "" || c.in.Account == "":
		return p.malformed()
	case p.byExt[string(c.in.ExtID)] != nil:
		return p.refuse(ipsTaken)
	}
	return p.tell(p.add(c, ipsPayment{kind: "DEFAULT", status: ipsNew}), ipsAnswer{})
}

// add makes a transaction of a call.
func (p *ips) add(c *ipsCall, made ipsPayment) *ipsPayment {
	made.id, made.store, made.ext = ipsFirstID+int64(len(p.payments)), c.store, string(c.in.ExtID)
	made.account, made.amount, made.ip = string(c.in.Account), c.amount, string(c.in.IP)
	made.host, made.was, made.createdAt = c.host, notMade, p.now()
	p.payments = append(p.payments, &made)
	p.byExt[made.ext] = &made
	return &made
}

// create puts a card to a draft by its number.
func (p *ips) create(c *ipsCall) answer {
	d, code := p.draft(c)
	switch {
	case !c.cardGiven():
		return p.malformed()
	case code != ipsOK:
		return p.refuse(code)
	case d.ext != string(c.in.ExtID):
		return p.refuse(ipsNotFound)
	case c.in.PAN == "4000000000000069":
		return p.refuse(ipsNotValid)
	}
	d.take(p.newCard(c, d))
	return p.tell(d, ipsAnswer{card: true, sends: true})
}

// createBind puts a linked card to a draft.
func (p *ips) createBind(c *ipsCall) answer {
	d, code := p.draft(c)
	card := p.cards[c.card]
	switch {
	case code != ipsOK:
		return p.refuse(code)
	case card == nil:
		return p.refuse(ipsNoCard)
	}
	d.take(card)
	return p.tell(d, ipsAnswer{card: true, sends: true})
}

// draft finds the draft that a call puts a card to.
func (p *ips) draft(c *ipsCall) (*ipsPayment, string) {
	d := p.numbered(c.transaction)
	switch {
	case d == nil:
		return nil, ipsNotFound
	case d.status != ipsNew || d.amount != c.amount || !isIP(c.in.IP):
		return nil, ipsState
	}
	d.ip, d.host = string(c.in.IP), c.host
	return d, ipsOK
}

// take puts a card to a transaction, which asks for 3-D Secure unless the card has passed it.
func (d *ipsPayment) take(card *ipsCard) {
	d.was, d.status, d.card, d.asks3DS = d.status, ipsOpen, card, card.state != ipsVerified
}

// cardGiven tells whether a card is given whole.
func (c *ipsCall) cardGiven() bool {
	cvc := len(c.in.CVC)
	return len(c.in.PAN) >= 13 && len(c.in.PAN) <= 19 && digits(string(c.in.PAN), len(c.in.PAN)) && isIP(c.in.IP) &&
		isExpiry(string(c.in.Expiry)) && c.in.CardName != "" && (cvc == 3 || cvc == 4) && digits(string(c.in.CVC), cvc)
}

func isIP(text loose) bool {
	_, err := netip.ParseAddr(string(text))
	return err == nil
}

// newCard makes a card out of the number in a call.
func (p *ips) newCard(c *ipsCall, by *ipsPayment) *ipsCard {
	card := &ipsCard{
		id: ipsFirstCard + int64(len(p.cards)), number: string(c.in.PAN), holder: string(c.in.CardName),
		state: ipsPending, by: by,
	}
	if card.number == "4000000000000002" {
		card.state = ipsVerified
	}
	p.cards[card.id] = card
	return card
}

// masked is the first six and last four digits, as the ledger shows them.
func (c *ipsCard) masked() string { return c.number[:6] + "******" + c.number[len(c.number)-4:] }

// magic is the code with which the card refuses its money.
func (c *ipsCard) magic() string {
	switch c.number {
	case "4000000000000051":
		return ipsInsufficient
	case "4000000000000127":
		return ipsDeclined
	case "4000000000000119":
		return ipsProcessing
	default:
		return ipsOK
	}
}

// apply debits the card, once in a transaction's life, or as often as it is called when the provider is naive.
func (p *ips) apply(c *ipsCall) answer {
	d := p.numbered(c.transaction)
	if d == nil {
		return p.refuse(ipsNotFound)
	}
	d.applies++
	again := p.naive && d.status == ipsSuccess && d.hold == 0
	switch {
	case d.status != ipsOpen && !again || d.card == nil:
		return p.refuse(ipsState)
	case d.card.state != ipsVerified:
		return p.refuse(ipsNotVerified)
	}
	if code := d.card.magic(); code != ipsOK {
		if code != ipsProcessing {
			d.was, d.status = d.status, ipsFailed
		}
		return p.refuse(code)
	}
	p.charge(d, ipsSuccess)
	return p.tell(d, ipsAnswer{card: true})
}

// charge debits the card of a transaction.
func (p *ips) charge(d *ipsPayment, status int) {
	if d.status != ipsSuccess {
		d.was = d.status
	}
	d.status = status
	d.debit = p.ledger.debit(Debit{
		Provider: providerIPS, Store: decimal(d.store), Transaction: decimal(d.id), ExtID: d.ext, Account: d.account,
		Amount: d.amount, Card: d.card.masked(), At: p.now(),
	})
}

func (p *ips) get(c *ipsCall) answer {
	return p.shown(p.numbered(c.transaction), ipsAnswer{sends: true})
}

func (p *ips) getExt(c *ipsCall) answer {
	return p.shown(p.byExt[string(c.in.ExtID)], ipsAnswer{card: true})
}

// shown tells of a transaction as it stands, if there is one.
func (p *ips) shown(d *ipsPayment, as ipsAnswer) answer {
	if d == nil {
		return p.refuse(ipsNotFound)
	}
	return p.tell(d, as)
}

// refuse is an answer of a code alone.
func (p *ips) refuse(code string) answer { return answer{words: ipsAnswer{code: code}} }

func (p *ips) malformed() answer { return answer{http.StatusBadRequest, ipsAnswer{code: ipsUndefined}} }

func (p *ips) transaction(id string) (Transaction, bool) {
	p.mu.Lock()
	defer p.mu.Unlock()
	d := p.named(id)
	if d == nil {
		return Transaction{}, false
	}
	state := "prepared"
	switch d.now(p.now()) {
	case ipsNew:
		state = "created"
	case ipsSuccess:
		state = "confirmed"
	case ipsFailed, ipsCancelled:
		state = "cancelled"
	case ipsReverted:
		state = "reversed"
	}
	t := Transaction{
		Provider: providerIPS, ID: decimal(d.id), Store: decimal(d.store), Account: d.account, Amount: d.amount,
		State: state, Applies: d.applies, Created: d.createdAt,
	}
	if d.card != nil {
		t.Card = d.card.masked()
	}
	return t, true
}

func (p *ips) count() int {
	p.mu.Lock()
	defer p.mu.Unlock()
	return len(p.payments)
}

// named finds a transaction by its number, its card's, or its ext_id.
func (p *ips) named(id string) *ipsPayment {
	var n numerals
	number := n.number(loose(strings.TrimSpace(id)))
	if d := p.numbered(number); d != nil {
		return d
	}
	if card := p.cards[number]; card != nil && card.by.id != 0 {
		return card.by
	}
	return p.byExt[id]
}
