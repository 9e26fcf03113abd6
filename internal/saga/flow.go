package saga

import (
	"time"

	"tolov/internal/payment"
)

// Flow is the way a provider carries out one kind of payment, as data.
type Flow struct {
	Name     string // unique among all flows: the record of a payment names it
	Provider string
	Kind     payment.Kind
	Opens    payment.Verb  // the command that opens it; the path of that name is the opening one
	Mark     string        // the field by which its opening command differs from others of the verb; empty for the usual
	Takes    payment.Shape // the fields of that command
	Paths    Paths
}

// Paths are a flow's paths, each under the verb whose command starts it. Two have names of their own, because the verb
// alone does not tell them apart.
type Paths map[payment.Verb]Path

// Names of paths that no verb has.
const (
	Release       payment.Verb = "release"        // what cancel means when funds are held
	PartialRefund payment.Verb = "partial_refund" // what refund means when not everything goes back at once
)

// Path is a list of steps from one status to another.
type Path struct {
	From  []payment.Status // where its command is allowed; empty for the opening path
	Steps []Step
	Ends  payment.Status
	Does  Effect
}

// Effect is what a path that came to its end has done with the money.
type Effect int

// The effects.
const (
	Drops    Effect = iota // nothing moved
	Pays                   // the whole amount was paid
	Holds                  // the whole amount is frozen
	Charges                // some of what was held was paid, the rest is released
	Releases               // what was held is free again
	Refunds                // some of what was paid went back
	Links                  // a card was linked
	Unlinks                // a linked card was removed
)

// Class tells how careful the engine must be with a step.
type Class int

// The classes.
const (
	Draft Class = iota // safe to repeat, moves nothing: needs no record of its own
	Money              // may move or promise money, or change a card: intent first, one call an intent, Check ends doubt
	Page               // the customer acts at the provider's page, if it asked for that: no call of ours, only Check tells
	Told               // the provider carries it out by itself and tells us: no call of ours, only its word counts
)

// Each tells for which items of the payment a step is made, one call each. A payment without items has one part.
type Each int

// The choices.
const (
	Once   Each = iota // one call for the whole payment
	Chosen             // for each item that the command named
	Rest               // for each item that it did not name
	All                // for each item
)

// Step is one provider call of a path.
type Step struct {
	Name      string
	Class     Class
	Each      Each
	NeedsCard bool   // the call carries the card, which only the opening command has
	Check     string // the read that tells whether a money step took effect
	Await     *Await // what the customer must do before the step runs, if the provider asked for it
}

// Books are how a provider's own books are read, to be compared with our records.
type Books struct {
	Step string // the provider's call, of no flow, that gives lines of them

	// Key is the name that the books have for a payment, when the call gives a statement of a period. nil: there is no
	// statement, and the call is made for one payment at a time.
	Key func(paymentID string) string
}

// Await is a wait for the customer. It applies only when an earlier answer carried an action. Of a Told step it is the
// wait for the provider's word.
type Await struct {
	For      payment.ActionType
	Within   time.Duration // how long the customer has, or the provider
	Attempts int           // how many wrong codes are forgiven, the last one included
	Resend   string        // the draft call that sends another code, if there is one
}

// step finds a step by its name, on whichever path it stands.
func (f *Flow) step(name string) Step {
	for _, path := range f.Paths {
		for _, step := range path.Steps {
			if step.Name == name {
				return step
			}
		}
	}
	return Step{}
}

// moneyFrom is the first step at or after position from whose outcome a read can tell, the zero Step if there is none.
func (p Path) moneyFrom(from int) Step {
	for _, step := range p.Steps[min(from, len(p.Steps)):] {
		if step.Class != Draft {
			return step
		}
	}
	return Step{}
}

// Inbound tells whether the provider drives the payment: it calls us, and we make no calls.
func (f *Flow) Inbound() bool {
	steps := f.opening().Steps
	return len(steps) > 0 && steps[0].Class == Told
}

// opening is the path that the flow's opening command starts.
func (f *Flow) opening() Path { return f.Paths[f.Opens] }
