package sandbox

import (
	"net/http"
	"slices"
	"strings"
	"sync"
	"time"

	"github.com/go-json-experiment/json"
)

const (
	providerVia  = "via"
	viaProcessor = 10_964_000_000 // the first processingTransactionId
)

// via plays VIA: card payments that a one-time code confirms.
//
// Where its text is silent: the verifyId is the transactionId, and a transaction is NEW until it is verified. An
// externalId is good for one transaction. Errors are HTTP 400 with codes of the sandbox's own; strangers get HTTP 401.
// The published test cards (see the package) are refused at confirm/pay, or end REJECT (insufficient funds) or ERROR
// (processing error) at verify. The third wrong code makes the transaction REJECT. A result that no list knows is the
// status FROZEN; to confirm/pay, the error 9999.
type via struct {
	naive  bool
	now    func() time.Time
	id     string // the only client-id that is let in; empty: any that is not empty
	secret string // likewise
	ledger *ledger

	mu       sync.Mutex
	payments map[string]*viaPayment // by transactionId
	external map[string]*viaPayment // by externalId
	nextID   int64
}

// viaPayment is what VIA calls a transaction.
type viaPayment struct {
	id        string
	merchant  string
	external  string
	account   string
	amount    int64 // tiyin
	card      atmosCard
	code      atmosCode
	status    string
	errorCode string
	createdAt time.Time
	payedAt   time.Time
	processor int64
	verifies  int // that arrived
}

// The statuses (VIA, "Response parameters").
const (
	viaSuccess = "SUCCESS"
	viaError   = "ERROR"
	viaReject  = "REJECT"
	viaPending = "PENDING"
	viaNew     = "NEW"
	viaStrange = "FROZEN" // on no list
)

func newVia(o Options, l *ledger) *via {
	return &via{
		naive: o.Naive, now: o.Now, id: o.ViaClientID, secret: o.ViaClientSecret, ledger: l,
		payments: map[string]*viaPayment{}, external: map[string]*viaPayment{}, nextID: max(o.FirstID, 1),
	}
}

func (v *via) operations() []*operation {
	const base = " /via/partner/"
	return []*operation{
		{name: "via.confirm-pay", class: draft, pattern: "POST" + base + "merchant/confirm/pay", read: v.readPay},
		{name: "via.verify", class: money, pattern: "POST" + base + "merchant/confirm/pay/verify", read: v.readVerify},
		{name: "via.transaction", class: read, pattern: "GET" + base + "transaction", read: v.readStatus},
	}
}

// viaRequest is the body of confirm/pay and of verify.
type viaRequest struct {
	MerchantID string `json:"merchantId"`
	Card       struct {
		PAN    string `json:"pan"`
		Expiry string `json:"expiry"`
	} `json:"card"`
	ExternalID string            `json:"externalId"`
	Amount     int64             `json:"amount"`
	Currency   string            `json:"currency"`
	Note       string            `json:"note"`
	Accounts   map[string]string `json:"accounts"`

	VerifyID   string `json:"verifyId"`
	VerifyCode string `json:"verifyCode"`
}

// admit refuses strangers and what cannot be read.
func (v *via) admit(r *http.Request, body []byte) (in viaRequest, refusal *answer) {
	id, secret := r.Header.Get("client-id"), r.Header.Get("client-secret")
	switch {
	case id == "" || secret == "" || v.id != "" && id != v.id || v.secret != "" && secret != v.secret:
		return in, &answer{http.StatusUnauthorized, viaRefusal(viaAccessDenied)}
	case r.Method != http.MethodGet && json.Unmarshal(body, &in) != nil:
		return in, &answer{http.StatusBadRequest, viaRefusal(viaBadRequest)}
	}
	return in, nil
}

func (v *via) readPay(r *http.Request, body []byte) (task, *answer) {
	in, refusal := v.admit(r, body)
	if refusal != nil {
		return task{}, refusal
	}
	return task{
		account: in.Accounts["account"],
		do:      func() answer { return v.pay(in) },
		idle:    viaAnswer(&viaPayment{}, viaSaysPaid),
	}, nil
}

