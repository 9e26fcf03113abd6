package sandbox

import "strings"

// Result codes of the withdrawals. Source: ATMOS, "Withdrawal by TIN(PINFL)", status guide.
const (
	pinflOK          = "200"
	pinflUnavailable = "-103"
	pinflNoBalance   = "-105"
	pinflNotEnough   = "-106"
	pinflNotInFull   = "-107"
	pinflNoCards     = "-109"
	pinflUnexpected  = "-200"
	pinflHasFailed   = "-202"
	pinflMismatch    = "-301"
	pinflUsed        = "-302"
	pinflInvalid     = "-303"
	pinflTooSmall    = "-306"
	pinflNoEpos      = "-307"
	pinflUnknown     = "-308"
	pinflStrange     = "-999" // on no table
)

// magic tells whether the person's PINFL ends with the digits.
func (d *pinflDebt) magic(ends string) bool { return strings.HasSuffix(string(d.in.Pinfl), ends) }

// create makes a draft. With the lock held, as all of these.
func (p *pinfl) create(in pinflRequest) answer {
	d := &pinflDebt{in: in, state: pinflCreated, createdAt: p.now()}
	if code, message := d.form(); code != pinflOK {
		return p.refuse(code, message)
	}
	if p.byExt[string(in.ExtID)] != nil {
		return p.refuse(pinflUsed, "External id "+string(in.ExtID)+" is already used")
	}
	_, known := p.found[string(in.Pinfl)]
	switch person := "PINFL " + string(in.Pinfl); {
	case d.magic("0103"):
		return p.refuse(pinflUnavailable, "Client with "+person+" is not available")
	case d.magic("0110"), d.magic("0109") && !known:
		return p.refuse(pinflNoCards, "Cards attributable to "+person+" not found")
	case d.magic("0105"):
		return p.refuse(pinflNoBalance, "No cards with sufficient balance were found")
	case d.magic("0106") && !in.Partial:
		return p.refuse(pinflNotEnough, "Not enough balance")
	}
	d.id = int64(pinflFirstID + len(p.byID))
	p.byExt[string(in.ExtID)], p.byID[decimal(d.id)] = d, d
	return p.tell(d, pinflAnswer{created: true})
}

// form checks the fields of a draft, in the order of the documentation.
func (d *pinflDebt) form() (code, message string) {
	var n numerals
	d.amount = n.number(d.in.Amount)
	switch in := d.in; {
	case in.ExtID == "":
		return pinflInvalid, "Invalid external id"
	case in.FirstName == "":
		return pinflInvalid, "Invalid firstname"
	case in.LastName == "":
		return pinflInvalid, "Invalid lastname"
	case in.MiddleName == "":
		return pinflInvalid, "Invalid middle name"
	case !digits(string(in.Pinfl), 14):
		return pinflInvalid, "Invalid PINFL"
	case len(in.Series) != 2:
		return pinflInvalid, "Invalid passport series"
	case in.Passport == "":
		return pinflInvalid, "Invalid passport number"
	case in.Contract == "":
		return pinflInvalid, "Invalid contract number"
	case n.malformed || d.amount <= 0:
		return pinflInvalid, "Invalid amount"
	case in.Epos != nil && in.Epos.Branch == "":
		return pinflInvalid, "branch_id must not be null or empty"
	case in.Epos != nil && in.Epos.Group == "":
		return pinflInvalid, "terminal_group_id must not be null or empty"
	case d.amount < pinflLeast:
		return pinflTooSmall, "Requested amount is less than minimum allowed"
	}
	return pinflOK, ""
}

// confirm debits the person's cards, once in a transaction's life, or as often as it is called when the provider is
// naive. Every later call tells how the transaction stands.
func (p *pinfl) confirm(in pinflRequest) answer {
	d := p.pair(in)
	switch {
	case d == nil:
		return p.refuse(pinflMismatch, "Client or contract or ePOS not found")
	case d.state == pinflFailed:
		return p.refuse(pinflUnexpected, "Unexpected error. Please try again later")
	case d.state == pinflCreated && d.magic("0107"):
		return p.refuse(pinflNotInFull, "Could not initiate payment in full amount")
	case d.state == pinflCreated && d.magic("0202"):
		d.state = pinflFailed
		return p.refuse(pinflUnexpected, "Unexpected error. Please try again later")
	case d.state == pinflCreated, d.state == pinflSuccess && p.naive:
		p.debit(d)
	}
	return p.tell(d, pinflAnswer{})
}

