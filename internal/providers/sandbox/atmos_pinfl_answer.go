package sandbox

import "time"

// pinflAnswer is the wording of every call under /transaction, and of a refusal.
type pinflAnswer struct {
	code    string
	message string // of a refusal; it repeats what it speaks of, as the real ones do
	created bool   // the answer to create
	plain   bool   // ids and amounts are numbers, as in the samples of check and cancel
	debt    pinflDebt
	drift   uint64 // bit n: the nth number is written the other way
}

func (a pinflAnswer) appendTo(b []byte, t twist) []byte {
	a.twist(t)
	w := pinflWriter{atmosWriter: atmosWriter{b: b}, flips: a.drift}
	if a.debt.state == "" {
		w.lit(`{"payload":null,`)
	} else {
		w.lit(`{"payload":{`)
		w.payload(&a)
		w.lit("},")
	}
	w.text("code", a.code)
	switch {
	case a.created:
		w.lit(`,"description":"Transaction confirmed"}`)
	case a.message != "":
		w.lit(",").text("message", a.message).lit("}")
	default:
		w.lit(`,"message":null}`)
	}
	return w.b
}

func (a *pinflAnswer) twist(t twist) {
	switch t {
	case truth:
	case otherAmount:
		a.debt.amount += otherBy
		if len(a.debt.cards) > 0 {
			a.debt.cards = append([]pinflCard(nil), a.debt.cards...)
			a.debt.cards[0].amount += otherBy
		}
	case otherTransaction:
		a.debt.id++
	case strangeCode:
		*a = pinflAnswer{code: pinflStrange, message: "?"}
	case inProcess:
		a.code, a.message, a.created = pinflOK, "", false
		a.debt.state, a.debt.cards = pinflProgress, nil
	case unconfirmed:
		if a.debt.state == pinflSuccess {
			a.debt.state, a.debt.cards = pinflCreated, nil
		}
	}
}

// pinflWriter writes numbers as the samples do: bare in one place, as text in another.
type pinflWriter struct {
	atmosWriter
	flips uint64
}

func (w *pinflWriter) figure(name, value string, quoted bool) *pinflWriter {
	if w.flips&1 == 1 {
		quoted = !quoted
	}
	w.flips >>= 1
	if quoted || !digits(value, len(value)) || len(value) > 15 || value == "" {
		w.text(name, value)
		return w
	}
	w.lit(`"`).lit(name).lit(`":`).lit(value)
	return w
}

func (w *pinflWriter) payload(a *pinflAnswer) {
	d := &a.debt
	if d.id == 0 { // in process, and nothing more is told
		w.text("transaction_status", string(d.state))
		return
	}
	if a.created {
		w.lit(`"available_balance":123456789,`).text("transaction_status", string(d.state)).lit(",")
		w.figure("transaction_id", decimal(d.id), true).lit(",")
		w.text("ext_id", string(d.in.ExtID)).lit(",")
		w.figure("amount", decimal(d.amount), true).lit(",").text("first_name", string(d.in.FirstName))
		w.lit(",").text("middle_name", string(d.in.MiddleName)).lit(",").text("last_name", string(d.in.LastName))
		w.lit(",").text("date_created", d.createdAt.UTC().Format(time.DateTime))
		return
	}
	w.figure("transaction_id", decimal(d.id), !a.plain).lit(",")
	w.figure("ext_id", string(d.in.ExtID), !a.plain).lit(",").text("transaction_status", string(d.state))
	if d.state != pinflSuccess {
		return
	}
	w.lit(`,"details":[`)
	for i, c := range d.cards {
		w.comma(i).lit("{").text("pan", c.masked).lit(",")
		w.figure("amount", decimal(c.amount), !a.plain).lit(",")
		w.figure("upper_commission", "1", !a.plain).lit(",").text("status", string(c.state)).lit("}")
	}
	w.lit("],").text("ofd_url", "www.ofd_url_example.uz/"+decimal(d.id))
}

// pinflCards is the wording of cards/check.
type pinflCards struct {
	ext, pinfl string
	at         time.Time
	status     string
}

func (a pinflCards) appendTo(b []byte, t twist) []byte {
	switch t {
	case strangeCode:
		return pinflAnswer{}.appendTo(b, t)
	case inProcess, unconfirmed:
		a.status = "IN_PROGRESS"
	}
	w := atmosWriter{b: b}
	w.lit(`{"code":200,"message":null,"payload":{`).text("ext_id", a.ext).lit(",")
	w.text("masked_pinfl", a.pinfl[:4]+"xxxxxxx"+a.pinfl[11:]).lit(",").text("status", a.status).lit(",")
	return w.text("request_date", a.at.UTC().Format(time.DateTime)).lit("}}").b
}
