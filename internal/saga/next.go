package saga

import (
	"time"

	"tolov/internal/payment"
)

// Input is what happened: an answer to the call just made, else a command, else a wake-up.
type Input struct {
	Answer *Answered

	// Command is the message in hand. It stays in hand while its steps run, because only it carries secrets.
	Command *payment.Command
	Print   payment.Fingerprint
	Refused *payment.Rejection // the rule that the command broke before it came here
	Trace   string             // traceparent of the command

	Wake CauseKind // ByTimer or BySweep, when there is no command
}

// Answered is a call together with what came of it.
type Answered struct {
	Call    Call
	Answer  payment.Answer
	AskedAt time.Time // when the call began
}

// Call is one provider call that the engine wants made.
type Call struct {
	Step    string // the provider's name of the call
	Path    payment.Verb
	Index   int
	Attempt int       // of a money step; 0 for reads and drafts
	Asks    bool      // a read: what became of the money step
	SendBy  time.Time // a money call leaves before this or not at all (H4)

	Payment     *payment.Payment
	Order       payment.Order
	Transaction string
	Amount      payment.Money
	Card        *payment.CardInput // from the command in hand
	Code        payment.Secret     // from the command in hand
}

// Decision is the record that follows and at most one effect.
type Decision struct {
	Record Record
	Save   bool // append the record before anything else

	Call   *Call         // make this call, then decide again
	Back   time.Duration // or give the message back and look again after this long
	Arm    bool          // or rest, with a timer at Record.State.Due
	Disarm bool          // or rest for good, the timer no longer needed
}

// turn is one decision in the making.
type turn struct {
	flow   *Flow
	policy Policy
	now    time.Time
	in     Input
	rec    Record
	save   bool
	asked  bool // the provider has just been asked, in this very turn
}

// Next decides what follows from the last record and an input. It is pure: same arguments, same decision.
// flow is nil when no payment was opened and the command opens none.
func Next(flow *Flow, last Record, in Input, now time.Time, policy Policy) Decision {
	t := &turn{flow: flow, policy: policy, now: now, in: in, rec: last.clone()}
	d := t.decide()
	d.Record, d.Save = t.rec, t.save
	if t.save {
		t.stamp(&d.Record)
	}
	if last.State.Timed && !d.Record.State.Timed && d.Call == nil && d.Back == 0 {
		d.Disarm = true
	}
	return d
}

func (t *turn) decide() Decision {
	switch {
	case t.in.Answer != nil:
		return t.answered(*t.in.Answer)
	case t.in.Refused != nil:
		return t.refused()
	case t.in.Command != nil:
		return t.command(t.in.Command)
	default:
		return t.woken()
	}
}

// run goes on with the path from the step that stands next.
func (t *turn) run() Decision {
	s := &t.rec.State
	steps := t.path().Steps
	if s.Step == len(steps) {
		return t.finish()
	}
	step := steps[s.Step]
	switch {
	case t.overdue():
		return t.giveUp(CancelExpired)
	case step.Await != nil && s.Asked != nil && !t.hasCode():
		return t.await(step)
	case step.NeedsCard && !t.hasCard():
		return t.wantCard(step)
	case step.Class == Money:
		return t.intend(step)
	default:
		return t.call(step.Name)
	}
}

func (t *turn) path() Path { return t.flow.Paths[t.rec.State.Path] }

// overdue tells whether the payment ran out of time before its money step.
func (t *turn) overdue() bool {
	s := &t.rec.State
	return s.Path == t.flow.Opens && !s.Deadline.IsZero() && !t.now.Before(s.Deadline.Time)
}

// carries tells whether the message in hand is the one whose secrets this run may use.
func (t *turn) carries() bool {
	return t.in.Command != nil && t.in.Command.Message == t.rec.State.Carrier
}

func (t *turn) hasCode() bool { return t.carries() && !t.in.Command.OTP.IsZero() }

func (t *turn) hasCard() bool { return t.in.Command != nil && t.in.Command.Card != nil }

// intend records the intent of a money call, and only then lets it be made (I9, H2).
func (t *turn) intend(step Step) Decision {
	s := &t.rec.State
	s.Sends++
	s.Intent = &Intent{
		Step: step.Name, Attempt: s.Sends, Transaction: s.Transaction, Amount: t.rec.Payment.Amount,
		At: payment.At(t.now), SendBy: payment.At(t.now.Add(t.policy.SendDeadline())),
	}
	s.Polls, s.Next = 0, Time{}
	s.Due = payment.At(t.now.Add(t.policy.SendDeadline() + t.policy.Timeout + sendMargin))
	t.rec.Payment.Status = payment.Processing
	t.rec.Payment.Action = nil
	t.save = true
	d := t.call(step.Name)
	d.Call.Attempt, d.Call.SendBy, d.Call.Amount = s.Sends, s.Intent.SendBy.Time, s.Intent.Amount
	return d
}

// call makes a provider call of the current step.
func (t *turn) call(name string) Decision {
	s := &t.rec.State
	c := &Call{
		Step: name, Path: s.Path, Index: s.Step,
		Payment: t.rec.Payment, Order: s.Order, Transaction: s.Transaction, Amount: t.rec.Payment.Amount,
	}
	if t.in.Command != nil {
		c.Card = t.in.Command.Card
		if t.carries() {
			c.Code = t.in.Command.OTP
		}
	}
	return Decision{Call: c}
}

// ask reads what became of the money step that stands next, or of the one that is in doubt or watched.
func (t *turn) ask() Decision {
	s := &t.rec.State
	d := t.call(t.moneyStep().Check)
	d.Call.Asks = true
	if s.Intent != nil {
		d.Call.Attempt, d.Call.Amount = s.Intent.Attempt, s.Intent.Amount
	}
	return d
}

// moneyStep is the step that a read speaks of: the one in doubt, the one that is watched, or the next that moves money.
func (t *turn) moneyStep() Step {
	s := &t.rec.State
	switch {
	case s.Intent != nil:
		return t.flow.step(s.Intent.Step)
	case s.Watch != nil:
		return t.flow.step(s.Watch.Intent.Step)
	default:
		return t.path().moneyFrom(s.Step)
	}
}

// askable tells whether the provider can be asked: it gave a transaction that a read can name.
func (t *turn) askable() bool {
	return t.rec.State.Transaction != "" && t.moneyStep().Check != ""
}
