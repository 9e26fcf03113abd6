package events_test

import (
	"context"
	"os"
	"os/exec"
	"strings"
	"testing"

	"github.com/ThreeDotsLabs/watermill"
	stockjs "github.com/ThreeDotsLabs/watermill-nats/v2/pkg/jetstream"
	"github.com/nats-io/nats.go"
	"github.com/nats-io/nats.go/jetstream"

	"tolov/internal/events"
)

// crashHow names the crash that this process is to reproduce.
const crashHow = "TOLOV_STOCK_CRASH"

// Why we have a subscriber of our own: two ways in which anybody who may publish, or an orderly stop, ends a process
// that subscribes with watermill-nats v2.1.3 pkg/jetstream. Both panic in a goroutine of the client, where no recover
// reaches, so the crash happens in a process of its own: this test, started again.
//
//	header  a header with two values (two tracestate are legal): Unmarshal gives no message and an error, which is
//	        logged, and the message is used all the same
//	cancel  Subscribe's context ends while messages are buffered: the channel is closed before the buffer is drained
func TestTheStockSubscriberEndsTheProcess(t *testing.T) {
	if how := os.Getenv(crashHow); how != "" {
		crash(t, how)
		return
	}
	for how, want := range map[string]string{
		"header": "invalid memory address or nil pointer dereference",
		"cancel": "send on closed channel",
	} {
		t.Run(how, func(t *testing.T) {
			cmd := exec.CommandContext(t.Context(), os.Args[0], "-test.run=^TestTheStockSubscriberEndsTheProcess$")
			cmd.Env = append(os.Environ(), crashHow+"="+how, "TMPDIR="+t.TempDir())
			out, err := cmd.CombinedOutput()
			if err == nil || !strings.Contains(string(out), "panic: ") || !strings.Contains(string(out), want) ||
				!strings.Contains(string(out), "pkg/jetstream.(*Subscriber).handleMsg") {
				t.Errorf("watermill-nats does not crash any more, so an own subscriber may not be needed: %v\n%s", err, out)
			}
		})
	}
}

// crash subscribes as a stock service does, until it meets one of the two.
func crash(t *testing.T, how string) {
	b := newBench(t)
	bind := func(ctx context.Context, js jetstream.JetStream, topic string) (
		jetstream.Consumer, func(context.Context, watermill.LoggerAdapter), error,
	) {
		c, err := js.CreateOrUpdateConsumer(ctx, events.StreamCommands, events.ConsumerConfig("stock", topic))
		return c, nil, err
	}
	s, err := stockjs.NewSubscriber(stockjs.SubscriberConfig{
		Conn: b.dial(t), Logger: watermill.NopLogger{}, ResourceInitializer: bind,
	})
	if err != nil {
		t.Fatal(err)
	}
	m := nats.NewMsg(payTopic)
	if how == "header" {
		m.Header["tracestate"] = []string{"a=1", "b=2"}
	}
	for range 200 { // each time the choice of a select between the closed channel and the ended context decides
		for range 50 {
			if _, err := b.js.PublishMsg(t.Context(), m); err != nil {
				t.Fatal(err)
			}
		}
		ctx, cancel := context.WithCancel(t.Context())
		out, err := s.Subscribe(ctx, events.TopicCommands)
		if err != nil {
			t.Fatal(err)
		}
		<-out
		cancel()
		for range out { // until it is closed
			continue
		}
	}
}
