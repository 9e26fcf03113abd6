package embedded

import (
	"errors"
	"fmt"
	"log/slog"
	"net"
	"os"
	"path/filepath"
	"strconv"
	"syscall"
	"time"

	"github.com/alicebob/miniredis/v2"
	"github.com/nats-io/nats-server/v2/server"
	"github.com/nats-io/nats.go"
)

const startWait = 15 * time.Second

// NATS is an embedded server.
type NATS struct {
	server *server.Server
	lock   *os.File
}

// NATSOptions tell how the server runs.
type NATSOptions struct {
	DataDir    string
	Listen     string // host:port
	SyncAlways bool   // wait for the disk before a message is acknowledged
	Log        *slog.Logger
}

// StartNATS starts the server. The directory is locked first: a second server on the same files would overwrite
// messages that the first one acknowledged.
func StartNATS(o NATSOptions) (*NATS, error) {
	host, portText, err := net.SplitHostPort(o.Listen)
	if err != nil {
		return nil, fmt.Errorf("NATS_LISTEN: must be host:port: %w", err)
	}
	port, err := strconv.Atoi(portText)
	if err != nil {
		return nil, fmt.Errorf("NATS_LISTEN: must be host:port: %w", err)
	}
	if port == 0 {
		port = server.RANDOM_PORT
	}
	lock, err := lockDir(o.DataDir)
	if err != nil {
		return nil, err
	}
	s, err := server.NewServer(&server.Options{
		ServerName: "tolov-embedded", Host: host, Port: port, JetStream: true, NoSigs: true,
		StoreDir: filepath.Join(o.DataDir, "nats"), SyncAlways: o.SyncAlways,
	})
	if err != nil {
		return nil, errors.Join(fmt.Errorf("embedded NATS: %w", err), lock.Close())
	}
	s.SetLoggerV2(natsLog{o.Log}, false, false, false)
	s.Start()
	if !s.ReadyForConnections(startWait) {
		s.Shutdown()
		return nil, errors.Join(fmt.Errorf("embedded NATS is not ready on %s: is the port taken?", o.Listen), lock.Close())
	}
	return &NATS{server: s, lock: lock}, nil
}

// Connect opens a connection inside the process.
func (n *NATS) Connect(options ...nats.Option) (*nats.Conn, error) {
	return nats.Connect("", append(options, nats.InProcessServer(n.server))...)
}

// URL is where other clients connect.
func (n *NATS) URL() string { return n.server.ClientURL() }

// Healthy tells whether the server and its streams work; after a disk error they do not.
func (n *NATS) Healthy() error {
	if status := n.server.Healthz(&server.HealthzOptions{}); status.Error != "" {
		return errors.New(status.Error)
	}
	return nil
}

// Stop ends the server and gives the directory back.
func (n *NATS) Stop() error {
	n.server.Shutdown()
	n.server.WaitForShutdown()
	return n.lock.Close()
}

// lockDir takes the directory for this process.
func lockDir(dir string) (*os.File, error) {
	if err := os.MkdirAll(dir, 0o700); err != nil {
		return nil, fmt.Errorf("DATA_DIR: %w", err)
	}
	lock, err := os.OpenFile(filepath.Join(dir, "lock"), os.O_CREATE|os.O_RDWR, 0o600)
	if err != nil {
		return nil, fmt.Errorf("DATA_DIR: %w", err)
	}
	if err := syscall.Flock(int(lock.Fd()), syscall.LOCK_EX|syscall.LOCK_NB); err != nil {
		return nil, errors.Join(fmt.Errorf("DATA_DIR: %s is in use by another process", dir), lock.Close())
	}
	return lock, nil
}

// StartRedis starts a Redis that lives in memory.
func StartRedis() (*miniredis.Miniredis, error) {
	r := miniredis.NewMiniRedis()
	if err := r.Start(); err != nil {
		return nil, fmt.Errorf("embedded Redis: %w", err)
	}
	return r, nil
}
