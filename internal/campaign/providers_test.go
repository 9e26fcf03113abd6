package campaign_test

import (
	"context"
	"fmt"
	"sync/atomic"
	"testing"
	"testing/synctest"
	"time"

	"tolov/internal/payment"
	"tolov/internal/providers/sandbox"
	"tolov/internal/saga"
)

// Personal data of a payout. None of it may be found in any stream but the commands' (I8).
const (
	canaryName     = "Canariyeva"
	canaryPassport = "AA7319046"
	canaryPINFL    = "30101800050014"
)

// story is one payment from its command to its end, at a provider that moves the money as often as it is asked to.
type story struct {
	name    string
	verb    payment.Verb
	body    string
	fault   sandbox.Fault
	codes   []string // what the customer enters, each time it is asked
	cancels bool     // by the customer instead of a code, or while the money call cannot leave
	ends    payment.Status
	moves   int    // debits or payouts
	calls   string // an operation that must have been asked for exactly once
}

func viaBody(card string) string {
	return `"provider":"via","amount":5000000,"account":"order-1","card":{"number":"` + card + `","expiry":"9912"}`
}

func payoutBody(amount, card, more string) string {
	return `"provider":"paysys","amount":` + amount + `,"card":{"number":"` + card + `"},` +
		`"sender":{"last_name":"` + canaryName + `","first_name":"Test"}` + more
}

const canaryDocument = `,"document":{"nationality":"860","type":"passport","seriesNumber":"` + canaryPassport +
	`","birthDate":"25.01.1990","validTo":"25.01.2035","mrz":"` + canaryPINFL + `"}`

// viaStories are rows 51 to 53.
func viaStories() []story {
	pay, right := viaBody(canaryPAN), []string{canaryCode}
	fault := func(op, kind string) sandbox.Fault { return sandbox.Fault{Op: "via." + op, Kind: kind, Times: 1} }
	return []story{
		{name: "51 to 53 paid", body: pay, codes: right, ends: payment.Completed, moves: 1},
		{name: "51 answer lost", body: pay, fault: fault("confirm-pay", sandbox.SilentAfter), codes: right,
			ends: payment.Completed, moves: 1},
		{name: "51 never arrived", body: pay, fault: fault("confirm-pay", sandbox.SilentBefore), codes: right,
			ends: payment.Completed, moves: 1},
		{name: "51 card refused", body: viaBody("8600492986215602"), ends: payment.Failed},
		{name: "52 wrong code, then the right one", body: pay, codes: []string{"000000", canaryCode},
			ends: payment.Completed, moves: 1},
		{name: "52 three wrong codes", body: pay, codes: []string{"000000", "000001", "000002"}, ends: payment.Failed},
		{name: "52 declined", body: viaBody("8600312998546358"), codes: right, ends: payment.Failed},
		{name: "52 error", body: viaBody("8600312987000557"), codes: right, ends: payment.Failed},
		{name: "52 answer lost", body: pay, fault: fault("verify", sandbox.SilentAfter), codes: right,
			ends: payment.Completed, moves: 1},
		{name: "52 never arrived, asked for the code again", body: pay, fault: fault("verify", sandbox.SilentBefore),
			codes: []string{canaryCode, canaryCode}, ends: payment.Completed, moves: 1},
		{name: "52 done late", body: pay, fault: fault("verify", sandbox.Late), codes: right,
			ends: payment.Completed, moves: 1},
		{name: "52 pending", body: pay, fault: fault("verify", sandbox.Pending), codes: right,
			ends: payment.Completed, moves: 1},
		{name: "52 answer in HTML", body: pay, fault: fault("verify", sandbox.HTMLAfter), codes: right,
			ends: payment.Completed, moves: 1},
		{name: "53 status lags", body: pay, fault: fault("verify", sandbox.Lag), codes: right,
			ends: payment.Completed, moves: 1},
		{name: "52 cancelled before the code", body: pay, cancels: true, ends: payment.Cancelled},
	}
}

