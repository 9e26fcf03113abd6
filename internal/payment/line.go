package payment

// Line is what a provider's books say of one payment: a line of its statement, or its answer when it was asked about
// that payment alone.
type Line struct {
	Key         string  // by which the provider names our payment
	Transaction string  // the provider's own
	Outcome     Outcome // Done: the money moved and still is where it went; Unknown: the books cannot be understood
	Code        string  // the provider's own word or number for that
	Amount      Money
	Amounted    bool // whether the line names an amount
	Card        string
	At          Time // when the provider began it, zero when it does not tell
}

// Side is the line as one side of a discrepancy.
func (l Line) Side() Side {
	return Side{
		Status: string(l.Outcome), Code: l.Code, Amount: l.Amount, Transaction: l.Transaction,
		Key: l.Key, Card: l.Card, At: l.At,
	}
}

// Missing is the status of a side that does not have the payment.
const Missing = "missing"

// Why two sides differ, for a person to read. Whoever compares texts compares these.
const (
	NotInBooks    = "the provider's books do not have the payment"
	NotOurs       = "the provider's books have a payment that we know nothing of"
	OtherAmount   = "the provider names another amount"
	OtherNumber   = "the provider names another transaction"
	NotCarriedOut = "the provider did not carry the payment out"
	CarriedOut    = "the provider carried the payment out"
	BooksUnclear  = "the provider's books cannot be understood"
	AgreesAgain   = "both sides agree again"
)

// Differs tells why a payment that is at rest and a line of the provider's books do not agree, empty when they do. A
// payment that moved no money need not be in the books; if it is, they must not say that it did.
func (p *Payment) Differs(transaction string, line *Line) string {
	moved := p.Status == Completed || p.Status == PartiallyRefunded
	switch {
	case line == nil && moved:
		return NotInBooks
	case line == nil:
		return ""
	case line.Outcome == Unknown:
		return BooksUnclear
	case moved && line.Outcome != Done:
		return NotCarriedOut
	case !moved && line.Outcome == Done:
		return CarriedOut
	case line.Amounted && line.Amount != p.booked():
		return OtherAmount
	case transaction != "" && line.Transaction != "" && line.Transaction != transaction:
		return OtherNumber
	default:
		return ""
	}
}

// booked is the amount by which the books should have the payment, in tiyin.
func (p *Payment) booked() Money {
	if p.AmountCharged > 0 {
		return p.AmountCharged
	}
	return p.Amount
}

// Side is the payment as one side of a discrepancy.
func (p *Payment) Side(transaction string) Side {
	side := Side{Status: string(p.Status), Amount: p.booked(), Transaction: transaction, At: p.CreatedAt}
	if p.Card != nil {
		side.Card = p.Card.Masked
	}
	return side
}
