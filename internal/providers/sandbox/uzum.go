package sandbox

import (
	"bytes"
	"context"
	"errors"
	"hash/fnv"
	"io"
	"net/http"
	"slices"
	"strconv"
	"sync"
	"time"

	"github.com/go-json-experiment/json"
)

// UzumOptions are the settings of a bank.
type UzumOptions struct {
	URLs      []string // of the merchant's endpoints, each with its /uzum; the calls go to them in turn
	Login     string
	Password  string
	ServiceID int64

	Client *http.Client  // with the time that an answer may take
	Pause  time.Duration // between calls of status
	Now    func() time.Time

	Seed   uint64         // of the faults: same seed, same faults for each transaction
	Faults map[string]int // in how many of ten thousand calls each kind strikes
}

// What goes wrong with a call of the bank's.
const (
	UzumRepeat = "repeat"  // it is made three times at once
	UzumForget = "forget"  // it is answered, and the bank does not hear the answer
	UzumCutOff = "cut_off" // the bank leaves as soon as it has asked
)

// UzumOrder is what a payer wants to pay.
type UzumOrder struct {
	TransID string
	Account string
	Amount  int64  // tiyin
	Reverse string // when the payer takes it back: UzumBefore or UzumAfter the confirmation; empty: never
}

// When a payer takes a payment back.
const (
	UzumBefore = "before"
	UzumAfter  = "after"
)

// UzumEnd is how a payment ended at the bank.
type UzumEnd string

// The ends.
const (
	UzumRefused   UzumEnd = "refused"   // never debited
	UzumPaid      UzumEnd = "paid"      // debited, and the merchant confirmed
	UzumReturned  UzumEnd = "returned"  // debited, and given back
	UzumCancelled UzumEnd = "cancelled" // reversed before it was debited
	UzumUnsettled UzumEnd = "unsettled" // the merchant could not be asked
)

// Uzum plays Uzum Bank: it calls the merchant, in the order of the document "Merchant API", and debits its payers. What
// it is told of one transaction must not change: it keeps book of that.
type Uzum struct {
	o      UzumOptions
	ledger ledger

	mu     sync.Mutex
	calls  int
	heard  map[string]string // the first answer of each kind about each transaction
	faults []string          // where a later one differed
	struck map[string]bool   // the calls for which a fault was drawn
}

// NewUzum makes a bank.
func NewUzum(o UzumOptions) *Uzum {
	if o.Now == nil {
		o.Now = time.Now
	}
	if o.Pause == 0 {
		o.Pause = time.Second
	}
	return &Uzum{o: o, heard: map[string]string{}, struck: map[string]bool{}}
}

// Debits are what payers really paid, and Refunds what they got back.
func (u *Uzum) Debits() []Debit { return u.ledger.all() }

// Refunds are what payers really got back.
func (u *Uzum) Refunds() []Refund { return u.ledger.allRefunds() }

// Contradictions are the answers that differ from what the bank was told before of the same transaction.
func (u *Uzum) Contradictions() []string {
	u.mu.Lock()
	defer u.mu.Unlock()
	return slices.Clone(u.faults)
}

// uzumAnswer is what the bank reads of an answer.
type uzumAnswer struct {
	Status    string `json:"status"`
	ErrorCode string `json:"errorCode"`
	Amount    int64  `json:"amount"`
}

// uzumTries is how often the document says that status is called.
const uzumTries = 10

// Pay walks a payment through the bank, from check to its end.
func (u *Uzum) Pay(ctx context.Context, o UzumOrder) UzumEnd {
	if u.until(ctx, o, "check", "OK") == "" {
		return UzumRefused
	}
	switch u.until(ctx, o, "create", "CREATED", "CONFIRMED", "FAILED") {
	case "FAILED":
		return UzumRefused
	case "":
		return UzumUnsettled
	}
	if o.Reverse == UzumBefore {
		return u.reverse(ctx, o, 0)
	}
	n := u.ledger.debit(Debit{
		Provider: "uzum", Store: strconv.FormatInt(u.o.ServiceID, 10), Transaction: o.TransID, Account: o.Account,
		Amount: o.Amount, Card: "token", At: u.o.Now(),
	})
	if state := u.until(ctx, o, "confirm", "CONFIRMED", "FAILED"); state != "CONFIRMED" || o.Reverse == UzumAfter {
		return u.reverse(ctx, o, n)
	}
	return UzumPaid
}

// until calls an operation, and after a fault status, until one of the states is told. Empty: none was. A check,
// of which there is no status, is called again itself.
func (u *Uzum) until(ctx context.Context, o UzumOrder, op string, states ...string) string {
	a, ok := u.call(ctx, o, op)
	for range uzumTries {
		if ok && slices.Contains(states, a.Status) {
			return a.Status
		}
		if ok && op == "check" || !u.pause(ctx) {
			return ""
		}
		if op != "check" {
			op = "status"
		}
		a, ok = u.call(ctx, o, op)
	}
	return ""
}

