package worker

import (
	"io"
	"log/slog"
	"testing"
	"time"

	"github.com/nats-io/nats.go/jetstream"

	"tolov/internal/embedded"
	"tolov/internal/events"
)

// H27: a message that was given out as often as a consumer allows stays in the stream, and no server tells anybody who
// does not listen at that moment.
func TestAMessageThatNobodyWillGetIsSeen(t *testing.T) {
	server, err := embedded.StartNATS(embedded.NATSOptions{
		DataDir: t.TempDir(), Listen: "127.0.0.1:0", Log: slog.New(slog.NewTextHandler(io.Discard, nil)),
	})
	must(t, err)
	defer func() { must(t, server.Stop()) }()
	nc, err := server.Connect()
	must(t, err)
	defer nc.Close()
	js, err := jetstream.New(nc)
	must(t, err)
	must(t, events.Layout{Shards: 1}.Ensure(t.Context(), js))
	stream, err := js.Stream(t.Context(), events.StreamCommands)
	must(t, err)
	config := events.ConsumerConfig(events.DurableWorker, events.TopicCommands)
	config.MaxDeliver, config.AckWait = 1, 50*time.Millisecond
	consumer, err := stream.CreateConsumer(t.Context(), config)
	must(t, err)

	for range 2 {
		_, err := js.Publish(t.Context(), "payments.commands.pay", nil)
		must(t, err)
	}
	wantParked(t, stream, 0) // both wait
	first, err := consumer.Next()
	must(t, err)
	wantParked(t, stream, 0) // one is in hand
	second, err := consumer.Next()
	must(t, err)
	must(t, second.DoubleAck(t.Context()))
	for deadline := time.Now().Add(10 * time.Second); ; {
		acknowledgeOne(t, js, consumer) // the floor moves when others are
		q, err := queueOf(t.Context(), stream)
		must(t, err)
		if q.parked == 1 {
			break
		}
		if time.Now().After(deadline) {
			t.Fatalf("nobody sees that a message is parked: %+v", q)
		}
	}
	must(t, first.DoubleAck(t.Context()))
}

func acknowledgeOne(t *testing.T, js jetstream.JetStream, consumer jetstream.Consumer) {
	t.Helper()
	_, err := js.Publish(t.Context(), "payments.commands.pay", nil)
	must(t, err)
	m, err := consumer.Next()
	must(t, err)
	must(t, m.DoubleAck(t.Context()))
}

func must(t *testing.T, err error) {
	t.Helper()
	if err != nil {
		t.Fatal(err)
	}
}

func wantParked(t *testing.T, stream jetstream.Stream, want int64) {
	t.Helper()
	q, err := queueOf(t.Context(), stream)
	must(t, err)
	if q.parked != want {
		t.Errorf("%+v, want parked %d", q, want)
	}
}
