package atmospinfl_test

import (
	"testing"

	"tolov/internal/payment"
)

// -302: our id was used, perhaps by an attempt whose answer was lost. The transaction is asked for, no other id tried.
func TestUsedIdIsAskedAboutAndNeverReplaced(t *testing.T) {
	for name, row := range map[string]row{
		"created":      {stands("CREATED"), payment.Done, "", 0},
		"confirmed":    {stands("SUCCESS", details(card("100500", "SUCCESS"))), payment.Done, "", amount},
		"cancelled":    {stands("CANCELED"), payment.Declined, "transaction_cancelled", 0},
		"failed":       {refuses("-202"), payment.Declined, "transaction_failed", 0},
		"another's":    {refuses("-301"), payment.Declined, "external_id_used", 0},
		"not found":    {refuses("-308"), payment.Unknown, "", 0},
		"error":        {refuses("-100"), payment.Unknown, "", 0},
		"unknown code": {refuses("-999"), payment.Unknown, "", 0},
		"nothing":      {"", payment.Unknown, "", 0},
	} {
		g, client := documented(t, map[string]string{
			"/ppa/transaction/create": refuses("-302"), "/ppa/transaction/check": row.reply,
		})
		a := client.Do(t.Context(), call(t, "create"))
		row.check(t, "30 check after -302, "+name, a)
		if a.Moved != (name == "confirmed") || (a.Outcome == payment.Done && a.Transaction != "12345678") {
			t.Errorf("%s: %+v", name, a)
		}
		if g.paths() != "transaction/create transaction/check" {
			t.Errorf("%s: asked for %s", name, g.paths())
		}
	}
}

func TestCancelOutcomes(t *testing.T) {
	rows := map[string]row{
		"cancelled":    {stands("CANCELED"), payment.Done, "", 0},
		"confirmed":    {stands("SUCCESS", details(card("100500", "SUCCESS"))), payment.Done, "", amount},
		"still there":  {stands("CREATED"), payment.Unknown, "", 0},
		"error":        {refuses("-100"), payment.Unknown, "", 0},
		"unknown code": {refuses("-999"), payment.Unknown, "", 0},
		"refused":      {refuses("-303"), payment.Done, "", 0}, // it moves nothing, whatever becomes of it
	}
	for name, row := range rows {
		a := told(t, "cancel", row.reply)
		row.check(t, "31 cancel, "+name, a)
		if a.Moved != (name == "confirmed") {
			t.Errorf("%s: moved %v", name, a.Moved)
		}
	}
}

// A draft whose answer was lost is found by our id, and cancelled under the number that it got.
func TestCancelFindsADraftThatNobodyKnewOf(t *testing.T) {
	for name, want := range map[string]struct {
		check   string
		outcome payment.Outcome
		paths   string
	}{
		"made":      {stands("CREATED"), payment.Done, "transaction/check transaction/cancel"},
		"not made":  {refuses("-308"), payment.Done, "transaction/check"},
		"failed":    {refuses("-202"), payment.Done, "transaction/check"},
		"who knows": {refuses("-100"), payment.Unknown, "transaction/check"},
	} {
		g, client := documented(t, map[string]string{
			"/ppa/transaction/check": want.check, "/ppa/transaction/cancel": stands("CANCELED"),
		})
		c := call(t, "cancel")
		c.Transaction = ""
		if a := client.Do(t.Context(), c); a.Outcome != want.outcome || g.paths() != want.paths {
			t.Errorf("31 cancel, %s: %+v by %s", name, a, g.paths())
		}
	}
}

// Operation 32 documents no answer: a body is not needed, and a refusal is one all the same.
func TestUpdateCardsOutcomes(t *testing.T) {
	for name, row := range map[string]row{
		"no body":     {"", payment.Pending, "", 0},
		"code 200":    {`{"code":200}`, payment.Pending, "", 0},
		"asked twice": {refuses("-302"), payment.Pending, "", 0},
		"no ePOS":     {refuses("-307"), payment.Declined, "merchant_not_configured", 0},
		"invalid":     {refuses("-303"), payment.Declined, "invalid_request", 0},
		"error":       {refuses("-100"), payment.Unknown, "", 0},
		"strange":     {refuses("-999"), payment.Unknown, "", 0},
		"garbage":     {"{", payment.Unknown, "", 0},
	} {
		_, client := documented(t, map[string]string{
			"/ppa/transaction/create": fixture(t, "no-cards.reply"), "/ppa/cards/update-cards-list": row.reply,
		})
		a := client.Do(t.Context(), call(t, "create"))
		row.check(t, "32 update-cards-list, "+name, a)
		if (len(a.Keep) > 0) != (row.outcome == payment.Pending) {
			t.Errorf("%s keeps %v", name, a.Keep)
		}
	}
}

// Operation 33: when the request for the cards is not known, it was lost, and is made again.
func TestLostUpdateIsMadeAgain(t *testing.T) {
	g, client := documented(t, map[string]string{"/ppa/cards/check/12345789.cards": refuses("-308")})
	c := call(t, "create")
	c.Walk.Kept = map[string]string{"cards_ext_id": "12345789.cards"}
	if a := client.Do(t.Context(), c); a.Outcome != payment.Pending {
		t.Errorf("33 cards/check: %+v", a)
	}
	if g.paths() != "cards/check/12345789.cards cards/update-cards-list" {
		t.Errorf("asked for %s", g.paths())
	}
}
