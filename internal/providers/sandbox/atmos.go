package sandbox

import (
	"strconv"
	"sync"
	"time"
)

const (
	providerAtmos = "atmos"
	sentCode      = "111111"
	codeLife      = 5 * time.Minute
	wrongCodes    = 3 // that cancel a transaction
	firstSuccess  = 7_000_000
)

// atmos plays ATMOS: UzCard and Humo payments.
type atmos struct {
	seed   uint64
	drift  bool
	naive  bool
	now    func() time.Time
	ledger *ledger
	tokens *tokens

	mu       sync.Mutex
	payments map[int64]*atmosPayment
	nextID   int64
}

// atmosState is where a payment stands.
type atmosState string

const (
	atmosCreated   atmosState = "created"
	atmosPrepared  atmosState = "prepared"
	atmosConfirmed atmosState = "confirmed"
	atmosCancelled atmosState = "cancelled"
)

// atmosPayment is what ATMOS calls a transaction. All times are zero until they come.
type atmosPayment struct {
	id, store   int64
	terminal    string
	account     string
	amount      int64 // tiyin
	state       atmosState
	card        atmosCard
	codeTill    time.Time // of a code that was sent
	wrong       int       // codes
	createdAt   time.Time
	preparedAt  time.Time
	confirmedAt time.Time
	success     int64 // success_trans_id
	lost        bool  // its first apply was lost
	told        uint64
	applies     int // that arrived
}

func newAtmos(o Options, l *ledger) *atmos {
	return &atmos{
		seed: o.Seed, drift: o.Drift, naive: o.Naive, now: o.Now, ledger: l, tokens: newTokens(o),
		payments: map[int64]*atmosPayment{}, nextID: max(o.FirstID, 1),
	}
}

func (a *atmos) operations() []*operation {
	const base = "POST /atmos/merchant/pay/"
	return []*operation{
		{name: "atmos.token", class: auth, pattern: "POST /atmos/token", read: a.tokens.readIssue},
		{name: "atmos.revoke", class: auth, pattern: "POST /atmos/revoke", read: a.tokens.readRevoke},
		{name: "atmos.create", class: draft, pattern: base + "create", read: a.reads(a.create)},
		{name: "atmos.pre-apply", class: draft, pattern: base + "pre-apply", read: a.reads(a.preApply)},
		{name: "atmos.apply", class: money, pattern: base + "apply", read: a.readApply},
		{name: "atmos.otp-resend", class: draft, pattern: base + "otp-resend", read: a.reads(a.otpResend)},
		{name: "atmos.get", class: read, pattern: base + "get", read: a.reads(a.get)},
	}
}

func (a *atmos) count() int {
	a.mu.Lock()
	defer a.mu.Unlock()
	return len(a.payments)
}

func (a *atmos) transaction(id string) (Transaction, bool) {
	n, err := strconv.ParseInt(id, 10, 64)
	if err != nil {
		return Transaction{}, false
	}
	a.mu.Lock()
	defer a.mu.Unlock()
	p, found := a.payments[n]
	if !found {
		return Transaction{}, false
	}
	return Transaction{
		Provider: providerAtmos, ID: id, Store: decimal(p.store), Account: p.account, Amount: p.amount,
		State: string(p.state), Card: p.card.masked, Wrong: p.wrong, Applies: p.applies, Created: p.createdAt,
	}, true
}

func decimal(n int64) string { return strconv.FormatInt(n, 10) }
