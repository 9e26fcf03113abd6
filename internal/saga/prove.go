package saga

import (
	"errors"
	"fmt"
	"slices"
	"time"

	"tolov/internal/payment"
)

// Prove checks that a flow cannot strand a payment: every money step has a check, every wait a deadline, every path
// an end, the opening path a way out, and every verb of the contract an answer in every status. It lists all faults.
func Prove(f *Flow) error {
	faults := proveShape(f)
	if len(faults) == 0 {
		faults = proveAnswers(f)
	}
	if len(faults) == 0 {
		return nil
	}
	return fmt.Errorf("flow %s: %w", f.Name, errors.Join(faults...))
}

func proveShape(f *Flow) []error {
	var faults []error
	fault := func(format string, args ...any) { faults = append(faults, fmt.Errorf(format, args...)) }
	if f.Name == "" {
		fault("has no name")
	}
	opening, ok := f.Paths[f.Opens]
	if !ok || !f.Opens.Opens() {
		fault("no path for the opening command %q", f.Opens)
	}
	if _, ok := f.Paths[payment.VerbCancel]; !ok {
		fault("no way out: a path under cancel is needed")
	}
	if opening.Does == Holds {
		for _, needed := range []payment.Verb{Release, payment.VerbCharge} {
			if _, ok := f.Paths[needed]; !ok {
				fault("holds funds and has no path %s", needed)
			}
		}
	}
	for verb, path := range f.Paths {
		if path.Ends == "" {
			fault("path %s has no end", verb)
		}
		if verb != f.Opens && len(path.From) == 0 {
			fault("path %s can start from no status", verb)
		}
		faults = append(faults, proveSteps(verb, path)...)
		faults = append(faults, proveTold(f, verb, path)...)
		if path.Does != Drops && path.moneyFrom(0).Name == "" && !f.Inbound() {
			fault("path %s moves money by no step", verb)
		}
	}
	return faults
}

// proveTold wants a provider that drives a payment to do so alone: its word ends the opening path, and no path makes a
// call. Elsewhere nobody gives such a word.
func proveTold(f *Flow, verb payment.Verb, path Path) []error {
	told := slices.ContainsFunc(path.Steps, func(s Step) bool { return s.Class == Told })
	switch {
	case told && !f.Inbound():
		return []error{fmt.Errorf("path %s waits for the provider's word and makes calls", verb)}
	case f.Inbound() && verb == f.Opens && len(path.Steps) > 1, f.Inbound() && verb != f.Opens && len(path.Steps) > 0:
		return []error{fmt.Errorf("path %s makes calls, and the provider drives the payment", verb)}
	default:
		return nil
	}
}

func proveSteps(verb payment.Verb, path Path) []error {
	var faults []error
	names := map[string]bool{}
	for _, step := range path.Steps {
		if names[step.Name] {
			faults = append(faults, fmt.Errorf("step %s stands twice on path %s", step.Name, verb))
		}
		names[step.Name] = true
		faults = append(faults, proveStep(step)...)
	}
	return faults
}

func proveStep(step Step) []error {
	var faults []error
	fault := func(what string) { faults = append(faults, fmt.Errorf("step %s %s", step.Name, what)) }
	if step.Name == "" {
		fault("has no name")
	}
	if step.Class != Draft && step.Class != Told && step.Check == "" {
		fault("moves money and has no check")
	}
	if step.Class == Told && step.Await == nil {
		fault("is told by the provider and waits without a deadline")
	}
	if step.Class == Page && step.Await == nil {
		fault("is a page that nobody waits for")
	}
	if w := step.Await; w != nil {
		if w.Within <= 0 {
			fault("waits without a deadline")
		}
		if w.For == payment.ActionCode && w.Attempts <= 0 {
			fault("waits for a code without a number of attempts")
		}
	}
	return faults
}

// proveAnswers puts every verb to a payment in every status: each must lead to a record, a call, or another look.
func proveAnswers(f *Flow) []error {
	var faults []error
	now := time.Unix(0, 0)
	policy := Policy{Timeout: time.Second, Schedule: []time.Duration{time.Second}, ReviewAfter: time.Minute}
	for _, status := range payment.Statuses() {
		for _, verb := range payment.Verbs() {
			c := &payment.Command{Verb: verb, ExtID: "x", Merchant: "m", Message: "new", Outcome: payment.Failed}
			d := Next(f, specimen(f, status), Input{Command: c, Print: payment.Fingerprint{Content: "other"}}, now, policy)
			if !d.Save && d.Call == nil && d.Back == 0 {
				faults = append(faults, fmt.Errorf("%s has no answer when %s", verb, status))
			}
		}
	}
	return faults
}

// specimen is a payment of the flow that stands in the status.
func specimen(f *Flow, status payment.Status) Record {
	r := Record{
		Payment: &payment.Payment{
			ID: payment.ID("m", "x"), Status: status, Amount: 1, HeldUntil: payment.At(time.Unix(3600, 0)),
		},
		State: State{Records: 1, Events: 1, Carrier: "first", Walk: Walk{Path: f.Opens}},
	}
	if status.Final() || status == payment.Held {
		r.State.Walk = Walk{}
	}
	switch status {
	case payment.ActionRequired:
		for i, step := range f.Paths[f.Opens].Steps {
			if step.Await == nil {
				continue
			}
			action := payment.Action{Type: step.Await.For, ExpiresAt: payment.At(time.Unix(60, 0))}
			r.State.Step, r.State.Asked, r.Payment.Action = i, &action, &action
		}
	case payment.InDoubt, payment.NeedsReview:
		step := f.Paths[f.Opens].moneyFrom(0)
		r.State.Transaction = "t"
		r.State.Intent, r.State.Doubt = &Intent{Step: step.Name, Attempt: 1}, &Doubt{}
	}
	return r
}
