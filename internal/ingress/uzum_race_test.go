package ingress_test

import (
	"fmt"
	"sync"
	"sync/atomic"
	"testing"
)

// answers are what all callers of one race were told, each answer once.
type answers struct {
	mu  sync.Mutex
	all map[string]int
}

func (a *answers) add(s said) {
	a.mu.Lock()
	defer a.mu.Unlock()
	if a.all == nil {
		a.all = map[string]int{}
	}
	a.all[s.String()]++
}

// one is the answer that all got.
func (a *answers) one(t *testing.T, op string) string {
	t.Helper()
	if len(a.all) != 1 {
		t.Fatalf("%s is answered %v", op, a.all)
	}
	for text := range a.all {
		return text
	}
	return ""
}

// race calls an operation many times at once at every door, and gives all the different answers.
func (h *hall) race(ops ...[2]string) map[string]*answers {
	told := map[string]*answers{}
	for _, op := range ops {
		told[op[0]] = &answers{}
	}
	var callers sync.WaitGroup
	for range 4 {
		for _, d := range h.doors {
			for _, op := range ops {
				callers.Go(func() { told[op[0]].add(d.post(op[0], op[1])) })
			}
		}
	}
	callers.Wait()
	return told
}

// Whoever is asked and however often, at once or later: one transaction, one answer of each kind (I4, I6, law 4).
func TestTwoIngressesNeverAnswerDifferently(t *testing.T) {
	t.Parallel()
	h := openHall(t, 2)
	for n := range 12 {
		id := trans(n)
		create := [2]string{"create", createBody(id, 5)}
		all := [][2]string{create, {"confirm", confirmBody(id)}, {"reverse", aboutBody(id)}}
		told := map[string]string{}
		for _, ops := range [][][2]string{{create}, all, all} {
			h.raceAgain(t, ops, told)
		}
		switch story := h.story(id); story {
		case "accepted completed refunded", "accepted cancelled rejected":
		default:
			t.Errorf("%s: %v", story, told)
		}
	}
}

// raceAgain wants every answer to be one, and that which was told before.
func (h *hall) raceAgain(t *testing.T, ops [][2]string, told map[string]string) {
	t.Helper()
	for op, got := range h.race(ops...) {
		text := got.one(t, op)
		if was := told[op]; was != "" && was != text {
			t.Errorf("%s: %s, and before %s", op, text, was)
		}
		told[op] = text
	}
}

// Billing that says now this and now that makes no two answers: the first that is recorded stays.
func TestFickleBillingMakesOneAnswer(t *testing.T) {
	t.Parallel()
	h := openHall(t, 2, "BILLING=nats")
	var asked atomic.Int64
	h.billing(func(map[string]any) string {
		if asked.Add(1)%2 == 0 {
			return `{"ok":false,"code":"already_paid","message":"no"}`
		}
		return fmt.Sprintf(`{"ok":true,"data":{"n":{"value":"%d"}}}`, asked.Load())
	})
	kinds := map[bool]int{}
	for n := range 20 {
		id := trans(n)
		h.race([2]string{"create", createBody(id, 5)})["create"].one(t, "create")
		kinds[h.story(id) == "accepted"]++
		status := h.doors[0].post("status", aboutBody(id))
		if created := status.field("status") == "CREATED"; created != (h.story(id) == "accepted") {
			t.Errorf("%s: %s", h.story(id), status)
		}
	}
	if len(kinds) != 2 {
		t.Logf("only one verdict ever came first: %v", kinds)
	}
}

// What billing refused stays refused, and its reason is the bank's (contract, "billing.check").
func TestWhatBillingRefusesIsRecorded(t *testing.T) {
	t.Parallel()
	h := openHall(t, 2, "BILLING=nats")
	var answer atomic.Value
	h.billing(func(map[string]any) string { return answer.Load().(string) })
	n := 0
	for code, want := range map[string]string{
		"account_not_found": "10007", "amount_invalid": "99999", "already_paid": "10008",
	} {
		n++
		id := trans(n)
		answer.Store(fmt.Sprintf(`{"ok":false,"code":%q,"message":"says billing"}`, code))
		check := fmt.Sprintf(`{"serviceId":%d,"timestamp":1,"params":{"account":"1"}}`, service)
		for op, body := range map[string]string{"check": check, "create": createBody(id, 5)} {
			if got := h.doors[0].post(op, body); got.status != 400 || got.field("errorCode") != want {
				t.Errorf("%s %s: %s", op, code, got)
			}
		}
		answer.Store(okBilling)
		for _, op := range []string{"create", "status"} {
			if got := h.doors[1].post(op, createBody(id, 5)); got.field("errorCode") != want {
				t.Errorf("%s again, %s: %s", op, code, got)
			}
		}
		if h.story(id) != "rejected" {
			t.Error(h.story(id))
		}
	}
}

// Billing that does not answer, or not as the contract says, is no verdict: HTTP 500, nothing recorded.
func TestWithoutAVerdictNothingIsAnswered(t *testing.T) {
	t.Parallel()
	h := openHall(t, 1, "BILLING=nats")
	d, check := h.doors[0], fmt.Sprintf(`{"serviceId":%d,"timestamp":1,"params":{"account":"1"}}`, service)
	none := func(why string) {
		t.Helper()
		for op, body := range map[string]string{"check": check, "create": createBody(trans(1), 5)} {
			if got := d.post(op, body); got.status != 500 || got.body != "" {
				t.Errorf("%s, %s: %s", why, op, got)
			}
		}
	}
	none("nobody listens")
	var answer atomic.Value
	h.billing(func(map[string]any) string { return answer.Load().(string) })
	for _, text := range []string{
		`{"ok":false,"code":"unavailable"}`, `{"ok":false,"code":"other"}`, `{"ok":false}`, `{}`, `no`,
		`{"ok":true,"ok":true}`, `{"ok":true,"data":{"fio":"Ivanov"}}`, `{"ok":true,"data":{"":{"value":"1"}}}`, "",
	} {
		answer.Store(text)
		none("billing says " + text)
	}
	if n := len(h.records(trans(1))); n != 0 {
		t.Errorf("%d records", n)
	}
	answer.Store(okBilling)
	if got := d.post("create", createBody(trans(1), 5)); got.field("status") != "CREATED" {
		t.Error(got)
	}
}

// When it cannot be recorded there is no answer; when it can again, the repeat is answered (H62).
func TestWithoutTheJournalNothingIsAccepted(t *testing.T) {
	t.Parallel()
	h := openHall(t, 2)
	h.bench.Stop(0)
	for _, d := range h.doors {
		if got := d.post("create", createBody(trans(1), 5)); got.status < 500 || got.body != "" {
			t.Error(got)
		}
	}
	if err := h.bench.Start(0); err != nil {
		t.Fatal(err)
	}
	var first said
	eventually(t, func() bool {
		first = h.doors[0].post("create", createBody(trans(1), 5))
		return first.status < 500
	})
	if first.field("status") != "CREATED" || h.story(trans(1)) != "accepted" {
		t.Errorf("%s: %s", first, h.story(trans(1)))
	}
	if err := h.bench.Restart(); err != nil { // what was answered is on disk
		t.Fatal(err)
	}
	var again said
	eventually(t, func() bool {
		again = h.doors[1].post("create", createBody(trans(1), 5))
		return again.status < 500
	})
	if again.body != first.body {
		t.Errorf("%s, and before %s", again, first)
	}
}
