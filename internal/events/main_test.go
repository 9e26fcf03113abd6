package events_test

import (
	"context"
	"flag"
	"os"
	"path/filepath"
	"testing"
	"testing/synctest"

	"github.com/nats-io/nats-server/v2/server/ats"
	"github.com/nats-io/nats.go/jetstream"

	"tolov/internal/events"
	"tolov/internal/events/eventstest"
)

var update = flag.Bool("update", false, "rewrite the golden files")

func TestMain(m *testing.M) {
	ats.Register() // outside of every synctest bubble, for the servers inside of them
	os.Exit(m.Run())
}

// bench is a NATS with our streams.
type bench struct {
	*eventstest.Bench
	js jetstream.JetStream
}

func newBench(tb testing.TB) *bench {
	tb.Helper()
	return newBenchOf(tb, layout())
}

func newBenchOf(tb testing.TB, l events.Layout) *bench {
	tb.Helper()
	b := &bench{Bench: eventstest.Server(tb)}
	b.js = jetStream(tb, b.Bench)
	if err := l.Ensure(tb.Context(), b.js); err != nil {
		tb.Fatal(err)
	}
	return b
}

func jetStream(tb testing.TB, b *eventstest.Bench) jetstream.JetStream {
	tb.Helper()
	js, err := jetstream.New(b.Conn)
	if err != nil {
		tb.Fatal(err)
	}
	return js
}

func layout() events.Layout { return events.Layout{Shards: 2, Replicas: 1, InMemory: true} }

// publish stores a message and gives its sequence.
func (b *bench) publish(tb testing.TB, subject, body string) uint64 {
	tb.Helper()
	ack, err := b.js.Publish(tb.Context(), subject, []byte(body))
	if err != nil {
		tb.Fatal(err)
	}
	return ack.Sequence
}

// consumer is what the server knows of the worker's consumer of a stream, once all that is on its way has arrived.
// It wants a bubble.
func (b *bench) consumer(tb testing.TB, stream string) *jetstream.ConsumerInfo {
	tb.Helper()
	synctest.Wait()
	c, err := b.js.Consumer(tb.Context(), stream, events.DurableWorker)
	if err != nil {
		tb.Fatal(err)
	}
	return c.CachedInfo()
}

// stored is how many messages a stream holds, once all that is on its way has arrived. It wants a bubble.
func (b *bench) stored(tb testing.TB, stream string) uint64 {
	tb.Helper()
	synctest.Wait()
	s, err := b.js.Stream(tb.Context(), stream)
	if err != nil {
		tb.Fatal(err)
	}
	return s.CachedInfo().State.Msgs
}

// last is the last message of a subject, nil when there is none.
func (b *bench) last(tb testing.TB, stream, subject string) *jetstream.RawStreamMsg {
	tb.Helper()
	s, err := b.js.Stream(context.Background(), stream)
	if err != nil {
		tb.Fatal(err)
	}
	m, err := s.GetLastMsgForSubject(context.Background(), subject)
	if err != nil {
		return nil
	}
	return m
}

// golden compares a text with a file, or rewrites the file.
func golden(t *testing.T, name, got string) {
	t.Helper()
	path := filepath.Join("testdata", name)
	if *update {
		if err := os.WriteFile(path, []byte(got), 0o600); err != nil {
			t.Fatal(err)
		}
	}
	want, err := os.ReadFile(path)
	if err != nil {
		t.Fatal(err)
	}
	if got != string(want) {
		t.Errorf("%s: is now (rewrite with -update):\n%s", path, got)
	}
}
