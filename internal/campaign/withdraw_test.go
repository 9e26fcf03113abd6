package campaign_test

import (
	"bytes"
	"fmt"
	"slices"
	"strings"
	"testing"
	"testing/synctest"
	"time"

	"github.com/go-json-experiment/json"

	"tolov/internal/payment"
	"tolov/internal/providers/sandbox"
)

// What a withdrawal's command tells of a person. None of it may be found anywhere but in the command.
const (
	markedPINFL    = "41508950" // two digits that tell persons apart, and four that the sandbox reads
	markedFirst    = "Gulnoracanary"
	markedLast     = "Gafurovacanary"
	markedMiddle   = "Olimovnacanary"
	markedPassport = "7351846"
)

func personalData() []string {
	return []string{markedPINFL, markedFirst, markedLast, markedMiddle, markedPassport}
}

const withdrawFields = `"provider":"atmos-pinfl","amount":5000,"contract_number":%q,"person":{"first_name":"` +
	markedFirst + `","last_name":"` + markedLast + `","middle_name":"` + markedMiddle + `","pinfl":"` + markedPINFL +
	`%s","passport_series":"ZX","passport_number":"` + markedPassport + `"}`

const withEpos = `,"epos":{"branch_id":"546","terminal_group_id":"266"}`

// withdrawal is the body of a command; person is how the PINFL ends: six digits.
func withdrawal(ext, person, more string) string {
	return fmt.Sprintf(`{"ext_id":%q,`+withdrawFields+more+`}`, ext, ext, person)
}

// withKeys gives the house's next workers a key of their own.
func (h *house) withKeys() {
	key, err := payment.NewKey("k1", bytes.Repeat([]byte{9}, 32))
	h.must(err)
	h.keys = payment.Keyring{key}
}

// withdrawScenes are the withdrawals of the crash matrix: each run has a person of its own.
func withdrawScenes() []scene {
	of := func(name, ends, op, fault string) scene {
		person := strings.Replace(fmt.Sprintf(withdrawFields, "$", ""), markedPINFL, "4150######"+ends, 1)
		return scene{
			name: name, opens: payment.VerbWithdraw, provider: "atmos-pinfl", op: op, fault: fault,
			with: strings.TrimPrefix(person, `"provider":"atmos-pinfl",`) + withEpos,
			ends: payment.Completed, debits: 1, moved: 5000,
		}
	}
	declined := of("withdrawal, declined", "0107", "", "")
	declined.ends, declined.debits, declined.moved = payment.Failed, 0, 0
	return []scene{
		of("withdrawal", "1111", "", ""),
		of("withdrawal, never answered", "1111", "confirm", sandbox.SilentAfter),
		of("withdrawal, never arrived", "1111", "confirm", sandbox.SilentBefore),
		of("withdrawal, its draft never answered", "1111", "create", sandbox.SilentAfter),
		of("withdrawal, no cards known", "0109", "", ""),
		declined,
	}
}

// ended is a payment as its last event tells it, with the types of all its events.
func (h *house) ended(ext string) (p payment.Payment, types string) {
	h.t.Helper()
	var names []string
	for _, e := range h.told(&verdicts{})[payment.ID("default", ext)] {
		names = append(names, strings.TrimSuffix(strings.TrimPrefix(e.Type, "tolov.payment."), ".v1"))
		if len(e.Data.Payment) > 0 {
			p = payment.Payment{}
			h.must(json.Unmarshal(e.Data.Payment, &p))
		}
	}
	return p, strings.Join(names, " ")
}

// taken are the debits of one contract, in tiyin.
func (h *house) taken(ext string) (amounts []int64) {
	for _, d := range h.box.Debits() {
		if d.Account == ext {
			amounts = append(amounts, d.Amount)
		}
	}
	return amounts
}

