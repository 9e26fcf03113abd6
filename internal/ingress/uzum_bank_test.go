package ingress_test

import (
	"fmt"
	"net/http"
	"strings"
	"sync"
	"testing"
	"time"

	"tolov/internal/payment"
	"tolov/internal/providers/sandbox"
)

// The bank's own book is the judge: what it debited and did not give back is completed here, all the rest is not; no
// answer contradicts another, whatever got lost on the way, whichever ingress was asked, and while one of them ends and
// NATS goes away (I1-I4, I6, I7).
func TestTheBanksBookAndOursAgree(t *testing.T) {
	t.Parallel()
	h := openHall(t, 2)
	bank := sandbox.NewUzum(sandbox.UzumOptions{
		URLs: []string{h.doors[0].url + "/uzum", h.doors[1].url + "/uzum"}, Login: login, Password: password,
		ServiceID: service, Client: &http.Client{Timeout: 3 * time.Second}, Pause: 300 * time.Millisecond, Seed: 7,
		Faults: map[string]int{sandbox.UzumRepeat: 4000, sandbox.UzumForget: 3000, sandbox.UzumCutOff: 2000},
	})
	ends := make([]sandbox.UzumEnd, 120)
	slots := make(chan bool, 12)
	var payers sync.WaitGroup
	for n := range ends {
		if n == len(ends)/2 { // a fault of ours amid theirs
			if err := h.bench.Restart(); err != nil {
				t.Fatal(err)
			}
			eventually(t, func() bool { return h.doors[0].post("status", aboutBody(trans(0))).status < 500 })
		}
		slots <- true
		payers.Go(func() {
			defer func() { <-slots }()
			ends[n] = bank.Pay(t.Context(), sandbox.UzumOrder{
				TransID: trans(n), Account: fmt.Sprint("payer-", n), Amount: int64(n + 1),
				Reverse: map[int]string{3: sandbox.UzumBefore, 4: sandbox.UzumAfter}[n%5],
			})
		})
	}
	payers.Wait()
	for _, fault := range bank.Contradictions() {
		t.Error(fault)
	}
	kept := map[string]int64{}
	for _, d := range bank.Debits() {
		kept[d.Transaction] += d.Amount - d.ReversedAmount
	}
	count := map[sandbox.UzumEnd]int{}
	for n, end := range ends {
		count[end]++
		h.agree(trans(n), end, kept[trans(n)])
	}
	if count[sandbox.UzumPaid] == 0 || count[sandbox.UzumReturned] == 0 || count[sandbox.UzumCancelled] == 0 {
		t.Errorf("ends %v", count)
	}
	t.Log(count)
}

// agree compares one payment with what the bank kept of it.
func (h *hall) agree(id string, end sandbox.UzumEnd, kept int64) {
	h.t.Helper()
	records := h.records(id)
	if len(records) == 0 || records[len(records)-1].Payment == nil {
		if end == sandbox.UzumPaid || kept != 0 {
			h.t.Errorf("%s is %s at the bank, and nothing here", id, end)
		}
		return
	}
	p := records[len(records)-1].Payment
	ours := int64(p.AmountCharged - p.AmountRefunded)
	if end != sandbox.UzumUnsettled && ours != kept {
		h.t.Errorf("%s is %s at the bank, which keeps %d; here it is %s, %d", id, end, kept, p.Status, ours)
	}
	finals := 0
	for _, r := range records {
		for _, e := range r.Events {
			if e.Type == payment.EventCompleted || e.Type == payment.EventCancelled {
				finals++
			}
		}
	}
	if finals > 1 || strings.Count(h.story(id), "accepted") != 1 {
		h.t.Errorf("%s: %s", id, h.story(id))
	}
}
