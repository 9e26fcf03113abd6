package journal_test

import (
	"context"
	"errors"
	"fmt"
	"log/slog"
	"os"

	"github.com/nats-io/nats.go/jetstream"

	"tolov/internal/events"
	"tolov/internal/events/eventstest"
	"tolov/internal/journal"
	"tolov/internal/payment"
	"tolov/internal/saga"
)

// Two workers decide on the same record: one is recorded, and the other must look again.
func Example() {
	dir, err := os.MkdirTemp("", "journal")
	if err != nil {
		fmt.Println(err)
		return
	}
	defer func() { _ = os.RemoveAll(dir) }()
	nodes, err := eventstest.Start(dir, 1)
	if err != nil {
		fmt.Println(err)
		return
	}
	defer nodes.Close()

	ctx := context.Background()
	js, _ := jetstream.New(nodes.Conn)
	if err := (events.Layout{Shards: 4}).Ensure(ctx, js); err != nil {
		fmt.Println(err)
		return
	}
	j, _ := journal.Open(ctx, js, 4, slog.New(slog.DiscardHandler))

	id := payment.ID("shop", "order-1")
	accepted := saga.Record{
		PaymentID: id, Payment: &payment.Payment{ID: id, Status: payment.Accepted},
		Events: []saga.Event{{N: 1, Type: payment.EventAccepted}},
	}
	_, err = j.Append(ctx, id, accepted)
	fmt.Println("first worker:", err)
	_, err = j.Append(ctx, id, accepted)
	fmt.Println("second worker conflicts:", errors.Is(err, saga.ErrConflict))

	last, _ := j.Load(ctx, id)
	fmt.Println("both see:", last.Payment.Status, "at", last.Seq)
	// Output:
	// first worker: <nil>
	// second worker conflicts: true
	// both see: accepted at 1
}
