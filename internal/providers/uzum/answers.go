package uzum

import "tolov/internal/payment"

// State is what an answer says of a transaction, or of a check.
type State string

// The states.
const (
	OK        State = "OK"
	Created   State = "CREATED"
	Confirmed State = "CONFIRMED"
	Reversed  State = "REVERSED"
	Failed    State = "FAILED"
)

// Data is what the payer is shown: the account, and what billing tells of it.
type Data map[string]Value

// Value is one line of it.
type Value struct {
	Value string `json:"value"`
}

// Show makes data of plain text.
func Show(texts map[string]string) Data {
	data := make(Data, len(texts))
	for name, text := range texts {
		data[name] = Value{text}
	}
	return data
}

// Millis is an instant in Unix milliseconds.
type Millis int64

// CheckAnswer answers check.
type CheckAnswer struct {
	ServiceID int64  `json:"serviceId"`
	Timestamp Millis `json:"timestamp"`
	Status    State  `json:"status"`
	Data      Data   `json:"data"`
}

// Transaction is what every other answer begins with. Its fields stand in the order of the documentation's samples.
type Transaction struct {
	ServiceID int64  `json:"serviceId"`
	TransID   string `json:"transId"`
	Status    State  `json:"status"`
}

// CreateAnswer answers create.
type CreateAnswer struct {
	Transaction
	TransTime Millis        `json:"transTime"`
	Data      Data          `json:"data"`
	Amount    payment.Money `json:"amount"`
}

// ConfirmAnswer answers confirm.
type ConfirmAnswer struct {
	Transaction
	ConfirmTime Millis        `json:"confirmTime"`
	Data        Data          `json:"data"`
	Amount      payment.Money `json:"amount"`
}

// ReverseAnswer answers reverse.
type ReverseAnswer struct {
	Transaction
	ReverseTime Millis        `json:"reverseTime"`
	Data        Data          `json:"data"`
	Amount      payment.Money `json:"amount"`
}

// StatusAnswer answers status. A time that has not come is null.
type StatusAnswer struct {
	Transaction
	TransTime   *Millis       `json:"transTime"`
	ConfirmTime *Millis       `json:"confirmTime"`
	ReverseTime *Millis       `json:"reverseTime"`
	Data        Data          `json:"data"`
	Amount      payment.Money `json:"amount"`
}

// Failure answers any call that is refused. It repeats what the request named, as far as that could be read.
type Failure struct {
	ServiceID *int64  `json:"serviceId,omitempty"`
	TransID   *string `json:"transId,omitempty"`
	Timestamp *Millis `json:"timestamp,omitempty"`
	Status    State   `json:"status"`
	ErrorCode Code    `json:"errorCode"`
}

// Refuse makes the answer to a refused request. A check has no transaction and is told the time instead.
func (r *Request) Refuse(code Code, now Millis) Failure {
	f := Failure{ServiceID: r.ServiceID, TransID: r.TransID, Status: Failed, ErrorCode: code}
	if r.TransID == nil {
		f.Timestamp = &now
	}
	return f
}
