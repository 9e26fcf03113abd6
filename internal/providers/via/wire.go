package via

import (
	"strings"

	"github.com/go-json-experiment/json"
	"github.com/go-json-experiment/json/jsontext"

	"tolov/internal/payment"
	"tolov/internal/providers/rest"
)

type payRequest struct {
	MerchantID string            `json:"merchantId"`
	Card       payCard           `json:"card"`
	ExternalID string            `json:"externalId"`
	Amount     payment.Money     `json:"amount"` // 1/100 of the unit: tiyin
	Currency   string            `json:"currency"`
	Note       string            `json:"note"`
	Accounts   map[string]string `json:"accounts"`
}

type payCard struct {
	PAN    string `json:"pan"`
	Expiry string `json:"expiry"` // MMYY
}

type verifyRequest struct {
	VerifyID   string `json:"verifyId"`
	VerifyCode string `json:"verifyCode"`
}

// payReply is the answer to confirm/pay.
type payReply struct {
	head
	VerifyID rest.Text `json:"verifyId"`
}

// verifyReply is the answer to verify: the transaction itself.
type verifyReply struct {
	head
	transaction
}

// statusReply is the answer to the status query.
type statusReply struct {
	head
	Data *statusData `json:"data"`
}

type statusData struct {
	transaction
	Status       rest.Text `json:"status"`
	ErrorCode    rest.Text `json:"errorCode"`
	ErrorMessage prose     `json:"errorMessage"`
}

// transaction is what both ways of telling of one have in common. Amounts are tiyin, the percentage is text.
type transaction struct {
	TransactionID rest.Text `json:"transactionId"`
	ProcessingID  rest.Text `json:"processingTransactionId"`
	ExternalID    rest.Text `json:"externalId"`
	Amount        rest.Int  `json:"amount"`
	Currency      rest.Text `json:"currency"`
	Fee           rest.Int  `json:"fee"`
	FeePercent    rest.Text `json:"feePercent"`
}

// head is what any reply may have instead of its own content: the documented form of an error.
type head struct {
	Status standing   `json:"status"`
	Error  *errorText `json:"error"`
}

func (h head) heading() head { return h }

// refused tells whether the reply is an error.
func (h head) refused() bool { return h.Status.fault != nil || h.Error != nil }

// standing is the member "status": the word of a transaction, or the code and message of an error.
type standing struct {
	word  rest.Text
	fault *faultStatus
}

// UnmarshalJSON takes an object or a word.
func (s *standing) UnmarshalJSON(b []byte) error {
	if len(b) > 0 && b[0] == '{' {
		s.fault = &faultStatus{}
		return json.Unmarshal(b, s.fault)
	}
	return json.Unmarshal(b, &s.word)
}

type faultStatus struct {
	Code    rest.Text `json:"code"`
	Message prose     `json:"message"`
}

type errorText struct {
	Message threeTexts `json:"message"`
}

type threeTexts struct {
	UZ prose `json:"uz"`
	RU prose `json:"ru"`
	EN prose `json:"en"`
}

// prose is text for people: cut to a length that fits a message, and empty when it is no text (H9).
type prose string

const maxProse = 300 // characters

// UnmarshalJSON takes anything: a message must not make an answer unreadable.
func (p *prose) UnmarshalJSON(b []byte) error {
	*p = ""
	if len(b) == 0 || b[0] != '"' {
		return nil
	}
	text, err := jsontext.AppendUnquote(nil, b)
	if err != nil {
		return err
	}
	if runes := []rune(string(text)); len(runes) > maxProse {
		text = []byte(string(runes[:maxProse]) + "…")
	}
	*p = prose(hidden(string(text)))
	return nil
}

// hidden drops every long run of digits: a message may repeat what we sent, and is stored with the payment (I8).
func hidden(text string) string {
	var b strings.Builder
	run := 0
	for _, r := range text {
		if r < '0' || r > '9' {
			run = 0
		} else {
			run++
		}
		if run > shownDigits {
			r = '*'
		}
		b.WriteRune(r)
	}
	return b.String()
}

const shownDigits = 3

// monthYear is an expiry YYmm as VIA wants it: MMYY.
func monthYear(expiry string) string {
	if len(expiry) != len("YYmm") {
		return expiry
	}
	return expiry[2:] + expiry[:2]
}
