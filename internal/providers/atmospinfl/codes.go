package atmospinfl

import (
	"strings"

	"tolov/internal/payment"
)

// The result codes that calls read for themselves.
const (
	codeOK       = "200"
	codeNoCards  = "-109"
	codeFailed   = "-202"
	codeMismatch = "-301"
	codeUsed     = "-302"
	codeNotFound = "-308"
)

// verdict is what a result code proves about the call that got it.
type verdict struct {
	outcome payment.Outcome // Declined: certainly not done, final · Unknown: ask
	retry   bool            // a call that is safe to repeat is worth repeating: a passing fault, not a refusal
	reason  reason          // a key of failures
}

// refused is a definite no, also to a call that moves money.
func refused(why reason) verdict { return verdict{outcome: payment.Declined, reason: why} }

// passing proves nothing, and may be gone at the next try: a draft is repeated, a money call is asked about.
func passing(why reason) verdict { return verdict{outcome: payment.Unknown, retry: true, reason: why} }

// unproven proves nothing about money, and repeating does not help: a draft that gets it is refused.
func unproven(why reason) verdict { return verdict{outcome: payment.Unknown, reason: why} }

// verdicts is the table "Status guide", in the provider's words. Nothing writes to it.
var verdicts = map[string]verdict{
	"-100": passing(providerUnavailable),  // Unexpected exception
	"-101": unproven(contractNotAccepted), // Contract registration was unsuccessful
	"-102": unproven(personNotAccepted),   // Client registration was unsuccessful
	"-103": refused(personNotAvailable),   // Client with PINFL […] is not available […] for transaction execution
	"-105": refused(insufficientFunds),    // No cards with sufficient balance were found
	"-106": refused(insufficientFunds),    // Not enough balance (only without partial debit)
	"-107": refused(insufficientFunds),    // Could not initiate payment in full amount (without partial debit)
	"-108": unproven(balanceUnavailable),  // Cards balance is not available
	"-109": refused(cardsNotFound),        // Cards attributable to PINFL […] not found
	"-200": passing(providerUnavailable),  // Unexpected error. Please try again later
	"-202": unproven(transactionFailed),   // Transaction with external id […] failed: only of the check, which reads it
	"-301": unproven(detailsMismatch),     // Client or contract or ePOS not found: not those of the transaction
	"-302": unproven(externalIDUsed),      // External id […] is already used: perhaps by our own earlier call
	"-303": unproven(invalidRequest),      // Invalid […]: a field of the request
	"-306": refused(amountTooSmall),       // Requested amount is less than minimum allowed
	"-307": unproven(merchantNotSetUp),    // ePOS […] not found; ePOS details were not sent
	"-308": unproven(transactionNotFound), // Request with provided external id not found: a read may lag (H6)
}

// verdictOf reads a result code. It is false for a code that no table knows, and then nothing is proven (H10).
func verdictOf(code string) (verdict, bool) {
	v, ok := verdicts[code]
	return v, ok
}

// word is a status in the provider's language.
type word string

// UnmarshalText takes a status in any case. One that is too long for a word is none.
func (w *word) UnmarshalText(text []byte) error {
	*w = ""
	if len(text) <= maxWord {
		*w = word(strings.ToUpper(string(text)))
	}
	return nil
}

const (
	maxWord = 32

	wordSuccess    word = "SUCCESS"
	wordCreated    word = "CREATED"
	wordSuccessful word = "SUCCESSFUL" // of an update of cards
)

// cancelled tells whether a transaction was cancelled before it was confirmed. The sample writes it with one L.
func (w word) cancelled() bool { return w == "CANCELED" || w == "CANCELLED" }

// working tells whether the provider is still at it.
func (w word) working() bool {
	switch w {
	case "PROGRESS", "IN_PROGRESS", "PROCESSING", "PENDING", "NEW":
		return true
	default:
		return false
	}
}

// nothing tells whether a card was not debited.
func (w word) nothing() bool {
	switch w {
	case "FAILED", "FAIL", "ERROR", "DECLINED", "REJECTED":
		return true
	default:
		return w.cancelled()
	}
}
