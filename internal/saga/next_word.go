package saga

import "tolov/internal/payment"

// listen waits until the provider says that it has carried the step out, and not longer than the step allows.
func (t *turn) listen(step Step) Decision {
	s := &t.rec.State
	s.Deadline = earliest(s.Deadline, after(t.rec.Payment.CreatedAt, step.Await.Within))
	return t.rest()
}

// word decides on a command about a payment that its provider drives. Nobody else's word does anything to it.
func (t *turn) word(c *payment.Command) Decision {
	if t.in.Word == nil {
		return t.reject(payment.Unsupported, "", "the provider drives this payment by itself")
	}
	switch c.Verb {
	case payment.VerbConfirm:
		return t.told()
	case payment.VerbCancel:
		return t.cancel(c)
	case payment.VerbRefund:
		return t.startRefund(c)
	default:
		return t.reject(payment.Unsupported, "", "this payment has no such command")
	}
}

// told takes the provider's word that the step is done. A deadline that has passed unseen is no reason against it: the
// money has moved.
func (t *turn) told() Decision {
	s, p := &t.rec.State, t.rec.Payment
	if step, ok := t.step(); !t.opening() || !ok || step.Class != Told {
		return t.reject(payment.NotAllowed, "", "not when the payment is "+string(p.Status))
	}
	t.see()
	s.Carrier = t.in.Command.Message
	merge(&p.ProviderRefs, t.in.Word.Refs)
	t.onward()
	return t.run()
}
