package via

import "tolov/internal/payment"

// The statuses of a transaction (documentation, "Response parameters"). The first three are final.
const (
	statusSuccess = "SUCCESS"
	statusError   = "ERROR"
	statusReject  = "REJECT"
	statusPending = "PENDING"
	statusNew     = "NEW"
	statusDraft   = "DRAFT"
)

// outcomeOf is what a status tells of the debit. It is false for a word that the documentation does not have, and then
// nothing is proven (H10). Absent stands for a transaction whose debit has not begun.
func outcomeOf(status string) (payment.Outcome, bool) {
	switch status {
	case statusSuccess:
		return payment.Done, true
	case statusError, statusReject:
		return payment.Declined, true
	case statusPending:
		return payment.Pending, true
	case statusNew, statusDraft:
		return payment.Absent, true
	default:
		return payment.Unknown, false
	}
}
