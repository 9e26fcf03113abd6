package idempotency

import (
	"bytes"
	"context"
	"net"
	"os"
	"os/exec"
	"path/filepath"
	"sync"
	"testing"
	"time"

	"github.com/alicebob/miniredis/v2"
	"github.com/redis/go-redis/v9"

	"tolov/internal/payment"
)

// bench is a Redis with workers that claim keys in it.
type bench struct {
	*testing.T
	network, addr string
	dial          func(context.Context, string, string) (net.Conn, error) // nil: the network
	patience      time.Duration                                           // of its workers with Redis

	state sync.Mutex
	clock time.Time
}

// everywhere proves a rule on miniredis, which embedded workers use, and on the Redis of production.
func everywhere(t *testing.T, rule func(*bench)) {
	t.Helper()
	t.Run("miniredis", func(t *testing.T) { rule(newBench(t, "tcp", miniredis.RunT(t).Addr())) })
	t.Run("redis", func(t *testing.T) { rule(newBench(t, "unix", startRedis(t))) })
}

func newBench(t *testing.T, network, addr string) *bench {
	return &bench{T: t, network: network, addr: addr, patience: time.Minute, clock: time.Unix(1_700_000_000, 0)}
}

// startRedis runs the real server on a socket in a directory of its own, and gives the socket's path.
func startRedis(t *testing.T) string {
	t.Helper()
	binary, err := exec.LookPath("redis-server")
	if err != nil {
		if os.Getenv("CI") == "true" {
			t.Fatal("CI must prove this on the real Redis:", err)
		}
		t.Skip("no redis-server here:", err)
	}
	dir, err := os.MkdirTemp("", "redis") // a socket's path is short
	if err != nil {
		t.Fatal(err)
	}
	t.Cleanup(func() { _ = os.RemoveAll(dir) })
	socket := filepath.Join(dir, "s")
	var output bytes.Buffer
	server := exec.Command(binary, "--port", "0", "--unixsocket", socket, "--dir", dir, "--save", "", "--appendonly", "no")
	server.Stdout = &output
	if err := server.Start(); err != nil {
		t.Fatal(err)
	}
	t.Cleanup(func() {
		_ = server.Process.Kill()
		_ = server.Wait()
		if t.Failed() {
			t.Log(output.String())
		}
	})
	eventually(t, func() bool {
		conn, err := net.Dial("unix", socket)
		if err == nil {
			_ = conn.Close()
		}
		return err == nil
	})
	return socket
}

// eventually waits for a state that takes as long as it takes.
func eventually(t *testing.T, reached func() bool) {
	t.Helper()
	late, tick := time.After(20*time.Second), time.NewTicker(5*time.Millisecond)
	defer tick.Stop()
	for !reached() {
		select {
		case <-tick.C:
		case <-late:
			t.Fatal("not within 20 seconds")
		}
	}
}

// client connects as the worker does: with nothing set but the address.
func (b *bench) client() *redis.Client {
	c := redis.NewClient(&redis.Options{Network: b.network, Addr: b.addr, Dialer: b.dial})
	b.Cleanup(func() { _ = c.Close() })
	return c
}

// worker is the guard of one worker.
func (b *bench) worker(name string) *Guard {
	g := New(b.client(), name, b.now)
	g.budget = b.patience
	return g
}

func (b *bench) now() time.Time {
	b.state.Lock()
	defer b.state.Unlock()
	return b.clock
}

// pass lets time go by.
func (b *bench) pass(d time.Duration) {
	b.state.Lock()
	defer b.state.Unlock()
	b.clock = b.clock.Add(d)
}

// wants claims a payment and tells what was wrong with the answer.
func (b *bench) wants(g *Guard, c *payment.Command, content string, want Claim) {
	b.Helper()
	if got := g.Claim(b.Context(), c, payment.Fingerprint{Content: content}); got != want {
		b.Errorf("claim of %s/%s is %s, want %s", c.Merchant, c.ExtID, got, want)
	}
}

func order(extID string) *payment.Command {
	return &payment.Command{Verb: payment.VerbPay, Merchant: payment.DefaultMerchant, ExtID: extID}
}
