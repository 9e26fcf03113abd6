package sandbox

import (
	"slices"
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

// atmos plays ATMOS: UzCard and Humo payments, refunds, holds and linked cards.
type atmos struct {
	seed  uint64
	drift bool
	naive bool

	misbooked *misbooked
	now       func() time.Time
	ledger    *ledger
	tokens    *tokens
	billing   billing

	mu       sync.Mutex
	payments map[int64]*atmosPayment
	partials map[int64]*atmosPartial
	holds    map[int64]*atmosHold
	parents  map[int64]*atmosFreeze // of multiple holds
	links    map[int64]*atmosLink
	linked   map[string]*atmosLinked // by token, removed ones too
	cards    []*atmosLinked          // in the order of linking
	stale    []*atmosLinked          // cards before the last change
	listed   uint64                  // lists that were told
	nextID   int64                   // whatever is numbered: no two things share a number
}

// atmosState is where a payment stands.
type atmosState string

const (
	atmosCreated   atmosState = "created"
	atmosPrepared  atmosState = "prepared"
	atmosConfirmed atmosState = "confirmed"
	atmosCancelled atmosState = "cancelled"
	atmosReversed  atmosState = "reversed"
)

// atmosPayment is what ATMOS calls a transaction. All times are zero until they come.
type atmosPayment struct {
	id, store   int64
	terminal    string
	account     string
	details     string
	amount      int64 // tiyin
	bulk        int64 // the number of its bulk's first part; 0: of none
	hold        bool  // made by a hold, and charged through it alone
	state       atmosState
	card        atmosCard
	code        atmosCode
	refused     string // result code that met it in a mixed answer
	asking      bool   // the merchant's billing is being asked
	abandoned   bool   // by the payer, on the payment page
	createdAt   time.Time
	preparedAt  time.Time
	confirmedAt time.Time
	success     int64 // success_trans_id
	debit       int   // its last one's number in the ledger
	reverted    int64 // tiyin
	lost        bool  // its first apply was lost
	told        uint64
	applies     int // that arrived
}

func newAtmos(o Options, l *ledger, m *misbooked) *atmos {
	return &atmos{
		misbooked: m,
		seed:      o.Seed, drift: o.Drift, naive: o.Naive, now: o.Now, ledger: l, tokens: newTokens(o),
		billing:  billing{o.Callback, o.CallbackKey},
		payments: map[int64]*atmosPayment{}, partials: map[int64]*atmosPartial{}, holds: map[int64]*atmosHold{},
		parents: map[int64]*atmosFreeze{}, links: map[int64]*atmosLink{}, linked: map[string]*atmosLinked{},
		nextID: max(o.FirstID, 1),
	}
}

func (a *atmos) operations() []*operation {
	return slices.Concat(a.payOperations(), a.cardOperations(), a.holdOperations())
}

func (a *atmos) payOperations() []*operation {
	const base, bulk = "POST /atmos/merchant/pay/", "POST /atmos/merchant/bulk/pay/"
	return []*operation{
		{name: "atmos.token", class: auth, pattern: "POST /atmos/token", read: a.tokens.readIssue},
		{name: "atmos.revoke", class: auth, pattern: "POST /atmos/revoke", read: a.tokens.readRevoke},
		{name: "atmos.create", class: draft, pattern: base + "create", read: a.reads(a.create)},
		{name: "atmos.pre-apply", class: draft, pattern: base + "pre-apply", read: a.reads(a.preApply)},
		{name: "atmos.apply", class: money, pattern: base + "apply", read: a.readApply},
		{name: "atmos.otp-resend", class: draft, pattern: base + "otp-resend", read: a.reads(a.otpResend)},
		{name: "atmos.get", class: read, pattern: base + "get", read: a.reads(a.get)},
		{name: "atmos.reverse", class: money, pattern: base + "reverse", read: a.reads(a.reverse)},
		{name: "atmos.create-reverse-partial", class: draft, pattern: base + "create-reverse-partial",
			read: a.reads(a.createPartial)},
		{name: "atmos.confirm-reverse-partial", class: money, pattern: base + "confirm-reverse-partial",
			read: a.readsPartial(a.confirmPartial)},
		{name: "atmos.get-reverse-partial", class: read, pattern: base + "get-reverse-partial",
			read: a.readsPartial(a.getPartial)},
		{name: "atmos.bulk-create", class: draft, pattern: bulk + "create", read: a.readsBulk(a.bulkCreate)},
		{name: "atmos.bulk-pre-apply", class: draft, pattern: bulk + "pre-apply", read: a.readsBulk(a.bulkPreApply)},
		{name: "atmos.bulk-apply", class: money, pattern: bulk + "apply", read: a.readBulkApply},
	}
}

func (a *atmos) cardOperations() []*operation {
	const base = "POST /atmos/partner/"
	return []*operation{
		{name: "atmos.bind-init", class: draft, pattern: base + "bind-card/init", read: a.readBindInit},
		{name: "atmos.bind-confirm", class: money, pattern: base + "bind-card/confirm", read: a.readBindConfirm},
		{name: "atmos.list-cards", class: read, pattern: base + "list-cards", read: a.readListCards},
		{name: "atmos.remove-card", class: money, pattern: base + "remove-card", read: a.readRemoveCard},
	}
}

func (a *atmos) holdOperations() []*operation {
	const base = " /atmos/hold/"
	return []*operation{
		{name: "atmos.hold-create", class: draft, pattern: "POST" + base + "create", read: a.readsHold(a.holdCreate)},
		{name: "atmos.hold-apply", class: money, pattern: "PUT" + base + "apply/{id}", read: a.readHoldApply},
		{name: "atmos.hold-multiple-create", class: draft, pattern: "POST" + base + "multiple/create",
			read: a.readsHold(a.multipleCreate)},
		{name: "atmos.hold-multiple-apply", class: money, pattern: "PUT" + base + "multiple/apply/{id}",
			read: a.readMultipleApply},
		{name: "atmos.hold-charge", class: money, pattern: "POST" + base + "{id}", read: a.readHoldCharge},
		{name: "atmos.hold-cancel", class: money, pattern: "DELETE" + base + "{id}", read: a.readsHold(a.holdCancel)},
		{name: "atmos.hold-get", class: read, pattern: "GET" + base + "{id}", read: a.readsHold(a.holdGet)},
	}
}

// number gives the next one. With the lock held.
func (a *atmos) number() int64 {
	n := a.nextID
	a.nextID++
	return n
}

// drifting draws which numbers of the nth answer about id are strings. With the lock held.
func (a *atmos) drifting(id int64, told *uint64) uint64 {
	if !a.drift {
		return 0
	}
	*told++
	return mix(a.seed, uint64(id), *told)
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
		State: string(p.state), Card: p.card.masked, Wrong: p.code.wrong, Applies: p.applies, Created: p.createdAt,
	}, true
}

func decimal(n int64) string { return strconv.FormatInt(n, 10) }
