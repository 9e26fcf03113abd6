package payment

import "time"

// Outcome is what a provider's answer proves about one call. *Unknown* is an outcome of its own (law 3).
type Outcome string

// The outcomes. Only Done and Declined settle a call that moves money.
const (
	Done     Outcome = "done"     // explicitly confirmed
	Declined Outcome = "declined" // explicitly refused, and certainly not done
	NotSent  Outcome = "not_sent" // no byte left us: certainly not done
	Pending  Outcome = "pending"  // the provider is working on it
	Absent   Outcome = "absent"   // the provider knows of no effect; counts only after the quiet period (H5, H6)
	Unknown  Outcome = "unknown"  // everything else: it may or may not have happened
)

// Answer is what came of one provider call, as a value. Providers return answers, never errors: an error is an
// answer whose outcome is unknown.
type Answer struct {
	Outcome Outcome
	Code    string   // the provider's own code, as text
	Failure *Failure // why, when declined
	Wrong   bool     // declined because the customer's code was wrong: another may be tried

	Transaction string // the provider transaction that the answer speaks of
	Amount      Money  // the amount that the answer speaks of; 0 when it names none
	Amounted    bool   // whether the answer named an amount

	Refs      map[string]string // provider ids to keep in provider_refs
	Keep      map[string]string // provider ids that only the next steps of the same path need
	Action    *Action           // what the customer must do next
	Receipts  []Receipt
	Parts     []Part    // what it tells of the payment's items, in their order; empty when it tells nothing of them
	Moved     bool      // a draft found that the money had moved already, though nobody here asked for it
	Mixed     bool      // some parts took effect and some did not: pending at first, then a matter for a person
	HeldUntil time.Time // how long the funds are frozen, when it tells
	Card      *Card     // a card that was linked
	Lines     []Line    // of the provider's books, when it was asked for them
	TooLong   bool      // the answer was too long to be read: ask for a part of it

	RetryAfter time.Duration // the provider's wish, 0 when it has none
	Note       string        // for the history: why the answer was read so; never a secret
	HTTPStatus int
}

// Noted is the answer with a note on how it was read.
func (a Answer) Noted(why string) Answer {
	a.Note = why
	return a
}

// Unclear is the answer when what came proves nothing after all (H8, H9), and why.
func (a Answer) Unclear(why string) Answer {
	a.Outcome = Unknown
	return a.Noted(why)
}

// OfQuestion is the answer to a question: one that could not be put leaves unknown what it asks about.
func (a Answer) OfQuestion() Answer {
	if a.Outcome == NotSent {
		a.Outcome = Unknown
	}
	return a
}

// Part is what an answer tells of one item. Of a payment that has none, because the provider chose the cards, it is
// what was taken from one of them.
type Part struct {
	Card        string // masked
	Amount      Money  // tiyin, taken from the card
	Transaction string
	Refs        map[string]string
	Receipts    []Receipt
}

// Evidence is what the journal keeps of an answer.
type Evidence struct {
	Step        string  `json:"step"`
	Outcome     Outcome `json:"outcome"`
	Code        string  `json:"code,omitzero"`
	HTTPStatus  int     `json:"http_status,omitzero"`
	Transaction string  `json:"transaction,omitzero"`
	Amount      Money   `json:"amount,omitzero"`
	Note        string  `json:"note,omitzero"`
	AskedAt     Time    `json:"asked_at"`
}

// Discrepancy sets our record of a payment beside the provider's.
type Discrepancy struct {
	Why    string `json:"why"`
	By     string `json:"by,omitzero"`     // the provider's books that showed it, such as statement
	Closed bool   `json:"closed,omitzero"` // the sides agree again: it closes the one before it
	Ours   Side   `json:"ours"`
	Theirs Side   `json:"theirs"`
}

// Same tells whether two discrepancies say the same, so that the later one is no news.
func (d Discrepancy) Same(other Discrepancy) bool {
	return d.Why == other.Why && d.Closed == other.Closed && d.Ours.same(other.Ours) && d.Theirs.same(other.Theirs)
}

// Side is one party's view of a payment. The fields behind the transaction are there when books were compared.
type Side struct {
	Status      string `json:"status"` // ours: the payment's; theirs: an outcome, or missing
	Amount      Money  `json:"amount"`
	Transaction string `json:"transaction,omitzero"`
	Code        string `json:"code,omitzero"` // the provider's own word for its status
	Key         string `json:"key,omitzero"`  // by which the provider names our payment
	Card        string `json:"card,omitzero"` // masked
	At          Time   `json:"at,omitzero"`   // when the payment began
}

// same compares what decides, not when it was or how it was called.
func (s Side) same(other Side) bool {
	return s.Status == other.Status && s.Code == other.Code && s.Amount == other.Amount &&
		s.Transaction == other.Transaction && s.Key == other.Key
}
