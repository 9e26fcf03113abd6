package atmos_test

import (
	"testing"

	"tolov/internal/payment"
)

// H12: what is told of a part must be that part, in its own amount: neither a sum nor a neighbour can pass for it.
func TestBulkGetTakesNoOtherTransactionForAPart(t *testing.T) {
	good := says("OK", first("true"))
	for name, replies := range map[string][]said{
		"the first, the total":             {says("OK", store("111111", "150000", "true")), says("OK", second("true"))},
		"the second, another":              {good, says("OK", store("333333", "100000", "true"))},
		"the second, the first":            {good, says("OK", store("111111", "100000", "true"))},
		"the second, the first with a sum": {good, says("OK", store("111111", "150000", "true"))},
	} {
		a := reads(t, about(bulkCall("bulk-get"), "bulk-apply"), replies...)
		if a.Outcome != payment.Done || agrees(a, bulkAmount, "111111") {
			t.Errorf("9 bulk-get, %s: %+v", name, a)
		}
	}
}

// H11: a reply to apply proves no absence.
func TestBulkApplyThatConfirmsNoPartIsUnknown(t *testing.T) {
	r := row{says("OK", parts(first("false"), second("false"))), payment.Unknown, ""}
	r.check(t, "9 bulk-apply, none confirmed", reads(t, bulkCall("bulk-apply"), r.reply))
}

// A code that may be the trace of our own cancellation is no refusal of it.
func TestCancellationIsNotRefusedByWhatItMayHaveDone(t *testing.T) {
	r := row{says("STPIMS-ERR-064"), payment.Unknown, ""}
	r.check(t, "11 reverse, cancelled", reads(t, reverseCall(), r.reply))
	for _, code := range []string{"STPIMS-ERR-064", "STPIMS-ERR-100"} {
		r := row{says(code), payment.Unknown, ""}
		r.check(t, "25 hold-cancel, "+code, reads(t, holdCall("hold-cancel"), r.reply))
	}
	r = row{says("OK", store("12345", "5000000", "true")), payment.Unknown, ""}
	r.check(t, "25 hold-cancel, charged", reads(t, holdCall("hold-cancel"), r.reply))
}

// H12: one item told of twice is not two.
func TestItemThatIsToldOfTwiceIsOne(t *testing.T) {
	one := [3]string{"1541", "OK", till}
	r := row{says("OK", items(one, one)), payment.Unknown, ""}
	r.check(t, "23 hold-multiple-apply, one twice", reads(t, holdsCall("hold-multiple-apply"), r.reply))
}

func TestRemovalOfAnotherCardIsNotOurs(t *testing.T) {
	r := row{says("OK", `"data":{"card_id":7}`), payment.Unknown, ""}
	r.check(t, "19 remove-card, another card", reads(t, removeCall(), page(ours()), page(), r.reply))
}

// I8, H9: a phone that is too short to hide anything of, or that is none, is not shown.
func TestPhoneThatCannotBeMaskedIsNotShown(t *testing.T) {
	c := linkCall("bind-init")
	c.Card = byNumber()
	for _, phone := range []string{"90022222", "900222222", "тел. 998900222222"} {
		a := reads(t, c, says("OK", `"transaction_id":442,"phone":"`+phone+`"`))
		if a.Outcome != payment.Done || a.Action.Phone != "" {
			t.Errorf("16 bind-init, %s: %q", phone, a.Action.Phone)
		}
	}
}
