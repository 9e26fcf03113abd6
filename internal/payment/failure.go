package payment

// Failure tells why a payment failed, who can act, and what to tell the customer.
type Failure struct {
	Code         string   `json:"code"`          // stable word: insufficient_funds, card_expired, …
	Category     Category `json:"category"`      // who can act
	ProviderCode string   `json:"provider_code"` // empty when no answer of the provider led to it
	Message      Text     `json:"message"`
	Advice       Advice   `json:"advice"`
}

// Category tells who can act on a failure.
type Category string

// The categories.
const (
	ByCustomer Category = "customer" // another card, more money, the right code
	ByIssuer   Category = "issuer"   // the bank that issued the card
	ByCaller   Category = "caller"   // the service that sent the command
	ByMerchant Category = "merchant" // the merchant's contract or settings with the provider
	ByProvider Category = "provider" // the provider's own systems
)

// Advice is what to do next, as a stable word.
type Advice string

// The advice.
const (
	TryAnotherCard  Advice = "try_another_card"
	TopUp           Advice = "top_up"
	ContactBank     Advice = "contact_bank"
	CheckCard       Advice = "check_card"
	EnableSMS       Advice = "enable_sms"
	RetryLater      Advice = "retry_later"
	RequestNewCode  Advice = "request_new_code"
	FixRequest      Advice = "fix_request"
	ContactProvider Advice = "contact_provider"
	StartAgain      Advice = "start_again"
)

// Text is a message to people in the three languages of the market.
type Text struct {
	UZ string `json:"uz"`
	RU string `json:"ru"`
	EN string `json:"en"`
}

// Tell is a failure in words for the customer, without a reason yet.
func Tell(who Category, what Advice, uz, ru, en string) Failure {
	return Failure{Category: who, Advice: what, Message: Text{UZ: uz, RU: ru, EN: en}}
}

// Because is the failure for a reason, a stable word, and with the provider's own result code.
func (f Failure) Because(reason, code string) *Failure {
	f.Code, f.ProviderCode = reason, code
	return &f
}

// Rejection tells why a command was refused. It never repeats the value that was wrong.
type Rejection struct {
	Verb    Verb      `json:"verb"`
	Code    RefusedBy `json:"code"`
	Field   string    `json:"field,omitzero"` // a dotted path, such as card.expiry
	Message string    `json:"message"`
}

// RefusedBy is the rule that refused a command, as a stable word.
type RefusedBy string

// The rules.
const (
	MissingField    RefusedBy = "missing_field"
	UnknownField    RefusedBy = "unknown_field"
	DuplicateField  RefusedBy = "duplicate_field"
	WrongType       RefusedBy = "wrong_type"
	InvalidValue    RefusedBy = "invalid_value"
	UnknownMerchant RefusedBy = "unknown_merchant"
	UnknownProvider RefusedBy = "unknown_provider"
	UnknownPayment  RefusedBy = "unknown_payment"
	Unsupported     RefusedBy = "unsupported" // this provider has no such verb
	Conflict        RefusedBy = "conflict"    // the same key, other content
	NotAllowed      RefusedBy = "not_allowed" // not in this status
	RefusedInDoubt  RefusedBy = "in_doubt"    // not while the outcome of a money call is unknown
	ByProviderRule  RefusedBy = "provider_refused"
)

// Error makes a rejection usable as an error inside the decoder.
func (r *Rejection) Error() string {
	if r.Field == "" {
		return r.Message
	}
	return r.Field + ": " + r.Message
}
