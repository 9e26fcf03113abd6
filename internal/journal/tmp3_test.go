package journal

import (
	"os"
	"path/filepath"
	"testing"

	"tolov/internal/events"
	"tolov/internal/events/eventstest"
)

func TestTmpTail(t *testing.T) {
	b := newBench(t, eventstest.Server(t))
	ids := payments(40)
	for _, id := range ids[:10] {
		b.tell(id, 1, 2)
	}
	p := b.projector()
	done := make(chan error, 1)
	go func() { done <- p.Run(t.Context()) }()
	eventually(t, func() bool { return len(b.told()) == 30 })
	b.Stop(0)
	keep := t.TempDir()
	for k := range shards {
		b.ok(os.CopyFS(filepath.Join(keep, events.JournalStream(k)), os.DirFS(filepath.Join(b.Dir(0), "jetstream/$G/streams", events.JournalStream(k)))))
	}
	b.ok(b.Start(0))
	eventually(t, b.Conn.IsConnected)
	for _, id := range ids[10:20] {
		b.tell(id, 1, 2)
	}
	eventually(t, func() bool { return len(b.told()) == 60 })
	b.Stop(0)
	for k := range shards {
		dir := filepath.Join(b.Dir(0), "jetstream/$G/streams", events.JournalStream(k))
		b.ok(os.RemoveAll(dir))
		b.ok(os.CopyFS(dir, os.DirFS(filepath.Join(keep, events.JournalStream(k)))))
	}
	b.ok(b.Start(0))
	eventually(t, b.Conn.IsConnected)
	for _, id := range ids[20:] {
		b.tell(id, 1, 2)
	}
	n := 0
	eventually(t, func() bool {
		n++
		select {
		case err := <-done:
			t.Log("ended", err)
			return true
		default:
		}
		return n > 1000
	})
	t.Log(len(b.told()), "events; want 120 or an error")
}
