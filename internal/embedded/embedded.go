package embedded

import (
	"context"
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
	"github.com/redis/go-redis/v9"
	"github.com/redis/go-redis/v9/maintnotifications"
)

const (
	startWait = 15 * time.Second
	readyStep = 100 * time.Millisecond // between looks whether the server gave up
)

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
	host, port, err := address(o.Listen)
	if err != nil {
		return nil, fmt.Errorf("NATS_LISTEN: must be host:port: %w", err)
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
	fatal := make(chan string, 1)
	s.SetLoggerV2(natsLog{o.Log, fatal}, false, false, false)
	n := &NATS{server: s, lock: lock}
	s.Start()
	if err := n.ready(fatal); err != nil {
		err = fmt.Errorf("embedded NATS (NATS_LISTEN %s, DATA_DIR %s): %w", o.Listen, o.DataDir, err)
		return nil, errors.Join(err, n.Stop())
	}
	return n, nil
}

// address reads host:port as the server wants it. Port 0 is any that is free.
func address(listen string) (host string, port int, err error) {
	host, text, err := net.SplitHostPort(listen)
	if err != nil {
		return "", 0, err
	}
	if port, err = strconv.Atoi(text); err != nil {
		return "", 0, err
	}
	if port == 0 {
		port = server.RANDOM_PORT
	}
	return host, port, nil
}

// ready waits until clients can connect, or until the server tells why they never will: its port is taken, its
// directory cannot be written.
func (n *NATS) ready(fatal <-chan string) error {
	for deadline := time.Now().Add(startWait); time.Now().Before(deadline); {
		select {
		case why := <-fatal:
			return errors.New(why)
		default:
		}
		if n.server.ReadyForConnections(readyStep) {
			return nil
		}
	}
	return fmt.Errorf("not ready after %s", startWait)
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

// StartRedis starts a Redis that lives in memory, and gives the client that reaches it: no port is opened.
func StartRedis() (redis.UniversalClient, func() error) {
	server := miniredis.NewMiniRedis()
	client := redis.NewClient(&redis.Options{
		Dialer:                   func(context.Context, string, string) (net.Conn, error) { return server.Dial() },
		MaintNotificationsConfig: &maintnotifications.Config{Mode: maintnotifications.ModeDisabled},
	})
	return client, func() error {
		err := client.Close()
		server.Close()
		return err
	}
}
