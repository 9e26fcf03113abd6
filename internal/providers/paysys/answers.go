package paysys

import (
	"strconv"

	"github.com/go-json-experiment/json"

	"tolov/internal/payment"
	"tolov/internal/providers/rest"
	"tolov/internal/saga"
)

// word is what kind of reply came.
type word int

const (
	silence word = iota // none that can be read: it proves nothing (H8, H9)
	refusal             // an error in the documented form
	told                // a result
)

// Names under which a payment's provider_refs hold what PaySys calls it.
const (
	refTransaction = "transaction_id"
	refPartner     = "partner_transaction_id"
	refCommission  = "commission_percent" // as PaySys writes it
	refTotal       = "total"              // tiyin
)

// open starts an answer: what the exchange alone proves. asked is the id of the request.
func open(raw rest.Reply, asked string, result any) (payment.Answer, word) {
	a := raw.Answer()
	if err := raw.Silent(); err != nil {
		return a.Noted(err.Error()), silence
	}
	var e envelope
	err := raw.Decode(&e)
	switch {
	case err != nil:
		return a.Noted(err.Error()), silence
	case e.Error != nil && e.Error.Code.Present:
		a.Code = strconv.FormatInt(e.Error.Code.Value, 10)
		return a.Noted("refused"), refusal
	case string(e.ID) != asked:
		return a.Noted("an answer to another request"), silence
	case e.Error != nil || len(e.Result) == 0 || e.Result.Kind() == 'n':
		return a.Noted("neither a result nor an error with a code"), silence
	case json.Unmarshal(e.Result, result) != nil:
		return a.Noted("the result cannot be read in the documented form"), silence
	default:
		return a, told
	}
}

func declined(a payment.Answer, reason string) payment.Answer {
	a.Outcome, a.Failure = payment.Declined, failureOf(reason, a.Code)
	return a
}

// drafted is a payout that waits for its confirmation.
func drafted(a payment.Answer, call saga.Call, transaction string) payment.Answer {
	a.Outcome, a.Transaction, a.Note = payment.Done, transaction, ""
	a.Refs = map[string]string{refTransaction: transaction, refPartner: strconv.FormatInt(numberOf(call.Payment), 10)}
	return a
}

// judge reads how a payout stands. Paid is only what says so of itself (H11).
func judge(a payment.Answer, s standing, call saga.Call) payment.Answer {
	if !s.Status.Present {
		return a.Noted("no status")
	}
	a.Code = strconv.FormatInt(s.Status.Value, 10)
	a.Transaction = string(s.Transaction)
	a.Amount, a.Amounted = payment.Money(s.Amount.Value), s.Amount.Present
	outcome, known := outcomeOf(s.Status.Value)
	switch {
	case !known:
		return a.Noted("a status that the documentation does not have")
	case a.Transaction == "":
		return a.Noted("no transaction_id")
	case outcome == payment.Declined && !foreign(a, call):
		return declined(a, reasonOf(s.Status.Value))
	case outcome == payment.Done || !foreign(a, call):
		a.Outcome = outcome
		return a
	default:
		return a.Noted("the answer speaks of another payout")
	}
}

func foreign(a payment.Answer, call saga.Call) bool {
	return call.Transaction != "" && a.Transaction != call.Transaction
}
