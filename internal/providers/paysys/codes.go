package paysys

import (
	"strconv"

	"tolov/internal/payment"
)

// The statuses of a payout (documentation, "Verification status of payout" and "Payout confirmation").
const (
	statusError     = -1
	statusCreated   = 0
	statusCompleted = 1
	statusCancelled = 2
	statusReversed  = 3
)

// outcomeOf is what a status tells of the confirmation. It is false for a number that the documentation does not have,
// and then nothing is proven (H10). Absent stands for a payout that was not confirmed.
func outcomeOf(status int64) (payment.Outcome, bool) {
	switch status {
	case statusCompleted:
		return payment.Done, true
	case statusError, statusCancelled, statusReversed:
		return payment.Declined, true
	case statusCreated:
		return payment.Absent, true
	default:
		return payment.Unknown, false
	}
}

// The numbers of errors. PaySys publishes no list of its own: JSON-RPC's begin at the first, and above the second are
// statuses.
const (
	leastError    = -32768
	greatestError = -1000
)

// reasonOf is why a payout with a final status was not paid.
func reasonOf(status int64) string {
	switch status {
	case statusCancelled:
		return reasonCancelled
	case statusReversed:
		return reasonReversed
	default:
		return reasonFailed
	}
}

// knows tells whether the documentation has the code: a status, or the number of an error, of which it has no list.
func knows(code string) bool {
	n, err := strconv.ParseInt(code, 10, 64)
	if err != nil {
		return false
	}
	_, status := outcomeOf(n)
	return status || n >= leastError && n <= greatestError
}
