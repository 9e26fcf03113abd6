package campaign_test

import (
	"fmt"
	"net/url"
	"time"

	"tolov/internal/payment"
)

// opening is the command that opens payment number i: most are plain payments, the rest is of every other kind.
func opening(i int, ext string) (verb payment.Verb, body string) {
	card := `"card":{"token":"` + canaryToken + `"}`
	if i%3 == 0 {
		card = `"card":{"number":"` + canaryPAN + `","expiry":"9912"}`
	}
	whole := fmt.Sprintf(`"amount":%d,"account":%q,`, amountOf(i), ext)
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
	}
	return verb, fmt.Sprintf(`{"ext_id":%q,"provider":"atmos",%s}`, ext, with)
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
	c.later(pause, func() { _ = c.h.box.PayPage(page.Query().Get("transactionId")) }) // it may be too late for that
}

// holds is a caller whose funds are held: charges, releases, both at once, or neither until the hold runs out.
func (c *customers) holds(p payment.Payment) {
	pause := c.between(0, 5*time.Minute)
	charge := ""
	switch {
	case len(p.Items) > 0 && c.chance(2):
		charge = fmt.Sprintf(`,"items":[{"index":1,"amount":%d}]`, p.Items[1].Amount/2)
	case len(p.Items) == 0 && c.chance(2):
		charge = fmt.Sprintf(`,"amount":%d`, p.AmountHeld/3)
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
