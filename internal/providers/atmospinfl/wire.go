package atmospinfl

import (
	"regexp"

	"tolov/internal/payment"
	"tolov/internal/providers/rest"
)

type createRequest struct {
	ExtID          string        `json:"ext_id"`
	FirstName      string        `json:"first_name"`
	LastName       string        `json:"last_name"`
	MiddleName     string        `json:"middle_name"`
	PINFL          string        `json:"pinfl"`
	PassportSeries string        `json:"passport_series"`
	PassportNumber string        `json:"passport_number"`
	ContractNumber string        `json:"contract_number"`
	Amount         payment.Money `json:"amount"` // tiyin
	PartialDebit   bool          `json:"partial_debit,omitzero"`
	OFD            *payment.OFD  `json:"ofd_items,omitzero"`
	Epos           *epos         `json:"epos,omitzero"`
}

// epos is written with numbers in one sample and with words in another.
type epos struct {
	BranchID        rest.Text `json:"branch_id"`
	TerminalGroupID rest.Text `json:"terminal_group_id"`
}

func eposOf(e *payment.Epos) *epos {
	if e == nil {
		return nil
	}
	return &epos{rest.Text(e.BranchID), rest.Text(e.TerminalGroupID)}
}

// namedRequest names a transaction by both of its ids.
type namedRequest struct {
	ExtID         string `json:"ext_id"`
	TransactionID string `json:"transaction_id"`
}

type checkRequest struct {
	ExtID          string        `json:"ext_id"`
	PINFL          string        `json:"pinfl"`
	PassportSeries string        `json:"passport_series"`
	PassportNumber string        `json:"passport_number"`
	ContractNumber string        `json:"contract_number"`
	Amount         payment.Money `json:"amount"` // tiyin
}

type updateRequest struct {
	PINFL string `json:"pinfl"`
	ExtID string `json:"ext_id"`
	Epos  *epos  `json:"epos,omitzero"`
}

// reply is the answer of every call under /transaction, as far as it is read: descriptions repeat personal data.
type reply struct {
	Code    rest.Text   `json:"code"`
	Payload transaction `json:"payload"`
}

type transaction struct {
	TransactionID rest.Text `json:"transaction_id"`
	ExtID         rest.Text `json:"ext_id"`
	Status        word      `json:"transaction_status"`
	Amount        rest.Int  `json:"amount"` // tiyin; of a draft
	Details       []detail  `json:"details"`
	OFDURL        string    `json:"ofd_url"`
}

// detail is what was taken from one card.
type detail struct {
	PAN        rest.Text `json:"pan"`
	Amount     rest.Int  `json:"amount"`           // tiyin
	Commission rest.Text `json:"upper_commission"` // on top of the amount
	Status     word      `json:"status"`
}

// cardsReply is the answer of cards/check.
type cardsReply struct {
	Code    rest.Text `json:"code"`
	Payload struct {
		Status word `json:"status"`
	} `json:"payload"`
}

var (
	maskedForm = regexp.MustCompile(`^[0-9]{6}\*+[0-9]{4}$`)
	numberForm = regexp.MustCompile(`^[0-9]{13,19}$`)
)

// masked is the first six and last four digits of a card, whatever the provider wrote, or nothing (I8).
func masked(pan string) string {
	if maskedForm.MatchString(pan) || numberForm.MatchString(pan) {
		return pan[:6] + "******" + pan[len(pan)-4:]
	}
	return ""
}

// maxURL bounds a receipt's address: it is stored with the payment, and must fit a message (H9).
const maxURL = 2048

func (t transaction) receipts() []payment.Receipt {
	if t.OFDURL == "" || len(t.OFDURL) > maxURL {
		return nil
	}
	return []payment.Receipt{{Kind: "sale", URL: t.OFDURL}}
}
