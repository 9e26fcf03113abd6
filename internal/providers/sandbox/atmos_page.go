package sandbox

import (
	"fmt"
	"html/template"
	"net/http"
	"net/url"
	"strconv"
)

// The first test card of the provider's text, which the page offers.
const (
	pageNumber = "9860090101014364"
	pageExpiry = "2802"
)

// payPage is the payment page, where the payer finishes a transaction without our caller. No fault reaches it.
type payPage struct {
	atmos *atmos
	form  *template.Template
}

const pageForm = `<!DOCTYPE html>
<html lang="en"><head><meta charset="utf-8"><title>Payment {{.ID}}</title></head>
<body><h1>Payment {{.ID}}</h1><p>Account {{.Account}}, {{.Sum}} UZS</p>
{{with .Word}}<p id="state">{{.}}</p>{{end}}
{{if .Open}}<form method="post">
<input name="card_number" value="{{.Number}}"> <input name="expiry" value="{{.Expiry}}"> <button>Pay</button>
</form>{{end}}</body></html>
`

// pageView is what the form shows.
type pageView struct {
	ID             int64
	Account, Sum   string
	Number, Expiry string
	Word           string // how it stands
	Open           bool
}

func newPayPage(a *atmos) *payPage {
	return &payPage{atmos: a, form: template.Must(template.New("page").Parse(pageForm))}
}

// serve adds the page under the address that the text gives it.
func (p *payPage) serve(mux *http.ServeMux) {
	mux.HandleFunc("GET /atmos/invoice/get", func(w http.ResponseWriter, r *http.Request) {
		if id, found := p.asked(w, r); found {
			p.render(w, http.StatusOK, id, "")
		}
	})
	mux.HandleFunc("POST /atmos/invoice/get", p.pay)
}

// pay takes the payer's card, and sends the payer where redirectLink says.
func (p *payPage) pay(w http.ResponseWriter, r *http.Request) {
	r.Body = http.MaxBytesReader(w, r.Body, maxRequest)
	id, found := p.asked(w, r)
	if !found {
		return
	}
	if code := p.atmos.payWith(id, loose(r.FormValue("card_number")), loose(r.FormValue("expiry"))); code != codeOK {
		p.render(w, http.StatusPaymentRequired, id, describe(code, "en"))
		return
	}
	back, err := url.Parse(r.URL.Query().Get("redirectLink"))
	if err == nil && back.Host != "" && (back.Scheme == "http" || back.Scheme == "https") {
		http.Redirect(w, r, back.String(), http.StatusSeeOther) //nolint:gosec // the page is there to do that
		return
	}
	p.render(w, http.StatusOK, id, "")
}

// asked gives the transaction of the address, or answers that there is none.
func (p *payPage) asked(w http.ResponseWriter, r *http.Request) (int64, bool) {
	in := r.URL.Query()
	store, err := strconv.ParseInt(in.Get("storeId"), 10, 64)
	id, wrong := strconv.ParseInt(in.Get("transactionId"), 10, 64)
	if err != nil || wrong != nil {
		http.Error(w, "storeId and transactionId are numbers", http.StatusBadRequest)
		return 0, false
	}
	if !p.atmos.hasPage(store, id) {
		http.Error(w, "no such transaction", http.StatusNotFound)
		return 0, false
	}
	return id, true
}

func (p *payPage) render(w http.ResponseWriter, status int, id int64, word string) {
	view := p.atmos.page(id)
	if word != "" {
		view.Word = word
	}
	w.Header().Set("Content-Type", "text/html; charset=utf-8")
	w.WriteHeader(status)
	_ = p.form.Execute(w, view) // a payer that has gone is its own affair
}

// finish does what a test bench wants at a transaction's page.
func (p *payPage) finish(transaction string, act func(int64) string) error {
	id, err := strconv.ParseInt(transaction, 10, 64)
	if err != nil {
		return fmt.Errorf("sandbox: %q is no transaction: %w", transaction, err)
	}
	if code := act(id); code != codeOK {
		return fmt.Errorf("sandbox: page of %d: %s %s", id, code, describe(code, "en"))
	}
	return nil
}

// hasPage tells whether the store's transaction can be paid on a page. A hold's cannot.
func (a *atmos) hasPage(store, id int64) bool {
	a.mu.Lock()
	defer a.mu.Unlock()
	p := a.payments[id]
	return p != nil && p.store == store && !p.hold
}

func (a *atmos) page(id int64) pageView {
	a.mu.Lock()
	defer a.mu.Unlock()
	p, refusal := a.payable(id)
	v := pageView{
		ID: id, Account: p.account, Sum: fmt.Sprintf("%d.%02d", p.amount/100, p.amount%100),
		Number: pageNumber, Expiry: pageExpiry, Open: refusal == codeOK,
	}
	switch {
	case p.state == atmosConfirmed:
		v.Word = "Paid"
	case refusal != codeOK:
		v.Word = describe(refusal, "en")
	}
	return v
}

// payable gives a payment, and the code that refuses to pay it on its page. With the lock held.
func (a *atmos) payable(id int64) (*atmosPayment, string) {
	p, refusal := a.standing(id)
	switch {
	case refusal != codeOK:
		return p, refusal
	case p.hold:
		return p, codeTransactionID
	case p.abandoned:
		return p, codeCancelled
	case p.asking:
		return p, codeInProgress
	}
	return p, codeOK
}

// payHere pays with the first test card.
func (a *atmos) payHere(id int64) string { return a.payWith(id, pageNumber, pageExpiry) }

// payWith debits a card at the page, which has asked its payer for the code itself.
func (a *atmos) payWith(id int64, number, expiry loose) string {
	a.mu.Lock()
	defer a.mu.Unlock()
	p, refusal := a.payable(id)
	if refusal = a.again(refusal, sentCode); refusal != codeOK {
		return refusal
	}
	card, refusal := a.card("", number, expiry)
	if refusal == codeOK {
		refusal = card.atApply
	}
	if refusal == codeOK {
		refusal = a.consent(p)
	}
	if refusal == codeOK {
		p.prepare(card, a.now())
		a.charge(p)
	}
	return refusal
}

// abandon closes the page. The transaction stays as it is: nothing tells the caller.
func (a *atmos) abandon(id int64) string {
	a.mu.Lock()
	defer a.mu.Unlock()
	p, refusal := a.payable(id)
	if refusal == codeOK {
		p.abandoned = true
	}
	return refusal
}
