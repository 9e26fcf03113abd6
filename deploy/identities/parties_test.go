package identities_test

import (
	"context"
	"io"
	"strconv"
	"testing"
	"time"

	"github.com/nats-io/nats.go"
	"github.com/nats-io/nats.go/jetstream"
)

// consume reads and acknowledges events as a service does that reacts to payments.
func consume(ctx context.Context, t *testing.T, nc *nats.Conn, most int) {
	t.Helper()
	js, err := jetstream.New(nc)
	if err != nil {
		t.Fatal(err)
	}
	stream, err := js.Stream(ctx, "PAYMENTS_EVENTS")
	if err != nil {
		t.Fatal(err)
	}
	consumer, err := stream.CreateOrUpdateConsumer(ctx, jetstream.ConsumerConfig{
		Durable: "warehouse", AckPolicy: jetstream.AckExplicitPolicy,
	})
	if err != nil {
		t.Fatal(err)
	}
	batch, err := consumer.Fetch(most, jetstream.FetchContext(ctx))
	if err != nil {
		t.Fatal(err)
	}
	got := 0
	for m := range batch.Messages() {
		got++
		if err := m.DoubleAck(ctx); err != nil {
			t.Errorf("not acknowledged: %v", err)
		}
	}
	if info, err := consumer.Info(ctx); got != most || err != nil || info.NumAckPending != 0 {
		t.Errorf("%d events, %v, %v", got, batch.Error(), err)
	}
}

// answerBilling knows every account.
func answerBilling(t *testing.T, nc *nats.Conn) {
	t.Helper()
	_, err := nc.QueueSubscribe("billing.check", "billing", func(m *nats.Msg) {
		_ = m.Respond([]byte(`{"ok":true,"data":{"fio":{"value":"Aziz"}}}`))
	})
	if err != nil {
		t.Fatal(err)
	}
	if err := nc.Flush(); err != nil {
		t.Fatal(err)
	}
}

func milliseconds() string { return strconv.FormatInt(time.Now().UnixMilli(), 10) }

func read(t *testing.T, from io.Reader) string {
	t.Helper()
	text, err := io.ReadAll(from)
	if err != nil {
		t.Fatal(err)
	}
	return string(text)
}
