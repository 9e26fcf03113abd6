package saga

import (
	"errors"
	"fmt"
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
	return fmt.Errorf("flow %s %s: %w", f.Provider, f.Kind, errors.Join(faults...))
}

func proveShape(f *Flow) []error {
	var faults []error
	fault := func(format string, args ...any) { faults = append(faults, fmt.Errorf(format, args...)) }
	if _, ok := f.Paths[f.Opens]; !ok || !f.Opens.Opens() {
		fault("no path for the opening command %q", f.Opens)
	}
	if _, ok := f.Paths[payment.VerbCancel]; !ok {
		fault("no way out: a path under cancel is needed")
	}
	names := map[string]bool{}
	for verb, path := range f.Paths {
		if path.Ends == "" {
			fault("path %s has no end", verb)
		}
		if verb != f.Opens && len(path.From) == 0 {
			fault("path %s can start from no status", verb)
		}
		for _, step := range path.Steps {
			if names[step.Name] {
				fault("step %s stands twice", step.Name)
			}
			names[step.Name] = true
			faults = append(faults, proveStep(step)...)
		}
	}
	return faults
}

func proveStep(step Step) []error {
	var faults []error
	fault := func(what string) { faults = append(faults, fmt.Errorf("step %s %s", step.Name, what)) }
	if step.Name == "" {
		fault("has no name")
	}
	if step.Class == Money && step.Check == "" {
		fault("moves money and has no check")
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
		Payment: &payment.Payment{ID: payment.ID("m", "x"), Status: status, Amount: 1},
		State:   State{Records: 1, Events: 1, Path: f.Opens, Carrier: "first"},
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
