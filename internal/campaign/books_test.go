package campaign_test

import (
	"cmp"
	"crypto/sha256"
	"encoding/binary"
	"fmt"
	"strings"

	"tolov/internal/payment"
	"tolov/internal/providers/sandbox"
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

// books are those of all payments, by ext_id: their accounts are that, or begin with it.
func (h *house) books() books {
	all := books{}
	for _, d := range h.box.Debits() {
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

// of is the book of the payment with an account.
func (all books) of(account string) *book {
	ext, _, _ := strings.Cut(account, "-")
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
