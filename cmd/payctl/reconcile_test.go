package main

import (
	"bytes"
	"encoding/json"
	"testing"
	"time"

	"tolov/client"
)

func TestReconcileAsksAWorkerAndTellsByItsExitCode(t *testing.T) {
	payctl(t, "", "reconcile", "--provider", "paysys").expect(t, exitDone,
		"paysys of default from … to …: 0 payments, 0 lines",
		"0 agree, 0 differ (0 new), 0 agree again, 0 are not at rest yet")
	var r client.Reconciled
	said := payctl(t, "", "reconcile", "--provider", "atmos", "--from", "2026-11-20", "--json")
	said.expect(t, exitDone)
	err := json.Unmarshal([]byte(said.out), &r)
	if err != nil || r.Provider != "atmos" || r.To.Sub(r.From) != 24*time.Hour {
		t.Errorf("%v: %+v of %s", err, r, said.out)
	}
	payctl(t, "", "reconcile", "--provider", "uzum").expect(t, exitFailed)
	payctl(t, "", "reconcile", "--provider", "paysys", "--from", "yesterday").expect(t, exitFailed)
	payctl(t, "", "reconcile").expect(t, exitUsage)
	payctl(t, "", "--timeout", "1ns", "reconcile", "--provider", "paysys").expect(t, exitUnknown)
}

// A person sees at once what is new, what is known, and what is over.
func TestFindingsAreShownWithBothSides(t *testing.T) {
	at := time.Date(2026, 11, 20, 9, 0, 0, 0, time.Local)
	finding := func(id, ext, why string, ours, theirs client.Side) client.Finding {
		d := client.Discrepancy{Why: why, Ours: ours, Theirs: theirs}
		return client.Finding{PaymentID: id, ExtID: ext, Discrepancy: d}
	}
	amount := finding("pay_1", "order-1", "the provider names another amount",
		client.Side{Status: "completed", Amount: 400_000, Transaction: "7"},
		client.Side{Status: "done", Code: "1", Amount: 400_100, Transaction: "7", Key: "10181"})
	stranger := finding("pay_2", "", "the provider's books have a payment that we know nothing of",
		client.Side{Status: "missing"}, client.Side{
			Status: "done", Code: "1", Amount: 700_000, Transaction: "8", Key: "10182", Card: "860053******9500", At: &at,
		})
	stranger.New = true
	var out bytes.Buffer
	(&app{out: &out}).showReconciled(client.Reconciled{
		Merchant: "default", Provider: "paysys", From: at, To: at.Add(time.Hour), Payments: 3, Lines: 4, Agreed: 1, Open: 1,
		Differ: []client.Finding{amount, stranger}, LeftOut: 2,
		Closed: []client.Finding{finding("pay_3", "order-3", "both sides agree again", client.Side{}, client.Side{})},
	})
	said{out: out.String()}.expect(t, 0,
		"   PAYMENT  EXT_ID   WHY …  OURS …  THEIRS",
		"!  pay_1    order-1  the provider names another amount  …  completed 4 000.00 transaction 7  "+
			"done (1) 4 001.00 transaction 7 key 10181",
		"+  pay_2             the provider's books have a payment that we know nothing of  missing …  "+
			"done (1) 7 000.00 transaction 8 key 10182 card 860053******9500 of 2026-11-20 09:00:00.000 …",
		"✓  pay_3    order-3  both sides agree again",
		"",
		"paysys of default from 2026-11-20 09:00:00.000 … to 2026-11-20 10:00:00.000 …: 3 payments, 4 lines",
		"1 agree, 2 differ (1 new), 1 agree again, 1 are not at rest yet",
		"2 more are not shown here: their discrepancy events tell")
}