// pay makes a transaction and sends the code. An externalId is good for one.
func (v *via) pay(in viaRequest) answer {
	switch {
	case in.MerchantID == "" || in.ExternalID == "" || in.Currency != "UZS" || len(in.Accounts) == 0 || in.Amount <= 0:
		return refuseVia(viaBadRequest)
	case !digits(in.Card.PAN, 16) || !isExpiry(monthLast(in.Card.Expiry)):
		return refuseVia(viaCard)
	}
	card := numberCard(in.Card.PAN)
	v.mu.Lock()
	defer v.mu.Unlock()
	switch {
	case v.external[in.ExternalID] != nil:
		return refuseVia(viaTaken)
	case card.atPrepare != codeOK:
		return refuseVia(viaCard)
	}
	now := v.now()
	p := &viaPayment{
		id: "trx_" + decimal(v.nextID), merchant: in.MerchantID, external: in.ExternalID, account: in.Accounts["account"],
		amount: in.Amount, card: card, code: atmosCode{till: now.Add(codeLife)}, status: viaNew, createdAt: now,
	}
	v.nextID++
	v.payments[p.id], v.external[p.external] = p, p
	return viaAnswer(p, viaSaysPaid)
}

// monthLast is an expiry MMYY as isExpiry wants it: YYmm.
func monthLast(expiry string) string {
	if len(expiry) != 4 {
		return expiry
	}
	return expiry[2:] + expiry[:2]
}

func (v *via) readVerify(r *http.Request, body []byte) (task, *answer) {
	in, refusal := v.admit(r, body)
	if refusal != nil {
		return task{}, refusal
	}
	v.mu.Lock()
	defer v.mu.Unlock()
	p := v.payments[in.VerifyID]
	if p == nil {
		told := refuseVia(viaNotFound)
		return task{do: func() answer { return told }, idle: told}, nil
	}
	p.verifies++
	return task{
		account: p.account, key: viaKey(p.id),
		do:   func() answer { return v.verify(p, in.VerifyCode) },
		idle: viaAnswer(p, viaSaysVerified),
	}, nil
}

// verify debits the card, once in a transaction's life, or as often as it is called when the provider is naive.
func (v *via) verify(p *viaPayment, code string) answer {
	v.mu.Lock()
	defer v.mu.Unlock()
	again := v.naive && p.status == viaSuccess && code == sentCode
	if p.status != viaNew && !again {
		return refuseVia(viaClosed)
	}
	if p.code.judge(loose(code), true, v.now()) != codeOK && !again {
		if p.code.spent() {
			p.status, p.errorCode = viaReject, viaCode
		}
		return refuseVia(viaCode)
	}
	switch p.card.atApply {
	case codeInsufficient:
		p.status, p.errorCode = viaReject, viaFunds
	case codeInternal:
		p.status, p.errorCode = viaError, viaBroken
	default:
		v.charge(p)
	}
	return viaAnswer(p, viaSaysVerified)
}

// charge debits the card. With the lock held.
func (v *via) charge(p *viaPayment) {
	p.status, p.payedAt = viaSuccess, v.now()
	n := v.ledger.debit(Debit{
		Provider: providerVia, Store: p.merchant, Transaction: p.id, Account: p.account, Amount: p.amount,
		Card: p.card.masked, At: p.payedAt,
	})
	p.processor = viaProcessor + int64(n)
}

func (v *via) readStatus(r *http.Request, body []byte) (task, *answer) {
	if _, refusal := v.admit(r, body); refusal != nil {
		return task{}, refusal
	}
	query := r.URL.Query()
	v.mu.Lock()
	defer v.mu.Unlock()
	p := v.payments[query.Get("transactionId")]
	if p == nil {
		p = v.external[query.Get("externalId")]
	}
	if p == nil {
		told := refuseVia(viaNotFound)
		return task{do: func() answer { return told }, idle: told}, nil
	}
	tell := func() answer {
		v.mu.Lock()
		defer v.mu.Unlock()
		return viaAnswer(p, viaSaysStatus)
	}
	return task{account: p.account, key: viaKey(p.id), do: tell, idle: viaAnswer(p, viaSaysStatus)}, nil
}

func viaKey(id string) string { return providerVia + "/" + id }

func (v *via) count() int {
	v.mu.Lock()
	defer v.mu.Unlock()
	return len(v.payments)
}

func (v *via) transaction(id string) (Transaction, bool) {
	v.mu.Lock()
	defer v.mu.Unlock()
	p, found := v.payments[id]
	if !found {
		return Transaction{}, false
	}
	state := strings.ToLower(p.status)
	if i := slices.Index([]string{viaNew, viaSuccess, viaReject, viaError}, p.status); i >= 0 {
		state = []string{"prepared", "confirmed", "cancelled", "cancelled"}[i]
	}
	return Transaction{
		Provider: providerVia, ID: p.id, Store: p.merchant, Account: p.account, Amount: p.amount, State: state,
		Card: p.card.masked, Wrong: p.code.wrong, Applies: p.verifies, Created: p.createdAt,
	}, true
}
