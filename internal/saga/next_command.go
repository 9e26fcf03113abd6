package saga

import "tolov/internal/payment"

// command decides on a command that keeps the contract's rules.
func (t *turn) command(c *payment.Command) Decision {
	s := &t.rec.State
	if c.Message == s.Carrier {
		return t.resume()
	}
	if seen := s.find(c.Identity()); seen != nil {
		return t.repeated(seen)
	}
	if c.Verb.Opens() {
		return t.opened(c)
	}
	if t.rec.Payment == nil {
		return t.reject(payment.UnknownPayment, "ext_id", "no payment was opened under this ext_id")
	}
	if s.open() { // another worker may be in the middle of a money call: judge by what comes of it
		return t.lookAgain()
	}
	switch c.Verb {
	case payment.VerbRecheck:
		return t.recheck()
	case payment.VerbResolve:
		return t.resolve(c)
	}
	if p := t.rec.Payment; p.Status == payment.InDoubt || p.Status == payment.NeedsReview {
		return t.reject(payment.RefusedInDoubt, "", "the outcome of a money call is not known yet")
	}
	if s.Ending != "" {
		return t.reject(payment.NotAllowed, "", "the payment is being cancelled")
	}
	return t.act(c)
}

// act decides on a command that asks for something to be done with the money or the card.
func (t *turn) act(c *payment.Command) Decision {
	if t.flow.Inbound() {
		return t.word(c)
	}
	switch c.Verb {
	case payment.VerbConfirm:
		return t.confirm(c)
	case payment.VerbResendCode:
		return t.resend()
	case payment.VerbCancel:
		return t.cancel(c)
	case payment.VerbCharge:
		return t.charge(c)
	case payment.VerbRefund:
		return t.startRefund(c)
	default:
		return t.start(c, c.Verb, Walk{})
	}
}

// opened opens the payment, or recognises a repeat of the command that did.
func (t *turn) opened(c *payment.Command) Decision {
	s := &t.rec.State
	if t.rec.Payment == nil && t.flow.Inbound() && t.in.Word == nil {
		return t.reject(payment.Unsupported, "provider", "opens its payments by itself")
	}
	if t.rec.Payment == nil {
		return t.open(c)
	}
	switch {
	case !t.in.Print.Same(s.Opening):
		return t.reject(payment.Conflict, "ext_id", "is taken by a payment with other content")
	case s.open():
		return t.lookAgain()
	case s.Path != t.flow.Opens: // long past: the repeat must not drive another command's path
		return t.restAgain()
	default:
		return t.resume()
	}
}

// open makes the payment and starts its opening path.
func (t *turn) open(c *payment.Command) Decision {
	s := &t.rec.State
	at := payment.At(t.now)
	p := &payment.Payment{
		ID: c.PaymentID(), ExtID: c.ExtID, Merchant: c.Merchant, Provider: c.Provider, Kind: t.flow.Kind,
		Status: payment.Accepted, Currency: payment.Currency,
		Account: c.Account, Metadata: c.Metadata, CreatedAt: at,
	}
	if c.Amount != nil {
		p.Amount = *c.Amount
	}
	for _, item := range c.Items {
		p.Items = append(p.Items, payment.Item{
			Account: item.Account, Amount: *item.Amount, Details: item.Details, TerminalID: item.TerminalID,
		})
	}
	if masked := c.Card.Masked(); masked != "" {
		p.Card = &payment.Card{Masked: masked}
	}
	t.rec.Payment = p
	s.Opening, s.Order, s.Trace = t.in.Print, c.Order(), t.in.Trace
	s.Flow, s.Carrier, s.Walk = t.flow.Name, c.Message, Walk{Path: t.flow.Opens}
	s.Deadline = after(at, openFor)
	if c.ExpiresInS != nil {
		s.Deadline = payment.At(t.now.Add(secondsOf(*c.ExpiresInS)))
	}
	s.Due = s.Deadline
	if w := t.in.Word; w != nil {
		merge(&p.ProviderRefs, w.Refs)
		s.Shown = w.Shown
	}
	t.emit(Event{Type: payment.EventAccepted})
	return t.run()
}

// resume goes on where the message in hand, or a repeat of it, was left.
func (t *turn) resume() Decision {
	s := &t.rec.State
	switch {
	case s.open():
		// The worker that recorded the intent is gone, or so slow that JetStream gave its message to us. Whether its
		// call went out is not known: only asking is safe (H2).
		return t.doubt(true)
	case t.rec.Resting():
		return t.restAgain()
	default:
		return t.run()
	}
}

// restAgain leaves a payment where it rests. Its timer is put right once more: whoever brought it here may have died
// before that.
func (t *turn) restAgain() Decision {
	d := t.rest()
	d.Disarm = !d.Arm
	return d
}

func (t *turn) repeated(seen *Seen) Decision {
	if !t.in.Print.Same(seen.Print) {
		return t.reject(payment.Conflict, "command_id", "was used by a command with other content")
	}
	return t.rest()
}

// see remembers the command in hand, so that a repeat is a no-op.
func (t *turn) see() {
	if id := t.in.Command.Identity(); t.rec.State.find(id) == nil {
		t.rec.State.see(id, t.in.Print)
		t.save = true
	}
}

// reject refuses the command in hand with an event of the payment.
func (t *turn) reject(code payment.RefusedBy, field, message string) Decision {
	t.see()
	t.emit(Event{Type: payment.EventRejected, Trace: t.in.Trace, Rejection: &payment.Rejection{
		Verb: t.in.Command.Verb, Code: code, Field: field, Message: message,
	}})
	return t.rest()
}

// refused records a command that broke a rule of the contract.
func (t *turn) refused() Decision {
	if seen := t.rec.State.find(t.in.Command.Identity()); seen != nil {
		return t.repeated(seen)
	}
	r := t.in.Refused
	return t.reject(r.Code, r.Field, r.Message)
}

// lookAgain leaves a payment that another worker took over: the message in hand, if any, is judged afresh later.
func (t *turn) lookAgain() Decision {
	if t.in.Command == nil {
		return t.rest()
	}
	return Decision{Back: busyFor}
}