// withdrawals are the ways a withdrawal goes, through real workers to the sandbox's ledger.
func withdrawals() []struct {
	name, person, more string
	op, fault          string // what goes wrong, once
	ends               payment.Status
	taken              []int64 // from each card
	failure, events    string
} {
	const doubted = "accepted in_doubt completed receipt_issued"
	const straight = "accepted completed receipt_issued"
	return []struct {
		name, person, more string
		op, fault          string
		ends               payment.Status
		taken              []int64
		failure, events    string
	}{
		{"28 29 happy", "1111", "", "", "", payment.Completed, []int64{5000}, "", straight},
		{"two cards", "0002", "", "", "", payment.Completed, []int64{2000, 3000}, "", straight},
		{"28 partial", "0106", `,"partial":true`, "", "", payment.Completed, []int64{2000, 1000}, "", straight},
		{"28 not enough", "0106", "", "", "", payment.Failed, nil, "insufficient_funds", "accepted failed"},
		{"28 no balance", "0105", "", "", "", payment.Failed, nil, "insufficient_funds", "accepted failed"},
		{"28 not available", "0103", "", "", "", payment.Failed, nil, "person_not_available", "accepted failed"},
		{"29 declined", "0107", "", "", "", payment.Failed, nil, "insufficient_funds", "accepted failed"},
		{"30 failed", "0202", "", "", "", payment.Failed, nil, "transaction_failed", "accepted in_doubt failed"},
		{"30 slow", "0200", "", "", "", payment.Completed, []int64{5000}, "", doubted},
		{"32 33 no cards known", "0109", withEpos, "", "", payment.Completed, []int64{5000}, "", straight},
		{"32 answer lost", "0109", withEpos, "update-cards-list", sandbox.ResetAfter, payment.Completed, []int64{5000}, "",
			straight},
		{"33 never answered", "0109", withEpos, "cards-check", sandbox.SilentBefore, payment.Completed, []int64{5000}, "",
			straight},
		{"32 no cards at all", "0110", withEpos, "", "", payment.Failed, nil, "cards_not_found", "accepted failed"},
		{"32 without ePOS", "0109", "", "", "", payment.Failed, nil, "merchant_not_configured", "accepted failed"},
		{"28 answer lost", "1111", "", "create", sandbox.ResetAfter, payment.Completed, []int64{5000}, "", straight},
		{"28 never answered", "1111", "", "create", sandbox.SilentAfter, payment.Completed, []int64{5000}, "", straight},
		{"28 down", "1111", "", "create", sandbox.Unavailable, payment.Completed, []int64{5000}, "", straight},
		{"29 answer lost", "1111", "", "confirm", sandbox.SilentAfter, payment.Completed, []int64{5000}, "", doubted},
		{"29 answer lost, two cards", "0002", "", "confirm", sandbox.ResetAfter, payment.Completed, []int64{2000, 3000}, "",
			doubted},
		{"29 answer lost, partial", "0106", `,"partial":true`, "confirm", sandbox.HTMLAfter, payment.Completed,
			[]int64{2000, 1000}, "", doubted},
		{"29 never arrived", "1111", "", "confirm", sandbox.SilentBefore, payment.Completed, []int64{5000}, "", doubted},
		{"29 late", "1111", "", "confirm", sandbox.Late, payment.Completed, []int64{5000}, "", doubted},
		{"29 unknown code", "1111", "", "confirm", sandbox.UnknownCodeAfter, payment.Completed, []int64{5000}, "", doubted},
		{"29 wrong amount", "1111", "", "confirm", sandbox.WrongAmount, payment.NeedsReview, []int64{5000}, "",
			"accepted discrepancy needs_review"},
	}
}

// The provider is naive: whoever confirms twice debits twice.
func TestWithdrawalsEndAsTheLedgerSays(t *testing.T) {
	synctest.Test(t, func(t *testing.T) {
		h := newHouse(t, 4)
		defer h.close()
		h.withKeys()
		h.start()
		h.start()
		for i, w := range withdrawals() {
			ext := fmt.Sprint("w", i)
			if w.op != "" { // every other operation names its contract: only then can a fault aim at one withdrawal
				account := ext
				if strings.Contains(w.op, "cards") {
					account = ""
				}
				h.box.Script(sandbox.Fault{Op: "atmos-pinfl." + w.op, Account: account, Kind: w.fault, Times: 1})
			}
			h.send(payment.VerbWithdraw, "", withdrawal(ext, fmt.Sprintf("%02d%s", i, w.person), w.more))
			pass(3 * time.Minute)
			p, types := h.ended(ext)
			var charged int64
			for _, amount := range w.taken {
				charged += amount
			}
			failure := ""
			if p.Failure != nil {
				failure = p.Failure.Code
			}
			if p.Status != w.ends || types != w.events || failure != w.failure {
				t.Errorf("%s: ended %s %q by %s, want %s %q by %s", w.name, p.Status, failure, types, w.ends, w.failure, w.events)
			}
			if got := h.taken(ext); !slices.Equal(got, w.taken) {
				t.Errorf("%s: the ledger has %v, want %v", w.name, got, w.taken)
			}
			if w.ends == payment.Completed {
				judgeTaken(t, w.name, p, w.taken, charged)
			}
		}
	})
}

// judgeTaken wants amount_charged to be the sum of what each card gave, and the cards to be told.
func judgeTaken(t *testing.T, name string, p payment.Payment, taken []int64, charged int64) {
	t.Helper()
	var told []int64
	for _, item := range p.Items {
		told = append(told, int64(item.AmountCharged))
		if item.Card == nil || !strings.Contains(item.Card.Masked, "******") {
			t.Errorf("%s: a card is told as %+v", name, item.Card)
		}
	}
	if int64(p.AmountCharged) != charged || p.Amount != 5000 || !slices.Equal(told, taken) {
		t.Errorf("%s: charged %d of %d by %v, want %d by %v", name, p.AmountCharged, p.Amount, told, charged, taken)
	}
}

