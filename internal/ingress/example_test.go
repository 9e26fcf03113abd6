package ingress_test

import (
	"context"
	"fmt"
	"log/slog"
	"net"
	"net/http"
	"os"
	"strings"
	"time"

	"github.com/nats-io/nats.go/jetstream"

	"tolov/internal/config"
	"tolov/internal/events"
	"tolov/internal/events/eventstest"
	"tolov/internal/ingress"
	"tolov/internal/telemetry"
)

// An ingress beside the streams that a worker has made, and a call of Uzum Bank's.
func Example() {
	dir, err := os.MkdirTemp("", "ingress")
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
	ctx, stop := context.WithCancel(context.Background())
	defer stop()
	js, _ := jetstream.New(nodes.Conn)
	_ = events.Layout{Shards: 4}.Ensure(ctx, js)

	cfg, _ := config.Load([]string{"UZUM_LOGIN=bank", "UZUM_PASSWORD=secret", "UZUM_SERVICE_ID=101202"})
	i, _ := ingress.New(ingress.Parts{
		Config: cfg, NATS: nodes.Conn, Log: slog.New(slog.DiscardHandler), Telemetry: telemetry.Off(), Now: time.Now,
	})
	listener, _ := net.Listen("tcp", "127.0.0.1:0")
	ended := make(chan error)
	go func() { ended <- i.Serve(ctx, listener) }()
	for i.Ready() != nil {
		<-time.After(time.Millisecond)
	}

	r, _ := http.NewRequest(http.MethodPost, "http://"+listener.Addr().String()+"/uzum/create", strings.NewReader(
		`{"serviceId":101202,"timestamp":1,"transId":"5c398d7e-76b6-11ee-96da-f3a095c6289d",`+
			`"params":{"account":1},"amount":2500000}`))
	r.Header.Set("Content-Type", "application/json")
	r.SetBasicAuth("bank", "secret")
	answer, err := (&http.Client{}).Do(r)
	if err != nil {
		fmt.Println(err)
		return
	}
	_ = answer.Body.Close()
	fmt.Println(answer.Status)
	stop()
	fmt.Println(<-ended)
	// Output:
	// 200 OK
	// <nil>
}
