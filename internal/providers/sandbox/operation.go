package sandbox

import (
	"io"
	"net/http"
	"sync/atomic"
)

const maxRequest = 1 << 20

// operation is one call of a provider, as the fault machinery sees it: it can be read, done, and worded, and a fault
// may come between any two of these.
type operation struct {
	name    string // provider.call
	class   class
	pattern string // of http.ServeMux; empty: its provider finds it by itself
	read    func(r *http.Request, body []byte) (task, *answer)
	calls   atomic.Int64
}

// class tells which faults make sense. It is a set, so that a kind can name several.
type class uint8

const (
	draft class = 1 << iota // safe to repeat, moves no money
	money                   // moves or promises money, or links and removes what it can be taken from
	read                    // no effect
	auth                    // tokens
)

// task is a request that its provider has understood and not yet done.
type task struct {
	account string        // whose payment, for faults that aim at one
	key     string        // names the transaction among all providers'
	also    []string      // the keys of whatever else it changes
	magic   Fault         // what the card or token itself brings about; zero: nothing
	do      func() answer // takes effect; quick, and called at most once, perhaps much later
	part    func() answer // do for the first of several parts alone, the others refused; nil: it has no parts
	idle    answer        // what there is to word when nothing was done
}

// answer is what a provider says, before a fault twists it.
type answer struct {
	status int // 0: 200
	words  wording
}

// wording writes an answer in its provider's own form.
type wording interface {
	appendTo(b []byte, t twist) []byte
}

// twist is an untruth that a fault wants told. A provider ignores those that its answer has no room for.
type twist uint8

const (
	truth            twist = iota
	otherAmount            // another amount than the payment's
	otherTransaction       // another transaction's number
	strangeCode            // a result code that no table knows
	inProcess              // neither done nor refused yet
	unconfirmed            // a confirmed payment as it was before
)

// fixed is a wording that cannot be twisted.
type fixed string

func (f fixed) appendTo(b []byte, _ twist) []byte { return append(b, f...) }

// serve wraps an operation in the fault machinery.
func (s *Sandbox) serve(op *operation) http.HandlerFunc {
	return func(w http.ResponseWriter, r *http.Request) {
		op.calls.Add(1)
		body, err := io.ReadAll(http.MaxBytesReader(w, r.Body, maxRequest))
		if err != nil {
			http.Error(w, "unreadable request", http.StatusBadRequest)
			return
		}
		if s.latency > 0 {
			s.timers.pause(s.latency)
		}
		todo, refusal := op.read(r, body)
		if refusal != nil {
			sendPlain(w, refusal.status, refusal.words.appendTo(nil, truth))
			return
		}
		s.perform(w, r, op, todo)
	}
}

// perform does the task and answers, in the manner that the fault, if any, asks for.
func (s *Sandbox) perform(w http.ResponseWriter, r *http.Request, op *operation, todo task) {
	f := s.deck.draw(op, todo)
	m := s.manners[f.Kind] // the zero manner: do it and say so
	if m.delayed && !s.timers.pause(f.delay()) {
		panic(http.ErrAbortHandler)
	}
	told := todo.idle
	switch m.acts {
	case atOnce:
		told = todo.act(m)
	case afterwards:
		s.timers.after(f.delay(), func() { todo.act(m) })
	case never:
	}
	if m.hides {
		until := s.now().Add(f.delay())
		for _, key := range append(todo.also, todo.key) {
			s.echo.hide(key, until)
		}
	}
	t := m.twist
	if op.class == read && t == truth && s.stale(m, todo.key) {
		t = unconfirmed
	}
	s.speak(w, r, saying{manner: m, delay: f.delay(), status: told.status, body: told.words.appendTo(nil, t)})
}

// act does the task, or the first of its parts.
func (t task) act(m manner) answer {
	if m.partly && t.part != nil {
		return t.part()
	}
	return t.do()
}

// stale tells whether a read is to show the payment as it was.
func (s *Sandbox) stale(m manner, key string) bool {
	return s.echo.hidden(key, s.now()) || m.flips && s.echo.flip(key)
}