// Operation 31, and H24: a withdrawal that is cancelled while its cards are looked for moves nothing, and its draft is
// cancelled at the provider's too.
func TestCancelledWithdrawalMovesNothing(t *testing.T) {
	synctest.Test(t, func(t *testing.T) {
		h := newHouse(t, 4)
		defer h.close()
		h.withKeys()
		h.start()
		h.box.Script(sandbox.Fault{Op: "atmos-pinfl.create", Account: "c2", Kind: sandbox.SilentAfter, Times: 1})
		h.box.Script(sandbox.Fault{Op: "atmos-pinfl.cancel", Kind: sandbox.ResetBefore, Times: 2})
		h.send(payment.VerbWithdraw, "", withdrawal("c1", "000109", withEpos)) // waits for the person's cards
		h.send(payment.VerbWithdraw, "", withdrawal("c2", "001111", ""))       // its draft was made, nobody knows
		pass(time.Second)
		for _, ext := range []string{"c1", "c2"} {
			h.send(payment.VerbCancel, "", fmt.Sprintf(`{"ext_id":%q,"reason":"paid in cash"}`, ext))
		}
		pass(5 * time.Minute)
		for _, ext := range []string{"c1", "c2"} {
			p, types := h.ended(ext)
			if p.Status != payment.Cancelled || p.CancelReason != "by_command" || types != "accepted cancelled" {
				t.Errorf("%s ended %s (%s) by %s", ext, p.Status, p.CancelReason, types)
			}
			if taken := h.taken(ext); len(taken) > 0 {
				t.Errorf("%s: %v was taken", ext, taken)
			}
		}
		if d, found := h.box.Transaction("500000000"); !found || d.Account != "c2" || d.State != "canceled" {
			t.Errorf("the draft that nobody knew of: %+v", d)
		}
	})
}

// Contract, fine print: what a later call needs of a person is kept sealed to the workers' own key, a key file or not.
// The worker dies while the outcome is unknown; one that was given a key file meanwhile asks with what the first kept.
func TestWithdrawalNeedsNoKeyFile(t *testing.T) {
	synctest.Test(t, func(t *testing.T) {
		h := newHouse(t, 4)
		defer h.close()
		w := h.start()
		h.send(payment.VerbWithdraw, "", withdrawal("k1", "001111", ""))
		pass(time.Minute)
		if p, types := h.ended("k1"); p.Status != payment.Completed || types != "accepted completed receipt_issued" {
			t.Errorf("%s: %+v", types, p)
		}
		h.box.Script(sandbox.Fault{Op: "atmos-pinfl.confirm", Kind: sandbox.SilentAfter, Times: 1})
		h.send(payment.VerbWithdraw, "", withdrawal("k2", "001111", ""))
		pass(time.Second)
		h.kill(w)
		h.withKeys()
		h.start()
		pass(10 * time.Minute)
		p, types := h.ended("k2")
		if p.Status != payment.Completed || types != "accepted in_doubt completed receipt_issued" {
			t.Errorf("%s: %+v", types, p)
		}
	})
}

// TestNoPersonalDataLeavesTheWorker sends marked persons through every fault, and looks for them in every byte of every
// stream, log line and span (I8, H73). The sandbox's refusals repeat the PINFL, as the provider's do.
func TestNoPersonalDataLeavesTheWorker(t *testing.T) {
	synctest.Test(t, func(t *testing.T) {
		h := newHouse(t, 6)
		defer h.close()
		h.withKeys()
		heard := h.listen()
		h.start()
		n := 0
		for _, kind := range append(providerFaults(), "") {
			for _, person := range []string{"1111", "0109", "0110", "0103", "0106", "0202"} {
				n++
				ext := fmt.Sprint("p", n)
				if kind != "" {
					h.box.Script(sandbox.Fault{Op: "*", Account: ext, Kind: kind, Times: 2})
				}
				h.send(payment.VerbWithdraw, "", withdrawal(ext, fmt.Sprintf("%02d%s", n%100, person), withEpos))
			}
		}
		for _, broken := range []string{
			strings.Replace(withdrawal("b1", "001111", ""), `"amount":5000`, `"amount":"5000"`, 1),
			strings.Replace(withdrawal("b2", "0011112", ""), `"ZX"`, `"zx"`, 1),
			strings.Replace(withdrawal("b3 ", "001111", ""), `"ZX"`, `"zx"`, 1),
			withdrawal("b4", "001111", ""), strings.TrimSuffix(withdrawal("b5", "001111", ""), "}"),
			`{"ext_id":"b6","provider":"atmos-pinfl","person":"` + markedFirst + markedPINFL + `1111"}`,
		} {
			h.send(payment.VerbWithdraw, "", broken)
			h.send("withdrew", "", broken)
			h.send(payment.VerbPay, "", broken)
		}
		pass(3 * time.Minute)
		h.searchStreams(personalData())
		heard.search(t, personalData(), 10_000, 100)
	})
}
