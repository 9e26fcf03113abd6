package journal

import (
	"context"
	"testing"
	"time"

	"golang.org/x/sync/errgroup"
)

func TestTmpRate(t *testing.T) {
	everywhere(t, func(b *bench) {
		ids := payments(2000)
		start := time.Now()
		var g errgroup.Group
		g.SetLimit(32)
		for _, id := range ids {
			g.Go(func() error { b.tell(id, 1, 0, 2); return nil })
		}
		g.Wait()
		b.t.Log("append/s", 6000/time.Since(start).Seconds())
		p := b.projector()
		n := 0
		done := make(chan bool)
		p.Emitted = func(_ context.Context, k int) {
			if n += k; n == 6000 {
				close(done)
			}
		}
		start = time.Now()
		stop := b.run(p)
		<-done
		b.t.Log("events/s", 6000/time.Since(start).Seconds())
		stop()
	})
}
