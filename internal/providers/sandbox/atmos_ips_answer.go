package sandbox

import "time"

// ipsAnswer is the wording of a transaction, a card, or a code alone. It is a value: twisting one changes no payment.
type ipsAnswer struct {
	code    string
	payment *ipsPayment // a copy; nil: there is none to tell of
	linked  ipsCard
	status  int
	card    bool // with the card
	alone   bool // the card and nothing else
	sends   bool // with the address where the customer is sent
	busy    int  // the status while the call is being carried out
	drift   uint64
}

// now is the status at a time: a recurring payment settles by itself.
func (d *ipsPayment) now(at time.Time) int {
	if d.status == ipsOpen && !d.settlesAt.IsZero() && !at.Before(d.settlesAt) {
		return ipsSuccess
	}
	return d.status
}

// tell completes an answer with the transaction as it stands.
func (p *ips) tell(d *ipsPayment, told ipsAnswer) answer {
	shown := *d
	told.code, told.payment, told.status = ipsOK, &shown, d.now(p.now())
	if d.card != nil {
		told.linked = *d.card
	}
	if p.drift {
		p.told++
		told.drift = mix(p.seed, uint64(d.id), p.told)
	}
	return answer{words: told}
}

func (a ipsAnswer) appendTo(b []byte, t twist) []byte {
	a.twist(t)
	w := &atmosWriter{b: b, drift: a.drift}
	w.lit("{")
	switch {
	case a.payment == nil && a.status == 0:
	case a.payment == nil:
		w.lit(`"payload":{`).number("status", int64(a.status)).lit("},")
	case a.alone:
		w.lit(`"payload":{`)
		a.writeCard(w)
		w.lit(",").number("card_id", a.linked.id).lit("},")
	default:
		w.lit(`"payload":{`)
		a.write(w)
		w.lit("},")
	}
	w.lit(`"status":{"code":`).lit(a.code).lit(",").text("message", ipsMessage(a.code))
	return w.lit(`,"trace_id":"6602952bd44ca285f56c38255f2c1e15"}}`).b
}

func (a *ipsAnswer) twist(t twist) {
	switch t {
	case truth:
	case otherAmount:
		if a.payment != nil {
			a.payment.amount += otherBy
		}
	case otherTransaction:
		if a.payment != nil {
			a.payment.id++
			a.payment.ext += "x"
			a.linked.id++
		}
	case strangeCode:
		*a = ipsAnswer{code: ipsStrange}
	case inProcess:
		*a = ipsAnswer{code: ipsOK, status: a.busy}
	case unconfirmed:
		a.before()
	}
}

// before is the answer as it was before the last change.
func (a *ipsAnswer) before() {
	d := a.payment
	switch {
	case d == nil:
	case a.alone:
		if a.linked.by.id != 0 {
			a.linked.state = ipsPending
		}
	case d.was == notMade:
		*a = ipsAnswer{code: ipsNotFound}
	case d.status != ipsNew:
		a.status = d.was
		a.card = a.card && d.was != ipsNew
	}
}

// write writes the members of the documented samples.
func (a *ipsAnswer) write(w *atmosWriter) {
	d := a.payment
	w.number("id", d.id).lit(",").number("status", int64(a.status)).lit(",")
	if d.debit > 0 {
		w.text("rrn", "4208"+decimal(10_000_000+int64(d.debit))).lit(",")
	}
	w.text("type", d.kind).lit(",").number("amount", d.amount).lit(",")
	taken := d.card != nil && a.status != ipsNew
	if taken && a.card {
		a.writeCard(w)
		w.lit(",")
	}
	w.lit(`"api_id":1,`)
	if taken {
		w.number("card_id", a.linked.id).lit(",").text("masked_pan", a.linked.shown()).lit(",")
		w.text("status_ps", "Approved").lit(",").text("result_code", "Approved").lit(",")
		w.text("client_ip_addr", d.ip).lit(",")
	}
	w.text("external_id", d.ext).lit(",").text("date_created", d.createdAt.UTC().Format(time.DateTime)).lit(",")
	w.text("date_updated", d.createdAt.UTC().Format(time.DateTime)).lit(",")
	if taken && a.sends && d.asks3DS {
		w.text("redirect_uri", "http://"+d.host+"/atmos/ips/"+decimal(d.id)).lit(",")
	}
	if d.amount > 0 {
		w.text("ofd_redirect_uri", "https://ofd.atmos.uz/api/ofd/sandbox-"+decimal(d.id)).lit(",")
	}
	w.number("store_id", d.store).lit(`,"upper_commission":0,"lower_commission":0`)
}

func (a *ipsAnswer) writeCard(w *atmosWriter) {
	c := &a.linked
	w.lit(`"card":{`).number("id", c.id).lit(`,"status":true,"approved":true,`)
	w.text("masked_pan", c.shown()).lit(",").text("masked_card_holder", c.holder).lit(`,"card_type":"VISA",`)
	w.text("verified_state", c.state).lit(`,"card_region":"DOMESTIC"}`)
}

// shown is how the samples mask a number.
func (c *ipsCard) shown() string { return c.number[:6] + "********" + c.number[len(c.number)-4:] }

// ipsPageAnswer is the wording of a page that was made.
type ipsPageAnswer struct {
	store, id int64
	url       string
}

func (a ipsPageAnswer) appendTo(b []byte, t twist) []byte {
	if t == strangeCode {
		return ipsAnswer{}.appendTo(b, t)
	}
	w := &atmosWriter{b: b}
	w.lit("{").number("store_id", a.store).lit(",").number("payment_id", a.id).lit(`,"token":"9Y53Bh_hFirZgxxFqBTwtA==",`)
	return w.text("url", a.url).lit(`,"status":{"code":"OK","description":"Success"}}`).b
}

func ipsMessage(code string) string {
	switch code {
	case ipsOK:
		return "Success"
	case ipsTaken:
		return "Transaction already exists"
	case ipsState:
		return "Transaction in invalid state"
	case ipsNotFound:
		return "Transaction not found"
	case ipsProcessing:
		return "Request processing error"
	case ipsNoCard:
		return "Card not found"
	case ipsNotVerified:
		return "3D card authorization expected"
	case ipsNotValid:
		return "The card is not valid"
	case ipsDeclined:
		return "Transaction declined by payment provider"
	case ipsInsufficient:
		return "Transaction declined due to insufficient funds"
	case ipsNoKey:
		return "API key not found"
	default:
		return "A system error occurred"
	}
}
