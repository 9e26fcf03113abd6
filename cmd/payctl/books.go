package main

import (
	"strconv"
	"time"

	"tolov/internal/providers/sandbox"
)

// showBooks prints the ledger as tables, those that are empty left out.
func (a *app) showBooks(l books, indent string) {
	tables := []*table{
		debitTable(l.Debits), payoutTable(l.Payouts), refundTable(l.Refunds), holdTable(l.Holds), cardTable(l.Cards),
	}
	first := true
	for _, t := range tables {
		if len(t.rows) == 0 {
			continue
		}
		if !first {
			show(a.out, "\n")
		}
		first = false
		t.write(a.out, a.paint, indent)
	}
}

func debitTable(debits []sandbox.Debit) *table {
	t := &table{
		head:  []string{"DEBIT", "TIME", "PROVIDER", "TRANSACTION", "ACCOUNT", "AMOUNT", "REVERSED", "CARD"},
		right: "rllllrr",
	}
	for _, d := range debits {
		t.add(
			cell{strconv.Itoa(d.N), dim}, moment(d.At), cell{d.Provider, plain}, cell{d.Transaction, plain},
			cell{d.Account, plain}, cell{sums(d.Amount), bold}, cell{some(d.ReversedAmount), yellow}, cell{d.Card, plain},
		)
	}
	return t
}

func payoutTable(payouts []sandbox.Payout) *table {
	t := &table{
		head: []string{"PAYOUT", "TIME", "PROVIDER", "TRANSACTION", "NUMBER", "AMOUNT", "CARD"}, right: "rllllr",
	}
	for _, p := range payouts {
		t.add(
			cell{strconv.Itoa(p.N), dim}, moment(p.At), cell{p.Provider, plain}, cell{p.Transaction, plain},
			cell{p.Partner, plain}, cell{sums(p.Amount), bold}, cell{p.Card, plain},
		)
	}
	return t
}

func refundTable(refunds []sandbox.Refund) *table {
	t := &table{
		head: []string{"REFUND", "TIME", "PROVIDER", "TRANSACTION", "ACCOUNT", "AMOUNT", "REVERSAL"}, right: "rllllr",
	}
	for _, r := range refunds {
		t.add(
			cell{strconv.Itoa(r.N), dim}, moment(r.At), cell{r.Provider, plain}, cell{r.Transaction, plain},
			cell{r.Account, plain}, cell{sums(r.Amount), yellow}, cell{r.Partial, plain},
		)
	}
	return t
}

func holdTable(holds []sandbox.Hold) *table {
	t := &table{
		head: []string{
			"HOLD", "TIME", "PROVIDER", "ID", "ACCOUNT", "HELD", "CHARGED", "RELEASED", "EXPIRED", "CARD",
		},
		right: "rllllrrrr",
	}
	for _, h := range holds {
		t.add(
			cell{strconv.Itoa(h.N), dim}, moment(h.At), cell{h.Provider, plain}, cell{h.ID, plain}, cell{h.Account, plain},
			cell{sums(h.Held), bold}, cell{some(h.Charged), plain}, cell{some(h.Released), yellow},
			cell{some(h.Expired), yellow}, cell{h.Card, plain},
		)
	}
	return t
}

func cardTable(cards []sandbox.Card) *table {
	t := &table{head: []string{"CARD", "LINKED", "PROVIDER", "ID", "CARD", "REMOVED"}, right: "r"}
	for _, c := range cards {
		removed := cell{}
		if !c.RemovedAt.IsZero() {
			removed = moment(c.RemovedAt)
		}
		t.add(
			cell{strconv.Itoa(c.N), dim}, moment(c.LinkedAt), cell{c.Provider, plain}, cell{c.ID, plain},
			cell{c.Card, bold}, removed,
		)
	}
	return t
}

func moment(t time.Time) cell { return cell{t.Local().Format("15:04:05.000"), dim} }

// some is an amount in sums, or nothing for 0.
func some(tiyin int64) string {
	if tiyin == 0 {
		return ""
	}
	return sums(tiyin)
}
