package atmosips_test

import (
	"strings"
	"testing"

	"tolov/internal/payment"
	"tolov/internal/saga"
)

const (
	byExt    = "/mps/pay/get/ext_id"
	byNumber = "/mps/pay/transaction/get/735"
	byCard   = "/mps/pay/card/67"
	redirect = `"redirect_uri":"https://bank.uz/3ds?x=1"`
)

func cardReply(state string) string {
	return `{"payload":{` + cardIs(state) + `,"card_id":67},"status":{"code":0}}`
}

// Operations 37, 43: the id of a draft whose answer was lost is found, and no other id is tried.
func TestDraftWhoseAnswerWasLostIsFound(t *testing.T) {
	for found, want := range map[string]payment.Outcome{
		stands(0): dn, stands(1): un, stands(4): dn, refuses("-12"): un, refuses("-1"): un,
		strings.Replace(stands(0), "pay_x", "pay_y", 1): un,
	} {
		d, client := documented(t, map[string]string{path("pre-create"): refuses("-10"), byExt: found})
		a := client.Do(t.Context(), ours("pre-create", ""))
		if a.Outcome != want || a.Moved != (found == stands(4)) || d.paths() != path("pre-create")+" "+byExt {
			t.Errorf("%s: %+v after %s", found, a, d.paths())
		}
		if found == stands(0) && a.Keep["draft_id"] != "735" {
			t.Errorf("kept %v", a.Keep)
		}
	}
}

// A used id at a call that moves money may be its own earlier doing: it is asked about, never made under another id.
func TestUsedIDAtAMoneyCallIsUnknown(t *testing.T) {
	for _, step := range []string{"create", "create-template", "hold", "card-bind"} {
		if a := told(t, ours(step, ""), refuses("-10")); a.Outcome != un {
			t.Errorf("%s: %+v", step, a)
		}
	}
}

// Operations 42, 43: the customer is sent to 3-D Secure also when only a question tells where that is.
func TestCreateThatIsFoundTellsWhereToPass3DSecure(t *testing.T) {
	c := ours("get", "create")
	c.Transaction = ""
	for name, row := range map[string]struct {
		ext, number string
		want        payment.Outcome
		url         string
	}{
		"by number":   {stands(1, cardIs("PENDING")), stands(1, redirect), dn, "https://bank.uz/3ds?x=1"},
		"at once":     {stands(1, cardIs("PENDING"), redirect), "", dn, "https://bank.uz/3ds?x=1"},
		"not asked":   {stands(1, cardIs("PENDING")), stands(1), dn, ""},
		"verified":    {stands(1, cardIs("VERIFIED"), redirect), "", dn, ""},
		"cannot tell": {stands(1, cardIs("PENDING")), refuses("-1"), un, ""},
		"no address":  {stands(1, `"redirect_uri":"javascript:x"`), "", un, ""},
		"too long":    {stands(1, `"redirect_uri":"https://b.uz/`+strings.Repeat("x", 2048)+`"`), "", un, ""},
	} {
		_, client := documented(t, map[string]string{byExt: row.ext, byNumber: row.number})
		a := client.Do(t.Context(), c)
		url := ""
		if a.Action != nil {
			url = a.Action.URL
		}
		if a.Outcome != row.want || url != row.url {
			t.Errorf("%s: %+v", name, a)
		}
	}
}

// Operations 36, 42: 3-D Secure is passed when the card is VERIFIED, which not every answer tells.
func Test3DSecureIsPassedWhenTheCardIsVerified(t *testing.T) {
	for name, row := range map[string]struct {
		number, card string
		want         payment.Outcome
	}{
		"told":            {stands(1, cardIs("VERIFIED")), "", dn},
		"failed":          {stands(1, cardIs("FAILED")), "", de},
		"pending":         {stands(1, cardIs("PENDING")), "", ab},
		"open":            {stands(1, cardIs("OPEN")), "", ab},
		"asked, verified": {stands(1), cardReply("VERIFIED"), dn},
		"asked, failed":   {stands(1), cardReply("FAILED"), de},
		"asked, pending":  {stands(1), cardReply("PENDING"), ab},
		"asked, refused":  {stands(1), refuses("-200"), un},
		"asked, HTML":     {stands(1), "<html>", un},
		"another card":    {stands(1), strings.ReplaceAll(cardReply("VERIFIED"), "67", "68"), un},
		"status 3":        {stands(3), "", dn},
	} {
		_, client := documented(t, map[string]string{byNumber: row.number, byCard: row.card})
		a := client.Do(t.Context(), ours("get", "3ds"))
		if a.Outcome != row.want || a.Outcome == de && a.Failure.Code != "card_not_verified" {
			t.Errorf("%s: %+v", name, a)
		}
	}
}

// Operation 36: only a card that is VERIFIED is debited without its holder.
func TestOnlyAVerifiedCardIsUsable(t *testing.T) {
	c := ours("card-get", "")
	c.Card = linked("67")
	for reply, want := range map[string]payment.Outcome{
		cardReply("VERIFIED"): dn, cardReply("PENDING"): de, cardReply("OPEN"): de, cardReply("FAILED"): de,
		cardReply(""): un, refuses("-200"): de, refuses("-1"): un, refuses("-999"): un, "<html>": un,
	} {
		_, client := documented(t, map[string]string{byCard: reply})
		if a := client.Do(t.Context(), c); a.Outcome != want {
			t.Errorf("%s: %+v", reply, a)
		}
	}
}

