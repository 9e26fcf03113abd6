package sandbox

import (
	"net/http"

	"github.com/go-json-experiment/json"
)

// books is the ledger as GET /sandbox/ledger shows it.
type books struct {
	Debits       []Debit        `json:"debits"`
	Refunds      []Refund       `json:"refunds,omitempty"`
	Holds        []Hold         `json:"holds,omitempty"`
	Cards        []Card         `json:"cards,omitempty"`
	Payouts      []Payout       `json:"payouts,omitempty"`
	Transactions int            `json:"transactions"`
	Calls        map[string]int `json:"calls"`
}

// control adds the paths by which a test bench in another process looks in and scripts faults.
func (s *Sandbox) control() {
	s.mux.HandleFunc("GET /sandbox/ledger", func(w http.ResponseWriter, _ *http.Request) {
		s.show(w, books{
			Debits: s.Debits(), Refunds: s.Refunds(), Holds: s.Holds(), Cards: s.Cards(),
			Payouts:      s.Payouts(),
			Transactions: s.Transactions(), Calls: s.Calls(),
		})
	})
	s.mux.HandleFunc("GET /sandbox/transactions/{id}", func(w http.ResponseWriter, r *http.Request) {
		t, found := s.Transaction(r.PathValue("id"))
		if !found {
			http.Error(w, "no such transaction", http.StatusNotFound)
			return
		}
		s.show(w, t)
	})
	s.mux.HandleFunc("POST /sandbox/pages/{id}/pay", atPage(s.PayPage))
	s.mux.HandleFunc("POST /sandbox/pages/{id}/abandon", atPage(s.AbandonPage))
	s.mux.HandleFunc("POST /sandbox/books/{provider}/{id}/{how}", func(w http.ResponseWriter, r *http.Request) {
		if err := s.Misbook(r.PathValue("provider"), r.PathValue("id"), r.PathValue("how")); err != nil {
			http.Error(w, err.Error(), http.StatusBadRequest)
			return
		}
		w.WriteHeader(http.StatusNoContent)
	})
	s.mux.HandleFunc("DELETE /sandbox/books", func(w http.ResponseWriter, _ *http.Request) {
		s.MendBooks()
		w.WriteHeader(http.StatusNoContent)
	})
	s.mux.HandleFunc("POST /sandbox/faults", s.takeFault)
	s.mux.HandleFunc("DELETE /sandbox/faults", func(w http.ResponseWriter, _ *http.Request) {
		s.ClearFaults()
		w.WriteHeader(http.StatusNoContent)
	})
}

// atPage does what a payer does at the page of the address's transaction.
func atPage(act func(transaction string) error) http.HandlerFunc {
	return func(w http.ResponseWriter, r *http.Request) {
		if err := act(r.PathValue("id")); err != nil {
			http.Error(w, err.Error(), http.StatusConflict)
			return
		}
		w.WriteHeader(http.StatusNoContent)
	}
}

func (s *Sandbox) show(w http.ResponseWriter, v any) {
	w.Header().Set("Content-Type", contentJSON)
	_ = json.MarshalWrite(w, v, json.Deterministic(true)) // a client that has gone is its own affair
}

func (s *Sandbox) takeFault(w http.ResponseWriter, r *http.Request) {
	var f Fault
	err := json.UnmarshalRead(http.MaxBytesReader(w, r.Body, maxRequest), &f, json.RejectUnknownMembers(true))
	if err == nil {
		err = s.Check(f)
	}
	if err != nil {
		http.Error(w, err.Error(), http.StatusBadRequest)
		return
	}
	s.Script(f)
	w.WriteHeader(http.StatusNoContent)
}
