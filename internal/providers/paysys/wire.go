package paysys

import (
	"github.com/go-json-experiment/json/jsontext"

	"tolov/internal/payment"
	"tolov/internal/providers/rest"
)

// request is a call of any method.
type request struct {
	Method string `json:"method"`
	Params any    `json:"params"`
	ID     string `json:"id"`
}

type prepareParams struct {
	Partner int64         `json:"partner_transaction_id"`
	Card    string        `json:"card_number"`
	Amount  payment.Money `json:"amount"` // tiyin
	Sender  sender        `json:"sender"`
	Doc     *document     `json:"doc,omitzero"`
}

type sender struct {
	LastName   string `json:"last_name"`
	FirstName  string `json:"first_name"`
	MiddleName string `json:"middle_name"`
}

type document struct {
	Nationality  string `json:"nationality"`
	Type         string `json:"type"`
	SeriesNumber string `json:"seriesNumber"`
	BirthDate    string `json:"birthDate"`
	ValidTo      string `json:"validTo"`
	PINFL        string `json:"mrz,omitzero"`
}

type transactionParams struct {
	Transaction rest.Text `json:"transaction_id"`
}

type partnerParams struct {
	Partner int64 `json:"partner_transaction_id"`
}

type statementParams struct {
	From int64 `json:"date_from"` // seconds
	To   int64 `json:"date_to"`   // seconds, in the interval
}

// statementLine is a payout as the statement has it. The recipient's name is not read: it is personal data.
type statementLine struct {
	Status      rest.Int  `json:"status"`
	Transaction rest.Text `json:"transaction_id"`
	Partner     rest.Text `json:"partner_transaction_id"`
	Card        rest.Text `json:"recipient_card_number"` // masked
	Amount      rest.Int  `json:"amount"`                // tiyin
	Date        rest.Int  `json:"date"`                  // seconds, of its creation
}

// envelope is every answer: a result, or an error.
type envelope struct {
	ID     rest.Text      `json:"id"`
	Error  *rpcError      `json:"error"`
	Result jsontext.Value `json:"result"`
}

// rpcError is JSON-RPC's. Its message is not read: it may repeat what we sent.
type rpcError struct {
	Code rest.Int `json:"code"`
}

type prepared struct {
	Transaction rest.Text `json:"transaction_id"`
	Partner     rest.Int  `json:"partner_transaction_id"`
	Amount      rest.Int  `json:"amount"`     // tiyin
	Commission  rest.Text `json:"commission"` // percent, as text
	Total       rest.Int  `json:"total"`      // tiyin, from the sender's deposit
}

// standing is what the confirmation and the question answer. Only the question names the amount.
type standing struct {
	Transaction rest.Text `json:"transaction_id"`
	Status      rest.Int  `json:"status"`
	Amount      rest.Int  `json:"amount"` // tiyin
}

func senderOf(s *payment.Sender) sender {
	return sender{LastName: s.LastName.Reveal(), FirstName: s.FirstName.Reveal(), MiddleName: s.MiddleName.Reveal()}
}

func documentOf(d *payment.Document) *document {
	if d == nil {
		return nil
	}
	return &document{
		Nationality: d.Nationality.Reveal(), Type: d.Type.Reveal(), SeriesNumber: d.SeriesNumber.Reveal(),
		BirthDate: d.BirthDate.Reveal(), ValidTo: d.ValidTo.Reveal(), PINFL: d.PINFL.Reveal(),
	}
}
