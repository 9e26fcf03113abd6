// Package eventstest gives tests a real NATS inside their process: one server, or three that form a cluster.
//
// Nothing is faked: files are on disk, nodes stop and come back on the same files, clients reconnect by themselves. It
// makes no streams, which is the work of events.Layout.Ensure with the bench's Replicas, and no program imports it.
//
// One server opens no port and so also lives in a testing/synctest bubble, provided that ats.Register of the server's
// package ats was called outside of it before: the clock of its file store outlives every server.
package eventstest

import (
	"errors"
	"fmt"
	"net"
	"net/url"
	"path/filepath"
	"slices"
	"strconv"
	"sync"
	"testing"
	"time"

	"github.com/nats-io/nats-server/v2/server"
	"github.com/nats-io/nats.go"
)

const (
	startWait = 20 * time.Second
	readyStep = 100 * time.Millisecond // between looks whether a server gave up
	lookEvery = 5 * time.Millisecond
	portTries = 5 // for a cluster to find ports that nobody takes before it does
)

// Bench is a NATS of one or three nodes, with a client.
type Bench struct {
	Conn     *nats.Conn // to any node that runs; it reconnects for as long as the bench stands
	Replicas int        // how many every stream can have: 1 or 3

	state   sync.Mutex
	options []*server.Options
	nodes   []*server.Server // nil while a node is stopped
}

var _ nats.InProcessConnProvider = (*Bench)(nil)

// Server gives a bench of one server, which is gone with the test.
func Server(tb testing.TB) *Bench { return bench(tb, 1) }

// Cluster gives a bench of three servers that talk over loopback ports, gone with the test.
func Cluster(tb testing.TB) *Bench { return bench(tb, 3) }

func bench(tb testing.TB, nodes int) *Bench {
	tb.Helper()
	b, err := Start(tb.TempDir(), nodes)
	if err != nil {
		tb.Fatal(err)
	}
	tb.Cleanup(b.Close)
	return b
}

// Start makes a bench of one or three nodes with its files under dir, for places that have no testing.TB.
func Start(dir string, nodes int) (*Bench, error) { return startOn(freeRoutes, dir, nodes) }

// startOn makes a bench on the ports that pick finds, and on others when somebody takes one before its node does.
func startOn(pick func(nodes int) ([]*url.URL, error), dir string, nodes int) (*Bench, error) {
	var taken error
	for range portTries {
		routes, err := pick(nodes)
		if err != nil {
			return nil, err
		}
		b, err := start(dir, nodes, routes)
		if !errors.Is(err, errPortTaken) {
			return b, err
		}
		taken = err
	}
	return nil, taken
}

func start(dir string, nodes int, routes []*url.URL) (*Bench, error) {
	b := &Bench{Replicas: nodes, nodes: make([]*server.Server, nodes)}
	for n := range nodes {
		name := "node" + strconv.Itoa(n)
		o := &server.Options{
			ServerName: name, StoreDir: filepath.Join(dir, name), JetStream: true, DontListen: true,
			NoSigs: true, NoLog: true,
		}
		if nodes > 1 {
			join(o, routes, n)
		}
		b.options = append(b.options, o)
	}
	err := b.Restart()
	if err == nil {
		b.Conn, err = b.Connect()
	}
	if err != nil {
		b.Close()
		return nil, err
	}
	return b, nil
}

// boot starts a node on its files, without waiting for its cluster.
func (b *Bench) boot(n int) error {
	s, err := server.NewServer(b.options[n].Clone())
	if err != nil {
		return err
	}
	gaveUp := make(fatal, 1)
	s.SetLoggerV2(gaveUp, false, false, false)
	s.Start()
	b.state.Lock()
	b.nodes[n] = s
	b.state.Unlock()
	for deadline := time.Now().Add(startWait); time.Now().Before(deadline); {
		if err := gaveUp.err(); err != nil {
			return fmt.Errorf("node %d: %w", n, err)
		}
		if s.ReadyForConnections(readyStep) {
			return nil
		}
	}
	return fmt.Errorf("node %d is not ready", n)
}

func (b *Bench) running() []*server.Server {
	b.state.Lock()
	defer b.state.Unlock()
	return slices.DeleteFunc(slices.Clone(b.nodes), func(s *server.Server) bool { return s == nil })
}

// InProcessConn opens a connection to the first node that runs.
func (b *Bench) InProcessConn() (net.Conn, error) {
	if up := b.running(); len(up) > 0 {
		return up[0].InProcessConn()
	}
	return nil, errors.New("no node is running")
}

// Connect opens one more connection, which the caller closes.
func (b *Bench) Connect(options ...nats.Option) (*nats.Conn, error) {
	return nats.Connect("", append([]nats.Option{
		nats.InProcessServer(b), nats.MaxReconnects(-1), nats.ReconnectWait(lookEvery), nats.ReconnectJitter(0, 0),
		nats.ReconnectBufSize(-1),
	}, options...)...)
}

// Stop ends a node as a process ends that was told to: its files stay.
func (b *Bench) Stop(n int) {
	b.state.Lock()
	s := b.nodes[n]
	b.nodes[n] = nil
	b.state.Unlock()
	if s != nil {
		s.Shutdown()
		s.WaitForShutdown()
	}
}

// Start starts a node that was stopped, on the same files, and waits until it is up to date. Of a cluster, two others
// must be running.
func (b *Bench) Start(n int) error {
	if err := b.boot(n); err != nil {
		return err
	}
	return b.await()
}

// Restart stops all nodes, then starts them on their files.
func (b *Bench) Restart() error {
	for n := range b.nodes {
		b.Stop(n)
	}
	for n := range b.nodes {
		if err := b.boot(n); err != nil {
			return err
		}
	}
	return b.await()
}

// Dir is where a node keeps its files.
func (b *Bench) Dir(n int) string { return b.options[n].StoreDir }

// Close ends everything. A bench of a test is closed with the test.
func (b *Bench) Close() {
	if b.Conn != nil {
		b.Conn.Close()
	}
	for n := range b.nodes {
		b.Stop(n)
	}
}
