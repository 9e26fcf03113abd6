package sandbox

import (
	"net/http"
	"strings"
	"sync"
	"time"

	"github.com/go-json-experiment/json"
)

const (
	providerPinfl = "atmos-pinfl"
	pinflBase     = "POST /atmos/ppa/"
	pinflFirstID  = 500_000_000 // so that no number is also one of ATMOS's own payments
	pinflLeast    = 1000        // tiyin, of a withdrawal
	pinflLooking  = 3 * time.Second
	pinflSlowMS   = 3000
)

// pinfl plays ATMOS's withdrawal by PINFL. The package's doc tells its rules and its magic persons.
type pinfl struct {
	seed   uint64
	drift  bool
	naive  bool
	now    func() time.Time
	ledger *ledger
	tokens *tokens // of ATMOS: one account

	mu      sync.Mutex
	byExt   map[string]*pinflDebt
	byID    map[string]*pinflDebt
	updates map[string]*pinflUpdate // by ext_id
	found   map[string]time.Time    // since when a person's cards are known
	told    uint64
}

// pinflDebt is what ATMOS calls a transaction.
type pinflDebt struct {
	id        int64
	in        pinflRequest
	amount    int64 // tiyin
	state     pinflState
	cards     []pinflCard // that were debited, or refused
	confirms  int
	createdAt time.Time
}

type pinflState string

const (
	pinflCreated   pinflState = "CREATED"
	pinflSuccess   pinflState = "SUCCESS"
	pinflCancelled pinflState = "CANCELED"
	pinflFailed    pinflState = "FAILED"
	pinflProgress  pinflState = "PROGRESS"
)

// pinflCard is what a withdrawal took from one card: nothing, when the card refused.
type pinflCard struct {
	masked string
	amount int64 // tiyin
	state  pinflState
}

// pinflUpdate is a request for a person's cards.
type pinflUpdate struct {
	pinfl string
	at    time.Time
}

// pinflRequest is the body of every call under /ppa.
type pinflRequest struct {
	ExtID         loose `json:"ext_id"`
	TransactionID loose `json:"transaction_id"`
	FirstName     loose `json:"first_name"`
	LastName      loose `json:"last_name"`
	MiddleName    loose `json:"middle_name"`
	Pinfl         loose `json:"pinfl"`
	Series        loose `json:"passport_series"`
	Passport      loose `json:"passport_number"`
	Contract      loose `json:"contract_number"`
	Amount        loose `json:"amount"`
	Partial       bool  `json:"partial_debit"`
	Epos          *struct {
		Branch loose `json:"branch_id"`
		Group  loose `json:"terminal_group_id"`
	} `json:"epos"`
	OFD struct {
		Code    loose `json:"ofd_code"`
		Package loose `json:"package_code"`
		TIN     loose `json:"tin"`
	} `json:"ofd_items"`
}

func newPinfl(o Options, l *ledger, t *tokens) *pinfl {
	return &pinfl{
		seed: o.Seed, drift: o.Drift, naive: o.Naive, now: o.Now, ledger: l, tokens: t,
		byExt: map[string]*pinflDebt{}, byID: map[string]*pinflDebt{}, updates: map[string]*pinflUpdate{},
		found: map[string]time.Time{},
	}
}

func (p *pinfl) operations() []*operation {
	return []*operation{
		{name: "atmos-pinfl.create", class: draft, pattern: pinflBase + "transaction/create", read: p.reads(p.create)},
		{name: "atmos-pinfl.confirm", class: money, pattern: pinflBase + "transaction/confirm", read: p.readConfirm},
		{name: "atmos-pinfl.check", class: read, pattern: pinflBase + "transaction/check", read: p.reads(p.check)},
		{name: "atmos-pinfl.cancel", class: draft, pattern: pinflBase + "transaction/cancel", read: p.reads(p.cancel)},
		{name: "atmos-pinfl.update-cards-list", class: draft, pattern: pinflBase + "cards/update-cards-list",
			read: p.reads(p.update)},
		{name: "atmos-pinfl.cards-check", class: read, pattern: pinflBase + "cards/check/{ext_id}", read: p.readCards},
	}
}

// reads makes an operation's reader out of what the operation does.
func (p *pinfl) reads(act func(pinflRequest) answer) func(*http.Request, []byte) (task, *answer) {
	return func(r *http.Request, body []byte) (task, *answer) {
		var in pinflRequest
		if refusal := p.admit(r, body, &in); refusal != nil {
			return task{}, refusal
		}
		return p.task(in, act), nil
	}
}

// readConfirm is reads for the call that a slow person reaches.
func (p *pinfl) readConfirm(r *http.Request, body []byte) (task, *answer) {
	t, refusal := p.reads(p.confirm)(r, body)
	if refusal != nil {
		return t, refusal
	}
	p.mu.Lock()
	defer p.mu.Unlock()
	if d := p.byExt[strings.TrimPrefix(t.key, providerPinfl+"/")]; d != nil {
		d.confirms++
		if d.magic("0200") && d.state == pinflCreated {
			t.magic = Fault{Kind: Pending, DelayMS: pinflSlowMS}
		}
	}
	return t, nil
}

// readCards reads the one call without a body.
func (p *pinfl) readCards(r *http.Request, _ []byte) (task, *answer) {
	if refusal := p.admit(r, []byte("{}"), &pinflRequest{}); refusal != nil {
		return task{}, refusal
	}
	return p.task(pinflRequest{ExtID: loose(r.PathValue("ext_id"))}, p.cardsCheck), nil
}

// admit refuses a call without a live token, and reads the body of every other.
func (p *pinfl) admit(r *http.Request, body []byte, in *pinflRequest) *answer {
	if !p.tokens.good(r) {
		return &answer{http.StatusUnauthorized, fixed(
			`{"fault":{"code":900901,"message":"Invalid Credentials","description":"Access failure for API"}}`)}
	}
	if err := json.Unmarshal(body, in); err != nil {
		return &answer{http.StatusBadRequest, pinflAnswer{code: pinflInvalid, message: "Invalid request"}}
	}
	return nil
}

// task finds out whose withdrawal the call is about: faults aim at the contract's number.
func (p *pinfl) task(in pinflRequest, act func(pinflRequest) answer) task {
	p.mu.Lock()
	defer p.mu.Unlock()
	t := task{
		account: string(in.Contract), key: providerPinfl + "/" + string(in.ExtID),
		do: func() answer {
			p.mu.Lock()
			defer p.mu.Unlock()
			return act(in)
		},
		idle: answer{words: pinflAnswer{code: pinflUnexpected, message: "Unexpected error. Please try again later"}},
	}
	if d := p.byExt[string(in.ExtID)]; d != nil {
		t.account = string(d.in.Contract)
	}
	return t
}

func (p *pinfl) count() int {
	p.mu.Lock()
	defer p.mu.Unlock()
	return len(p.byID)
}

func (p *pinfl) transaction(id string) (Transaction, bool) {
	p.mu.Lock()
	defer p.mu.Unlock()
	d, found := p.byID[id]
	if !found {
		return Transaction{}, false
	}
	return Transaction{
		Provider: providerPinfl, ID: id, Account: string(d.in.Contract), Amount: d.amount,
		State: strings.ToLower(string(d.state)), Applies: d.confirms, Created: d.createdAt,
	}, true
}
