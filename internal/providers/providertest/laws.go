package providertest

import (
	"context"
	"time"

	"tolov/internal/payment"
	"tolov/internal/providers/sandbox"
)

// law is something that holds under each of its faults. The fault "" is none.
type law struct {
	name   string
	faults []string
	holds  func(b *bench, kind string)
}

func laws() []law {
	none := []string{""}
	undone := []string{
		sandbox.FailBefore, sandbox.SilentBefore, sandbox.UnknownCode, sandbox.Unauthorized, sandbox.TooMany,
		sandbox.Unavailable, sandbox.HTML, sandbox.ResetBefore,
	}
	lost := []string{
		sandbox.FailAfter, sandbox.SilentAfter, sandbox.UnknownCodeAfter, sandbox.HTMLAfter, sandbox.TruncatedAfter,
		sandbox.EmptyAfter, sandbox.HugeAfter, sandbox.ResetAfter,
	}
	unread := append([]string{sandbox.TruncatedAfter, sandbox.EmptyAfter, sandbox.HugeAfter}, undone...)
	return []law{
		{"MoneyCallIsDoneOnlyByItsOwnWord", none, doneByItsOwnWord},
		{"LostAnswerIsFoundByTheCheck", lost, lostAnswerIsFound},
		{"CallThatFailedIsUnknownAndNotFound", undone, failedCallIsNotFound},
		{"FailedCheckSaysNothing", unread, failedCheckSaysNothing},
		{"CheckNeverChangesTheLedger", none, checkChangesNothing},
		{"SilentCallEndsWithItsContext", none, silentCallEnds},
		{"CallThatNeverLeftIsNotSent", none, neverLeft},
		{"CallPastItsSendDeadlineIsNotSent", none, pastDeadline},
		{"CallThatNobodyKnowsIsNotSent", none, unknownCall},
	}
}

// H11.
func doneByItsOwnWord(b *bench, _ string) {
	money := b.ready()
	a := b.do(money)
	b.want(a, payment.Done)
	if a.Amounted && a.Amount != money.Amount {
		b.Errorf("done with %d tiyin, asked for %d", a.Amount, money.Amount)
	}
	if a.Transaction != "" && money.Transaction != "" && a.Transaction != money.Transaction {
		b.Errorf("done for transaction %q, asked for %q", a.Transaction, money.Transaction)
	}
}

// H1, H8, H9, H10: done, but nobody could tell from the answer.
func lostAnswerIsFound(b *bench, kind string) {
	money := b.ready()
	b.fault(b.suite.Step, kind)
	b.want(b.do(money), payment.Unknown)
	b.want(b.ask(money), b.suite.Found)
}

// H1, H8, H10, H14: not done, and that is no reason to say so.
func failedCallIsNotFound(b *bench, kind string) {
	money := b.ready()
	b.fault(b.suite.Step, kind)
	b.want(b.do(money), payment.Unknown)
	b.want(b.ask(money), payment.Absent, payment.Pending, payment.Unknown)
}

// H5, H10: what goes wrong with a question says nothing about the payment that it asks about.
func failedCheckSaysNothing(b *bench, kind string) {
	money := b.ready()
	b.want(b.do(money), payment.Done)
	b.fault(b.checkOp, kind)
	b.want(b.ask(money), payment.Unknown)
}

func checkChangesNothing(b *bench, _ string) {
	money := b.ready()
	before := b.moves()
	for range 3 {
		b.want(b.ask(money), payment.Absent, payment.Pending, payment.Unknown)
	}
	if n := b.moves() - before; n != 0 {
		b.Errorf("%d debits by asking", n)
	}
	b.want(b.do(money), payment.Done)
	moves, transactions := b.moves(), b.box.Transactions()
	for range 3 {
		b.ask(money)
	}
	if b.moves() != moves || b.box.Transactions() != transactions {
		b.Errorf("asking changed %d debits to %d, %d transactions to %d",
			moves, b.moves(), transactions, b.box.Transactions())
	}
}

// H1: a call lasts as long as it may, and what it did then is unknown.
func silentCallEnds(b *bench, _ string) {
	money := b.ready()
	b.fault(b.suite.Step, sandbox.SilentBefore)
	start := time.Now()
	b.want(b.do(money), payment.Unknown)
	if took := time.Since(start); took != timeout {
		b.Errorf("the call took %s, may take %s", took, timeout)
	}
	ctx, cancel := context.WithCancel(b.Context())
	cancel()
	b.want(b.caller.Do(ctx, money), payment.NotSent, payment.Unknown)
}

// H8: only a call of which no byte left is surely not done. A question that never left is no answer either.
func neverLeft(b *bench, _ string) {
	money := b.ready()
	before := b.moves()
	b.http.Close()
	b.cut = true
	b.want(b.do(money), payment.NotSent)
	b.want(b.ask(money), payment.Unknown)
	if n := b.moves() - before; n != 0 {
		b.Errorf("%d debits without a connection", n)
	}
}

// H4: a worker that was frozen on its way sends nothing.
func pastDeadline(b *bench, _ string) {
	money := b.ready()
	money.SendBy = time.Now().Add(-time.Millisecond)
	op := b.suite.Flow.Provider + "." + b.suite.Step
	before := b.box.Calls()[op]
	b.want(b.do(money), payment.NotSent)
	if n := b.box.Calls()[op] - before; n != 0 {
		b.Errorf("%d calls left after the deadline", n)
	}
}

func unknownCall(b *bench, _ string) {
	money := b.ready()
	money.Step = "no such step"
	b.want(b.do(money), payment.NotSent)
}
