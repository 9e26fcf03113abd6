package campaign_test

import (
	"fmt"
	"net/url"
	"path"
	"time"

	"tolov/internal/payment"
)

// opening is the command that opens payment number i: most are plain payments, the rest is of every other kind.
func opening(i int, ext string) (verb payment.Verb, body string) {
	card := `"card":{"token":"` + canaryToken + `"}`
	if i%3 == 0 {
		card = `"card":{"number":"` + canaryPAN + `","expiry":"9912"}`
	}
	whole := wholeOf(i, ext)
	parts := fmt.Sprintf(
		`"amount":%d,"items":[{"account":"%[2]s-a","amount":%[3]d},{"account":"%[2]s-b","amount":60000}],`,
		amountOf(i), ext, amountOf(i)-60_000)
	verb, with := payment.VerbPay, whole+card
	switch i % 20 {
	case 2, 3:
		with = parts + card
	case 5, 6, 7:
		verb, with = payment.VerbHold, whole+card+`,"duration_min":30`
	case 9, 10:
		verb, with = payment.VerbHold, parts+card+`,"duration_min":30`
	case 12:
		with = whole + `"hosted":{"success_url":"https://shop.example/thanks"},"expires_in_s":900`
	case 14:
		verb = payment.VerbLinkCard
		with = fmt.Sprintf(`"card":{"number":"%s%06d%[2]d","expiry":"9912"}`, canaryPAN[:6], 1000+i)
	case 15, 16, 17, 18:
		return openingElsewhere(i, ext)
	}
	return verb, fmt.Sprintf(`{"ext_id":%q,"provider":"atmos",%s}`, ext, with)
}

// atBank tells which payments Uzum Bank makes.
func atBank(i int) bool { return i%20 == 19 }

func wholeOf(i int, ext string) string {
	return fmt.Sprintf(`"amount":%d,"account":%q,`, amountOf(i), ext)
}

// openingElsewhere is a payment that is not ATMOS's of UzCard and Humo.
func openingElsewhere(i int, ext string) (verb payment.Verb, body string) {
	turn := i / 20
	switch i % 20 {
	case 17:
		if turn%2 == 0 {
			return payment.VerbPay, fmt.Sprintf(
				`{"ext_id":%q,"provider":"via",%s"card":{"number":"%s","expiry":"9912"}}`, ext, wholeOf(i, ext), canaryPAN)
		}
		person := []string{"1111", "0109", "0107", "0200"}[turn/2%4]
		return payment.VerbWithdraw, withdrawal(ext, fmt.Sprintf("%02d%s", turn%100, person), withEpos)
	case 18:
		return payment.VerbPayout, fmt.Sprintf(`{"ext_id":%q,%s}`, ext, payoutBody(fmt.Sprint(amountOf(i)), canaryPAN, ""))
	}
	verb, with := openingAbroad(2*turn+i%20-15, wholeOf(i, ext))
	return verb, fmt.Sprintf(`{"ext_id":%q,"provider":"atmos-ips",%s}`, ext, with)
}

// openingAbroad is the turn-th payment with a Visa or Mastercard card.
func openingAbroad(turn int, whole string) (verb payment.Verb, with string) {
	number := payerIP + `"card":{"number":"` + canaryVisa + `","expiry":"9912","holder":"ANDREY PAK","cvc":"680"}`
	const invoice = `"hosted":{"success_url":"https://shop.example/","items":[{"items_id":"1","name":"b","amount":5000}]}`
	switch turn % 9 {
	case 2:
		return payment.VerbPay, whole + payerIP + linked
	case 3:
		return payment.VerbPay, whole + payerIP + `"recurring":true,` + slowly
	case 4, 5:
		return payment.VerbHold, whole + payerIP + linked + lines
	case 6:
		return payment.VerbPay, whole + payerIP + invoice + `,"expires_in_s":900`
	case 7:
		return payment.VerbLinkCard, number
	case 8:
		return payment.VerbLinkCard, `"account":"a","hosted":{"success_url":"https://shop.example/"},"expires_in_s":900`
	default:
		return payment.VerbPay, whole + number
	}
}

