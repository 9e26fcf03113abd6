package saga_test

import (
	"fmt"
	"strings"
	"time"

	"tolov/internal/payment"
	"tolov/internal/saga"
)

// describe tells a record in the words of the plays.
func describe(r saga.Record, start time.Time) string {
	var b strings.Builder
	b.WriteString(describePayment(r.Payment, start))
	b.WriteString(describeOwed(r))
	if r.Cause.Kind == saga.ByNotice {
		fmt.Fprintf(&b, " | %s of %s noted", r.Evidence.Step, r.Evidence.AskedAt.Sub(start))
	}
	for _, e := range r.Events {
		fmt.Fprintf(&b, " | %d:%s", e.N, e.Type)
		if e.Rejection != nil {
			fmt.Fprintf(&b, " %s %s %s", e.Rejection.Verb, e.Rejection.Code, e.Rejection.Field)
		}
		if e.Refund != nil {
			fmt.Fprintf(&b, " %s %d", e.Refund.RefundID, e.Refund.Amount)
		}
		if e.Discrepancy != nil {
			fmt.Fprintf(&b, " (%s)", e.Discrepancy.Why)
			if e.Discrepancy.Closed {
				b.WriteString(" closed")
			}
		}
		if e.Review != "" {
			fmt.Fprintf(&b, " by %s", e.Review)
		}
	}
	if i := r.State.Intent; i != nil && r.State.Doubt == nil {
		fmt.Fprintf(&b, " | intent %s %d of %s", i.Step, i.Attempt, i.Transaction)
	}
	return b.String()
}

func describePayment(p *payment.Payment, start time.Time) string {
	if p == nil {
		return "no payment"
	}
	var b strings.Builder
	b.WriteString(string(p.Status))
	if p.Action != nil {
		fmt.Fprintf(&b, " (%d tries until %s)", p.Action.AttemptsLeft, p.Action.ExpiresAt.Sub(start))
	}
	if p.CancelReason != "" {
		fmt.Fprintf(&b, " (%s)", p.CancelReason)
	}
	if p.AmountHeld > 0 {
		fmt.Fprintf(&b, " held %d until %s", p.AmountHeld, p.HeldUntil.Sub(start))
	}
	if p.AmountCharged > 0 {
		fmt.Fprintf(&b, " charged %d", p.AmountCharged)
	}
	for _, r := range p.Refunds {
		fmt.Fprintf(&b, " %s:%d:%s", r.RefundID, r.Amount, r.Status)
	}
	if p.Card != nil && p.Card.Token != "" {
		fmt.Fprintf(&b, " token %s", p.Card.Token)
	}
	return b.String()
}

// describeCall tells a call in the words of the plays.
func describeCall(c *saga.Call, start time.Time) string {
	var b strings.Builder
	b.WriteString(c.Step)
	if c.Amount > 0 && !c.Asks {
		fmt.Fprintf(&b, " %d", c.Amount)
	}
	if c.Transaction != "" {
		b.WriteString(" of " + c.Transaction)
	}
	if c.Attempt > 0 && !c.Asks {
		fmt.Fprintf(&b, ", send by %s", c.SendBy.Sub(start))
	}
	if !c.Code.IsZero() {
		b.WriteString(", with code")
	}
	if c.Asks {
		b.WriteString(", a question")
	}
	return b.String()
}
