package atmos

import "tolov/internal/payment"

// verdict is what a result code proves about the call that got it.
//
// Declined speaks of the call. A question such as pay/get can itself be refused, for a wrong store or a malformed
// field, and that proves nothing about the payment it asked about. The category of the failure tells the two apart:
// caller and merchant stand for what is wrong with the request, customer and issuer for what is wrong with the card.
type verdict struct {
	outcome payment.Outcome // Declined: certainly not done, final · Pending · Unknown: ask · Done: INFO-201 only
	retry   bool            // a call that is safe to repeat is worth repeating: a passing fault, not a refusal
	wrong   bool            // the customer's code was wrong: another may be tried
	reason  reason          // why, a key of failures; "" when there is nothing to tell
}

// verdictOf reads a result code. It is false for a code that no table knows, and then nothing is proven (H10).
// "OK" is not here: what it proves depends on the call.
func verdictOf(code string) (verdict, bool) {
	if v, ok := verdicts[code]; ok {
		return v, true
	}
	return unproven(providerError), false
}

// failureOf tells why, or nothing when the verdict has no reason to tell.
func failureOf(v verdict, code string) *payment.Failure {
	failure, ok := failures[v.reason]
	if !ok {
		return nil
	}
	return failure.Because(string(v.reason), code)
}

// refused is a definite no to this call.
func refused(why reason) verdict { return verdict{outcome: payment.Declined, reason: why} }

// passing proves nothing, and may be gone at the next try: a draft is repeated, a money call is asked about.
func passing(why reason) verdict {
	return verdict{outcome: payment.Unknown, retry: true, reason: why}
}

// unproven proves nothing about money, and repeating does not help: a draft that gets it is refused.
func unproven(why reason) verdict { return verdict{outcome: payment.Unknown, reason: why} }

// working is an operation under way at the provider.
func working() verdict { return verdict{outcome: payment.Pending, retry: true} }

