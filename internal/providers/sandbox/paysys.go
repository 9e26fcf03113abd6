package sandbox

import (
	"strconv"
	"sync"
	"time"
)

const (
	providerPaysys = "paysys"
	paysysFirstID  = 900_000_000 // so that no number is also one of ATMOS's own payments
	paysysLeast    = 100_000     // tiyin (PaySys, "Payouts preparation")
	paysysPerMille = 5           // commission of 0.5 percent
)

// paysys plays PaySys: payouts to UzCard and Humo cards.
//
// Where its text is silent: every answer but 429 is HTTP 200, errors have numbers of the sandbox's own. Preparing the
// same again gives the same payout until it is confirmed; the same number with other content, or later, is an error.
// Cancelling twice is no error. Of the published test cards (see the package) one cannot receive payouts, that without
// funds makes the confirmation end as cancelled (2), that with the processing error as an error and then -1. The
// sandbox does not know the base calculation value: a document may come with any amount. The Auth header's time may be
// five minutes off. A result that no list knows is the error -39999.
type paysys struct {
	naive  bool
	now    func() time.Time
	ledger *ledger
	door   *paysysDoor

	misbooked *misbooked

	mu        sync.Mutex
	payouts   map[int64]*paysysPayout // by transaction_id
	byPartner map[int64]*paysysPayout // by partner_transaction_id
	order     []*paysysPayout
	nextID    int64
}

// paysysStatus is a payout's status in numbers (PaySys, "Verification status of payout").
type paysysStatus int64

const (
	paysysFailed    paysysStatus = -1
	paysysCreated   paysysStatus = 0
	paysysCompleted paysysStatus = 1
	paysysCancelled paysysStatus = 2
)

// paysysPayout is what PaySys calls a transaction.
type paysysPayout struct {
	id, partner int64
	card        atmosCard
	number      string
	amount      int64 // tiyin
	sender      paysysSender
	doc         paysysDoc
	status      paysysStatus
	createdAt   time.Time
	confirms    int // that arrived
}

func newPaysys(o Options, l *ledger, m *misbooked) *paysys {
	return &paysys{
		misbooked: m, naive: o.Naive, now: o.Now, ledger: l, door: newPaysysDoor(o), payouts: map[int64]*paysysPayout{},
		byPartner: map[int64]*paysysPayout{}, nextID: paysysFirstID + max(o.FirstID, 1) - 1,
	}
}

// operations have no paths of their own: one address takes them all, and their method tells them apart.
func (p *paysys) operations() []*operation {
	return []*operation{
		{name: "paysys.prepare", class: draft, read: p.reads(p.prepare)},
		{name: "paysys.confirm", class: money, read: p.reads(p.confirm)},
		{name: "paysys.check", class: read, read: p.reads(p.check)},
		{name: "paysys.cancel", class: draft, read: p.reads(p.cancel)},
		{name: "paysys.statement", class: read, read: p.reads(p.statement)},
	}
}

// prepare makes a payout. The same again gives the same one, as long as nobody confirmed it.
func (p *paysys) prepare(c *paysysCall) answer {
	in := c.in.Params
	switch {
	case in.Partner <= 0 || in.Sender.LastName == "" || in.Sender.FirstName == "":
		return c.refuse(paysysBadParams)
	case in.Amount < paysysLeast:
		return c.refuse(paysysBadAmount)
	case in.Doc != (paysysDoc{}) && !in.Doc.whole():
		return c.refuse(paysysBadParams)
	case !digits(in.Card, 16):
		return c.refuse(paysysBadCard)
	}
	card := numberCard(in.Card)
	if card.atPrepare != codeOK {
		return c.refuse(paysysBadCard)
	}
	p.mu.Lock()
	defer p.mu.Unlock()
	made := p.byPartner[in.Partner]
	if made != nil && (made.status != paysysCreated || made.number != in.Card || made.amount != in.Amount) {
		return c.refuse(paysysTaken)
	}
	if made == nil {
		made = &paysysPayout{
			id: p.nextID, partner: in.Partner, card: card, number: in.Card, amount: in.Amount, sender: in.Sender,
			doc: in.Doc, createdAt: p.now(),
		}
		p.nextID++
		p.payouts[made.id], p.byPartner[made.partner] = made, made
		p.order = append(p.order, made)
	}
	return c.tell(made, paysysSaysPrepared)
}