// visit is a customer at the provider's page, who pays once: a plain subscription also hears what the stream refused,
// so the same event can come twice.
func (c *customers) visit(p payment.Payment, pause time.Duration) {
	c.mu.Lock()
	been := c.visited[p.ExtID]
	c.visited[p.ExtID] = true
	c.mu.Unlock()
	if been || c.chance(4) { // or never pays
		return
	}
	page, err := url.Parse(p.Action.URL)
	c.h.must(err)
	id := page.Query().Get("transactionId")
	if id == "" {
		id = path.Base(page.Path)
	}
	c.later(pause, func() { _ = c.h.box.PayPage(id) }) // it may be too late for that
}

// holds is a caller whose funds are held: charges, releases, both at once, or neither until the hold runs out. One of
// Visa and Mastercard lasts a month, so it is let go when the day ends.
func (c *customers) holds(p payment.Payment) {
	pause := c.between(0, 5*time.Minute)
	charge := ""
	switch {
	case len(p.Items) > 0 && c.chance(2):
		charge = fmt.Sprintf(`,"items":[{"index":1,"amount":%d}]`, p.Items[1].Amount/2)
	case len(p.Items) == 0 && c.chance(2):
		charge = fmt.Sprintf(`,"amount":%d`, p.AmountHeld/3)
	}
	if p.Provider == ips {
		c.later(40*time.Minute, func() { c.follow(payment.VerbCancel, p.ExtID, "") })
	}
	switch {
	case c.chance(8): // nothing
	case c.chance(4):
		c.later(pause, func() { c.follow(payment.VerbCancel, p.ExtID, "") })
	case c.chance(3): // two clerks
		c.later(pause, func() { c.follow(payment.VerbCharge, p.ExtID, charge) })
		c.later(pause, func() { c.follow(payment.VerbCancel, p.ExtID, "") })
	default:
		c.later(pause, func() { c.follow(payment.VerbCharge, p.ExtID, charge) })
	}
}

// ips is the provider of Visa and Mastercard.
const ips = "atmos-ips"

// looks is a person who is called to a hold of Visa and Mastercard: whether it was charged cannot be asked, so its bank
// is. What was not charged is let go.
func (c *customers) looks(p payment.Payment) {
	if p.Provider != ips || p.Kind != payment.Hold {
		return
	}
	c.later(c.between(5*time.Minute, 10*time.Minute), func() {
		r := c.h.last(p.ID)
		if r.Payment.Status != payment.NeedsReview || r.State.Path != payment.VerbCharge || r.State.Doubt == nil {
			return
		}
		outcome := payment.Failed
		if len(c.h.books().of(p.ExtID).debits) > 0 {
			outcome = payment.Completed
		}
		c.follow(payment.VerbResolve, p.ExtID, fmt.Sprintf(
			`,"outcome":%q,"evidence":"statement","actor":"alisher","approved_by":"malika"`, outcome))
		if outcome == payment.Failed {
			c.later(c.between(time.Minute, 2*time.Minute), func() { c.follow(payment.VerbCancel, p.ExtID, "") })
		}
	})
}

// regrets is a caller who gives money back, more often than there is money to give.
func (c *customers) regrets(p payment.Payment) {
	if !c.chance(3) {
		return
	}
	for n := range 3 {
		amount := ""
		if c.chance(2) {
			amount = fmt.Sprintf(`,"amount":%d`, p.AmountCharged/2)
		}
		more := fmt.Sprintf(`,"refund_id":"r%d"%s`, n, amount)
		c.later(c.between(0, time.Minute), func() { c.follow(payment.VerbRefund, p.ExtID, more) })
	}
	c.later(c.between(0, time.Minute), func() { c.follow(payment.VerbCancel, p.ExtID, "") })
}

// unlinks is an owner who takes the card away again, or does not.
func (c *customers) unlinks(p payment.Payment) {
	if c.chance(2) {
		c.later(c.between(0, time.Minute), func() { c.follow(payment.VerbRemoveCard, p.ExtID, "") })
	}
}
