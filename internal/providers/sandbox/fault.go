package sandbox

import (
	"errors"
	"fmt"
	"net/http"
	"slices"
	"strings"
	"time"
)

// The kinds of faults. The package's doc tells what each does.
const (
	FailBefore       = "fail_before"
	FailAfter        = "fail_after"
	SilentBefore     = "silent_before"
	SilentAfter      = "silent_after"
	Late             = "late"
	Pending          = "pending"
	Lag              = "lag"
	FlipFlop         = "flip_flop"
	WrongAmount      = "wrong_amount"
	WrongTransaction = "wrong_transaction"
	UnknownCode      = "unknown_code"
	UnknownCodeAfter = "unknown_code_after"
	Unauthorized     = "unauthorized"
	TooMany          = "too_many"
	Unavailable      = "unavailable"
	HTML             = "html"
	HTMLAfter        = "html_after"
	TruncatedAfter   = "truncated_after"
	EmptyAfter       = "empty_after"
	HugeAfter        = "huge_after"
	DripAfter        = "drip_after"
	ResetBefore      = "reset_before"
	ResetAfter       = "reset_after"
	Slow             = "slow"
	Mixed            = "mixed"
)

const defaultDelay = time.Second

// Fault is something that goes wrong with an operation.
type Fault struct {
	Op      string `json:"op"`                // "apply", "atmos.apply", or "*" for every operation
	Account string `json:"account,omitempty"` // only for this account; empty: for every one
	Kind    string `json:"kind"`
	Times   int    `json:"times,omitempty"`    // how many calls; 0: all
	DelayMS int    `json:"delay_ms,omitempty"` // 0: 1000
}

func (f Fault) delay() time.Duration {
	if f.DelayMS == 0 {
		return defaultDelay
	}
	return time.Duration(f.DelayMS) * time.Millisecond
}

func (f Fault) fits(op *operation, account string) bool {
	return (f.Op == "*" || op.called(f.Op)) && (f.Account == "" || f.Account == account)
}

// called tells whether name is the operation's, with or without its provider's.
func (op *operation) called(name string) bool {
	_, short, _ := strings.Cut(op.name, ".")
	return name == op.name || name == short
}

// Check tells what is wrong with a fault: an operation or a kind that does not exist, or a negative number.
func (s *Sandbox) Check(f Fault) error {
	if f.Times < 0 || f.DelayMS < 0 {
		return errors.New("sandbox: times and delay_ms of a fault cannot be negative")
	}
	if err := s.checkKind(f.Kind); err != nil {
		return err
	}
	known := func(op *operation) bool { return op.called(f.Op) }
	if f.Op != "*" && !slices.ContainsFunc(s.operations, known) {
		return fmt.Errorf("sandbox: no operation is called %q", f.Op)
	}
	return nil
}

func (s *Sandbox) checkKind(kind string) error {
	if _, known := s.manners[kind]; !known {
		return fmt.Errorf("sandbox: no fault is of the kind %q", kind)
	}
	return nil
}

// manner is how a call goes: what is done, when, and how it is told. The zero manner is an honest one.
type manner struct {
	on      class // where Swarm may use it
	acts    moment
	partly  bool // of several parts only the first is done, the others are refused
	delayed bool // everything happens after the fault's delay
	twist   twist
	hides   bool // reads show the payment as it was, for the fault's delay
	flips   bool // every second read shows the payment as it was
	voice   voice
	status  int // of the voice bare
}

// moment is when the task is done.
type moment uint8

const (
	atOnce moment = iota
	never
	afterwards // by itself, after the fault's delay
)

// voice is how the answer travels.
type voice uint8

const (
	aloud   voice = iota // as it should
	bare                 // a status and a line of text
	page                 // HTML
	broken               // half of it
	blank                // none of it
	vast                 // behind 2 MiB of blanks
	drip                 // byte by byte
	silence              // never
	hangUp               // the connection closes
)

// manners is the table of kinds.
func manners() map[string]manner {
	const all = draft | money | read | auth
	const acting = draft | money | auth
	return map[string]manner{
		FailBefore:       {on: all, acts: never, voice: bare, status: http.StatusInternalServerError},
		FailAfter:        {on: acting, voice: bare, status: http.StatusBadGateway},
		SilentBefore:     {on: all, acts: never, voice: silence},
		SilentAfter:      {on: acting, voice: silence},
		Late:             {on: draft | money, acts: afterwards, voice: silence},
		Pending:          {on: money, acts: afterwards, twist: inProcess},
		Lag:              {on: money, hides: true},
		FlipFlop:         {on: read, flips: true},
		WrongAmount:      {on: money | read, twist: otherAmount},
		WrongTransaction: {on: money | read, twist: otherTransaction},
		UnknownCode:      {on: draft | money | read, acts: never, twist: strangeCode},
		UnknownCodeAfter: {on: draft | money, twist: strangeCode},
		Unauthorized:     {on: draft | money | read, acts: never, voice: bare, status: http.StatusUnauthorized},
		TooMany:          {on: all, acts: never, voice: bare, status: http.StatusTooManyRequests},
		Unavailable:      {on: all, acts: never, voice: bare, status: http.StatusServiceUnavailable},
		HTML:             {on: all, acts: never, voice: page},
		HTMLAfter:        {on: acting, voice: page},
		TruncatedAfter:   {on: all, voice: broken},
		EmptyAfter:       {on: all, voice: blank},
		HugeAfter:        {on: all, voice: vast},
		DripAfter:        {on: all, voice: drip},
		ResetBefore:      {on: all, acts: never, voice: hangUp},
		ResetAfter:       {on: acting, voice: hangUp},
		Slow:             {on: all, delayed: true},
		Mixed:            {on: money, partly: true},
	}
}
