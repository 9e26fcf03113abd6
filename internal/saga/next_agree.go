package saga

import "tolov/internal/payment"

// disagrees tells how the answer contradicts what we asked for (H12), or nothing.
func (t *turn) disagrees(a Answered) string {
	switch {
	case a.Answer.Moved:
		return "the money had moved before it was asked for"
	case a.Answer.Amounted && a.Answer.Amount != a.Call.Amount && !t.lessWillDo(a):
		return "the provider names another amount"
	case a.Call.Transaction != "" && a.Answer.Transaction != "" && a.Answer.Transaction != a.Call.Transaction:
		return "the provider names another transaction"
	default:
		return ""
	}
}

// lessWillDo tells whether the provider took less than was asked for, of a payment whose caller allows just that. Only
// the word that money moved can say so: a draft of another amount is not ours (H12).
func (t *turn) lessWillDo(a Answered) bool {
	moved := a.Call.Attempt > 0 || a.Call.Asks
	return moved && t.rec.State.Order.Partial && t.opening() && t.path().Does == Pays &&
		a.Answer.Amount > 0 && a.Answer.Amount < a.Call.Amount
}

// chosenCards keeps what the provider took from which card, when it chose the cards itself: they become the payment's
// items.
func chosenCards(parts []payment.Part) []payment.Item {
	var items []payment.Item
	for _, part := range parts {
		if part.Amount > 0 {
			items = append(items, payment.Item{
				Card: &payment.Card{Masked: part.Card}, Amount: part.Amount, ProviderRefs: part.Refs, Receipts: part.Receipts,
			})
		}
	}
	return items
}
