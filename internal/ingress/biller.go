package ingress

import (
	"context"
	"errors"
	"fmt"
	"time"
	"unicode/utf8"

	"github.com/go-json-experiment/json"
	"github.com/go-json-experiment/json/jsontext"
	"github.com/nats-io/nats.go"
	"github.com/nats-io/nats.go/micro"

	"tolov/internal/events"
	"tolov/internal/payment"
	"tolov/internal/telemetry"
)

const (
	billingWait = 2 * time.Second // no answer in that time is none (contract)
	maxShown    = 20
	maxShownKey = 64
	maxShownTxt = 500
)

// What billing may find against a payment (contract). Anything else it says is no answer.
const (
	accountNotFound payment.RefusedBy = "account_not_found"
	amountInvalid   payment.RefusedBy = "amount_invalid"
	alreadyPaid     payment.RefusedBy = "already_paid"
)

// biller asks the merchant's own billing, a NATS service, whether a payment may be made.
type biller struct {
	nats    *nats.Conn
	accepts bool // BILLING=accept: nobody is asked
}

// question is what billing.check is asked.
type question struct {
	Merchant string         `json:"merchant"`
	Provider string         `json:"provider"`
	Account  string         `json:"account"`
	Params   jsontext.Value `json:"params"`
	Amount   *payment.Money `json:"amount,omitempty"` // tiyin; a check names none
	Stage    string         `json:"stage"`
}

// verdict is its answer: yes with what the payer is shown, or no for a reason.
type verdict struct {
	OK      bool                  `json:"ok"`
	Data    map[string]shownValue `json:"data"`
	Code    payment.RefusedBy     `json:"code"`
	Message string                `json:"message"`
}

type shownValue struct {
	Value string `json:"value"`
}

// ask gives the verdict, or an error when there is none.
func (b *biller) ask(ctx context.Context, q question) (*verdict, error) {
	if b.accepts {
		return &verdict{OK: true}, nil
	}
	m := nats.NewMsg(events.SubjectBillingCheck)
	var err error
	if m.Data, err = json.Marshal(q, json.Deterministic(true)); err != nil {
		return nil, fmt.Errorf("billing: %w", err)
	}
	telemetry.Propagator().Inject(ctx, events.Header(m.Header))
	ctx, cancel := context.WithTimeout(ctx, billingWait)
	defer cancel()
	said, err := b.nats.RequestMsgWithContext(ctx, m)
	if err != nil {
		return nil, fmt.Errorf("billing: %w", err)
	}
	if code := said.Header.Get(micro.ErrorCodeHeader); code != "" {
		return nil, fmt.Errorf("billing: service error %.20s", code)
	}
	v := &verdict{}
	if err := json.Unmarshal(said.Data, v); err != nil {
		return nil, errors.New("billing: the answer cannot be read")
	}
	return v, v.check()
}

// check wants an answer that the contract has.
func (v *verdict) check() error {
	if !v.OK {
		switch v.Code {
		case accountNotFound, amountInvalid, alreadyPaid:
			return nil
		default:
			return errors.New("billing: is not available, or refuses for a reason that is none")
		}
	}
	v.Code = ""
	for name, shown := range v.Data {
		if name == "" || len(name) > maxShownKey || utf8.RuneCountInString(shown.Value) > maxShownTxt {
			return errors.New("billing: tells more of the payer than is shown")
		}
	}
	if len(v.Data) > maxShown {
		return errors.New("billing: tells more of the payer than is shown")
	}
	return nil
}

// shown is what the payer is shown: the account, and what billing tells of it.
func (v *verdict) shown(account string) map[string]string {
	texts := map[string]string{"account": account}
	for name, shown := range v.Data {
		texts[name] = shown.Value
	}
	return texts
}

// rejection is what is recorded of a refusal. Billing's own words stay out: nobody knows what is in them.
func (v *verdict) rejection() *payment.Rejection {
	r := &payment.Rejection{Verb: payment.VerbPay, Code: v.Code, Message: "billing refused the payment"}
	switch v.Code {
	case accountNotFound:
		r.Field = "account"
	case amountInvalid:
		r.Field = "amount"
	}
	return r
}
