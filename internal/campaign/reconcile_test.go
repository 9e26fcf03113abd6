package campaign_test

import (
	"crypto/sha1"
	"encoding/hex"
	"fmt"
	"maps"
	"net/http"
	"net/http/httptest"
	"slices"
	"strings"
	"testing"
	"testing/synctest"
	"time"

	"github.com/go-json-experiment/json"
	"github.com/google/go-cmp/cmp"

	"tolov/internal/events"
	"tolov/internal/payment"
	"tolov/internal/providers/sandbox"
	"tolov/internal/reconcile"
)

// ledgers are what was paid, and what was planted in the providers' books of it.
type ledgers struct {
	*house
	planted map[string]string // why, by payment id
	honest  []string
}

// compared asks a worker to compare a period.
func (b *ledgers) compared(provider, from, to string) reconcile.Report {
	b.t.Helper()
	question := fmt.Sprintf(`{"provider":%q,"from":%q,"to":%q}`, provider, from, to)
	reply, err := b.nc.Request(events.SubjectReconcile, []byte(question), 20*time.Minute)
	b.must(err)
	var report reconcile.Report
	if err := json.Unmarshal(reply.Data, &report); err != nil {
		b.t.Fatalf("%v %s: %v", reply.Header, reply.Data, err)
	}
	return report
}

// pay opens a payout and gives its payment id.
func (b *ledgers) pay(ext, card string) string {
	b.send(payment.VerbPayout, "", fmt.Sprintf(`{"ext_id":%q,%s}`, ext, payoutBody("400000", card, "")))
	return payment.ID(payment.DefaultMerchant, ext)
}

// strange pays out past us, as another program with our credentials would.
func (b *ledgers) strange(partner int) {
	b.t.Helper()
	said := b.gateway("prepare_remittance", fmt.Sprintf(`{"partner_transaction_id":%d,"card_number":%q,"amount":700000,`+
		`"sender":{"last_name":"A","first_name":"B","middle_name":""}}`, partner, canaryPAN))
	var prepared struct {
		Result struct {
			ID int `json:"transaction_id"`
		} `json:"result"`
	}
	b.must(json.Unmarshal([]byte(said), &prepared))
	b.gateway("confirm_remittance", fmt.Sprintf(`{"transaction_id":%d}`, prepared.Result.ID))
	line := payment.Line{Transaction: fmt.Sprint(prepared.Result.ID)}
	// The stranger's id is pinned here: it never changes, for discrepancies are known by it.
	b.planted[payment.ID("default", "/paysys/"+line.Transaction)] = payment.NotOurs
}

func (b *ledgers) gateway(method, params string) string {
	stamp := fmt.Sprint(time.Now().UnixMilli())
	sum := sha1.Sum([]byte("s" + stamp))
	r := httptest.NewRequest(http.MethodPost, "/paysys/gateway", strings.NewReader(
		fmt.Sprintf(`{"method":"cash2card.%s","params":%s,"id":"1"}`, method, params)))
	r.Header.Set("Auth", "7-"+hex.EncodeToString(sum[:])+"-"+stamp)
	w := httptest.NewRecorder()
	b.box.Handler().ServeHTTP(w, r)
	return w.Body.String()
}

// plant makes the statement wrong about a payout of ours.
func (b *ledgers) plant(id, how, why string) {
	b.t.Helper()
	b.must(b.box.Misbook("paysys", b.last(id).State.Transaction, how))
	b.planted[id] = why
}

// discrepancies are the events of that name, closed or not, by payment. I4 on the way.
func (b *ledgers) discrepancies(closed bool) map[string]string {
	b.t.Helper()
	pass(5 * time.Second) // the last events
	var v verdicts
	told := b.told(&v)
	found := map[string]string{}
	for id, all := range told {
		for i, e := range all {
			if e.ID != events.EventID(id, i+1) {
				b.t.Errorf("I4: event %s where %d was due", e.ID, i+1)
			}
			d := e.Data.Discrepancy
			if d == nil || d.Closed != closed {
				continue
			}
			if found[id] != "" {
				b.t.Errorf("%s was told twice: %s", id, d.Why)
			}
			found[id] = d.Why
		}
	}
	for _, fault := range v {
		b.t.Error(fault)
	}
	return found
}

func whys(findings []reconcile.Finding) map[string]string {
	found := map[string]string{}
	for _, f := range findings {
		found[f.PaymentID] = f.Why
	}
	return found
}

func (b *ledgers) same(what string, want, got map[string]string) {
	b.t.Helper()
	if diff := cmp.Diff(want, got); diff != "" {
		b.t.Errorf("%s (-want +got):\n%s", what, diff)
	}
}

