package embedded_test

import (
	"context"
	"fmt"
	"os"

	"github.com/nats-io/nats.go/jetstream"

	"tolov/internal/embedded"
)

// A NATS server with its files in a directory, and a connection to it.
func Example() {
	dir, err := os.MkdirTemp("", "tolov")
	if err != nil {
		fmt.Println(err)
		return
	}
	defer func() { _ = os.RemoveAll(dir) }()
	server, err := embedded.StartNATS(options(dir))
	if err != nil {
		fmt.Println(err)
		return
	}
	nc, err := server.Connect()
	if err != nil {
		fmt.Println(err)
		return
	}
	js, _ := jetstream.New(nc)
	_, err = js.CreateStream(context.Background(), jetstream.StreamConfig{Name: "ORDERS", Subjects: []string{"orders.>"}})
	fmt.Println("stream created:", err == nil)
	ack, err := js.Publish(context.Background(), "orders.new", []byte("{}"))
	fmt.Println(ack.Stream, ack.Sequence, err)
	nc.Close()
	fmt.Println(server.Stop())
	// Output:
	// stream created: true
	// ORDERS 1 <nil>
	// <nil>
}
