package events_test

import (
	"sync"
	"testing"

	"pgregory.net/rapid"

	"tolov/internal/events"
)

// Whoever enters a lane gets the turn in order of entering, alone; lanes do not wait for each other.
func TestALaneGivesItsTurnsInOrder(t *testing.T) {
	rapid.Check(t, func(t *rapid.T) {
		keys := rapid.SliceOfN(rapid.SampledFrom([]string{"a", "b", "c"}), 1, 30).Draw(t, "keys")
		lanes := events.NewLanes()
		var mu sync.Mutex
		var done sync.WaitGroup
		order, inside := map[string][]int{}, map[string]int{}
		for n, key := range keys {
			turn, leave := lanes.Enter(key)
			done.Go(func() {
				defer leave()
				if turn != nil {
					<-turn
				}
				mu.Lock()
				inside[key]++
				alone := inside[key] == 1
				order[key] = append(order[key], n)
				mu.Unlock()
				if !alone {
					t.Errorf("two at once in lane %s", key)
				}
				mu.Lock()
				inside[key]--
				mu.Unlock()
			})
		}
		done.Wait()
		for key, ns := range order {
			for i := range ns[1:] {
				if ns[i] > ns[i+1] {
					t.Fatalf("lane %s: %v", key, ns)
				}
			}
		}
	})
}

func TestAnEmptyLaneIsEnteredAtOnce(t *testing.T) {
	lanes := events.NewLanes()
	for range 3 {
		turn, leave := lanes.Enter("a")
		if turn != nil {
			t.Fatal("somebody is in an empty lane")
		}
		leave()
	}
}
