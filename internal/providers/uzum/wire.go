package uzum

import (
	"regexp"
	"strconv"
	"unicode/utf8"

	"github.com/go-json-experiment/json"
	"github.com/go-json-experiment/json/jsontext"

	"tolov/internal/payment"
)

// Operation is one of the five calls, as its path names it.
type Operation string

// The operations.
const (
	Check   Operation = "check"
	Create  Operation = "create"
	Confirm Operation = "confirm"
	Reverse Operation = "reverse"
	Status  Operation = "status"
)

// Operations lists them in the order in which a payment meets them.
func Operations() []Operation { return []Operation{Check, Create, Confirm, Reverse, Status} }

// Request has the fields of all operations. A nil field was not given, or null.
type Request struct {
	ServiceID *int64         `json:"serviceId"`
	Timestamp *int64         `json:"timestamp"` // Unix milliseconds
	TransID   *string        `json:"transId"`
	Params    jsontext.Value `json:"params"` // an object
	Amount    *payment.Money `json:"amount"` // tiyin

	PaymentSource *string        `json:"paymentSource"`
	Tariff        *string        `json:"tariff"`
	Reference     *string        `json:"processingReferenceNumber"`
	CardType      *int32         `json:"cardType"`
	Phone         payment.Secret `json:"phone"` // of the payer: asked for, and not kept
}

var transForm = regexp.MustCompile(`^[0-9A-Fa-f]{8}(-[0-9A-Fa-f]{4}){3}-[0-9A-Fa-f]{12}$`)

// Read decodes the body of an operation and applies the rules that it can be judged by alone. With a code the request
// holds what could be read, for the answer.
func Read(op Operation, body []byte) (Request, Code) {
	var r Request
	if json.Unmarshal(body, &r) != nil || jsontext.Value(body).Kind() != '{' {
		return named(body), NotJSON
	}
	if r.Params.Kind() == 'n' {
		r.Params = nil
	}
	switch {
	case r.lacks(op):
		return r, ParameterMissing
	case r.Params != nil && r.Params.Kind() != '{':
		return r, NotJSON
	case op != Check && !transForm.MatchString(*r.TransID):
		return r, CheckFailed
	case op == Create && (*r.Amount <= 0 || *r.Amount > payment.MaxMoney):
		return r, CheckFailed
	default:
		return r, None
	}
}

// named is what a request that cannot be read names all the same, for the answer. What has another type is not
// repeated.
func named(body []byte) (r Request) {
	var fields struct {
		ServiceID jsontext.Value `json:"serviceId"`
		TransID   jsontext.Value `json:"transId"`
	}
	if json.Unmarshal(body, &fields) != nil {
		return Request{}
	}
	if json.Unmarshal(fields.ServiceID, &r.ServiceID) != nil {
		r.ServiceID = nil
	}
	if json.Unmarshal(fields.TransID, &r.TransID) != nil {
		r.TransID = nil
	}
	return r
}

// lacks tells whether a field is missing that the operation requires.
func (r *Request) lacks(op Operation) bool {
	missing := r.ServiceID == nil || r.Timestamp == nil || op != Check && r.TransID == nil
	switch op {
	case Check:
		return missing || r.Params == nil
	case Create:
		return missing || r.Params == nil || r.Amount == nil
	case Confirm:
		return missing || r.PaymentSource == nil || r.Phone.IsZero()
	default:
		return missing
	}
}

const (
	accountKey = "account"
	maxAccount = 255 // characters (contract)
	maxParams  = 20
	maxParam   = 500
	maxKey     = 64
)

// Attributes gives the account, and the other params whose values are plain, as text. ok is false without an account,
// and when there is more than a payment's metadata holds.
func (r *Request) Attributes() (account string, others map[string]string, ok bool) {
	var params map[string]jsontext.Value
	if json.Unmarshal(r.Params, &params) != nil {
		return "", nil, false
	}
	others = map[string]string{}
	for name, value := range params {
		text, plain := plainText(value)
		switch {
		case name == accountKey && plain && value.Kind() != 't' && value.Kind() != 'f':
			account = text
		case name == accountKey:
			return "", nil, false
		case plain && (utf8.RuneCountInString(text) > maxParam || len(name) > maxKey || name == ""):
			return "", nil, false
		case plain:
			others[name] = text
		}
	}
	ok = account != "" && utf8.RuneCountInString(account) <= maxAccount && len(others) <= maxParams
	return account, others, ok
}

// plainText is a value that is a string, a whole number or a truth value, as text.
func plainText(value jsontext.Value) (string, bool) {
	switch value.Kind() {
	case '"':
		var s string
		err := json.Unmarshal(value, &s)
		return s, err == nil
	case '0':
		_, err := strconv.ParseInt(string(value), 10, 64)
		return string(value), err == nil
	case 't', 'f':
		return string(value), true
	default:
		return "", false
	}
}

// Refs are the bank's own ids and marks of a confirmation, for provider_refs.
func (r *Request) Refs() map[string]string {
	refs := map[string]string{}
	for name, value := range map[string]*string{
		"payment_source": r.PaymentSource, "tariff": r.Tariff, "processing_reference_number": r.Reference,
	} {
		if value != nil && *value != "" && utf8.RuneCountInString(*value) <= maxAccount {
			refs[name] = *value
		}
	}
	if r.CardType != nil {
		refs["card_type"] = strconv.FormatInt(int64(*r.CardType), 10)
	}
	return refs
}