const refusedCard = "8600312998546358"

// The bubble's first hour, and the one behind it.
const (
	started = "2000-01-01T00:00:00Z"
	noon    = "2000-01-01T01:00:00Z"
	evening = "2000-01-01T02:00:00Z"
)

// openHour opens 90 payouts in an hour and plants 50 differences: 13 that the statement does not have, 12 that we do
// not have, 12 of another amount, and 13 of another status, 5 of which are payouts that we call failed.
func (b *ledgers) openHour() {
	b.t.Helper()
	var paid, failed []string
	for i := range 90 {
		card := canaryPAN
		if i%9 == 8 {
			card = refusedCard
		}
		if i == 40 { // its answer gets lost, and is found out about
			b.box.Script(sandbox.Fault{Op: "paysys.confirm", Kind: sandbox.SilentAfter, Times: 1})
		}
		id := b.pay(fmt.Sprint("p", i), card)
		pass(8 * time.Second)
		if b.last(id).Payment.Status == payment.Failed {
			failed = append(failed, id)
		} else {
			paid = append(paid, id)
		}
	}
	for i := range 12 {
		b.strange(10_000 + i)
		pass(time.Second)
	}
	pass(time.Minute)
	for i, id := range paid[:33] {
		switch {
		case i < 13:
			b.plant(id, sandbox.BookedNot, payment.NotInBooks)
		case i < 25:
			b.plant(id, sandbox.BookedAmount, payment.OtherAmount)
		default:
			b.plant(id, sandbox.BookedStatus, payment.NotCarriedOut)
		}
	}
	for _, id := range failed[:5] {
		b.plant(id, sandbox.BookedStatus, payment.CarriedOut)
	}
	b.honest = slices.Concat(paid[33:], failed[5:])
	if len(b.planted) != 50 || len(b.honest) != 52 {
		b.t.Fatalf("%d planted, %d honest", len(b.planted), len(b.honest))
	}
}

// Row 58. H29, H58: whatever the statement and our records do not have in common is found, each once and with both
// sides' evidence, and nothing else is. What agrees later is closed by itself.
func TestReconciliationFindsEveryPlantedDifferenceAndNothingElse(t *testing.T) {
	unhurried(t)
	synctest.Test(t, func(t *testing.T) {
		b := &ledgers{house: newHouse(t, 2), planted: map[string]string{}}
		defer b.close()
		b.start()
		b.start()
		b.openHour()
		pass(time.Until(time.Date(2000, 1, 1, 0, 59, 59, 950_000_000, time.UTC)))
		between := b.pay("between", canaryPAN) // ours of the first hour, theirs of the second
		pass(time.Minute)
		b.pay("young", canaryPAN)
		pass(time.Second)

		first := b.compared("paysys", started, noon)
		b.same("found", b.planted, whys(first.Differ))
		b.same("told", b.planted, b.discrepancies(false))
		if first.Payments != 91 || first.Agreed != len(b.honest)+1 || first.Open != 0 {
			t.Errorf("compared %+v", first)
		}
		second := b.compared("paysys", noon, evening)
		if len(second.Differ) != 0 || second.Agreed != 1 || second.Open != 1 || b.last(between).State.Differs != nil {
			t.Errorf("the hour after: %+v", second)
		}

		again := b.compared("paysys", started, noon)
		b.same("found again", b.planted, whys(again.Differ))
		b.same("told again", b.planted, b.discrepancies(false))
		if slices.ContainsFunc(again.Differ, func(f reconcile.Finding) bool { return f.New }) {
			t.Error("what was found before is new again")
		}

		b.box.MendBooks()
		mended := maps.Clone(b.planted)
		maps.DeleteFunc(mended, func(_, why string) bool { return why == payment.NotOurs })
		b.closes(mended, b.compared("paysys", started, noon))
		b.closes(map[string]string{}, b.compared("paysys", started, noon))
	})
}

// closes wants the discrepancies to be closed, in the report and by an event each, and the payments to be as they were.
func (b *ledgers) closes(mended map[string]string, report reconcile.Report) {
	b.t.Helper()
	b.same("closed", mended, whys(report.Closed))
	if len(report.Differ) != 12 {
		b.t.Errorf("%d differ still", len(report.Differ))
	}
	told := b.discrepancies(true)
	if len(told) != 38 {
		b.t.Errorf("%d closings were told", len(told))
	}
	for id := range told {
		r := b.last(id)
		if r.State.Differs != nil || r.Payment.Status != payment.Completed && r.Payment.Status != payment.Failed {
			b.t.Errorf("%s is %s: %+v", id, r.Payment.Status, r.State.Differs)
		}
	}
}
