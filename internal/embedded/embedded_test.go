package embedded_test

import (
	"io"
	"log/slog"
	"net"
	"os"
	"path/filepath"
	"strings"
	"testing"

	"github.com/nats-io/nats.go"
	"github.com/nats-io/nats.go/jetstream"

	"tolov/internal/embedded"
)

func options(dir string) embedded.NATSOptions {
	return embedded.NATSOptions{
		DataDir: dir, Listen: "127.0.0.1:0", SyncAlways: true, Log: slog.New(slog.NewTextHandler(io.Discard, nil)),
	}
}

func start(t *testing.T, o embedded.NATSOptions) *embedded.NATS {
	t.Helper()
	n, err := embedded.StartNATS(o)
	if err != nil {
		t.Fatal(err)
	}
	return n
}

func stop(t *testing.T, n *embedded.NATS) {
	t.Helper()
	if err := n.Stop(); err != nil {
		t.Error(err)
	}
}

// jetStream speaks through the connection inside the process.
func jetStream(t *testing.T, n *embedded.NATS) jetstream.JetStream {
	t.Helper()
	nc, err := n.Connect()
	if err != nil {
		t.Fatal(err)
	}
	t.Cleanup(nc.Close)
	js, err := jetstream.New(nc)
	if err != nil {
		t.Fatal(err)
	}
	return js
}

// A worker that is started again finds every message that was acknowledged.
func TestRestartKeepsStreams(t *testing.T) {
	dir := t.TempDir()
	first := start(t, options(dir))
	js := jetStream(t, first)
	kept := jetstream.StreamConfig{Name: "KEPT", Subjects: []string{"kept"}}
	if _, err := js.CreateStream(t.Context(), kept); err != nil {
		t.Fatal(err)
	}
	if _, err := js.Publish(t.Context(), "kept", []byte("message")); err != nil {
		t.Fatal(err)
	}
	stop(t, first)

	second := start(t, options(dir))
	defer stop(t, second)
	stream, err := jetStream(t, second).Stream(t.Context(), "KEPT")
	if err != nil {
		t.Fatal(err)
	}
	if m, err := stream.GetMsg(t.Context(), 1); err != nil || string(m.Data) != "message" {
		t.Errorf("%v, %v", m, err)
	}
	if err := second.Healthy(); err != nil {
		t.Error(err)
	}
}

// Two servers on the same files would overwrite what the other acknowledged.
func TestSecondStartOnADirectoryIsRefused(t *testing.T) {
	dir := t.TempDir()
	first := start(t, options(dir))
	_, err := embedded.StartNATS(options(dir))
	if err == nil || !strings.Contains(err.Error(), "DATA_DIR: "+dir+" is in use by another process") {
		t.Errorf("%v", err)
	}
	stop(t, first)
	stop(t, start(t, options(dir)))
}

func TestPortIsOpenForOtherClients(t *testing.T) {
	n := start(t, options(t.TempDir()))
	defer stop(t, n)
	other, err := nats.Connect(n.URL())
	if err != nil {
		t.Fatal(err)
	}
	defer other.Close()
	inside, err := n.Connect(nats.Name("inside"))
	if err != nil {
		t.Fatal(err)
	}
	defer inside.Close()
	heard, err := inside.SubscribeSync("greetings")
	if err != nil {
		t.Fatal(err)
	}
	if err := inside.Flush(); err != nil {
		t.Fatal(err)
	}
	if err := other.Publish("greetings", []byte("hello")); err != nil {
		t.Fatal(err)
	}
	if m, err := heard.NextMsgWithContext(t.Context()); err != nil || string(m.Data) != "hello" {
		t.Errorf("%v, %v", m, err)
	}
}

// What stops the server at its start is an error like any other: the program ends in order.
func TestServerThatCannotStartSaysWhy(t *testing.T) {
	taken, err := net.Listen("tcp", "127.0.0.1:0")
	if err != nil {
		t.Fatal(err)
	}
	defer func() { _ = taken.Close() }()
	port := options(t.TempDir())
	port.Listen = taken.Addr().String()
	files := options(t.TempDir())
	if err := os.WriteFile(filepath.Join(files.DataDir, "nats"), nil, 0o600); err != nil {
		t.Fatal(err)
	}
	noDir := options(filepath.Join(files.DataDir, "nats", "data"))
	noPort := options(t.TempDir())
	noPort.Listen = "127.0.0.1"
	wordPort := options(t.TempDir())
	wordPort.Listen = "127.0.0.1:nats"
	for want, o := range map[string]embedded.NATSOptions{
		"NATS_LISTEN " + port.Listen: port, "address already in use": port, "JetStream": files, "DATA_DIR": noDir,
		"missing port": noPort, "NATS_LISTEN: must be host:port": wordPort,
	} {
		if _, err := embedded.StartNATS(o); err == nil || !strings.Contains(err.Error(), want) {
			t.Errorf("%v, want %s", err, want)
		}
	}
	port.Listen = "127.0.0.1:0"
	stop(t, start(t, port))
}

func TestRedisAnswersWithoutAPort(t *testing.T) {
	client, stop := embedded.StartRedis()
	if ok, err := client.SetNX(t.Context(), "ext", "1", 0).Result(); err != nil || !ok {
		t.Errorf("%v, %v", ok, err)
	}
	if err := stop(); err != nil {
		t.Error(err)
	}
}
