package sandbox_test

import (
	"testing"

	"tolov/internal/providers/sandbox"
)

// TestWrongAnswersNameSomethingElse compares an answer with the same one under a fault that lies about one member.
func TestWrongAnswersNameSomethingElse(t *testing.T) {
	reverse := func(b *bench) reply { return b.reverse(b.paid()) }
	bulk := func(b *bench) reply {
		first, second := b.bulkPrepared(token)
		return b.bulkApply("111111", first, second)
	}
	confirm := func(b *bench) reply {
		id := b.paid()
		return b.confirm(id, b.partial(id, 500))
	}
	link := func(b *bench) reply { return b.bindConfirm(b.bind("9860090101014364"), "111111") }
	freeze := func(b *bench) reply { return b.freeze(b.hold(token, 500, 10), "111111") }
	items := func(b *bench) reply {
		parent, _, _ := b.twice(token)
		return b.freezeTwice(parent, "111111")
	}
	charge := func(b *bench) reply { return b.charge(b.held(500), 500) }
	get := func(b *bench) reply { return b.getHold(b.held(500)) }
	for _, row := range []struct {
		op, kind, member string
		ask              func(*bench) reply
	}{
		{"reverse", sandbox.WrongTransaction, "transaction_id", reverse},
		{"bulk-apply", sandbox.WrongTransaction, "store_transaction/0/trans_id", bulk},
		{"bulk-apply", sandbox.WrongAmount, "store_transaction/0/amount", bulk},
		{"confirm-reverse-partial", sandbox.WrongTransaction, "transaction_id", confirm},
		{"confirm-reverse-partial", sandbox.WrongAmount, "transaction_reverted_amount", confirm},
		{"bind-confirm", sandbox.WrongTransaction, "transaction_id", link},
		{"hold-apply", sandbox.WrongTransaction, "hold_id", freeze},
		{"hold-multiple-apply", sandbox.WrongTransaction, "parent_id", items},
		{"hold-charge", sandbox.WrongAmount, "store_transaction/amount", charge},
		{"hold-charge", sandbox.WrongTransaction, "store_transaction/trans_id", charge},
		{"hold-get", sandbox.WrongAmount, "store_transaction/amount", get},
	} {
		right, wrong := newBench(t, sandbox.Options{}), newBench(t, sandbox.Options{})
		wrong.Script(sandbox.Fault{Op: row.op, Kind: row.kind})
		was, told := row.ask(right), row.ask(wrong)
		if a, b := was.at(t, row.member), told.at(t, row.member); a == b || a == "" || b == "" {
			t.Errorf("%s %s: %s is %q, and was %q", row.op, row.kind, row.member, b, a)
		}
		if debited(right) != debited(wrong) || refunded(right) != refunded(wrong) || frozen(right) != frozen(wrong) {
			t.Errorf("%s %s: what was done differs", row.op, row.kind)
		}
	}
}