// confirm pays out, once in a payout's life, or as often as it is called when the provider is naive.
func (p *paysys) confirm(c *paysysCall) answer {
	p.mu.Lock()
	defer p.mu.Unlock()
	made := p.payouts[c.in.Params.Transaction]
	switch {
	case made == nil:
		return c.refuse(paysysNotFound)
	case made.status == paysysCompleted && p.naive:
	case made.status != paysysCreated:
		return c.refuse(paysysClosed)
	}
	switch made.card.atApply {
	case codeInsufficient:
		made.status = paysysCancelled
	case codeInternal:
		made.status = paysysFailed
		return c.refuse(paysysBroken)
	default:
		made.status = paysysCompleted
		p.ledger.payout(Payout{
			Provider: providerPaysys, Service: c.service, Transaction: decimal(made.id), Partner: decimal(made.partner),
			Amount: made.amount, Card: made.card.masked, At: p.now(),
		})
	}
	return c.tell(made, paysysSaysConfirmed)
}

func (p *paysys) check(c *paysysCall) answer {
	p.mu.Lock()
	defer p.mu.Unlock()
	made := p.byPartner[c.in.Params.Partner]
	if made == nil {
		return c.refuse(paysysNotFound)
	}
	return c.tell(made, paysysSaysChecked)
}

// cancel gives up a payout that was not confirmed. One that is cancelled already stays so.
func (p *paysys) cancel(c *paysysCall) answer {
	p.mu.Lock()
	defer p.mu.Unlock()
	made := p.payouts[c.in.Params.Transaction]
	switch {
	case made == nil:
		return c.refuse(paysysNotFound)
	case made.status != paysysCreated && made.status != paysysCancelled:
		return c.refuse(paysysClosed)
	}
	made.status = paysysCancelled
	return c.tell(made, paysysSaysTrue)
}

// statement lists the payouts that were created in an interval, both ends included. The text has no pages.
func (p *paysys) statement(c *paysysCall) answer {
	p.mu.Lock()
	defer p.mu.Unlock()
	listed := []paysysPayout{}
	for _, made := range p.order {
		if at := made.createdAt.Unix(); at < c.in.Params.From || at > c.in.Params.To {
			continue
		}
		if told, has := p.booked(*made); has {
			listed = append(listed, told)
		}
	}
	return answer{words: paysysWords{id: c.in.ID, shape: paysysSaysListed, list: listed}}
}

func paysysKey(id int64) string { return providerPaysys + "/" + decimal(id) }

func (p *paysys) count() int {
	p.mu.Lock()
	defer p.mu.Unlock()
	return len(p.payouts)
}

// transaction knows a payout by its partner_transaction_id as account.
func (p *paysys) transaction(id string) (Transaction, bool) {
	n, err := strconv.ParseInt(id, 10, 64)
	if err != nil {
		return Transaction{}, false
	}
	p.mu.Lock()
	defer p.mu.Unlock()
	made, found := p.payouts[n]
	if !found {
		return Transaction{}, false
	}
	state := map[paysysStatus]string{
		paysysCreated: "prepared", paysysCompleted: "confirmed", paysysCancelled: "cancelled", paysysFailed: "cancelled",
	}[made.status]
	return Transaction{
		Provider: providerPaysys, ID: id, Account: decimal(made.partner), Amount: made.amount, State: state,
		Card: made.card.masked, Applies: made.confirms, Created: made.createdAt,
	}, true
}