// verdicts is the table "Transaction errors", in the provider's words, sorted by what a code proves. Where the words
// leave a way in which money may have moved, the code is Unknown. Nothing writes to it.
var verdicts = map[string]verdict{
	// The code is on its way to the customer. Only a draft is done by that: no money has moved.
	"INFO-201": {outcome: payment.Done}, // Confirmation code sent to SMS notification number

	// Under way.
	"INFO-202":       working(), // Payment in process
	"STPIMS-ERR-065": working(), // Payment in progress
	"STPIMS-ERR-121": working(), // Transfer is being processed

	// Passing faults. They may have struck after the money moved.
	"STPIMS-ERR-001": passing(providerUnavailable), // Internal error
	"STPIMS-ERR-022": passing(providerUnavailable), // Mobile operator is not functioning
	"STPIMS-ERR-024": passing(bankUnavailable),     // No connection with the bank
	"STPIMS-ERR-026": passing(providerUnavailable), // Please try again later
	"STPIMS-ERR-028": passing(bankUnavailable),     // Connection to bank denied
	"STPIMS-ERR-031": passing(tooManyRequests),     // Request limit exceeded: of the API, not of the card
	"STPIMS-ERR-093": passing(providerUnavailable), // Error in the provider's billing system
	"STPIMS-ERR-094": passing(providerUnavailable), // No connection to CRPC
	"STPIMS-ERR-102": passing(smsNotSent),          // SMS not sent, SMS gateway is likely unavailable
	"STPIMS-ERR-116": passing(providerUnavailable), // Error receiving card information
	"STPIMS-ERR-118": passing(providerError),       // Payment status unknown
	"STPIMS-ERR-120": passing(providerUnavailable), // Payment is temporarily unavailable

	// Sessions and access. A session can break between the steps of one payment, so none of these proves a refusal.
	// Those that a new session may cure are repeated; a login that is refused is not tried over and over.
	"STPIMS-ERR-014": unproven(accessDenied), // Invalid login attempt
	"STPIMS-ERR-015": unproven(accessDenied), // Invalid registration
	"STPIMS-ERR-056": passing(accessDenied),  // Authorization problem: of the session or of the card, it does not say
	"STPIMS-ERR-060": unproven(accessDenied), // Unregistered user
	"STPIMS-ERR-095": unproven(accessDenied), // User blocked: ours or the customer, it does not say
	"STPIMS-ERR-124": passing(accessDenied),  // User session key not created
	"STPIMS-ERR-125": passing(accessDenied),  // User session not deleted: perhaps after the work was done

	// Each of these may be the trace of our own earlier call.
	"STPIMS-ERR-048": unproven(wrongPhone),          // Number already registered
	"STPIMS-ERR-061": unproven(transactionNotFound), // Requested transaction not found: a read may lag (H6)
	"STPIMS-ERR-066": unproven(recentPayment),       // You recently made a payment to this account, […]
	"STPIMS-ERR-092": unproven(transactionClosed),   // Transaction closed: so it is after it was paid
	"STPIMS-ERR-097": unproven(cardAlreadyLinked),   // Card exists
	"STPIMS-ERR-113": unproven(transactionClosed),   // Payment closed
	"STPIMS-ERR-114": unproven(transactionClosed),   // Payment closed

	// A person must look, or the call that got it did not do what it was for.
	"STPIMS-ERR-027": unproven(providerError),      // Contact the administrator
	"STPIMS-ERR-101": unproven(cancellationFailed), // Transaction not cancelled

	// Holds. The time being over is final. The rest depends on the call: 145 is a refusal to one who would take the
	// money and the success of one who let it go; 142 may be read before our own confirmation lands (H6). The calls
	// of a hold read those for themselves, and here they prove nothing.
	"STPIMS-ERR-142": unproven(holdNotConfirmed),   // Hold not confirmed
	"STPIMS-ERR-143": unproven(cancellationFailed), // Hold not removed
	"STPIMS-ERR-144": refused(holdExpired),         // Hold time expired
	"STPIMS-ERR-145": unproven(holdCancelled),      // Hold cancelled

	// The payment was given up earlier. A cancellation that gets one of these must not read it as its own refusal.
	"STPIMS-ERR-064": refused(transactionCancelled), // Payment cancelled
	"STPIMS-ERR-100": refused(transactionCancelled), // The requested transaction was previously cancelled

	// The customer's code.
	"STPIMS-ERR-098": {outcome: payment.Declined, wrong: true, reason: wrongCode}, // OTP code entered incorrectly

	// Money and limits.
	"STPIMS-ERR-057": refused(insufficientFunds), // Insufficient funds
	"STPIMS-ERR-112": refused(insufficientFunds), // Insufficient card balance for payment
	"STPIMS-ERR-138": refused(limitExceeded),     // Monthly limit exceeded for p2p
	"STPIMS-ERR-139": refused(limitExceeded),     // One-time limit exceeded for p2p
	"STPIMS-ERR-140": refused(limitExceeded),     // One-time limit exceeded for p2p

	// The card, as the customer gave it.
	"STPIMS-ERR-004": refused(cardNotFound),      // Card not found
	"STPIMS-ERR-005": refused(cardPhoneMismatch), // Card not linked to the number
	"STPIMS-ERR-008": refused(cardNotSupported),  // Card not registered
	"STPIMS-ERR-021": refused(wrongPhone),        // Incorrect phone number
	"STPIMS-ERR-030": refused(cardNotFound),      // Card not found in the bank
	"STPIMS-ERR-033": refused(cardPhoneMismatch), // Phone number does not match
	"STPIMS-ERR-043": refused(cardNotFound),      // Bank card not found
	"STPIMS-ERR-050": refused(cardNotSupported),  // Card cannot be registered
	"STPIMS-ERR-053": refused(wrongPhone),        // Mobile prefix not found
	"STPIMS-ERR-054": refused(wrongPhone),        // More than two mobile updates
	"STPIMS-ERR-055": refused(wrongPhone),        // Numbers not found
	"STPIMS-ERR-089": refused(smsNotEnabled),     // SMS notifications not enabled. Please enable […]
	"STPIMS-ERR-090": refused(wrongExpiry),       // Card […] not found. Incorrect card expiration date provided.
	"STPIMS-ERR-105": refused(cardNotLinked),     // User and card are not linked
	"STPIMS-ERR-111": refused(sameCard),          // Sender and recipient cards must not be identical
	"STPIMS-ERR-117": refused(wrongCardNumber),   // Incorrect card number
	"STPIMS-ERR-127": refused(cardNotLinked),     // The partner has not added any cards or the card is inactive
	"STPIMS-ERR-136": refused(corporateCard),     // Transfers using corporate cards are prohibited
	"STPIMS-ERR-137": refused(corporateCard),     // Transfers using corporate cards are prohibited

	// The bank's word on the card. Most of these end with "Please contact your bank."
	"STPIMS-ERR-025": refused(issuerNotSupported),  // Bank not found
	"STPIMS-ERR-029": refused(issuerNotSupported),  // Unregistered bank
	"STPIMS-ERR-058": refused(cardBlocked),         // Card blocked
	"STPIMS-ERR-067": refused(cardExpired),         // Your card has expired
	"STPIMS-ERR-068": refused(issuerContact),       // Contact the issuer
	"STPIMS-ERR-069": refused(suspectedFraud),      // Suspicious card detected
	"STPIMS-ERR-070": refused(issuerDeclined),      // Transaction denied
	"STPIMS-ERR-072": refused(issuerDeclined),      // Your transactions are prohibited
	"STPIMS-ERR-073": refused(cardLost),            // Your card has been reported as lost
	"STPIMS-ERR-074": refused(cardProblem),         // There is an issue with your card
	"STPIMS-ERR-075": refused(cardProblem),         // There is an issue with your card
	"STPIMS-ERR-076": refused(cardProblem),         // Your card is invalid
	"STPIMS-ERR-077": refused(cardProblem),         // There is an issue with your card
	"STPIMS-ERR-078": refused(cardProblem),         // There is an issue with your card
	"STPIMS-ERR-079": refused(cardNotActivated),    // Your card is blocked (not activated)
	"STPIMS-ERR-080": refused(pinAttemptsExceeded), // PIN code entry attempts exceeded
	"STPIMS-ERR-081": refused(pinChangeRequired),   // Forced PIN change
	"STPIMS-ERR-082": refused(cardBlockedForDebt),  // Your card is blocked due to outstanding credit debt
	"STPIMS-ERR-083": refused(cardNotActivated),    // Virtual card not activated
	"STPIMS-ERR-084": refused(pinRequired),         // Only PIN transactions are available for this card
	"STPIMS-ERR-085": refused(cardNotActivated),    // Your card is not personalized
	"STPIMS-ERR-086": refused(cardProblem),         // There is an issue with your card
	"STPIMS-ERR-087": refused(cardBlockedByOwner),  // Temporarily blocked by user
	"STPIMS-ERR-088": refused(cardBlockedByOwner),  // This card has been blocked by the user
	"STPIMS-ERR-104": refused(issuerNotSupported),  // P2P transfers are disabled for this bank

	// The provider tried, and it did not work.
	"STPIMS-ERR-034": refused(transactionFailed), // Transaction failed

	// What the request said.
	"STPIMS-ERR-006": refused(invalidRequest),      // Required parameters not found
	"STPIMS-ERR-007": refused(invalidRequest),      // Invalid parameter format
	"STPIMS-ERR-009": refused(invalidRequest),      // Invalid parameters
	"STPIMS-ERR-010": refused(accountNotFound),     // Account does not exist
	"STPIMS-ERR-011": refused(invalidRequest),      // Invalid payment options
	"STPIMS-ERR-012": refused(transactionNotFound), // Invalid transaction ID
	"STPIMS-ERR-013": refused(invalidRequest),      // Invalid user data
	"STPIMS-ERR-016": refused(invalidRequest),      // Invalid payment
	"STPIMS-ERR-039": refused(invalidAmount),       // Invalid payment amount
	"STPIMS-ERR-042": refused(invalidAmount),       // Unauthorized payment amount
	"STPIMS-ERR-051": refused(invalidRequest),      // Information not found
	"STPIMS-ERR-062": refused(invalidRequest),      // Invalid request
	"STPIMS-ERR-106": refused(invalidRequest),      // Incorrect SMS format
	"STPIMS-ERR-107": refused(invalidRequest),      // Installment / Autopayment / Credit not found
	"STPIMS-ERR-108": refused(invalidRequest),      // Incorrect payment data
	"STPIMS-ERR-128": refused(accountNotFound),     // The specified account number is not found in the […] transaction
	"STPIMS-ERR-130": refused(invalidRequest),      // When creating a scheduler, you need to specify the debit card
	"STPIMS-ERR-134": refused(invalidRequest),      // Sender card not specified
	"STPIMS-ERR-135": refused(invalidRequest),      // Recipient card not specified

	// How the merchant is set up at the provider.
	"STPIMS-ERR-003": refused(merchantNotConfigured), // Invalid partner
	"STPIMS-ERR-017": refused(merchantNotConfigured), // Inactive partner
	"STPIMS-ERR-023": refused(merchantNotConfigured), // Service not found
	"STPIMS-ERR-032": refused(merchantNotConfigured), // Agent not found
	"STPIMS-ERR-037": refused(merchantNotConfigured), // Store ID not found
	"STPIMS-ERR-044": refused(merchantNotConfigured), // Store with current ID not found
	"STPIMS-ERR-099": refused(merchantNotConfigured), // EPOS data not specified
	"STPIMS-ERR-103": refused(terminalNotFound),      // Terminal not found
	"STPIMS-ERR-109": refused(merchantNotConfigured), // EPOS data is incorrect
}
