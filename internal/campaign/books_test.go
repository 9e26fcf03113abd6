package campaign_test

import (
	"cmp"
	"crypto/sha256"
	"encoding/binary"
	"fmt"
	"strings"

	"tolov/internal/payment"
	"tolov/internal/providers/sandbox"
	"tolov/internal/saga"
)

// book is what really happened with the money of one payment: the judge's side.
type book struct {
	debits []sandbox.Debit // of its items, if it has some; a payout is one too
	frozen int             // holds that still hold something
}

// moved is how much money went for good, in tiyin.
func (b *book) moved() (sum int64) {
	for _, d := range b.debits {
		sum += d.Amount - d.ReversedAmount
	}
	return sum
}

// books are those of all payments, by ext_id: their accounts are that, those of items with -a or -b behind.
func (h *house) books() books {
	all := books{}
	debits := h.box.Debits()
	if h.uzum != nil {
		debits = append(debits, h.uzum.Debits()...)
	}
	for _, d := range debits {
		b := all.of(cmp.Or(d.Account, h.named[d.ExtID]))
		b.debits = append(b.debits, d)
	}
	for _, p := range h.box.Payouts() {
		b := all.of(h.named[p.Partner])
		b.debits = append(b.debits, sandbox.Debit{
			Provider: p.Provider, Transaction: p.Transaction, Account: p.Partner, Amount: p.Amount,
		})
	}
	for _, hold := range h.box.Holds() {
		if b := all.of(hold.Account); hold.Freezes > 0 && hold.Charged+hold.Released+hold.Expired < hold.Held {
			b.frozen++
		}
	}
	return all
}

type books map[string]*book

// of is the book of the payment with an account, or with one of its items.
func (all books) of(account string) *book {
	ext := strings.TrimSuffix(strings.TrimSuffix(account, "-a"), "-b")
	if all[ext] == nil {
		all[ext] = &book{}
	}
	return all[ext]
}

// partner is the number under which PaySys knows a payout: 53 bits of the SHA-256 of its payment id.
func partner(ext string) string {
	sum := sha256.Sum256([]byte(payment.ID(payment.DefaultMerchant, ext)))
	return fmt.Sprint(binary.BigEndian.Uint64(sum[:]) >> 11)
}

// knows makes the house find in the ledger what stands there under an id that is made of the payment's.
func (h *house) knows(ext string) {
	h.mu.Lock()
	defer h.mu.Unlock()
	h.named[partner(ext)], h.named[payment.ID(payment.DefaultMerchant, ext)] = ext, ext
}

// wordsRefused is how many of the bank's own words can be refused: a confirmation, and a reversal.
const wordsRefused = 2

// judgeOrder holds a payment of Uzum Bank's against the bank's own book. What the bank left, it left unpaid.
func (h *house) judgeOrder(v *verdicts, ext string, r saga.Record, book *book, end sandbox.UzumEnd) {
	if r.Payment == nil {
		if end == sandbox.UzumPaid || book.moved() != 0 {
			v.add("I7 %s: %s at the bank, and unknown here", ext, end)
		}
		return
	}
	switch p := r.Payment; {
	case end == sandbox.UzumUnsettled: // a person's matter, at the bank
	case end == sandbox.UzumPaid && p.Status != payment.Completed:
		v.add("I2 %s: %s at the bank, and %s", ext, end, p.Status)
	default:
		judgeBooks(v, ext, p, book.moved())
	}
}

// judgeBooks holds what we say of a payment against what left its cards for good: I3, I5.
func judgeBooks(v *verdicts, ext string, p *payment.Payment, moved int64) {
	if p.AmountRefunded > p.AmountCharged || p.AmountCharged > p.Amount {
		v.add("I5 %s: refunded %d of %d of %d", ext, p.AmountRefunded, p.AmountCharged, p.Amount)
	}
	if p.Status != payment.NeedsReview && int64(p.AmountCharged-p.AmountRefunded) != moved {
		v.add("I3 %s: we say %d charged and %d refunded, the ledger %d in all", ext, p.AmountCharged, p.AmountRefunded, moved)
	}
}

// judgeHolds wants no hold to be frozen, charged and released for more than it holds, and one for each account: I1, I5.
func judgeHolds(v *verdicts, holds []sandbox.Hold) {
	frozen := map[string]int{}
	for _, h := range holds {
		if h.Freezes > 0 {
			frozen[h.Account]++
		}
		if frozen[h.Account] > 1 {
			v.add("I1 %s: %d holds", h.Account, frozen[h.Account])
		}
		if h.Freezes > 1 || h.Charged+h.Released+h.Expired > h.Held {
			v.add("I5 hold of %s: frozen %d times, of %d charged %d, released %d, expired %d",
				h.Account, h.Freezes, h.Held, h.Charged, h.Released, h.Expired)
		}
	}
}
