package providertest

import (
	"cmp"
	"context"
	"errors"
	"net"
	"strings"
	"testing"
	"testing/synctest"
	"time"

	"tolov/internal/payment"
	"tolov/internal/providers/rest"
	"tolov/internal/providers/sandbox"
	"tolov/internal/saga"
)

// Host is where the sandbox stands in a suite's world.
const Host = "http://sandbox"

// timeout bounds every call, as the guard does.
const timeout = 15 * time.Second

// Caller makes the calls of one merchant.
type Caller interface {
	Do(ctx context.Context, call saga.Call) payment.Answer
}

// Suite is one money step of a provider, put before the laws.
type Suite struct {
	Flow     *saga.Flow
	Step     string                         // the money step
	CheckOp  string                         // the sandbox's name of the check; empty: the flow's own
	New      func(http *rest.Client) Caller // a caller whose provider stands under Host
	Commands func() []*payment.Command      // of the happy path, as far as it takes to reach the step
	Secrets  []string                       // what the commands and the merchant's settings hold and no answer may
	Found    payment.Outcome                // what the check says of a call that was done; zero: Done
}

// Run puts the step before every law.
func Run(t *testing.T, s Suite) {
	t.Helper()
	for _, law := range laws() {
		for _, kind := range law.faults {
			name := law.name
			if kind != "" {
				name += "/" + kind
			}
			t.Run(name, func(t *testing.T) {
				synctest.Test(t, func(t *testing.T) {
					b := newBench(t, s)
					law.holds(b, kind)
					b.judge()
				})
			})
		}
	}
}

// bench is a sandbox, a caller of it, and what the caller was told.
type bench struct {
	*testing.T
	suite   Suite
	check   string
	checkOp string // the check, as the sandbox names it
	box     *sandbox.Sandbox
	http    *rest.Client
	caller  Caller
	cut     bool // nothing can be dialled
	told    []payment.Answer
}

func newBench(t *testing.T, s Suite) *bench {
	b := &bench{T: t, suite: s, box: sandbox.New(sandbox.Options{})}
	dial := Serve(t, b.box.Handler())
	b.http = rest.New(1, func(ctx context.Context, network, address string) (net.Conn, error) {
		if b.cut {
			return nil, errors.New("connection refused")
		}
		return dial(ctx, network, address)
	})
	t.Cleanup(b.box.Close)
	t.Cleanup(b.http.Close)
	b.suite.Found = cmp.Or(s.Found, payment.Done)
	b.caller = s.New(b.http)
	for _, path := range s.Flow.Paths {
		for _, step := range path.Steps {
			if step.Name == s.Step {
				b.check = step.Check
			}
		}
	}
	if b.check == "" {
		t.Fatalf("the flow has no money step %q with a check", s.Step)
	}
	b.checkOp = cmp.Or(s.CheckOp, b.check)
	return b
}

// do makes one call and keeps what was answered.
func (b *bench) do(call saga.Call) payment.Answer {
	ctx, cancel := context.WithTimeout(b.Context(), timeout)
	defer cancel()
	a := b.caller.Do(ctx, call)
	b.told = append(b.told, a)
	return a
}

// ready walks a payment along its flow, as the engine does, to the call that moves the money.
func (b *bench) ready() saga.Call {
	b.Helper()
	policy := saga.Policy{Timeout: timeout, Schedule: []time.Duration{time.Second}, ReviewAfter: time.Hour}
	var record saga.Record
	for _, command := range b.suite.Commands() {
		in := saga.Input{Command: command, Print: payment.Fingerprint{Content: command.Message}}
		for {
			d := saga.Next(b.suite.Flow, record, in, time.Now(), policy)
			record = d.Record
			if d.Call == nil {
				break
			}
			if d.Call.Step == b.suite.Step {
				return *d.Call
			}
			in.Answer = &saga.Answered{Call: *d.Call, Answer: b.do(*d.Call), AskedAt: time.Now()}
		}
	}
	b.Fatalf("the commands lead to %+v, not to %s", record.Payment, b.suite.Step)
	return saga.Call{}
}

// ask is the question about a money call.
func (b *bench) ask(money saga.Call) payment.Answer {
	question := money
	question.Step, question.About, question.Asks, question.SendBy = b.check, money.Step, true, time.Time{}
	question.Card, question.Code = nil, payment.Secret{}
	question.Sender, question.Document = nil, nil
	return b.do(question)
}

// moves counts what the provider did with money, whichever way it went.
func (b *bench) moves() int { return len(b.box.Debits()) + len(b.box.Payouts()) }

// fault makes every call of a step go wrong from now on.
func (b *bench) fault(step, kind string) {
	b.box.Script(sandbox.Fault{Op: b.suite.Flow.Provider + "." + step, Kind: kind})
}

func (b *bench) want(a payment.Answer, outcomes ...payment.Outcome) {
	b.Helper()
	for _, outcome := range outcomes {
		if a.Outcome == outcome {
			return
		}
	}
	b.Errorf("answered %s (%s %s), want %s", a.Outcome, a.Code, a.Note, outcomes)
}

// judge looks at everything that was answered: what a payment's record keeps holds no secret (H73), and a refusal
// tells why.
func (b *bench) judge() {
	b.Helper()
	for _, a := range b.told {
		kept := []string{a.Note, a.Code, a.Transaction}
		for name, value := range a.Refs {
			kept = append(kept, name, value)
		}
		if a.Action != nil {
			kept = append(kept, a.Action.Phone, a.Action.URL)
		}
		for _, secret := range b.suite.Secrets {
			if strings.Contains(strings.Join(kept, "\n"), secret) {
				b.Errorf("a secret stands in the answer %s %q", a.Outcome, kept)
			}
		}
		if a.Outcome == payment.Declined && a.Failure == nil {
			b.Errorf("declined without a failure: %s", a.Code)
		}
	}
}
