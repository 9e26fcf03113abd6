package sandbox

import (
	"net/http"
	"strings"
	"sync"
	"time"

	"github.com/go-json-experiment/json"
)

const (
	providerIPS  = "atmos-ips"
	ipsFirstID   = 600_000_000 // so that no number is also one of ATMOS's own payments
	ipsFirstCard = 700_000_000
	ipsFirstPage = 800_000_000
	ipsHoldLasts = 30 * 24 * time.Hour
	ipsSettling  = 2 * time.Second // of a recurring payment
)

// ips plays ATMOS's acquiring of Visa and Mastercard cards.
//
// A card number passes 3-D Secure at a page (PayPage with the transaction's number, or the card's when it is being
// linked), which can be abandoned (AbandonPage). Magic cards:
//
//	4000000000000002  asks for no 3-D Secure
//	4000000000003220  fails 3-D Secure when its page is finished
//	4000000000000069  -202 not valid, when it is given
//	4000000000000051  -300 insufficient funds, when it is to be debited or its funds frozen
//	4000000000000127  -203 declined, likewise
//	4000000000000119  -100 processing error, likewise, nothing done
//
// A card keeps its magic when it is linked. These are linked from the start: 900001, which settles a recurring payment
// at once, where other cards take two seconds; 900002, which has not passed 3-D Secure; 900003, which has insufficient
// funds; 900004, which failed 3-D Secure; 900005, which is like 900001 but takes its time.
//
// Where the text is silent: a draft and its create share number and ext_id, and the amount must be the draft's. After
// 3-D Secure the transaction keeps status 1 and its card is VERIFIED; apply before that answers -201. A call that does
// not fit the status answers -11, a used ext_id -10, an unreadable field HTTP 400. get tells no card and ext_id no
// redirect_uri, as in the samples. Invoices and pages that link a card are finished with
// PayPage("checkout_<payment_id>"), and their transaction is found under that ext_id once they are; that of the account
// "unnamed" under none that a caller can know.
type ips struct {
	seed   uint64
	drift  bool
	naive  bool
	key    string // the only apikey that is let in; empty: any
	now    func() time.Time
	ledger *ledger
	tokens *tokens // of ATMOS: one account

	mu       sync.Mutex
	payments []*ipsPayment
	byExt    map[string]*ipsPayment
	cards    map[int64]*ipsCard
	pages    []*ipsPage
	told     uint64
}

// ipsPayment is what the acquiring calls a transaction. A card that is linked has one too.
type ipsPayment struct {
	id, store int64
	ext       string
	account   string
	kind      string // DEFAULT or TEMPLATE
	amount    int64  // tiyin
	status    int
	was       int // before its last change; notMade: it was not there
	card      *ipsCard
	asks3DS   bool
	abandoned bool
	ip        string
	host      string
	hold      int // its number in the ledger
	debit     int // likewise, of its last one
	applies   int
	settlesAt time.Time
	createdAt time.Time
}

// notMade is the status of a transaction before there was one.
const notMade = -1

// The statuses (ATMOS, "System status (IPS)").
const (
	ipsNew = iota
	ipsOpen
	ipsOpening
	ipsConfirming
	ipsSuccess
	ipsFailed
	ipsCancelled
	ipsReverted
	ipsCancelling
	ipsReverting
)

// ipsCard is a card that is linked, or that a transaction was made with.
type ipsCard struct {
	id     int64
	number string
	holder string
	state  string
	linked int // its number in the ledger; 0: it is not linked
	quick  bool
	by     *ipsPayment // that it was made by
}

// The states of a card (ATMOS, "3DS Verification statuses (IPS)").
const (
	ipsPending  = "PENDING"
	ipsVerified = "VERIFIED"
	ipsRefused  = "FAILED"
)

func newIPS(o Options, l *ledger, t *tokens) *ips {
	p := &ips{
		seed: o.Seed, drift: o.Drift, naive: o.Naive, key: o.IPSKey, now: o.Now, ledger: l, tokens: t,
		byExt: map[string]*ipsPayment{}, cards: map[int64]*ipsCard{},
	}
	for _, c := range []ipsCard{
		{id: 900001, number: "4278310021875430", state: ipsVerified, quick: true},
		{id: 900002, number: "4278310021875430", state: ipsPending},
		{id: 900003, number: "4000000000000051", state: ipsVerified},
		{id: 900004, number: "4278310021875430", state: ipsRefused},
		{id: 900005, number: "4278310021875430", state: ipsVerified},
	} {
		c.holder, c.by = "TEST", &ipsPayment{}
		p.cards[c.id] = &c
	}
	return p
}