// reverse takes a payment back, debited as the nth or not at all. The money goes back to the payer only when the
// merchant agreed, or says that there is no such payment.
func (u *Uzum) reverse(ctx context.Context, o UzumOrder, n int) UzumEnd {
	for range uzumTries {
		if a, ok := u.call(ctx, o, "reverse"); ok && (a.Status == "REVERSED" || a.Status == "FAILED") {
			if n == 0 {
				return UzumCancelled
			}
			u.ledger.refund(n, Refund{
				Provider: "uzum", Transaction: o.TransID, Account: o.Account, Amount: o.Amount, At: u.o.Now(),
			})
			return UzumReturned
		}
		if !u.pause(ctx) {
			break
		}
	}
	return UzumUnsettled
}

func (u *Uzum) pause(ctx context.Context) bool {
	select {
	case <-time.After(u.o.Pause):
		return true
	case <-ctx.Done():
		return false
	}
}

// call makes a call as often as the faults want it. ok is false when the bank heard no answer, or one of HTTP 5xx.
func (u *Uzum) call(ctx context.Context, o UzumOrder, op string) (a uzumAnswer, ok bool) {
	u.mu.Lock()
	u.calls++
	n := u.calls
	u.mu.Unlock()
	if u.strikes(UzumCutOff, op, o.TransID) {
		short, leave := context.WithCancel(ctx)
		time.AfterFunc(time.Millisecond, leave)
		_, _ = u.ask(short, o, op, n) // whatever comes of it, the bank does not know
		leave()
		return a, false
	}
	if u.strikes(UzumRepeat, op, o.TransID) {
		var others sync.WaitGroup
		for i := range 2 {
			others.Go(func() { _, _ = u.ask(ctx, o, op, n+i+1) }) // compared with the others, and with what comes later
		}
		defer others.Wait()
	}
	a, err := u.ask(ctx, o, op, n)
	return a, err == nil && !u.strikes(UzumForget, op, o.TransID)
}

// strikes draws whether a fault meets the next call of an operation about a transaction. The second call of a kind is
// spared, so that a payment comes to its end.
func (u *Uzum) strikes(kind, op, transID string) bool {
	rate := u.o.Faults[kind]
	if rate == 0 {
		return false
	}
	h := fnv.New64a()
	_, _ = h.Write([]byte(strconv.FormatUint(u.o.Seed, 10) + kind + op + transID))
	u.mu.Lock()
	defer u.mu.Unlock()
	drawn := kind + " " + op + " " + transID
	if u.struck[drawn] {
		return false
	}
	u.struck[drawn] = true
	return int(h.Sum64()%10_000) < rate
}

var errUzumServer = errors.New("HTTP 5xx")

// ask makes one request, at the nth of the merchant's addresses.
func (u *Uzum) ask(ctx context.Context, o UzumOrder, op string, n int) (a uzumAnswer, err error) {
	body, err := json.Marshal(u.question(o, op), json.Deterministic(true))
	if err != nil {
		return a, err
	}
	r, err := http.NewRequestWithContext(
		ctx, http.MethodPost, u.o.URLs[n%len(u.o.URLs)]+"/"+op, bytes.NewReader(body))
	if err != nil {
		return a, err
	}
	r.SetBasicAuth(u.o.Login, u.o.Password)
	r.Header.Set("Content-Type", "application/json")
	answer, err := u.o.Client.Do(r)
	if err != nil {
		return a, err
	}
	defer func() { _ = answer.Body.Close() }()
	text, err := io.ReadAll(answer.Body)
	switch {
	case err != nil:
		return a, err
	case answer.StatusCode >= http.StatusInternalServerError:
		return a, errUzumServer
	}
	if err := json.Unmarshal(text, &a); err != nil {
		return a, err
	}
	u.hear(o, op, a, string(text))
	return a, nil
}

func (u *Uzum) question(o UzumOrder, op string) map[string]any {
	q := map[string]any{"serviceId": u.o.ServiceID, "timestamp": u.o.Now().UnixMilli()}
	if op != "check" {
		q["transId"] = o.TransID
	}
	switch op {
	case "check":
		q["params"] = map[string]any{"account": o.Account}
	case "create":
		q["params"], q["amount"] = map[string]any{"account": o.Account}, o.Amount
	case "confirm":
		q["paymentSource"], q["phone"], q["tariff"] = "UZCARD", "998901234567", nil
	}
	return q
}

// hear compares an answer with what was told before: of create, confirm and reverse every word must be the same, and an
// amount is always that of the order.
func (u *Uzum) hear(o UzumOrder, op string, a uzumAnswer, text string) {
	u.mu.Lock()
	defer u.mu.Unlock()
	if a.Amount != 0 && a.Amount != o.Amount {
		u.faults = append(u.faults, op+" of "+o.TransID+" names another amount: "+text)
	}
	if op == "check" || op == "status" {
		return
	}
	kind := op + " " + o.TransID
	if before, known := u.heard[kind]; known && before != text {
		u.faults = append(u.faults, kind+": "+text+", and before "+before)
	}
	u.heard[kind] = text
}