// debit takes the money from the cards that the person has.
func (p *pinfl) debit(d *pinflDebt) {
	d.state, d.cards = pinflSuccess, []pinflCard{{"860066******5544", d.amount, pinflSuccess}}
	first := d.amount / 5 * 2
	switch {
	case d.magic("0002"):
		d.cards = []pinflCard{
			{"860066******5544", first, pinflSuccess}, {"986009******4364", d.amount - first, pinflSuccess},
		}
	case d.magic("0106"):
		d.cards = []pinflCard{
			{"860066******5544", first, pinflSuccess}, {"986009******4364", d.amount - first, pinflFailed},
			{"860049******3347", d.amount / 5, pinflSuccess},
		}
	}
	for _, c := range d.cards {
		if c.state == pinflSuccess {
			p.ledger.debit(Debit{
				Provider: providerPinfl, Transaction: decimal(d.id), Account: string(d.in.Contract), Amount: c.amount,
				Card: c.masked, At: p.now(),
			})
		}
	}
}

// check tells how a transaction stands, to whom knows the person.
func (p *pinfl) check(in pinflRequest) answer {
	d := p.byExt[string(in.ExtID)]
	switch {
	case d == nil:
		return p.refuse(pinflUnknown, "Request with provided external id not found")
	case d.in.Pinfl != in.Pinfl || d.in.Series != in.Series || d.in.Passport != in.Passport:
		return p.refuse(pinflMismatch, "Client or contract or ePOS not found")
	case d.state == pinflFailed:
		return p.refuse(pinflHasFailed, "Transaction with external id: "+string(in.ExtID)+" failed")
	}
	return p.tell(d, pinflAnswer{plain: true})
}

// cancel drops a draft. A transaction that is past that is told as it stands.
func (p *pinfl) cancel(in pinflRequest) answer {
	d := p.pair(in)
	if d == nil {
		return p.refuse(pinflMismatch, "Client or contract or ePOS not found")
	}
	if d.state == pinflCreated {
		d.state = pinflCancelled
	}
	return p.tell(d, pinflAnswer{plain: true})
}

// pair finds a transaction by both of its ids.
func (p *pinfl) pair(in pinflRequest) *pinflDebt {
	if d := p.byExt[string(in.ExtID)]; d != nil && decimal(d.id) == string(in.TransactionID) {
		return d
	}
	return nil
}

// update begins to look for a person's cards. A repeated request begins nothing.
func (p *pinfl) update(in pinflRequest) answer {
	switch {
	case !digits(string(in.Pinfl), 14):
		return p.refuse(pinflInvalid, "Invalid PINFL")
	case in.Epos == nil:
		return p.refuse(pinflNoEpos, "ePOS details were not sent")
	case in.Epos.Branch == "":
		return p.refuse(pinflInvalid, "branch_id must not be null or empty")
	case in.Epos.Group == "":
		return p.refuse(pinflInvalid, "terminal_group_id must not be null or empty")
	case p.updates[string(in.ExtID)] == nil:
		p.updates[string(in.ExtID)] = &pinflUpdate{pinfl: string(in.Pinfl), at: p.now()}
	}
	return answer{words: pinflAnswer{code: pinflOK}}
}

// cardsCheck tells how far an update is.
func (p *pinfl) cardsCheck(in pinflRequest) answer {
	u := p.updates[string(in.ExtID)]
	if u == nil {
		return p.refuse(pinflUnknown, "Request with provided external id not found")
	}
	told := pinflCards{ext: string(in.ExtID), pinfl: u.pinfl, at: u.at, status: "IN_PROGRESS"}
	if p.now().Sub(u.at) >= pinflLooking {
		told.status = "SUCCESSFUL"
		p.found[u.pinfl] = u.at.Add(pinflLooking)
	}
	return answer{words: told}
}

func (p *pinfl) refuse(code, message string) answer {
	return answer{words: pinflAnswer{code: code, message: message}}
}

// tell completes an answer with the transaction as it stands.
func (p *pinfl) tell(d *pinflDebt, told pinflAnswer) answer {
	told.code, told.debt = pinflOK, *d
	if p.drift {
		p.told++
		told.drift = mix(p.seed, uint64(d.id), p.told)
	}
	return answer{words: told}
}