func (p *ips) operations() []*operation {
	const pay, hold, checkout = "/atmos/mps/pay/", "/atmos/mps-extend/uklon/", "/atmos/checkout/"
	ops := []*operation{
		{name: "pre-create", class: draft, pattern: pay + "transaction/pre-create", read: p.reads(p.preCreate)},
		{name: "create", class: money, pattern: pay + "transaction/create", read: p.reads(p.create)},
		{name: "create", class: money, pattern: pay + "transaction/create/bind", read: p.reads(p.createBind)},
		{name: "create-template", class: money, pattern: pay + "transaction/create/template", read: p.reads(p.template)},
		{name: "apply", class: money, pattern: pay + "transaction/apply", read: p.reads(p.apply)},
		{name: "get", class: read, pattern: "GET " + pay + "transaction/get/{id}", read: p.reads(p.get)},
		{name: "get-ext-id", class: read, pattern: pay + "get/ext_id", read: p.reads(p.getExt)},
		{name: "card-bind", class: money, pattern: pay + "card/bind", read: p.reads(p.bind)},
		{name: "card-get", class: read, pattern: "GET " + pay + "card/{card}", read: p.reads(p.getCard)},
		{name: "hold", class: money, pattern: hold + "hold", read: p.reads(p.hold)},
		{name: "hold-apply", class: money, pattern: hold + "apply", read: p.reads(p.holdApply)},
		{name: "hold-cancel", class: money, pattern: hold + "cancel", read: p.reads(p.holdCancel)},
		{name: "hold-return", class: money, pattern: hold + "return", read: p.reads(p.holdReturn)},
		{name: "invoice-create", class: draft, pattern: checkout + "invoice/create", read: p.reads(p.invoice)},
		{name: "card-bind-create", class: draft, pattern: checkout + "card-bind/create", read: p.reads(p.bindPage)},
	}
	for _, op := range ops {
		op.name = providerIPS + "." + op.name
		if !strings.HasPrefix(op.pattern, "GET ") {
			op.pattern = "POST " + op.pattern
		}
	}
	return ops
}

// ipsRequest is the body of every call.
type ipsRequest struct {
	StoreID       loose          `json:"store_id"`
	ExtID         loose          `json:"ext_id"`
	Account       loose          `json:"account"`
	InvoiceID     loose          `json:"invoice_id"`
	Amount        loose          `json:"amount"`
	TransactionID loose          `json:"transaction_id"`
	CardID        loose          `json:"card_id"`
	PAN           loose          `json:"pan"`
	Expiry        loose          `json:"expiry"`
	CardName      loose          `json:"card_name"`
	CVC           loose          `json:"cvc2"`
	IP            loose          `json:"client_ip_addr"`
	RequestID     loose          `json:"request_id"`
	SuccessURL    loose          `json:"success_url"`
	Until         loose          `json:"expiration_date"`
	OFDItems      []atmosOFDItem `json:"ofd_items"`
	Items         []struct {
		ID     loose `json:"items_id"`
		Name   loose `json:"name"`
		Amount loose `json:"amount"`
	} `json:"items"`
}

// ipsCall is a request that was read. Its numbers are 0 where the request has none.
type ipsCall struct {
	numerals
	in          ipsRequest
	store       int64
	amount      int64
	transaction int64
	card        int64
	host        string
}

// reads makes an operation's reader out of what the operation does.
func (p *ips) reads(act func(*ipsCall) answer) func(*http.Request, []byte) (task, *answer) {
	return func(r *http.Request, body []byte) (task, *answer) {
		c := &ipsCall{host: r.Host}
		if refusal := p.admit(r, body, &c.in); refusal != nil {
			return task{}, refusal
		}
		if id := r.PathValue("id"); id != "" {
			c.in.TransactionID = loose(id)
		}
		if id := r.PathValue("card"); id != "" {
			c.in.CardID = loose(id)
		}
		c.store, c.amount = c.number(c.in.StoreID), c.number(c.in.Amount)
		c.transaction, c.card = c.number(c.in.TransactionID), c.number(c.in.CardID)
		return p.task(r, c, act), nil
	}
}

// admit refuses strangers, and reads the body of every other call.
func (p *ips) admit(r *http.Request, body []byte, in *ipsRequest) *answer {
	switch {
	case !p.tokens.good(r):
		return &answer{http.StatusUnauthorized, fixed(
			`{"fault":{"code":900901,"message":"Invalid Credentials","description":"Access failure for API"}}`)}
	case p.key != "" && r.Header.Get("apikey") != p.key:
		return &answer{http.StatusOK, ipsAnswer{code: ipsNoKey}}
	case r.Method != http.MethodGet && json.Unmarshal(body, in) != nil:
		return &answer{http.StatusBadRequest, ipsAnswer{code: ipsUndefined}}
	}
	return nil
}

// task finds out whose payment the call is about.
func (p *ips) task(r *http.Request, c *ipsCall, act func(*ipsCall) answer) task {
	p.mu.Lock()
	defer p.mu.Unlock()
	t := task{
		account: string(c.in.Account), key: ipsKey(string(c.in.ExtID)),
		do: func() answer {
			p.mu.Lock()
			defer p.mu.Unlock()
			return act(c)
		},
		idle: answer{words: ipsAnswer{code: ipsInternal, busy: ipsBusy(r.URL.Path)}},
	}
	about := p.numbered(c.transaction)
	if about == nil {
		about = p.byExt[string(c.in.ExtID)]
	}
	if card := p.cards[c.card]; about == nil && card != nil && r.Method == http.MethodGet {
		about = card.by
	}
	if about != nil {
		t.account, t.key = about.account, ipsKey(about.ext)
	}
	return t
}

func ipsKey(ext string) string { return providerIPS + "/" + ext }

// ipsBusy is the status of a transaction while the call of the path is being carried out.
func ipsBusy(path string) int {
	switch {
	case strings.HasSuffix(path, "/apply"):
		return ipsConfirming
	case strings.HasSuffix(path, "/cancel"):
		return ipsCancelling
	case strings.HasSuffix(path, "/return"):
		return ipsReverting
	default:
		return ipsOpening
	}
}

// numbered finds a transaction by its number, nil when there is none. With the lock held, as all that follow.
func (p *ips) numbered(id int64) *ipsPayment {
	if i := id - ipsFirstID; i >= 0 && i < int64(len(p.payments)) {
		return p.payments[i]
	}
	return nil
}
