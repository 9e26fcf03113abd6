package sandbox

import (
	"fmt"
	"net/http"
	"strconv"

	"github.com/go-json-experiment/json"
	"github.com/go-json-experiment/json/jsontext"
)

// atmosRequest is the body of every call under /merchant/pay.
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

// atmosCall is a request that was read. Its numbers are 0 where the request has none.
type atmosCall struct {
	in          atmosRequest
	store       int64
	transaction int64
	amount      int64
	malformed   bool // a number is not one
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
	a.arrived(c)
	t := a.task(c, a.apply)
	t.magic = a.magic(c)
	return t, nil
}

// arrived counts an apply that got here, whatever comes of it.
func (a *atmos) arrived(c *atmosCall) {
	a.mu.Lock()
	defer a.mu.Unlock()
	if p := a.payments[c.transaction]; p != nil {
		p.applies++
	}
}

func (a *atmos) call(r *http.Request, body []byte) (*atmosCall, *answer) {
	if !a.tokens.good(r) {
		return nil, &answer{http.StatusUnauthorized, fixed(
			`{"fault":{"code":900901,"message":"Invalid Credentials","description":"Access failure for API"}}`)}
	}
	c := &atmosCall{}
	if err := json.Unmarshal(body, &c.in); err != nil {
		return nil, &answer{http.StatusBadRequest, atmosAnswer{code: codeInvalidRequest}}
	}
	c.store = c.number(c.in.StoreID)
	c.transaction = c.number(c.in.TransactionID)
	c.amount = c.number(c.in.Amount)
	return c, nil
}

func (c *atmosCall) number(l loose) int64 {
	if l == "" {
		return 0
	}
	n, err := strconv.ParseInt(string(l), 10, 64)
	c.malformed = c.malformed || err != nil
	return n
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
	t.key = providerAtmos + "/" + decimal(c.transaction)
	a.mu.Lock()
	defer a.mu.Unlock()
	if p := a.payments[c.transaction]; p != nil {
		t.account = p.account
	}
	return t
}

// refuse is an answer of a result alone.
func (c *atmosCall) refuse(code string) atmosAnswer {
	return atmosAnswer{code: code, lang: string(c.in.Lang)}
}