// Operations 34, 36, 43.
func TestWhatBindAndItsChecksProve(t *testing.T) {
	link := func(step, about, transaction string) saga.Call {
		c := ours(step, about)
		c.Transaction, c.Amount, c.Payment.Amount, c.Payment.Kind = transaction, 0, 0, payment.LinkCard
		return c
	}
	bind, lost, page := link("card-bind", "", ""), link("card-get", "card-bind", ""), link("card-get", "3ds", "67")
	pending := stands(1, cardIs("PENDING"), redirect)
	for name, row := range map[string]struct {
		call  saga.Call
		reply string
		want  payment.Outcome
	}{
		"bind, 3DS":            {bind, pending, dn},
		"bind, verified":       {bind, stands(4, cardIs("VERIFIED")), dn},
		"bind, failed":         {bind, stands(5, cardIs("PENDING"), redirect), de},
		"bind, nowhere to go":  {bind, stands(1, cardIs("PENDING")), un},
		"bind, no card":        {bind, strings.Replace(pending, "67", `""`, 2), un},
		"bind, another's":      {bind, strings.Replace(pending, "pay_x", "pay_y", 1), un},
		"lost, 3DS":            {lost, pending, dn},
		"lost, verified":       {lost, stands(4, cardIs("VERIFIED")), dn},
		"lost, not found":      {lost, refuses("-12"), ab},
		"lost, refused":        {lost, refuses("-400"), un},
		"lost, another's":      {lost, strings.Replace(pending, "pay_x", "pay_y", 1), un},
		"at 3DS, verified":     {page, cardReply("VERIFIED"), dn},
		"at 3DS, failed":       {page, cardReply("FAILED"), de},
		"at 3DS, pending":      {page, cardReply("PENDING"), ab},
		"at 3DS, not found":    {page, refuses("-200"), ab},
		"at 3DS, refused":      {page, refuses("-1"), un},
		"at 3DS, another card": {page, strings.ReplaceAll(cardReply("VERIFIED"), "67", "68"), un},
	} {
		_, client := documented(t, map[string]string{
			path("card-bind"): row.reply, byExt: row.reply, byCard: row.reply, byNumber: refuses("-1"),
		})
		a := client.Do(t.Context(), row.call)
		if a.Outcome != row.want || a.Outcome == dn && a.Transaction != "67" || a.Amounted && a.Outcome == dn {
			t.Errorf("%s: %+v", name, a)
		}
	}
}

// Operations 35, 43, 44: what is done at a page is found under checkout_<payment_id>, then under our request_id. Only
// what is done counts: after a try that failed the page is still open.
func TestWhatIsDoneAtAPageIsFound(t *testing.T) {
	c := ours("get-ext-id", "page")
	c.Transaction = "checkout_272"
	under := func(status int, id string) string { return strings.Replace(stands(status), "pay_x", id, 1) }
	for reply, want := range map[string]payment.Outcome{
		under(4, "checkout_272"): dn, under(1, "checkout_272"): ab, under(5, "checkout_272"): ab,
		under(6, "checkout_272"): ab, under(8, "checkout_272"): pd, under(4, "checkout_273"): un,
		refuses("-12"): ab, refuses("-1"): un, "<html>": un, under(10, "checkout_272"): un,
	} {
		d, client := documented(t, map[string]string{byExt: reply})
		a := client.Do(t.Context(), c)
		if a.Outcome != want || a.Outcome == dn && (a.Transaction != "checkout_272" || a.Refs["transaction_id"] != "735") {
			t.Errorf("%s: %+v", reply, a)
		}
		if again := strings.Contains(d.paths(), " "); again != (reply == refuses("-12")) {
			t.Errorf("%s: asked %s", reply, d.paths())
		}
	}
	c.Payment.Kind = payment.LinkCard
	for state, want := range map[string]payment.Outcome{"VERIFIED": dn, "PENDING": ab, "FAILED": ab} {
		reply := strings.Replace(stands(4, cardIs(state)), "pay_x", "checkout_272", 1)
		_, client := documented(t, map[string]string{byExt: reply})
		if a := client.Do(t.Context(), c); a.Outcome != want || want == dn && (a.Card == nil || a.Card.ID != "67") {
			t.Errorf("%s: %+v", state, a)
		}
	}
}

// A part of what is held cannot be charged: that is certain without a call.
func TestPartOfAHoldIsRefusedWithoutACall(t *testing.T) {
	d, client := documented(t, map[string]string{})
	c := ours("hold-apply", "")
	c.Amount--
	if a := client.Do(t.Context(), c); a.Outcome != de || a.Failure.Code != "invalid_amount" || d.paths() != "" {
		t.Errorf("%+v after %q", a, d.paths())
	}
}

// I8: a card never comes back whole, whatever the provider writes.
func TestCardIsAlwaysMasked(t *testing.T) {
	for written, want := range map[string]string{
		"419525********1540": "419525******1540", "419525********11111": "419525******1111",
		cardNo: "427831******5430", "4278 3100 2187 5430": "", "4278310021875430x": "", "": "",
	} {
		reply := strings.Replace(stands(4, cardIs("VERIFIED")), "419525********1540", written, 1)
		a := told(t, ours("hold", ""), reply)
		got := ""
		if a.Card != nil {
			got = a.Card.Masked
		}
		if got != want {
			t.Errorf("%q is shown as %q", written, got)
		}
	}
}
