package atmosips

import "tolov/internal/payment"

// The result codes that calls read for themselves.
const (
	codeUsed         = "-10"
	codeNotFound     = "-12"
	codeNotCancelled = "-15"
	codeNoCard       = "-200"
)

// succeeded tells whether a code says that the request was carried out: 0, and OK where a page is made.
func succeeded(code string) bool { return code == "0" || code == "OK" }

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

// verdicts is the union of the tables "System errors (IPS)" and "Reference guide for statuses and types (IPS - Card
// Linking)", in the provider's words. Nothing writes to it.
var verdicts = map[string]verdict{
	"-1":   passing(providerUnavailable),   // Internal error: contact administrator; a system error occurred
	"-2":   passing(providerError),         // Undefined error
	"-10":  unproven(externalIDUsed),       // Transaction already exists: perhaps by our own earlier call
	"-11":  unproven(transactionState),     // Transaction in an uncertain, invalid state: it depends on the operation
	"-12":  unproven(transactionNotFound),  // Transaction not found: a read may lag (H6)
	"-13":  unproven(commissionError),      // Error calculating commission: it does not say when
	"-15":  unproven(cancellationFailed),   // Unable to cancel transaction, try again later
	"-20":  refused(terminalNotFound),      // Terminal not found or not registered
	"-21":  refused(merchantNotConfigured), // Terminal configuration error
	"-100": passing(providerUnavailable),   // Processing error occurred
	"-200": refused(cardNotFound),          // Card not found
	"-201": refused(cardNotVerified),       // Card failed 3DS verification; 3D card authorization expected
	"-202": refused(cardNotValid),          // The card is not valid
	"-203": refused(issuerDeclined),        // Transaction declined by payment provider
	"-204": refused(cardNotLinked),         // Card binding is not active
	"-300": refused(insufficientFunds),     // Transaction declined due to insufficient funds
	"-350": refused(merchantNotConfigured), // Store not found by identifier
	"-400": refused(accessDenied),          // API key not found
}

// verdictOf reads a result code. It is false for a code that no table knows, and then nothing is proven (H10).
func verdictOf(code string) (verdict, bool) {
	v, ok := verdicts[code]
	return v, ok
}
