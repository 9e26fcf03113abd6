package journal

import (
	"context"
	"sync"
	"testing"

	"tolov/internal/events"
)

func check(t *testing.T, ids []string, got []string) {
	t.Helper()
	seen := map[string]int{}
	for _, g := range got {
		seen[g]++
	}
	lost, dup := 0, 0
	for _, id := range ids {
		for n := 1; n <= 8; n++ {
			switch c := seen[events.EventID(id, n)]; {
			case c == 0:
				lost++
			case c > 1:
				dup += c - 1
			}
		}
	}
	t.Logf("events %d lost %d dup %d", len(got), lost, dup)
	if lost+dup > 0 {
		t.Error("bad")
	}
}

func TestTmpForeign(t *testing.T) {
	everywhere(t, func(b *bench) {
		ids := payments(50)
		stop := b.run(b.projector())
		ctx, cancel := context.WithCancel(context.Background())
		var wg sync.WaitGroup
		wg.Go(func() {
			for ctx.Err() == nil {
				b.js.Publish(ctx, "payments.events.foreign.x", []byte("hi"))
			}
		})
		for _, id := range ids {
			b.tell(id, 1, 0, 2, 3, 2)
		}
		cancel()
		wg.Wait()
		last := 0
		eventually(b.t, func() bool {
			n := 0
			for _, g := range b.told() {
				if g != "" {
					n++
				}
			}
			r := n >= 400 || n == last && n > 0 && false
			last = n
			b.t.Log(n)
			return r
		})
		check(b.t, ids, b.told())
		stop()
	})
}

func TestTmpRace(t *testing.T) {
	everywhere(t, func(b *bench) {
		ids := payments(100)
		ctx, cancel := context.WithCancel(context.Background())
		var wg sync.WaitGroup
		for range 3 {
			p := b.projector()
			wg.Go(func() {
				for ctx.Err() == nil {
					_ = p.lead(ctx)
				}
			})
		}
		for _, id := range ids {
			b.tell(id, 1, 0, 2, 3, 2)
		}
		eventually(b.t, func() bool { return len(b.told()) >= 800 })
		cancel()
		wg.Wait()
		check(b.t, ids, b.told())
	})
}
