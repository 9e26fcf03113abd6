package saga

import (
	"time"

	"tolov/internal/payment"
)

// Flow is the way a provider carries out one kind of payment, as data.
type Flow struct {
	Provider string
	Kind     payment.Kind
	Opens    payment.Verb  // the command that opens it; the path of that name is the opening one
	Takes    payment.Shape // the fields of that command
	Paths    Paths
}

// Paths are a flow's paths, each under the verb whose command starts it.
type Paths map[payment.Verb]Path

// Path is a list of steps from one status to another.
type Path struct {
	From  []payment.Status // where its command is allowed; empty for the opening path
	Steps []Step
	Ends  payment.Status
}

// Class tells how careful the engine must be with a step.
type Class int

// The classes.
const (
	Draft Class = iota // safe to repeat, moves nothing: needs no record of its own
	Money              // may move or promise money: intent first, one call per intent, doubt resolved by Check only
)

// Step is one provider call of a path.
type Step struct {
	Name      string
	Class     Class
	NeedsCard bool   // the call carries the card, which only the opening command has
	Check     string // the read that tells whether a money step took effect
	Await     *Await // what the customer must do before the step runs, if the provider asked for it
}

// Await is a wait for the customer. It applies only when an earlier answer carried an action.
type Await struct {
	For      payment.ActionType
	Within   time.Duration // how long the customer has
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

// moneyFrom is the first step at or after position from that moves money, the zero Step if there is none.
func (p Path) moneyFrom(from int) Step {
	for _, step := range p.Steps[min(from, len(p.Steps)):] {
		if step.Class == Money {
			return step
		}
	}
	return Step{}
}
