package atmos_test

import (
	"time"

	"tolov/internal/payment"
	"tolov/internal/saga"
)

// holdCall is one step of hold 1173.
func holdCall(step string) saga.Call {
	c := call(step)
	c.Transaction, c.Order.DurationMin = "1173", 1
	return c
}

// holdsCall is one step of the multiple hold 260, whose items are the holds 1541 and 1542.
func holdsCall(step string) saga.Call {
	c := holdCall(step)
	c.Amount, c.Payment = bulkAmount, inTwo()
	c.Transaction, c.Items = "260", []string{"1541", "1542"}
	return c
}

func holdExchanges() map[string]exchange {
	withToken, withNumber, several := holdCall("hold-create"), holdCall("hold-create"), holdsCall("hold-multiple-create")
	withToken.Card, withNumber.Card, several.Card = byToken(), byNumber(), byToken()
	withToken.Transaction, withNumber.Transaction, several.Transaction, several.Items = "", "", "", nil

	created := answered(payment.Done, "OK")
	created.Transaction, created.Refs = "1173", map[string]string{"hold_id": "1173"}
	asked := created
	asked.Action = &payment.Action{Type: payment.ActionCode}
	severalCreated := answered(payment.Done, "OK")
	severalCreated.Transaction, severalCreated.Refs = "260", map[string]string{"hold_id": "260"}
	severalCreated.Parts = []payment.Part{
		{Transaction: "1541", Refs: map[string]string{"hold_id": "1541"}},
		{Transaction: "1542", Refs: map[string]string{"hold_id": "1542"}},
	}
	held, severalHeld := answered(payment.Done, "OK"), answered(payment.Done, "OK")
	held.HeldUntil = time.Date(2022, 6, 30, 14, 55, 19, 597e6, tashkent())
	severalHeld.HeldUntil = time.Date(2022, 9, 28, 16, 46, 22, 762e6, tashkent())

	taken := answered(payment.Done, "OK")
	taken.Amount, taken.Amounted = amount, true
	taken.Refs = map[string]string{"transaction_id": "12345", "success_trans_id": "2730591"}
	receipted := taken
	receipted.Receipts = []payment.Receipt{
		{Kind: "sale", URL: "https://ofd2.atmos.uz/api/ofd/blU3NTZPMGZOZGZyMkZPMWtqN1lGZz09"},
		{Kind: "commission", URL: "https://ofd2.atmos.uz/api/ofd-commission/blU3NTZPMGZOZGZyMkZPMWtqN1lGZz09"},
	}
	return map[string]exchange{
		"20 hold-create-token": {withToken, created}, "20 hold-create-number": {withNumber, asked},
		"21 hold-apply":           {holdCall("hold-apply"), held},
		"22 hold-multiple-create": {several, severalCreated},
		"23 hold-multiple-apply":  {holdsCall("hold-multiple-apply"), severalHeld},
		"24 hold-charge":          {holdCall("hold-charge"), receipted},
		"25 hold-cancel":          {holdCall("hold-cancel"), answered(payment.Done, "STPIMS-ERR-145")},
		"26 hold-get":             {about(holdCall("hold-get"), "hold-charge"), taken},
	}
}
