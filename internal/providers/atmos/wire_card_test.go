package atmos_test

import (
	"tolov/internal/payment"
	"tolov/internal/saga"
)

const (
	cardMasked = "986009******4364"
	cardID     = "1579076"
)

// linkCall is one step of linking our card, operation 442 at ATMOS.
func linkCall(step string) saga.Call {
	c := call(step)
	c.Amount, c.Transaction = 0, "442"
	c.Payment = &payment.Payment{ID: "pay_x", Card: &payment.Card{Masked: cardMasked}}
	return c
}

// removeCall takes the link away.
func removeCall() saga.Call {
	c := linkCall("remove-card")
	c.Payment.Card.ID = cardID
	return c
}

func cardExchanges() map[string]exchange {
	list, bind := linkCall("list-cards"), linkCall("bind-init")
	list.Transaction, bind.Transaction, bind.Card = "", "", byNumber()
	noted := answered(payment.Done, "OK")
	noted.Keep = map[string]string{"cards_before": cardID}
	asked := answered(payment.Done, "OK")
	asked.Transaction = "442"
	asked.Action = &payment.Action{Type: payment.ActionCode, Phone: "99890*****22"}
	linked := answered(payment.Done, "OK")
	linked.Card = &payment.Card{ID: cardID, Token: cardToken, Masked: cardMasked, Holder: "TEST"}
	linked.Refs = map[string]string{"card_id": cardID}
	return map[string]exchange{
		"16 bind-init":    {bind, asked},
		"17 bind-confirm": {linkCall("bind-confirm"), linked},
		"18 list-cards":   {list, noted},
		"19 remove-card":  {removeCall(), answered(payment.Done, "OK")},
	}
}
