package ingress

import (
	"context"
	"strconv"

	"github.com/go-json-experiment/json"
	"github.com/go-json-experiment/json/jsontext"

	"tolov/internal/events"
	"tolov/internal/payment"
	"tolov/internal/providers/uzum"
	"tolov/internal/saga"
)

// create opens the payment, when billing agrees. What billing refuses is recorded too, so that nobody hears another
// answer about the transaction later.
func (u *uzumDesk) create(ctx context.Context, v *visit) (any, uzum.Code, error) {
	account, others, ok := v.Attributes()
	if !ok {
		return nil, uzum.AccountUnknown, nil
	}
	print := u.print(v)
	var said *verdict
	found, err := u.settle(ctx, v, func(found *transaction) (*saga.Input, error) {
		if found.opened() || found.refused != "" {
			return nil, nil //nolint:nilnil // nothing is left to record
		}
		if said == nil {
			var err error
			if said, err = u.biller.ask(ctx, question{
				Merchant: v.merchant, Provider: uzum.Name, Account: account, Params: v.Params, Amount: v.Amount,
				Stage: string(uzum.Create),
			}); err != nil {
				return nil, err
			}
		}
		in := u.input(ctx, v, uzum.Create, &payment.Command{
			Verb: payment.VerbPay, Provider: uzum.Name, Amount: v.Amount, Account: account, Metadata: others,
		})
		in.Print, in.Word.Shown = print, said.shown(account)
		in.Word.Refs = map[string]string{serviceRef: strconv.FormatInt(*v.ServiceID, 10)}
		if said.Code != "" {
			in.Refused = said.rejection()
		}
		return in, nil
	})
	switch {
	case err != nil:
		return nil, uzum.None, err
	case found.refused != "":
		return nil, refusedBy(found.refused), nil
	case !found.of(v) || !print.Same(found.last.State.Opening):
		return nil, uzum.CheckFailed, nil
	}
	return uzum.CreateAnswer{
		Transaction: v.about(uzum.Created), TransTime: millis(found.created), Data: found.data(), Amount: found.amount(),
	}, uzum.None, nil
}

// print tells the content of a create from every other: what the payer pays for, and how much.
func (u *uzumDesk) print(v *visit) payment.Fingerprint {
	params := v.Params.Clone()
	content := []byte(params)
	if params.Canonicalize() == nil {
		content = params
	}
	content, err := json.Marshal(struct {
		Service int64          `json:"service"`
		Amount  *payment.Money `json:"amount"`
		Params  jsontext.Value `json:"params"`
	}{*v.ServiceID, v.Amount, content}, json.Deterministic(true))
	if err != nil { // it was decoded a moment ago
		content = []byte(err.Error())
	}
	return payment.Keyring(nil).Fingerprint(content, &payment.Command{})
}

// confirm takes the bank's word that the payer was debited.
func (u *uzumDesk) confirm(ctx context.Context, v *visit) (any, uzum.Code, error) {
	found, err := u.settle(ctx, v, func(found *transaction) (*saga.Input, error) {
		if !found.of(v) || !found.confirmed.IsZero() || found.confirmRefused {
			return nil, nil //nolint:nilnil // nothing is left to record
		}
		in := u.input(ctx, v, uzum.Confirm, &payment.Command{Verb: payment.VerbConfirm})
		in.Word.Refs = v.Refs()
		return in, found.decided()
	})
	switch {
	case err != nil:
		return nil, uzum.None, err
	case !found.of(v):
		return nil, found.unknown(v), nil
	case found.confirmed.IsZero() && !found.reversed.IsZero():
		return nil, uzum.Cancelled, nil
	case found.confirmed.IsZero():
		return nil, uzum.CheckFailed, nil
	}
	return uzum.ConfirmAnswer{
		Transaction: v.about(uzum.Confirmed), ConfirmTime: millis(found.confirmed), Data: found.data(),
		Amount: found.amount(),
	}, uzum.None, nil
}

// reverse cancels a payment that is not confirmed, and refunds one that is.
func (u *uzumDesk) reverse(ctx context.Context, v *visit) (any, uzum.Code, error) {
	found, err := u.settle(ctx, v, func(found *transaction) (*saga.Input, error) {
		if !found.of(v) || !found.reversed.IsZero() || found.last.Payment.Status == payment.Failed {
			return nil, nil //nolint:nilnil // nothing is left to record
		}
		c := &payment.Command{Verb: payment.VerbCancel}
		if !found.confirmed.IsZero() {
			c = &payment.Command{Verb: payment.VerbRefund, RefundID: string(uzum.Reverse)}
		}
		return u.input(ctx, v, uzum.Reverse, c), found.decided()
	})
	switch {
	case err != nil:
		return nil, uzum.None, err
	case !found.of(v):
		return nil, found.unknown(v), nil
	case found.reversed.IsZero():
		return nil, uzum.CheckFailed, nil
	}
	return uzum.ReverseAnswer{
		Transaction: v.about(uzum.Reversed), ReverseTime: millis(found.reversed), Data: found.data(),
		Amount: found.amount(),
	}, uzum.None, nil
}

// status tells what is recorded as of now, and nothing else: it records nothing, and an unknown transaction stays so.
func (u *uzumDesk) status(ctx context.Context, v *visit) (any, uzum.Code, error) {
	found, err := u.find(ctx, v, true)
	switch {
	case err != nil:
		return nil, uzum.None, err
	case found.refused != "":
		return nil, refusedBy(found.refused), nil
	case !found.of(v):
		return nil, found.unknown(v), nil
	}
	join(ctx, found.last)
	return uzum.StatusAnswer{
		Transaction: v.about(found.state()), TransTime: atMillis(found.created), ConfirmTime: atMillis(found.confirmed),
		ReverseTime: atMillis(found.reversed), Data: found.data(), Amount: found.amount(),
	}, uzum.None, nil
}

// input makes the bank's word an input of the engine. Its message has a sign in its name that no command_id and no
// message of others has, so nobody can use it up.
func (u *uzumDesk) input(ctx context.Context, v *visit, op uzum.Operation, c *payment.Command) *saga.Input {
	c.Merchant, c.ExtID = v.merchant, *v.TransID
	c.Message = uzum.Name + "/" + string(op)
	return &saga.Input{
		Command: c, Trace: events.TraceParent(ctx, v.paymentID), Word: &saga.Word{},
		Print: payment.Fingerprint{Content: string(op)},
	}
}

func (v *visit) about(state uzum.State) uzum.Transaction {
	return uzum.Transaction{ServiceID: *v.ServiceID, TransID: *v.TransID, Status: state}
}

func millis(t payment.Time) uzum.Millis { return uzum.Millis(t.UnixMilli()) }

func atMillis(t payment.Time) *uzum.Millis {
	if t.IsZero() {
		return nil
	}
	at := millis(t)
	return &at
}
