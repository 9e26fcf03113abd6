package sandbox

import (
	"fmt"
	"sync"
)

// The ways in which a provider's books can be wrong about a transaction.
const (
	BookedNot    = "not"    // they do not have it
	BookedAmount = "amount" // they name another amount
	BookedStatus = "status" // they say the opposite of what happened
	BookedNumber = "number" // they name another transaction
)

// Misbook makes the books of a provider (PaySys' statement, ATMOS's pay/get) wrong about a transaction from now on.
// What happened, and the ledger, stay as they are.
func (s *Sandbox) Misbook(provider, transaction, how string) error {
	switch how {
	case BookedNot, BookedAmount, BookedStatus, BookedNumber:
		s.misbooked.set(provider+"/"+transaction, how)
		return nil
	default:
		return fmt.Errorf("sandbox: books are not wrong in the way %q", how)
	}
}

// MendBooks puts all books right again.
func (s *Sandbox) MendBooks() { s.misbooked.clear() }

// misbooked are the transactions that books are wrong about, by provider/number.
type misbooked struct {
	mu  sync.Mutex
	how map[string]string
}

func (m *misbooked) set(key, how string) {
	m.mu.Lock()
	defer m.mu.Unlock()
	if m.how == nil {
		m.how = map[string]string{}
	}
	m.how[key] = how
}

func (m *misbooked) of(key string) string {
	m.mu.Lock()
	defer m.mu.Unlock()
	return m.how[key]
}

func (m *misbooked) clear() {
	m.mu.Lock()
	defer m.mu.Unlock()
	m.how = nil
}

// booked is a payout as the statement has it. It is false when the statement does not have it.
func (p *paysys) booked(made paysysPayout) (paysysPayout, bool) {
	switch p.misbooked.of(paysysKey(made.id)) {
	case BookedNot:
		return made, false
	case BookedAmount:
		made.amount += otherBy
	case BookedNumber:
		made.id += otherBy
	case BookedStatus:
		if made.status == paysysCompleted {
			made.status = paysysCancelled
		} else {
			made.status = paysysCompleted
		}
	}
	return made, true
}

// booked is a payment as pay/get has it, and the code that goes with it. nil when it does not have it.
func (a *atmos) booked(p *atmosPayment, code string) (*atmosPayment, string) {
	if p == nil {
		return p, code
	}
	other := *p
	switch a.misbooked.of(paymentKey(p.id)) {
	case BookedNot:
		return nil, codeTransactionNotFound
	case BookedAmount:
		other.amount += otherBy
	case BookedNumber:
		other.id += otherBy
	case BookedStatus:
		other.state, code = atmosConfirmed, codeClosed
		if p.state == atmosConfirmed {
			other.state, code = atmosReversed, codeReversed
		}
	}
	return &other, code
}
