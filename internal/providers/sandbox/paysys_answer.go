package sandbox

import "fmt"

// paysysCode is a JSON-RPC error. PaySys publishes no list; the first four are JSON-RPC's own.
type paysysCode int

const (
	paysysNoMethod  paysysCode = -32601
	paysysBadParams paysysCode = -32602
	paysysBroken    paysysCode = -32603
	paysysBadAmount paysysCode = -32301
	paysysBadCard   paysysCode = -32302
	paysysNotFound  paysysCode = -32303
	paysysTaken     paysysCode = -32304
	paysysClosed    paysysCode = -32305
	paysysDenied    paysysCode = -32504
	paysysStrange   paysysCode = -39999
)

func (c paysysCode) text() string {
	switch c {
	case paysysNoMethod:
		return "Method not found"
	case paysysBadParams:
		return "Invalid params"
	case paysysBadAmount:
		return "Invalid amount"
	case paysysBadCard:
		return "Card cannot receive payouts"
	case paysysNotFound:
		return "Transaction not found"
	case paysysTaken:
		return "partner_transaction_id was already used"
	case paysysClosed:
		return "Transaction is finished"
	case paysysDenied:
		return "Access denied"
	default:
		return "Internal error"
	}
}

// paysysShape is what a result holds.
type paysysShape uint8

const (
	paysysSaysPrepared paysysShape = iota
	paysysSaysConfirmed
	paysysSaysChecked
	paysysSaysTrue
	paysysSaysListed
)

// paysysWords is the wording of every answer. It is a value: twisting one changes no payout.
type paysysWords struct {
	id     string
	code   paysysCode // 0: no error
	shape  paysysShape
	payout paysysPayout
	list   []paysysPayout
}

func (c *paysysCall) refuse(code paysysCode) answer {
	return answer{words: paysysWords{id: c.in.ID, code: code}}
}

func (c *paysysCall) tell(p *paysysPayout, shape paysysShape) answer {
	return answer{words: paysysWords{id: c.in.ID, shape: shape, payout: *p}}
}

func (w paysysWords) appendTo(b []byte, t twist) []byte {
	w.twist(t)
	b = jsonText(append(b, `{"id":`...), w.id)
	if w.code != 0 {
		b = jsonText(fmt.Appendf(b, `,"error":{"code":%d,"message":`, w.code), w.code.text())
		return append(b, `},"result":null}`...)
	}
	b = append(b, `,"error":null,"result":`...)
	return append(w.result(b), '}')
}

func (w *paysysWords) twist(t twist) {
	switch t {
	case truth:
	case otherAmount:
		w.payout.amount += otherBy
	case otherTransaction:
		w.payout.id++
	case strangeCode:
		w.code = paysysStrange
	case inProcess, unconfirmed:
		w.payout.status = paysysCreated
	}
}

func (w *paysysWords) result(b []byte) []byte {
	p := &w.payout
	switch w.shape {
	case paysysSaysPrepared:
		fee := p.amount * paysysPerMille / 1000
		b = fmt.Appendf(b, `{"transaction_id":%d,"partner_transaction_id":%d,"masked_phone_number":"+99890*****50",`+
			`"recipient_card":%q,"recipient_name":"TEST2 TEST2","amount":%d,"commission":0.%d,"total":%d}`,
			p.id, p.partner, p.card.masked, p.amount, paysysPerMille, p.amount+fee)
	case paysysSaysConfirmed:
		b = fmt.Appendf(b, `{"transaction_id":%d,"status":%d,"date":%d}`, p.id, p.status, p.createdAt.Unix())
	case paysysSaysChecked:
		b = fmt.Appendf(b, `{"status":%d,"transaction_id":%d,"card_number":%q,"amount":%d}`,
			p.status, p.id, p.card.masked, p.amount)
	case paysysSaysTrue:
		b = append(b, "true"...)
	case paysysSaysListed:
		b = w.listed(append(b, '['))
	}
	return b
}

func (w *paysysWords) listed(b []byte) []byte {
	for i, p := range w.list {
		if i > 0 {
			b = append(b, ',')
		}
		b = fmt.Appendf(b, `{"status":%d,"transaction_id":%d,"partner_transaction_id":%d,"recipient_card_number":%q,`+
			`"recipient_name":"TEST2 TEST2","amount":%d,"commission_amount":%d,"date":%d}`, p.status, p.id, p.partner,
			p.card.masked, p.amount, p.amount*paysysPerMille/1000, p.createdAt.Unix())
	}
	return append(b, ']')
}