// paysysStories are rows 54 to 57.
func paysysStories() []story {
	pay := payoutBody("400000", canaryPAN, "")
	fault := func(op, kind string) sandbox.Fault { return sandbox.Fault{Op: "paysys." + op, Kind: kind, Times: 1} }
	return []story{
		{name: "54 to 56 paid out", body: pay, ends: payment.Completed, moves: 1, calls: "paysys.prepare"},
		{name: "54 with a document", body: payoutBody("2060000000", canaryPAN, canaryDocument),
			ends: payment.Completed, moves: 1},
		{name: "54 answer lost", body: pay, fault: fault("prepare", sandbox.SilentAfter), ends: payment.Completed, moves: 1},
		{name: "54 card refused", body: payoutBody("400000", "8600492986215602", ""), ends: payment.Failed},
		{name: "55 cancelled there", body: payoutBody("400000", "8600312998546358", ""), ends: payment.Failed},
		{name: "55 error, final by the check", body: payoutBody("400000", "8600312987000557", ""), ends: payment.Failed},
		{name: "55 answer lost", body: pay, fault: fault("confirm", sandbox.SilentAfter), ends: payment.Completed, moves: 1,
			calls: "paysys.prepare"},
		{name: "55 never arrived: confirmed again, never prepared again", body: pay,
			fault: fault("confirm", sandbox.SilentBefore), ends: payment.Completed, moves: 1, calls: "paysys.prepare"},
		{name: "55 done late", body: pay, fault: fault("confirm", sandbox.Late), ends: payment.Completed, moves: 1},
		{name: "55 pending", body: pay, fault: fault("confirm", sandbox.Pending), ends: payment.Completed, moves: 1},
		{name: "55 error though done", body: pay, fault: fault("confirm", sandbox.UnknownCodeAfter),
			ends: payment.Completed, moves: 1, calls: "paysys.prepare"},
		{name: "55 too many", body: pay, fault: fault("confirm", sandbox.TooMany), ends: payment.Completed, moves: 1},
		{name: "57 cancelled before the confirmation", body: pay, cancels: true, ends: payment.Cancelled,
			calls: "paysys.cancel"},
		{name: "57 cancelled, answer lost", body: pay, cancels: true, fault: fault("cancel", sandbox.SilentAfter),
			ends: payment.Cancelled},
		{name: "57 cancelled, never arrived", body: pay, cancels: true, fault: fault("cancel", sandbox.SilentBefore),
			ends: payment.Cancelled},
	}
}

// barred keeps money calls of payments that are about to be cancelled from leaving.
type barred struct {
	saga.Provider
	shut *atomic.Bool
}

func (b barred) Do(ctx context.Context, call saga.Call) payment.Answer {
	if b.shut.Load() && call.Attempt > 0 && !call.Asks {
		return payment.Answer{Outcome: payment.NotSent, RetryAfter: time.Second, Note: "barred"}
	}
	return b.Provider.Do(ctx, call)
}

// Every payment at VIA and every payout at PaySys comes to its right end, with one debit or credit at most, and no
// personal data stays behind. H1, H5, H7, H47, H56; I1 to I3, I7, I8, I10.
func TestViaAndPaysysEndRightWhateverIsLost(t *testing.T) {
	synctest.Test(t, func(t *testing.T) {
		h := newHouse(t, 2)
		defer h.close()
		var shut atomic.Bool
		h.around = func(p saga.Provider) saga.Provider { return barred{p, &shut} }
		heard := h.listen()
		h.start()
		for i, s := range viaStories() {
			s.verb = payment.VerbPay
			h.tell(fmt.Sprint("via", i), s, &shut)
		}
		for i, s := range paysysStories() {
			s.verb = payment.VerbPayout
			h.tell(fmt.Sprint("out", i), s, &shut)
		}
		secrets := []string{canaryPAN, canaryName, canaryPassport, canaryPINFL}
		h.searchStreams(secrets)
		heard.search(t, secrets, 10_000, 100)
	})
}

func (h *house) moved() int { return len(h.box.Debits()) + len(h.box.Payouts()) }

// tell plays a story and looks at its end.
func (h *house) tell(ext string, s story, shut *atomic.Bool) {
	h.t.Helper()
	shut.Store(s.cancels && s.verb == payment.VerbPayout)
	before, calls := h.moved(), h.box.Calls()[s.calls]
	if s.fault.Op != "" {
		h.box.Script(s.fault)
	}
	h.send(s.verb, "", fmt.Sprintf(`{"ext_id":%q,%s}`, ext, s.body))
	pass(10 * time.Second)
	if s.cancels {
		h.send(payment.VerbCancel, "", fmt.Sprintf(`{"ext_id":%q}`, ext))
	}
	id := payment.ID("default", ext)
	r := h.last(id)
	for range 200 {
		if r.Payment.Action != nil && len(s.codes) > 0 {
			h.send(payment.VerbConfirm, "", fmt.Sprintf(`{"ext_id":%q,"otp":%q}`, ext, s.codes[0]))
			s.codes = s.codes[1:]
		}
		pass(5 * time.Second)
		if r = h.last(id); r.Payment.Status.Final() {
			break
		}
	}
	pass(time.Minute) // for what may still land
	h.box.ClearFaults()
	r = h.last(id)
	p := r.Payment
	if p.Status != s.ends || h.moved()-before != s.moves {
		h.t.Errorf("%s: %s with %d moves, want %s with %d\n%s",
			s.name, p.Status, h.moved()-before, s.ends, s.moves, h.story(id))
	}
	if (s.ends == payment.Failed) != (p.Failure != nil) || s.ends == payment.Completed && p.AmountCharged != p.Amount {
		h.t.Errorf("%s: %+v, %d charged", s.name, p.Failure, p.AmountCharged)
	}
	if s.calls != "" && h.box.Calls()[s.calls]-calls != 1 {
		h.t.Errorf("%s: %d calls of %s", s.name, h.box.Calls()[s.calls]-calls, s.calls)
	}
	if tx, _ := h.box.Transaction(p.ProviderRefs["transaction_id"]); s.cancels && s.verb == payment.VerbPayout &&
		tx.State != "cancelled" {
		h.t.Errorf("%s: the payout is %s at PaySys", s.name, tx.State)
	}
}
