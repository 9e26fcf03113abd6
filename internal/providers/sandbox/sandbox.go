package sandbox

import (
	"net/http"
	"time"
)

// Options are the sandbox's settings. The zero value is a quick, obedient sandbox.
type Options struct {
	Seed    uint64           // of drift and swarm: same seed, same draws for each payment
	Latency time.Duration    // before every operation acts
	Now     func() time.Time // nil: time.Now

	// Drift writes some numbers of an answer as strings, as the providers' own samples do.
	Drift bool

	// Naive moves money again each time it is asked: a transaction is debited again on every apply, a hold is frozen,
	// charged and released again, a reversal or a partial one gives back again. The worst provider that a caller can
	// meet.
	Naive bool

	// Callback asks the merchant's billing, as ATMOS does before it debits, and tells whether it agrees. CallbackKey
	// is the api_key that signs. nil: nobody is asked. CallbackTo makes one that asks an address.
	Callback    func(Callback) bool
	CallbackKey string

	// ConsumerKey and ConsumerSecret are the only credentials that get a token; empty: any that are not empty do.
	ConsumerKey    string
	ConsumerSecret string

	// ViaClientID and ViaClientSecret, PaysysServiceID and PaysysSecret are likewise the only ones that are let in.
	// PaysysPerMinute is how many calls PaySys takes in any minute, questions included; 0: any number.
	ViaClientID     string
	ViaClientSecret string
	PaysysServiceID string
	PaysysSecret    string
	PaysysPerMinute int

	IPSKey string // the only apikey that the acquiring of Visa and Mastercard lets in; empty: any, and none too

	TokenTTL   time.Duration // how long an access token lives; 0: one hour
	FirstID    int64         // the first transaction's number; 0: 1
	SwarmDelay time.Duration // the longest delay that Swarm draws; 0: ten seconds
}

// Sandbox plays the providers. Make one with New. It is safe for concurrent use.
type Sandbox struct {
	now        func() time.Time
	latency    time.Duration
	ledger     *ledger
	deck       *deck
	echo       *echo
	timers     *timers
	manners    map[string]manner
	providers  []provider
	page       *payPage
	ips        *ips
	door       *paysysDoor
	misbooked  *misbooked
	operations []*operation
	mux        *http.ServeMux
}

// provider is one PSP's rules.
type provider interface {
	operations() []*operation
	transaction(id string) (Transaction, bool)
	count() int
}

// Transaction is a payment as the sandbox sees it.
type Transaction struct {
	Provider string    `json:"provider"`
	ID       string    `json:"id"`
	Store    string    `json:"store"`
	Account  string    `json:"account"`
	Amount   int64     `json:"amount"` // tiyin
	State    string    `json:"state"`  // created, prepared, confirmed, cancelled or reversed
	Card     string    `json:"card"`   // masked, or "token", or empty before it is known
	Wrong    int       `json:"wrong_codes"`
	Applies  int       `json:"applies"` // calls that asked for the debit, whatever came of them
	Created  time.Time `json:"created_at"`
}

// New makes a sandbox.
func New(o Options) *Sandbox {
	if o.Now == nil {
		o.Now = time.Now
	}
	s := &Sandbox{
		now: o.Now, latency: o.Latency, mux: http.NewServeMux(), manners: manners(),
		ledger: &ledger{}, echo: newEcho(), timers: newTimers(), misbooked: &misbooked{},
	}
	s.deck = newDeck(o, s.manners)
	s.page = newPayPage(newAtmos(o, s.ledger, s.misbooked))
	paysys := newPaysys(o, s.ledger, s.misbooked)
	s.door = paysys.door
	s.providers = []provider{s.page.atmos, newVia(o, s.ledger), paysys, newPinfl(o, s.ledger, s.page.atmos.tokens)}
	s.ips = newIPS(o, s.ledger, s.page.atmos.tokens)
	s.providers = append(s.providers, s.ips)
	for _, p := range s.providers {
		s.operations = append(s.operations, p.operations()...)
	}
	for _, op := range s.operations {
		if op.pattern != "" {
			s.mux.HandleFunc(op.pattern, s.serve(op))
		}
	}
	paysys.serve(s)
	s.page.serve(s.mux)
	s.ips.serve(s.mux)
	s.control()
	return s
}

// Handler serves the providers and the control paths.
func (s *Sandbox) Handler() http.Handler { return s.mux }

// Debits is the ledger: what really happened, in order.
func (s *Sandbox) Debits() []Debit { return s.ledger.all() }

// Refunds are what really went back to cards, in order.
func (s *Sandbox) Refunds() []Refund { return s.ledger.allRefunds() }

// Holds are what really was frozen on cards, in order, as they stand now.
func (s *Sandbox) Holds() []Hold { return s.ledger.allHolds(s.now()) }

// Cards are those that really were linked, removed ones included, in order.
func (s *Sandbox) Cards() []Card { return s.ledger.allCards() }

// PayPage finishes a transaction on the payment page, as a payer with the first test card does. The error tells why the
// page refused it.
func (s *Sandbox) PayPage(transaction string) error {
	if s.ips.knows(transaction) {
		return s.ips.pass(transaction)
	}
	return s.page.finish(transaction, s.page.atmos.payHere)
}

// AbandonPage closes the payment page of a transaction for good: nobody pays there any more. The error tells why there
// is no page to close.
func (s *Sandbox) AbandonPage(transaction string) error {
	if s.ips.knows(transaction) {
		return s.ips.abandon(transaction)
	}
	return s.page.finish(transaction, s.page.atmos.abandon)
}

// Calls counts the requests of each operation that was asked for, refused ones included.
func (s *Sandbox) Calls() map[string]int {
	calls := make(map[string]int, len(s.operations))
	for _, op := range s.operations {
		if n := op.calls.Load(); n > 0 {
			calls[op.name] += int(n) // two may share a name
		}
	}
	return calls
}

// Transaction tells what the sandbox knows of a transaction.
func (s *Sandbox) Transaction(id string) (Transaction, bool) {
	for _, p := range s.providers {
		if t, found := p.transaction(id); found {
			return t, true
		}
	}
	return Transaction{}, false
}

// Transactions is how many were created.
func (s *Sandbox) Transactions() int {
	n := 0
	for _, p := range s.providers {
		n += p.count()
	}
	return n
}

// Script adds a fault. The oldest fault that fits a call is used. It panics on a fault that Check refuses.
func (s *Sandbox) Script(f Fault) {
	if err := s.Check(f); err != nil {
		panic(err)
	}
	s.deck.script(f)
}

// ClearFaults forgets the scripted faults. The swarm goes on.
func (s *Sandbox) ClearFaults() { s.deck.clear() }

// Swarm makes calls go wrong at random from now on: rates tells in how many of ten thousand calls each kind strikes, on
// the classes of operations where it makes sense. The draw depends on the seed, the operation, the account and how
// often it was called for that account, so payments that run side by side do not disturb each other's fate. It panics
// on a kind that does not exist. Rates that add up to more than 10,000 leave nothing for the last of the alphabet.
func (s *Sandbox) Swarm(rates map[string]int) {
	for kind := range rates {
		if err := s.checkKind(kind); err != nil {
			panic(err)
		}
	}
	s.deck.swarm(rates)
}

// Quiet ends all faults, scripted and swarm. Effects that are already under way still land.
func (s *Sandbox) Quiet() {
	s.deck.clear()
	s.deck.swarm(nil)
}

// Close ends hanging and delayed calls without an answer and drops late effects that have not landed.
func (s *Sandbox) Close() { s.timers.close() }
