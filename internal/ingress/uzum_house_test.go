package ingress_test

import (
	"bytes"
	"context"
	"encoding/json"
	"errors"
	"fmt"
	"log/slog"
	"net"
	"strings"
	"sync"
	"sync/atomic"
	"testing"
	"time"

	"github.com/alicebob/miniredis/v2"
	"github.com/nats-io/nats.go"
	"github.com/nats-io/nats.go/jetstream"
	"github.com/redis/go-redis/v9"

	"tolov/internal/config"
	"tolov/internal/events"
	"tolov/internal/events/eventstest"
	"tolov/internal/ingress"
	"tolov/internal/journal"
	"tolov/internal/payment"
	"tolov/internal/saga"
	"tolov/internal/telemetry"
	"tolov/internal/worker"
)

const (
	login    = "uzum-bank"
	password = "correct-horse-battery"
	service  = 101202
	hallWait = 20 * time.Second
)

// hall is one NATS with some ingresses in front of it.
type hall struct {
	t     testing.TB
	bench *eventstest.Bench
	cfg   *config.Config
	log   *logged
	ago   atomic.Int64 // how far back the doors' clocks are
	tel   *telemetry.Telemetry
	doors []*door
}

// door is one ingress, as its callers see it.
type door struct {
	*ingress.Ingress
	hall  *hall
	url   string
	addr  string
	stop  context.CancelFunc
	ended chan error
}

// logged keeps what was logged.
type logged struct {
	mu   sync.Mutex
	text bytes.Buffer
}

func (l *logged) Write(b []byte) (int, error) {
	l.mu.Lock()
	defer l.mu.Unlock()
	return l.text.Write(b)
}

func (l *logged) String() string {
	l.mu.Lock()
	defer l.mu.Unlock()
	return l.text.String()
}

func settings(t testing.TB, more ...string) *config.Config {
	t.Helper()
	cfg, err := config.Load(append([]string{
		"NATS_URL=nats://unused", "BILLING=accept", "UZUM_LOGIN=" + login, "UZUM_PASSWORD=" + password,
		fmt.Sprint("UZUM_SERVICE_ID=", service),
	}, more...))
	if err != nil {
		t.Fatal(err)
	}
	return cfg
}

// emptyHall is a hall without streams and doors.
func emptyHall(t testing.TB, more ...string) *hall {
	t.Helper()
	return &hall{
		t: t, bench: eventstest.Server(t), cfg: settings(t, more...), log: &logged{},
		tel: telemetry.Off(),
	}
}

// openHall is a hall with its streams and so many doors.
func openHall(t testing.TB, doors int, more ...string) *hall {
	t.Helper()
	h := emptyHall(t, more...)
	h.streams()
	h.addDoors(doors)
	return h
}

func (h *hall) addDoors(n int) {
	h.t.Helper()
	for range n {
		h.door().await()
	}
}

// js speaks to the server, which may just have come back.
func (h *hall) js() jetstream.JetStream {
	h.t.Helper()
	eventually(h.t, h.bench.Conn.IsConnected)
	js, err := jetstream.New(h.bench.Conn)
	if err != nil {
		h.t.Fatal(err)
	}
	return js
}

func (h *hall) streams() {
	h.t.Helper()
	layout := events.Layout{Shards: h.cfg.Shards, Replicas: h.cfg.NATSReplicas}
	if err := layout.Ensure(h.t.Context(), h.js()); err != nil {
		h.t.Fatal(err)
	}
}

// door starts an ingress with a connection of its own.
func (h *hall) door() *door {
	h.t.Helper()
	nc, err := h.bench.Connect()
	if err != nil {
		h.t.Fatal(err)
	}
	i, err := ingress.New(ingress.Parts{
		Config: h.cfg, NATS: nc, Log: slog.New(slog.NewJSONHandler(h.log, &slog.HandlerOptions{Level: slog.LevelDebug})),
		Telemetry: h.tel, Version: "test", Now: func() time.Time { return time.Now().Add(-time.Duration(h.ago.Load())) },
	})
	if err != nil {
		h.t.Fatal(err)
	}
	listener, err := net.Listen("tcp", "127.0.0.1:0")
	if err != nil {
		h.t.Fatal(err)
	}
	ctx, stop := context.WithCancel(context.Background())
	d := &door{
		Ingress: i, hall: h, addr: listener.Addr().String(), url: "http://" + listener.Addr().String(), stop: stop,
		ended: make(chan error, 1),
	}
	go func() { d.ended <- i.Serve(ctx, listener) }()
	h.t.Cleanup(func() { stop(); d.end(); nc.Close() })
	h.doors = append(h.doors, d)
	return d
}

