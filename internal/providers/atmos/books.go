package atmos

import (
	"context"

	"tolov/internal/payment"
	"tolov/internal/saga"
)

// Books are asked for one payment at a time: ATMOS has no statement (documentation, "Retrieving transaction
// information").
func (c *Client) Books() saga.Books { return saga.Books{Step: stepStanding} }

// standing tells by pay/get how a payment stands: in a line when ATMOS has it, in none when it does not.
func (c *Client) standing(ctx context.Context, call saga.Call) payment.Answer {
	ids, told := takenAs(call)
	if !told {
		return payment.Answer{Outcome: payment.Pending, Note: "pay/get does not tell"}
	}
	a := payment.Answer{Outcome: payment.Done}
	line := payment.Line{Transaction: call.Transaction}
	outcomes := map[payment.Outcome]int{}
	for _, id := range ids {
		var reply payReply
		a = found(c.ask(ctx, call, id), &reply, names{id, call.Payment.ProviderRefs[refTransID]})
		if a.Outcome == payment.Unknown || a.Outcome == payment.Pending {
			return a
		}
		if a.Code == codeNotFound {
			a.Outcome = missing
		}
		outcomes[a.Outcome]++
		if foreign(a, id) {
			line.Transaction = a.Transaction
		}
		line.Code, line.Amount, line.Amounted = a.Code, line.Amount+a.Amount, a.Amounted
	}
	line.Outcome = a.Outcome
	if len(outcomes) > 1 { // some parts stand otherwise than others
		line.Outcome = payment.Unknown
	}
	if line.Outcome != missing && len(ids) > 0 {
		a.Lines = []payment.Line{line}
	}
	a.Outcome = payment.Done
	return a
}

// missing stands for a part that ATMOS does not have.
const missing payment.Outcome = payment.Missing

// takenAs lists the transactions by which the money of a payment was taken, or, when none was, those that were made for
// it. It is false when pay/get cannot tell: of what was given back in several parts it goes on saying that it was paid.
func takenAs(call saga.Call) (ids []string, told bool) {
	p := call.Payment
	taken := p.AmountCharged > 0
	if p.Status == payment.Refunded && (len(p.Refunds) != 1 || p.Refunds[0].Amount != p.AmountCharged) {
		return nil, false
	}
	if len(p.Items) == 0 {
		id := paidAs(call)
		if p.Kind == payment.Hold && p.ProviderRefs[refTransaction] == "" { // a hold that was not charged took nothing
			return nil, !taken
		}
		if id != "" {
			ids = append(ids, id)
		}
		return ids, !taken || id != ""
	}
	for i, item := range p.Items {
		id := item.ProviderRefs[refTransaction]
		if id == "" && i < len(call.Items) && p.Kind != payment.Hold {
			id = call.Items[i]
		}
		switch {
		case taken && item.AmountCharged > 0 && id == "":
			return nil, false
		case id != "" && (!taken || item.AmountCharged > 0):
			ids = append(ids, id)
		}
	}
	return ids, true
}
