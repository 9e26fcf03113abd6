package sandbox

import (
	"strconv"
	"time"

	"github.com/go-json-experiment/json/jsontext"
)

// atmosShape is what an answer carries beside its result, in the order of the documented samples.
type atmosShape uint8

const (
	saysResult atmosShape = iota
	saysCreated
	saysPrepared
	saysResent
	saysApplied
	saysGot
)

// otherBy is how far a wrong amount is off, in tiyin.
const otherBy = 100

// atmosAnswer is the wording of every call under /merchant/pay. It is a value: twisting one changes no payment.
type atmosAnswer struct {
	code    string
	lang    string
	shape   atmosShape
	payment atmosPayment
	drift   uint64 // bit n: the nth number is written as a string
}

func (a atmosAnswer) appendTo(b []byte, t twist) []byte {
	a.twist(t)
	w := atmosWriter{b: b, drift: a.drift, lang: a.lang}
	w.lit("{")
	switch a.shape {
	case saysResult:
		w.result(a.code)
	case saysCreated:
		w.result(a.code).lit(",").number("transaction_id", a.payment.id).lit(",").transaction(&a.payment, false)
	case saysPrepared:
		w.number("transaction_id", a.payment.id).lit(",").result(a.code)
	case saysResent:
		w.result(a.code).lit(",").number("transaction_id", a.payment.id)
	case saysApplied:
		w.result(a.code).lit(",").transaction(&a.payment, true).receipts(a.payment.success)
	case saysGot:
		w.result(a.code).lit(",").transaction(&a.payment, false)
	}
	return w.lit("}").b
}

func (a *atmosAnswer) twist(t twist) {
	switch t {
	case truth:
	case otherAmount:
		a.payment.amount += otherBy
	case otherTransaction:
		a.payment.id++
	case strangeCode:
		a.code, a.shape = codeStrange, saysResult
	case inProcess:
		a.code, a.shape = codeInProcess, saysResult
	case unconfirmed:
		switch a.payment.state {
		case atmosConfirmed:
			a.code, a.payment.state, a.payment.success, a.payment.confirmedAt = codeOK, atmosPrepared, 0, time.Time{}
		case atmosReversed:
			a.code, a.payment.state = codeClosed, atmosConfirmed
		}
	}
}

// atmosWriter writes JSON by hand: the sandbox is the other end of benchmarks.
type atmosWriter struct {
	b     []byte
	drift uint64
	lang  string
}

func (w *atmosWriter) lit(s string) *atmosWriter {
	w.b = append(w.b, s...)
	return w
}

// text writes a member. Text that is not UTF-8 never passes the request's decoder.
func (w *atmosWriter) text(name, value string) *atmosWriter {
	w.lit(`"`).lit(name).lit(`":`)
	w.b, _ = jsontext.AppendQuote(w.b, value)
	return w
}

// number writes a member whose type drifts.
func (w *atmosWriter) number(name string, n int64) *atmosWriter {
	return w.lit(`"`).lit(name).lit(`":`).integer(n)
}

// integer writes a number whose type drifts.
func (w *atmosWriter) integer(n int64) *atmosWriter {
	quote := ""
	if w.drift&1 == 1 {
		quote = `"`
	}
	w.drift >>= 1
	w.lit(quote)
	w.b = strconv.AppendInt(w.b, n, 10)
	return w.lit(quote)
}

// comma stands before the ith element of a list.
func (w *atmosWriter) comma(i int) *atmosWriter {
	if i > 0 {
		return w.lit(",")
	}
	return w
}

// moment writes Unix milliseconds, or null for a time that has not come.
func (w *atmosWriter) moment(name string, t time.Time) *atmosWriter {
	w.lit(`"`).lit(name).lit(`":`)
	if t.IsZero() {
		return w.lit("null")
	}
	w.b = strconv.AppendInt(w.b, t.UnixMilli(), 10)
	return w
}

func (w *atmosWriter) result(code string) *atmosWriter {
	return w.lit(`"result":{`).text("code", code).lit(",").text("description", describe(code, w.lang)).lit("}")
}

// transaction writes store_transaction. Only apply names the card.
func (w *atmosWriter) transaction(p *atmosPayment, named bool) *atmosWriter {
	return w.lit(`"store_transaction":`).object(p, named)
}

// object writes a transaction's details.
func (w *atmosWriter) object(p *atmosPayment, named bool) *atmosWriter {
	confirmed := p.state == atmosConfirmed
	w.lit("{")
	if confirmed {
		w.number("success_trans_id", p.success)
	} else {
		w.lit(`"success_trans_id":null`)
	}
	w.lit(",").number("trans_id", p.id).lit(`,"store":{`).number("id", p.store)
	w.lit(`,"name":"Store name","desc":"","logo":null,"ga_id":null},`)
	w.text("terminal_id", p.terminal).lit(",").text("account", p.account).lit(",").number("amount", p.amount)
	w.lit(`,"confirmed":`).lit(strconv.FormatBool(confirmed)).lit(",")
	w.moment("prepay_time", p.preparedAt).lit(",").moment("confirm_time", p.confirmedAt)
	w.lit(`,"label":{"type_id":64,"label_ru":"Номер инвойса","label_uz":"Invoys raqami",` +
		`"label_en":"Number of Invoice"},`)
	if p.details == "" && !p.hold {
		w.lit(`"details":null`)
	} else {
		w.text("details", p.details)
	}
	w.lit(`,"commission_value":"0","commission_type":"0",`)
	w.number("total", p.amount).lit(",")
	if named {
		w.text("card_id", p.card.id)
	} else {
		w.lit(`"card_id":null`)
	}
	switch {
	case confirmed:
		return w.lit(`,"status_code":"0","status_message":"Success"}`)
	case p.refused != "":
		return w.lit(",").text("status_code", p.refused).
			lit(",").text("status_message", describe(p.refused, w.lang)).lit("}")
	}
	return w.lit(`,"status_code":null,"status_message":null}`)
}

func (w *atmosWriter) receipts(success int64) {
	n := decimal(success)
	w.lit(",").text("ofd_url", "https://ofd2.atmos.uz/api/ofd/sandbox-"+n).
		lit(",").text("ofd_url_commission", "https://ofd2.atmos.uz/api/ofd-commission/sandbox-"+n)
}
