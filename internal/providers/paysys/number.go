package paysys

import (
	"crypto/sha256"
	"encoding/binary"

	"tolov/internal/payment"
)

// numberBits is how much of a number every reader of JSON keeps (RFC 8259 §6).
const numberBits = 53

// numberOf is the partner_transaction_id of a payment: a number that is always the same for it, however often a payout
// is prepared and whoever asks for it (H56). It never changes: payouts are known by it for ever.
//
// Two payments could share a number; with a million payouts the odds are 1 in 18,000. Then PaySys refuses the second
// one, and check_remittance shows a payout of another amount or one that is over, so nothing of the second is paid.
// Only two of one amount that wait for their confirmation at the same moment could be taken for each other.
func numberOf(p *payment.Payment) int64 {
	sum := sha256.Sum256([]byte(p.ID))
	return max(int64(binary.BigEndian.Uint64(sum[:])>>(64-numberBits)), 1)
}
