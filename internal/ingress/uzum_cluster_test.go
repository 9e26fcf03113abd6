package ingress_test

import (
	"sync"
	"sync/atomic"
	"testing"
	"time"

	"tolov/internal/events/eventstest"
	"tolov/internal/telemetry"
)

// clusterHall is an open hall on three servers.
func clusterHall(t testing.TB, doors int) *hall {
	t.Helper()
	h := &hall{
		t: t, bench: eventstest.Cluster(t), cfg: settings(t, "NATS_REPLICAS=3", "JOURNAL_SHARDS=1"), log: &logged{},
		tel: telemetry.Off(),
	}
	h.streams()
	h.addDoors(doors)
	return h
}

// Two ingresses before three servers: while the one that leads the journal goes away and comes back, calls may go
// unanswered, but no two answers about one transaction differ, nothing that was answered is lost, and everything comes
// to its end (H30, H34, H35; I4, I6, I7).
func TestAServerThatGoesAwayMakesNoSecondAnswer(t *testing.T) {
	t.Parallel()
	h := clusterHall(t, 2)
	const transactions = 24
	var done atomic.Int64
	turns := make(chan int)
	var bank sync.WaitGroup
	for range 4 {
		bank.Go(func() {
			for n := range turns {
				h.drive(trans(n))
				done.Add(1)
			}
		})
	}
	gone := -1
	for n := range transactions {
		turns <- n
		switch n {
		case transactions / 3:
			if gone = h.bench.Leads("PAYMENTS_JOURNAL_0"); gone < 0 {
				t.Fatal("nobody leads the journal")
			}
			h.bench.Stop(gone)
		case 2 * transactions / 3:
			if err := h.bench.Start(gone); err != nil {
				t.Fatal(err)
			}
		}
	}
	close(turns)
	bank.Wait()
	for n := range transactions {
		if story := h.story(trans(n)); story != "accepted completed refunded" {
			t.Errorf("%s: %s", trans(n), story)
		}
	}
}

// drive takes a transaction from its opening to its refund. Every call is made at all doors at once, again and again
// until each has answered it, and later once more; all answers are the same.
func (h *hall) drive(id string) {
	told := map[string]*answers{}
	for range 2 {
		for _, call := range [][2]string{
			{"create", createBody(id, 5)}, {"confirm", confirmBody(id)}, {"reverse", aboutBody(id)},
		} {
			if told[call[0]] == nil {
				told[call[0]] = &answers{}
			}
			h.insist(call, told[call[0]])
		}
	}
	for op, all := range told {
		if len(all.all) != 1 {
			h.t.Errorf("%s of %s is answered %v", op, id, all.all)
		}
	}
}

// insist makes a call at every door until it is answered there.
func (h *hall) insist(call [2]string, told *answers) {
	var callers sync.WaitGroup
	for _, d := range h.doors {
		callers.Go(func() {
			for late := time.After(hallWait); ; {
				if got := d.post(call[0], call[1]); got.status < 500 {
					told.add(got)
					return
				}
				select {
				case <-time.After(50 * time.Millisecond):
				case <-late:
					h.t.Errorf("%s is never answered", call[0])
					return
				}
			}
		})
	}
	callers.Wait()
}

// H34: servers without a quorum accept connections and answer nothing, so a connection proves nothing. Who cannot
// record is not ready, and is ready again when it can.
func TestWithoutAQuorumNobodyIsReady(t *testing.T) {
	t.Parallel()
	h := clusterHall(t, 1)
	h.bench.Stop(1)
	h.bench.Stop(2)
	eventually(t, func() bool { return h.doors[0].Ready() != nil })
	if err := h.bench.Restart(); err != nil {
		t.Fatal(err)
	}
	eventually(t, func() bool { return h.doors[0].Ready() == nil })
}
