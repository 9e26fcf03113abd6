package saga

import (
	"time"

	"tolov/internal/payment"
)

// Input is what happened: an answer to the call just made, else a command, else a notice, else a look into the
// provider's books, else a wake-up.
type Input struct {
	Answer *Answered

	// Command is the message in hand. It stays in hand while its steps run, because only it carries secrets.
	Command *payment.Command
	Print   payment.Fingerprint
	Refused *payment.Rejection // the rule that the command broke before it came here
	Trace   string             // traceparent of the command
	Word    *Word              // the command is the provider's own word: only that drives a payment of an inbound flow

	Notice   *payment.Evidence // what the provider told by itself: a hint, never proof (H59)
	Named    map[string]string // ids that the notice named, kept for the questions that follow
	Disputed string            // why only a person can tell whether the notice is about this payment, if that is so

	Stated *Stated // what the provider's books say

	Wake CauseKind // ByTimer or BySweep, when there is nothing else
}

// Word is what comes with a command that the provider itself gave. Neither part holds a secret.
type Word struct {
	Refs  map[string]string // to keep in provider_refs
	Shown map[string]string // of an opening command: what the provider was told of the customer, told again each time
}

// Answered is a call together with what came of it.
type Answered struct {
	Call    Call
	Answer  payment.Answer
	AskedAt time.Time // when the call began
}

// Call is one provider call that the engine wants made.
type Call struct {
	Step    string       // the provider's name of the call
	Asks    bool         // a read: what became of a money step
	About   string       // the money step that a read asks about
	SendBy  time.Time    // a money call leaves before this or not at all (H4)
	Path    payment.Verb // where the engine stood: Path, Began, Index, Part and Attempt tell a stale answer
	Began   int
	Index   int
	Part    int
	Attempt int // of a money step; 0 for reads of nothing and drafts

	Payment     *payment.Payment
	Order       payment.Order
	Walk        Walk
	Item        *payment.Item // of a call that is made for one item; nil when it is for the whole payment
	Items       []string      // the provider's transactions of all items
	Transaction string
	Amount      payment.Money
	Card        *payment.CardInput // from the command in hand
	Code        payment.Secret     // from the command in hand
	Sender      *payment.Sender    // likewise
	Document    *payment.Document  // likewise
	From, To    time.Time          // of a statement: the first moment in it, and the first behind it
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
	case t.in.Notice != nil:
		return t.noticed()
	case t.in.Stated != nil:
		return t.stated(*t.in.Stated)
	default:
		return t.woken()
	}
}

func (t *turn) path() Path { return t.flow.Paths[t.rec.State.Path] }

// opening tells whether the payment is on its opening path.
func (t *turn) opening() bool { return t.rec.State.Path == t.flow.Opens }

// overdue tells whether the payment ran out of time before its money step.
func (t *turn) overdue() bool {
	s := &t.rec.State
	return t.opening() && !s.Deadline.IsZero() && !t.now.Before(s.Deadline.Time)
}

// carries tells whether the message in hand is the one whose secrets this run may use.
func (t *turn) carries() bool {
	return t.in.Command != nil && t.in.Command.Message == t.rec.State.Carrier
}

// drives tells whether the message in hand takes the path on when it comes again.
func (t *turn) drives() bool { return t.carries() || t.in.Command != nil && t.in.Command.Verb.Opens() }

func (t *turn) hasCode() bool { return t.carries() && !t.in.Command.OTP.IsZero() }

func (t *turn) hasCard() bool { return t.in.Command != nil && t.in.Command.Card != nil }
