package sandbox

import (
	"fmt"
	"net/http"
	"net/url"
	"strings"
	"time"
)

// ipsPage is an invoice, or a page where a card's owner links it.
type ipsPage struct {
	call    *ipsCall
	links   bool
	closed  bool
	paid    *ipsPayment
	expires time.Time
}

// bind links a card, once it has passed 3-D Secure.
func (p *ips) bind(c *ipsCall) answer {
	switch {
	case c.malformed || c.store <= 0 || c.in.ExtID == "" || !c.cardGiven():
		return p.malformed()
	case p.byExt[string(c.in.ExtID)] != nil && !p.naive:
		return p.refuse(ipsTaken)
	case c.in.PAN == "4000000000000069":
		return p.refuse(ipsNotValid)
	}
	d := p.add(c, ipsPayment{kind: "DEFAULT"})
	d.take(p.newCard(c, d))
	d.was = notMade
	if d.card.state == ipsVerified {
		p.link(d)
	}
	return p.tell(d, ipsAnswer{card: true, sends: true})
}

// link writes a card down that has been linked.
func (p *ips) link(d *ipsPayment) {
	d.status = ipsSuccess
	d.card.linked = p.ledger.card(Card{
		Provider: providerIPS, ID: decimal(d.card.id), Card: d.card.masked(), Links: 1, LinkedAt: p.now(),
	})
}

func (p *ips) getCard(c *ipsCall) answer {
	card := p.cards[c.card]
	if card == nil {
		return p.refuse(ipsNoCard)
	}
	return p.tell(&ipsPayment{card: card, store: card.by.store, ext: card.by.ext}, ipsAnswer{alone: true})
}

func (p *ips) invoice(c *ipsCall) answer {
	if c.amount <= 0 || len(c.in.Items) == 0 {
		return p.malformed()
	}
	return p.open(c, &ipsPage{call: c})
}

func (p *ips) bindPage(c *ipsCall) answer { return p.open(c, &ipsPage{call: c, links: true}) }

// open makes a page.
func (p *ips) open(c *ipsCall, page *ipsPage) answer {
	if c.malformed || c.store <= 0 || c.in.RequestID == "" || c.in.Account == "" || c.in.SuccessURL == "" {
		return p.malformed()
	}
	if until := string(c.in.Until); until != "" {
		at, err := time.Parse("2006-01-02T15:04:05-07:00", until+"+05:00")
		if err != nil {
			return p.malformed()
		}
		page.expires = at
	}
	id := ipsFirstPage + int64(len(p.pages))
	p.pages = append(p.pages, page)
	return answer{words: ipsPageAnswer{store: c.store, id: id, url: p.address(c.host, "checkout_"+decimal(id))}}
}

// address is where a customer is sent.
func (p *ips) address(host, id string) string { return "http://" + host + "/atmos/ips/" + id }

// paged finds a page by its number, or its transaction's ext_id.
func (p *ips) paged(id string) *ipsPage {
	var n numerals
	number := n.number(loose(strings.TrimPrefix(id, "checkout_"))) - ipsFirstPage
	if number < 0 || number >= int64(len(p.pages)) {
		return nil
	}
	return p.pages[number]
}

// knows tells whether a customer can be sent to the transaction or page.
func (p *ips) knows(id string) bool {
	p.mu.Lock()
	defer p.mu.Unlock()
	return p.paged(id) != nil || p.named(id) != nil
}

// pass finishes a page as a customer does: 3-D Secure is passed, the invoice paid, the card linked.
func (p *ips) pass(id string) error {
	p.mu.Lock()
	defer p.mu.Unlock()
	if page := p.paged(id); page != nil {
		return p.finish(page)
	}
	d := p.named(id)
	switch {
	case d == nil || !d.asks3DS || d.status != ipsOpen || d.card.state != ipsPending:
		return fmt.Errorf("sandbox: page of %s: nothing is asked there", id)
	case d.abandoned:
		return fmt.Errorf("sandbox: page of %s: it was abandoned", id)
	case d.card.number == "4000000000003220":
		d.card.state, d.was, d.status = ipsRefused, d.status, ipsFailed
		return nil
	}
	d.card.state = ipsVerified
	if d.amount == 0 { // a card that is being linked
		p.link(d)
	}
	return nil
}

// finish pays an invoice with the sample's card, or links that.
func (p *ips) finish(page *ipsPage) error {
	if page.closed || !page.expires.IsZero() && !p.now().Before(page.expires) {
		return fmt.Errorf("sandbox: the page is closed")
	}
	page.closed = true
	c := *page.call
	c.in.PAN, c.in.CardName = "4278310021875430", "TEST"
	c.in.ExtID = loose("checkout_" + decimal(p.numberOf(page)))
	if c.in.Account == "unnamed" {
		c.in.ExtID = loose("its own " + decimal(p.numberOf(page)))
	}
	d := p.add(&c, ipsPayment{kind: "DEFAULT"})
	card := p.newCard(&c, d)
	card.state = ipsVerified
	d.take(card)
	page.paid = d
	if page.links {
		p.link(d)
		return nil
	}
	p.charge(d, ipsSuccess)
	return nil
}

func (p *ips) numberOf(page *ipsPage) int64 {
	for i := range p.pages {
		if p.pages[i] == page {
			return ipsFirstPage + int64(i)
		}
	}
	return 0
}

// abandon closes a page for good: the customer never finishes it, and nothing tells the caller.
func (p *ips) abandon(id string) error {
	p.mu.Lock()
	defer p.mu.Unlock()
	if page := p.paged(id); page != nil && !page.closed {
		page.closed = true
		return nil
	}
	d := p.named(id)
	if d == nil || !d.asks3DS || d.status != ipsOpen || d.abandoned {
		return fmt.Errorf("sandbox: page of %s: it is not open", id)
	}
	d.abandoned = true
	return nil
}

// serve adds the pages. A POST finishes one, as the customer's button does.
func (p *ips) serve(mux *http.ServeMux) {
	mux.HandleFunc("GET /atmos/ips/{id}", func(w http.ResponseWriter, r *http.Request) {
		if !p.knows(r.PathValue("id")) {
			http.Error(w, "no such page", http.StatusNotFound)
			return
		}
		ipsForm(w, `<form method="post"><button>Confirm</button></form>`)
	})
	mux.HandleFunc("POST /atmos/ips/{id}", func(w http.ResponseWriter, r *http.Request) {
		if err := p.pass(r.PathValue("id")); err != nil {
			http.Error(w, "this page is closed", http.StatusConflict)
			return
		}
		if back := p.back(r.PathValue("id")); back != "" {
			http.Redirect(w, r, back, http.StatusSeeOther) //nolint:gosec // the page is there to do that
			return
		}
		ipsForm(w, `<p>Done</p>`)
	})
}

// back is where a page's customer is sent at the end.
func (p *ips) back(id string) string {
	p.mu.Lock()
	defer p.mu.Unlock()
	page := p.paged(id)
	if page == nil {
		return ""
	}
	u, err := url.Parse(string(page.call.in.SuccessURL))
	if err != nil || u.Host == "" || (u.Scheme != "http" && u.Scheme != "https") {
		return ""
	}
	return u.String()
}

func ipsForm(w http.ResponseWriter, body string) {
	w.Header().Set("Content-Type", "text/html; charset=utf-8")
	_, _ = w.Write([]byte(`<!DOCTYPE html><html lang="en"><head><title>ATMOS</title></head><body>` + body +
		`</body></html>`))
}
