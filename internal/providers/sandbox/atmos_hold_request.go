package sandbox

import (
	"net/http"
	"strconv"

	"github.com/go-json-experiment/json/jsontext"
)

// holdRequest is the body of every call under /hold.
type holdRequest struct {
	holdPart
	CardToken  loose          `json:"card_token"`
	CardNumber loose          `json:"card_number"`
	CardExpiry loose          `json:"card_expiry"`
	Duration   loose          `json:"duration"`
	Items      []holdPart     `json:"items"`
	OTP        loose          `json:"otp"`
	CancelSMS  jsontext.Value `json:"send_cancel_sms"`
	Lang       loose          `json:"lang"`
}

// holdPart is one hold of a multiple one, or the only one.
type holdPart struct {
	StoreID loose `json:"store_id"`
	Account loose `json:"account"`
	Details loose `json:"payment_details"`
	Amount  loose `json:"amount"`
}

// holdCall is a request about a hold that was read.
type holdCall struct {
	numerals
	in holdRequest
	id int64 // of the address; 0: it names none
}

// readsHold makes an operation's reader out of what the operation does.
func (a *atmos) readsHold(act func(*holdCall) answer) func(*http.Request, []byte) (task, *answer) {
	return func(r *http.Request, body []byte) (task, *answer) {
		c, refusal := a.holdCall(r, body)
		if refusal != nil {
			return task{}, refusal
		}
		return a.holdTask(c, func() answer { return act(c) }), nil
	}
}

// readHoldApply is readsHold for apply, which a token's magic reaches.
func (a *atmos) readHoldApply(r *http.Request, body []byte) (task, *answer) {
	c, refusal := a.holdCall(r, body)
	if refusal != nil {
		return task{}, refusal
	}
	t := a.holdTask(c, func() answer { return a.holdApply(c) })
	a.mu.Lock()
	defer a.mu.Unlock()
	if h := a.holds[c.id]; h != nil {
		t.magic = h.freeze.magic()
	}
	return t, nil
}

// readMultipleApply is readHoldApply for several holds at once, which may be done in part.
func (a *atmos) readMultipleApply(r *http.Request, body []byte) (task, *answer) {
	c, refusal := a.holdCall(r, body)
	if refusal != nil {
		return task{}, refusal
	}
	a.mu.Lock()
	f := a.parents[c.id]
	a.mu.Unlock()
	t := a.holdTask(c, func() answer { return a.multipleApply(c, f, -1) })
	t.key = ""
	if f == nil {
		return t, nil
	}
	t.part = func() answer { return a.multipleApply(c, f, 1) }
	t.account = f.items[0].payment.account
	for _, h := range f.items {
		t.also = append(t.also, holdKey(h.id))
	}
	a.mu.Lock()
	defer a.mu.Unlock()
	t.magic = f.magic()
	return t, nil
}

// readHoldCharge is readsHold for the debit, which is counted at its payment.
func (a *atmos) readHoldCharge(r *http.Request, body []byte) (task, *answer) {
	c, refusal := a.holdCall(r, body)
	if refusal != nil {
		return task{}, refusal
	}
	t := a.holdTask(c, func() answer { return a.holdCharge(c) })
	a.mu.Lock()
	defer a.mu.Unlock()
	if h := a.holds[c.id]; h != nil {
		h.payment.arrived()
		t.also = append(t.also, paymentKey(h.payment.id))
	}
	return t, nil
}

// holdCall reads a request. A call that names its hold in the address may come without a body.
func (a *atmos) holdCall(r *http.Request, body []byte) (*holdCall, *answer) {
	c := &holdCall{}
	named := r.PathValue("id")
	if len(body) == 0 && named != "" {
		body = []byte("{}")
	}
	if refusal := a.admit(r, body, &c.in); refusal != nil {
		return nil, refusal
	}
	if named != "" {
		id, err := strconv.ParseInt(named, 10, 64)
		c.id, c.malformed = id, err != nil
	}
	return c, nil
}

// holdTask finds out whose hold the call is about: of several, that of the first.
func (a *atmos) holdTask(c *holdCall, do func() answer) task {
	t := task{account: string(c.in.Account), do: do, idle: c.refuse(codeInternal)}
	if len(c.in.Items) > 0 {
		t.account = string(c.in.Items[0].Account)
	}
	if c.id == 0 {
		return t
	}
	t.key = holdKey(c.id)
	a.mu.Lock()
	defer a.mu.Unlock()
	if h := a.holds[c.id]; h != nil {
		t.account = h.payment.account
	}
	return t
}

// refuse is an answer of a result alone.
func (c *holdCall) refuse(code string) answer {
	return answer{words: atmosAnswer{code: code, lang: string(c.in.Lang)}}
}
