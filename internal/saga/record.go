package saga

import (
	"maps"
	"slices"
	"time"

	"tolov/internal/payment"
)

// Record is one transition of a payment. It carries the whole payment, so the last record is the state.
// Amounts are tiyin. A record never holds a secret (I8).
type Record struct {
	ID        string            `json:"id"` // tells our own write from another's after a lost acknowledgement (H30)
	PaymentID string            `json:"payment_id"`
	Merchant  string            `json:"merchant"`
	At        payment.Time      `json:"at"`
	Cause     Cause             `json:"cause"`
	Evidence  *payment.Evidence `json:"evidence,omitzero"`
	Events    []Event           `json:"events,omitempty"`
	Payment   *payment.Payment  `json:"payment,omitzero"` // nil while only refusals were recorded
	State     State             `json:"state"`

	Seq uint64 `json:"-"` // position on the payment's subject, 0 when nothing was recorded yet
}

// CauseKind tells what led to a record.
type CauseKind string

// The causes.
const (
	ByCommand CauseKind = "command"
	ByAnswer  CauseKind = "answer"
	ByTimer   CauseKind = "timer"
	BySweep   CauseKind = "sweep"

	ByProvider CauseKind = "provider" // a command that the provider itself gave
	ByNotice   CauseKind = "notice"
	ByBooks    CauseKind = "books" // our record was compared with the provider's books
)

// Cause tells who or what led to a record: the audit trail (HAZARDS §4, item 49).
type Cause struct {
	Kind       CauseKind    `json:"kind"`
	Verb       payment.Verb `json:"verb,omitzero"`
	CommandID  string       `json:"command_id,omitzero"`
	Step       string       `json:"step,omitzero"`
	Reason     string       `json:"reason,omitzero"`
	Actor      string       `json:"actor,omitzero"`
	ApprovedBy string       `json:"approved_by,omitzero"`
	Evidence   string       `json:"evidence,omitzero"`
}

// Event is what a record tells the world. N counts the payment's events from 1.
type Event struct {
	N           int                  `json:"n"`
	Type        payment.EventType    `json:"type"`
	Trace       string               `json:"trace,omitzero"` // the refused command's own trace, when it had one
	Rejection   *payment.Rejection   `json:"rejection,omitzero"`
	Refund      *payment.Refund      `json:"refund,omitzero"`
	Discrepancy *payment.Discrepancy `json:"discrepancy,omitzero"`
	Review      Review               `json:"review,omitzero"`
}

// State is what the engine remembers of a payment beside the payment itself.
type State struct {
	Records  int                 `json:"records"`
	Events   int                 `json:"events"`
	Opening  payment.Fingerprint `json:"opening,omitzero"`
	Order    payment.Order       `json:"order,omitzero"`
	Trace    string              `json:"trace,omitzero"` // the traceparent of the opening command
	Deadline payment.Time        `json:"deadline,omitzero"`

	Flow    string          `json:"flow,omitzero"`
	Carrier string          `json:"carrier,omitzero"` // the message whose secrets the current run uses
	Asked   *payment.Action `json:"asked,omitzero"`   // what the provider wants of the customer

	Transaction string   `json:"transaction,omitzero"`
	Items       []string `json:"items,omitempty"` // the provider's transactions of the items

	Shown map[string]string `json:"shown,omitempty"` // what the provider was told of the customer (Word)

	Walk // along a path; empty when none is being walked

	Intent *Intent `json:"intent,omitzero"` // a money call that went out or may have
	Doubt  *Doubt  `json:"doubt,omitzero"`  // its outcome is being asked for
	Watch  *Watch  `json:"watch,omitzero"`  // a money call that seemed absent and may still land
	Ending string  `json:"ending,omitzero"` // why the payment is being given up, until the provider agrees
	Review Review  `json:"review,omitzero"`
	Polls  int     `json:"polls,omitzero"` // pauses of the schedule that were used up
	Next   Time    `json:"next,omitzero"`  // when to ask or try again

	Differs *Difference `json:"differs,omitzero"` // between our record and the provider's books, until they agree

	Notices int  `json:"notices,omitzero"` // of the provider's, that were heeded
	Heed    Time `json:"heed,omitzero"`    // from when on another one is

	Due   Time   `json:"due,omitzero"`   // when the payment must be looked at, whatever happens
	Timed bool   `json:"timed,omitzero"` // whether a timer was armed for that
	Seen  []Seen `json:"seen,omitempty"` // the last commands, oldest first
}

// Walk is where a payment is on a path, and what the command that started it asked for.
type Walk struct {
	Path       payment.Verb      `json:"path,omitzero"`
	Began      int               `json:"began,omitzero"` // behind which record: tells two walks of one path apart
	Step       int               `json:"step,omitzero"`
	Part       int               `json:"part,omitzero"` // of a step that is made for several items
	Came       payment.Status    `json:"came,omitzero"` // where the payment stood before
	Amount     payment.Money     `json:"path_amount,omitzero"`
	Chosen     []Choice          `json:"chosen,omitempty"` // the items that a charge named
	RefundID   string            `json:"refund_id,omitzero"`
	Reason     string            `json:"reason,omitzero"`
	OFDItems   []payment.OFDItem `json:"ofd_items,omitempty"`
	Kept       map[string]string `json:"kept,omitempty"` // the provider's ids of this path
	WrongCodes int               `json:"wrong_codes,omitzero"`
	Sends      int               `json:"sends,omitzero"` // intents of the current money step so far
	Lost       int               `json:"lost,omitzero"`  // of them, how many never reached the provider
}

