package journal

import (
	"flag"
	"fmt"
	"os"
	"sync"
	"testing"

	"github.com/nats-io/nats-server/v2/server/ats"
	"go.uber.org/goleak"

	"tolov/internal/events/eventstest"
)

// cluster is what rules share that leave its nodes running: forming one takes longer than most rules.
var cluster shared

type shared struct {
	turn  sync.Mutex
	nodes *eventstest.Bench
	dir   string
}

// enter waits for the cluster's other users and starts it for the first. The test leaves with its last cleanup.
func (s *shared) enter(t *testing.T) *eventstest.Bench {
	t.Helper()
	s.turn.Lock()
	t.Cleanup(s.turn.Unlock)
	if s.nodes == nil {
		if err := s.start(); err != nil {
			t.Fatal(err)
		}
	}
	return s.nodes
}

// start makes the cluster in a directory of no test: it outlives the one that needs it first.
func (s *shared) start() (err error) {
	if s.dir, err = os.MkdirTemp("", "cluster"); err == nil {
		s.nodes, err = eventstest.Start(s.dir, 3)
	}
	return err
}

func (s *shared) close() {
	if s.nodes != nil {
		s.nodes.Close()
		_ = os.RemoveAll(s.dir)
	}
}

// The rules wait more than they compute, so more of them run at once than there are cores. The servers' clock is
// started here, outside of every bubble, and stopped behind the last server.
func TestMain(m *testing.M) {
	flag.Parse()
	if err := flag.Set("test.parallel", "6"); err != nil {
		panic(err)
	}
	ats.Register()
	code := m.Run()
	cluster.close()
	ats.Unregister()
	// A server that stops while a stream of its is being deleted forgets that stream's loop, and with it its clock's.
	err := goleak.Find(
		goleak.IgnoreAnyFunction("github.com/nats-io/nats-server/v2/server.(*fileStore).flushStreamStateLoop"),
		goleak.IgnoreAnyFunction("github.com/nats-io/nats-server/v2/server/ats.Register.func1"),
	)
	if err != nil && code == 0 {
		fmt.Fprintln(os.Stderr, err)
		code = 1
	}
	os.Exit(code)
}
