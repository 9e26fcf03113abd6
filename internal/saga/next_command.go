package saga

import (
	"slices"

	"tolov/internal/payment"
)

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
	switch c.Verb {
	case payment.VerbConfirm:
		return t.confirm(c)
	case payment.VerbResendCode:
		return t.resend()
	case payment.VerbCancel:
		return t.cancel(c)
	default:
		return t.reject(payment.Unsupported, "", "this payment has no such command")
	}
}

// opened opens the payment, or recognises a repeat of the command that did.
func (t *turn) opened(c *payment.Command) Decision {
	s := &t.rec.State
	if t.rec.Payment == nil {
		return t.open(c)
	}
	switch {
	case !t.in.Print.Same(s.Opening):
		return t.reject(payment.Conflict, "ext_id", "is taken by a payment with other content")
	case s.open():
		return t.lookAgain()
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
		Status: payment.Accepted, Amount: *c.Amount, Currency: payment.Currency,
		Account: c.Account, Metadata: c.Metadata, CreatedAt: at,
	}
	if masked := c.Card.Masked(); masked != "" {
		p.Card = &payment.Card{Masked: masked}
	}
	t.rec.Payment = p
	s.Opening, s.Order, s.Trace = t.in.Print, c.Order(), t.in.Trace
	s.Path, s.Step, s.Carrier = t.flow.Opens, 0, c.Message
	s.Deadline = after(at, openFor)
	if c.ExpiresInS != nil {
		s.Deadline = payment.At(t.now.Add(secondsOf(*c.ExpiresInS)))
	}
	s.Due = s.Deadline
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
		d := t.rest()
		d.Disarm = !d.Arm // whoever brought it here may have died before that
		return d
	default:
		return t.run()
	}
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

// confirm takes the customer's code to the step that waits for it.
func (t *turn) confirm(c *payment.Command) Decision {
	action := t.rec.Payment.Action
	switch {
	case action == nil || action.Type != payment.ActionCode:
		return t.reject(payment.NotAllowed, "", "the payment does not wait for a code")
	case !t.now.Before(action.ExpiresAt.Time):
		return t.reject(payment.NotAllowed, "", "the time for the code has run out")
	}
	t.see()
	t.rec.State.Carrier = c.Message
	return t.run()
}

// resend asks the provider for another code.
func (t *turn) resend() Decision {
	action := t.rec.Payment.Action
	if action == nil || action.Type != payment.ActionCode {
		return t.reject(payment.NotAllowed, "", "the payment does not wait for a code")
	}
	await := t.path().Steps[t.rec.State.Step].Await
	if await.Resend == "" {
		return t.reject(payment.Unsupported, "", "the provider cannot send the code again")
	}
	return t.call(await.Resend)
}

// cancel drops the payment before its money moved. After an intent it is refused, so no money call can follow it (I10).
func (t *turn) cancel(c *payment.Command) Decision {
	path, ok := t.flow.Paths[payment.VerbCancel]
	if !ok || !slices.Contains(path.From, t.rec.Payment.Status) {
		return t.reject(payment.NotAllowed, "", "a payment that is "+string(t.rec.Payment.Status)+" cannot be cancelled")
	}
	t.see()
	t.rec.State.Carrier = c.Message
	return t.giveUp(CancelByCommand)
}

// recheck asks the provider now.
func (t *turn) recheck() Decision {
	if t.rec.Payment.Status.Final() {
		return t.reject(payment.NotAllowed, "", "the payment is final")
	}
	t.see()
	if !t.askable() {
		return t.rest()
	}
	return t.ask()
}

// resolve ends a review by the word of two persons (H74).
func (t *turn) resolve(c *payment.Command) Decision {
	if t.rec.Payment.Status != payment.NeedsReview {
		return t.reject(payment.NotAllowed, "", "only a payment that needs review can be resolved")
	}
	t.see()
	t.rec.State.Watch = nil
	switch c.Outcome {
	case payment.Completed:
		t.rec.Payment.AmountCharged = t.rec.Payment.Amount
		t.settle(payment.Completed, payment.EventCompleted)
	case payment.Cancelled:
		t.rec.Payment.CancelReason = CancelResolved
		t.settle(payment.Cancelled, payment.EventCancelled)
	default:
		return t.fail(&payment.Failure{
			Code: "resolved_as_failed", Category: payment.ByProvider, Advice: payment.ContactProvider,
			Message: payment.Text{
				UZ: "To‘lov tekshiruvdan so‘ng bekor deb topildi",
				RU: "После проверки платёж признан несостоявшимся",
				EN: "After a review the payment was found not to have taken place",
			},
		})
	}
	return t.rest()
}
