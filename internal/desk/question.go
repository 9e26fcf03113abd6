package desk

import "tolov/internal/payment"

// OpenQuestion asks for the payments that are not final. Empty fields ask for every one.
type OpenQuestion struct {
	Merchant string         `json:"merchant,omitzero"`
	Provider string         `json:"provider,omitzero"`
	Status   payment.Status `json:"status,omitzero"`
	By       string         `json:"by,omitzero"`    // ByAge, which is the default, or ByExposure
	Limit    int            `json:"limit,omitzero"` // 0: MaxOpen
}

// The orders of an answer: what waits longest first, or what hangs on most money.
const (
	ByAge      = "age"
	ByExposure = "exposure"
)

// MaxOpen is how many payments an answer names. All of them are counted.
const MaxOpen = 100

// OpenAnswer lists open payments.
type OpenAnswer struct {
	At       payment.Time  `json:"at"`
	Count    int           `json:"count"`    // of all that were asked for
	Exposure payment.Money `json:"exposure"` // tiyin: of all of them together
	Payments []OpenPayment `json:"payments"`
}

// OpenPayment is a payment that is not final.
type OpenPayment struct {
	PaymentID string         `json:"payment_id"`
	ExtID     string         `json:"ext_id"`
	Merchant  string         `json:"merchant"`
	Provider  string         `json:"provider"`
	Kind      payment.Kind   `json:"kind"`
	Status    payment.Status `json:"status"`
	Amount    payment.Money  `json:"amount"`            // tiyin
	Exposure  payment.Money  `json:"exposure,omitzero"` // tiyin that may have moved, and nobody knows yet
	Step      string         `json:"step,omitzero"`     // the call whose outcome is not known
	Review    string         `json:"review,omitzero"`   // why a person must look
	Since     payment.Time   `json:"since"`             // of its doubt, or of its last record
	Due       payment.Time   `json:"due,omitzero"`      // when it is looked at again by itself
}

// Settings are a worker's, as far as another worker's being otherwise would lose money or messages. None is a secret.
type Settings struct {
	Worker   string       `json:"worker"` // a name of its own, for as long as it runs
	Version  string       `json:"version"`
	Now      payment.Time `json:"now"` // its clock
	Embedded bool         `json:"embedded"`
	Sync     string       `json:"sync,omitzero"` // of the embedded server

	Replicas        int   `json:"replicas"`
	Shards          int   `json:"shards"`
	Concurrency     int   `json:"concurrency"`
	ProviderTimeout int64 `json:"provider_timeout_ms"`
	ReviewAfter     int64 `json:"review_after_ms"`
	Longest         int64 `json:"longest_poll_ms"` // of the poll schedule

	CardData  string    `json:"card_data"`           // clear or sealed
	Keys      []Key     `json:"keys"`                // newest first
	KeysFault string    `json:"keys_fault,omitzero"` // why the key file was not taken when it was last read
	Accounts  []Account `json:"accounts"`
	Fault     string    `json:"fault,omitzero"` // why it is not ready
}

// Key is a key that opens sealed cards, without what opens them.
type Key struct {
	ID        string       `json:"id"`
	PublicKey string       `json:"public_key"` // unpadded base64url
	From      payment.Time `json:"from,omitzero"`
}

// Account is a merchant's account at a provider that we call.
type Account struct {
	Merchant string `json:"merchant"`
	Provider string `json:"provider"`
}

// Preview asks what would become of a command, without giving it.
type Preview struct {
	Verb payment.Verb `json:"verb"`
	Body string       `json:"body"` // the command's JSON
}

// Foreseen is what would become of it, as things stand.
type Foreseen struct {
	Dead      string              `json:"dead,omitzero"` // for which reason nobody could use it
	PaymentID string              `json:"payment_id,omitzero"`
	Status    payment.Status      `json:"status,omitzero"` // of the payment now
	Repeats   bool                `json:"repeats,omitzero"`
	Rejection *payment.Rejection  `json:"rejection,omitzero"`
	Events    []payment.EventType `json:"events,omitempty"` // at once
	Call      string              `json:"call,omitzero"`    // the provider's call that would follow
	Moves     bool                `json:"moves,omitzero"`   // whether that call may move money
	Paused    bool                `json:"paused,omitzero"`  // it would wait
}
