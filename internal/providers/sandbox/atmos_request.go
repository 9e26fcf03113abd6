package sandbox

import (
	"fmt"
	"net/http"
	"strconv"

	"github.com/go-json-experiment/json"
	"github.com/go-json-experiment/json/jsontext"
)

// atmosRequest is the body of every call under /merchant/pay and /partner.
type atmosRequest struct {
	Amount        loose `json:"amount"`
	Account       loose `json:"account"`
	TerminalID    loose `json:"terminal_id"`
	StoreID       loose `json:"store_id"`
	TransactionID loose `json:"transaction_id"`
	CardToken     loose `json:"card_token"`
	CardNumber    loose `json:"card_number"`
	Expiry        loose `json:"expiry"`
	OTP           loose `json:"otp"`
	Lang          loose `json:"lang"`

	HoldAmount loose          `json:"hold_amount"`
	Partial    loose          `json:"transaction_partial_reverse_id"`
	RequestID  loose          `json:"request_id"`
	OFDItems   []atmosOFDItem `json:"ofd_items"`

	Page     loose `json:"page"`
	PageSize loose `json:"page_size"`
	ID       loose `json:"id"`
	Token    loose `json:"token"`
}

// atmosOFDItem is a line of a fiscal receipt.
type atmosOFDItem struct {
	Name   loose `json:"name"`
	Code   loose `json:"ofd_code"`
	Amount loose `json:"amount"`
}

// loose is a value that ATMOS takes as a number or as a string.
type loose string

// UnmarshalJSONFrom takes the text of a string or number; null is nothing.
func (l *loose) UnmarshalJSONFrom(d *jsontext.Decoder) error {
	v, err := d.ReadValue()
	if err != nil {
		return err
	}
	switch v.Kind() {
	case 'n':
		*l = ""
	case '0':
		*l = loose(v)
	case '"':
		text, err := jsontext.AppendUnquote(nil, v)
		*l = loose(text)
		return err
	default:
		return fmt.Errorf("neither a number nor a string: %c", v.Kind())
	}
	return nil
}

// numerals reads the numbers of a request.
type numerals struct {
	malformed bool // one of them is none
}

// number is 0 where the request has none.
func (n *numerals) number(l loose) int64 {
	if l == "" {
		return 0
	}
	v, err := strconv.ParseInt(string(l), 10, 64)
	n.malformed = n.malformed || err != nil
	return v
}

// atmosCall is a request that was read. Its numbers are 0 where the request has none.
type atmosCall struct {
	numerals
	in          atmosRequest
	store       int64
	transaction int64
	amount      int64
	partial     int64
}

// reads makes an operation's reader out of what the operation does.
func (a *atmos) reads(act func(*atmosCall) answer) func(*http.Request, []byte) (task, *answer) {
	return func(r *http.Request, body []byte) (task, *answer) {
		c, refusal := a.call(r, body)
		if refusal != nil {
			return task{}, refusal
		}
		return a.task(c, act), nil
	}
}

// readApply is reads for apply, the only call that a token's magic reaches.
func (a *atmos) readApply(r *http.Request, body []byte) (task, *answer) {
	c, refusal := a.call(r, body)
	if refusal != nil {
		return task{}, refusal
	}
	t := a.task(c, a.apply)
	a.mu.Lock()
	defer a.mu.Unlock()
	p := a.payments[c.transaction]
	p.arrived()
	t.magic = p.magic()
	return t, nil
}

// arrived counts an apply that got here, whatever comes of it. With the lock held.
func (p *atmosPayment) arrived() {
	if p != nil {
		p.applies++
	}
}

func (a *atmos) call(r *http.Request, body []byte) (*atmosCall, *answer) {
	c := &atmosCall{}
	if refusal := a.admit(r, body, &c.in); refusal != nil {
		return nil, refusal
	}
	c.store = c.number(c.in.StoreID)
	c.transaction = c.number(c.in.TransactionID)
	c.amount = c.number(c.in.Amount)
	c.partial = c.number(c.in.Partial)
	c.number(c.in.HoldAmount) // checked, not used: nothing tells what it does
	return c, nil
}

// admit refuses a call without a live token, and reads the body of every other.
func (a *atmos) admit(r *http.Request, body []byte, in any) *answer {
	if !a.tokens.good(r) {
		return &answer{http.StatusUnauthorized, fixed(
			`{"fault":{"code":900901,"message":"Invalid Credentials","description":"Access failure for API"}}`)}
	}
	if err := json.Unmarshal(body, in); err != nil {
		return &answer{http.StatusBadRequest, atmosAnswer{code: codeInvalidRequest}}
	}
	return nil
}

// task finds out whose payment the call is about.
func (a *atmos) task(c *atmosCall, act func(*atmosCall) answer) task {
	t := task{
		account: string(c.in.Account),
		do:      func() answer { return act(c) },
		idle:    answer{words: c.refuse(codeInternal)},
	}
	if c.transaction == 0 {
		return t
	}
	t.key = paymentKey(c.transaction)
	a.mu.Lock()
	defer a.mu.Unlock()
	if p := a.payments[c.transaction]; p != nil {
		t.account = p.account
	}
	return t
}

// The keys by which reads are made to lag.
func paymentKey(id int64) string { return providerAtmos + "/" + decimal(id) }
func partialKey(id int64) string { return providerAtmos + "/partial/" + decimal(id) }
func holdKey(id int64) string    { return providerAtmos + "/hold/" + decimal(id) }

// refuse is an answer of a result alone.
func (c *atmosCall) refuse(code string) atmosAnswer {
	return atmosAnswer{code: code, lang: string(c.in.Lang)}
}