// Time is the contract's instant.
type Time = payment.Time

// Intent is a money call, recorded before it is made (law 2).
type Intent struct {
	Step        string        `json:"step"`
	Part        int           `json:"part,omitzero"`
	Attempt     int           `json:"attempt"`
	Transaction string        `json:"transaction,omitzero"`
	Amount      payment.Money `json:"amount"`
	At          Time          `json:"at"`
	SendBy      Time          `json:"send_by"`
}

// Choice is an item that a charge named, with the amount to charge in tiyin.
type Choice struct {
	Index  int           `json:"index"`
	Amount payment.Money `json:"amount"`
}

// Doubt is the time since which an intent's outcome is unknown.
type Doubt struct {
	Since Time `json:"since"`
	Taken bool `json:"taken,omitzero"` // by a worker that does not know whether the call is over
}

// Watch is an eye kept on an intent that was found absent, until it cannot land any more (H5).
type Watch struct {
	Intent Intent `json:"intent"`
	Until  Time   `json:"until"`
	Walk   Walk   `json:"walk,omitzero"` // on which the call was made
}

// Review tells why a person must look.
type Review string

// The reasons for a review. Only the first ends by itself.
const (
	ReviewByTime          Review = "time"
	ReviewByContradiction Review = "contradiction"
)

// Seen remembers a command, so that a repeat is a no-op.
type Seen struct {
	ID    string              `json:"id"`
	Print payment.Fingerprint `json:"print"`
}

// maxSeen is how many commands per payment are remembered (contract, fine print).
const maxSeen = 64

// maxRefunds bounds the refunds of one payment: every record carries them all, and must fit a message.
const maxRefunds = 200

// clone copies the record and all it points to: a decision never changes what it decides on.
func (r Record) clone() Record {
	r.Events, r.Evidence = nil, nil
	r.Payment = r.Payment.Clone()
	s := &r.State
	s.Asked = clonePointer(s.Asked)
	s.Intent, s.Doubt, s.Watch = clonePointer(s.Intent), clonePointer(s.Doubt), clonePointer(s.Watch)
	s.Differs = clonePointer(s.Differs)
	s.Seen, s.Items, s.Chosen = slices.Clone(s.Seen), slices.Clone(s.Items), slices.Clone(s.Chosen)
	s.Kept, s.Shown = maps.Clone(s.Kept), maps.Clone(s.Shown)
	if r.Payment != nil && r.Payment.Card != nil {
		r.Payment.Card.Token = "" // told once, in the event of the link
	}
	return r
}

func clonePointer[T any](p *T) *T {
	if p == nil {
		return nil
	}
	c := *p
	return &c
}

// Resting tells whether nobody needs to have the payment in hand: no path is being walked, or it waits for a person or
// a timer.
func (r Record) Resting() bool {
	s := r.State
	return r.Payment == nil || s.Path == "" || r.Payment.Action != nil ||
		s.Doubt != nil || s.Review != "" || s.Ending != "" && !s.dropping()
}

// Exposure is the money, in tiyin, that may have moved while nobody knows yet, and the step that may have moved it. It
// is 0 when there is none.
func (r Record) Exposure() (amount payment.Money, step string) {
	switch s := r.State; {
	case s.Intent != nil:
		return s.Intent.Amount, s.Intent.Step
	case s.Watch != nil:
		return s.Watch.Intent.Amount, s.Watch.Intent.Step
	default:
		return 0, ""
	}
}

// open tells whether a money call may be under way right now, in this worker or another.
func (s *State) open() bool { return s.Intent != nil && s.Doubt == nil }

// dropping tells whether the payment is on the path that drops its draft at the provider's, with a step still to make.
// Whoever has it in hand goes on there; nothing is asked about a payment that certainly was not made.
func (s *State) dropping() bool {
	return s.Path == payment.VerbCancel && s.Intent == nil && s.Doubt == nil
}

// find gives the remembered command with this identity.
func (s *State) find(id string) *Seen {
	for i := range s.Seen {
		if s.Seen[i].ID == id {
			return &s.Seen[i]
		}
	}
	return nil
}

func (s *State) see(id string, print payment.Fingerprint) {
	s.Seen = append(s.Seen, Seen{ID: id, Print: print})
	if extra := len(s.Seen) - maxSeen; extra > 0 {
		s.Seen = slices.Delete(s.Seen, 0, extra)
	}
}

func earliest(times ...Time) Time {
	var first Time
	for _, t := range times {
		if !t.IsZero() && (first.IsZero() || t.Before(first.Time)) {
			first = t
		}
	}
	return first
}

func after(t Time, d time.Duration) Time { return payment.At(t.Add(d)) }