// end stops the door and gives what it ended with; it may be called again.
func (d *door) end() error {
	d.stop()
	select {
	case err := <-d.ended:
		d.ended <- err
		return err
	case <-time.After(hallWait):
		d.hall.t.Error("a door does not close")
		return nil
	}
}

// await waits until the door is ready.
func (d *door) await() *door {
	d.hall.t.Helper()
	eventually(d.hall.t, func() bool { return d.Ready() == nil })
	return d
}

func eventually(t testing.TB, reached func() bool) {
	t.Helper()
	late := time.After(hallWait)
	for !reached() {
		select {
		case <-late:
			t.Fatal("never happened")
		case <-time.After(5 * time.Millisecond):
		}
	}
}

// records are those of a transaction.
func (h *hall) records(id string) []saga.Record {
	h.t.Helper()
	j, err := journal.Open(h.t.Context(), h.js(), h.cfg.Shards, slog.New(slog.DiscardHandler))
	if err != nil {
		h.t.Fatal(err)
	}
	records, err := j.History(h.t.Context(), payment.ID(payment.DefaultMerchant, id))
	if err != nil {
		h.t.Fatal(err)
	}
	return records
}

// story tells the events of a transaction in a line.
func (h *hall) story(id string) string {
	var all []string
	for _, r := range h.records(id) {
		for _, e := range r.Events {
			all = append(all, string(e.Type))
		}
	}
	return strings.Join(all, " ")
}

// billing answers billing.check for the hall.
func (h *hall) billing(answer func(question map[string]any) string) {
	h.t.Helper()
	nc, err := h.bench.Connect()
	if err != nil {
		h.t.Fatal(err)
	}
	h.t.Cleanup(nc.Close)
	if _, err := nc.Subscribe("billing.check", func(m *nats.Msg) {
		var q map[string]any
		if err := json.Unmarshal(m.Data, &q); err != nil {
			h.t.Error(err)
		}
		if said := answer(q); said != "" {
			_ = m.Respond([]byte(said))
		}
	}); err != nil {
		h.t.Fatal(err)
	}
	if err := nc.Flush(); err != nil {
		h.t.Fatal(err)
	}
}

// work brings a worker to life that sweeps often.
func (h *hall) work() {
	h.t.Helper()
	nc, err := h.bench.Connect()
	if err != nil {
		h.t.Fatal(err)
	}
	server := miniredis.RunT(h.t)
	client := redis.NewClient(&redis.Options{Addr: server.Addr()})
	ctx, stop := context.WithCancel(context.Background())
	made, err := worker.New(ctx, worker.Parts{
		Config: h.cfg, NATS: nc, Redis: client, Log: slog.New(slog.DiscardHandler), Telemetry: telemetry.Off(),
		Version: "test", Testing: worker.Testing{SweepEvery: 20 * time.Millisecond},
	})
	if err != nil {
		h.t.Fatal(err)
	}
	ended := make(chan error, 1)
	go func() { ended <- made.Run(ctx) }()
	h.t.Cleanup(func() {
		stop()
		if err := <-ended; err != nil {
			h.t.Error(err)
		}
		nc.Close()
		_ = client.Close()
	})
}

// told are the events that services hear of a transaction.
func (h *hall) told(id string) string {
	h.t.Helper()
	stream, err := h.js().Stream(h.t.Context(), events.StreamEvents)
	if err != nil {
		h.t.Fatal(err)
	}
	var all []string
	for seq, subject := uint64(1), events.PaymentEvents(payment.ID(payment.DefaultMerchant, id)); ; {
		m, err := stream.GetMsg(h.t.Context(), seq, jetstream.WithGetMsgSubject(subject))
		if errors.Is(err, jetstream.ErrMsgNotFound) {
			return strings.Join(all, " ")
		}
		if err != nil {
			h.t.Fatal(err)
		}
		all, seq = append(all, strings.Split(m.Subject, ".")[2]), m.Sequence+1
	}
}
