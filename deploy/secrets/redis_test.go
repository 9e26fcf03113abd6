package secrets_test

import (
	"bytes"
	"crypto/tls"
	"crypto/x509"
	"net"
	"os"
	"os/exec"
	"path/filepath"
	"regexp"
	"strings"
	"testing"
	"time"

	"github.com/redis/go-redis/v9"

	"tolov/internal/idempotency"
	"tolov/internal/payment"
	"tolov/internal/providers"
)

// serveRedis runs the real Redis with the configuration that is shipped; only places and the port change.
func serveRedis(t *testing.T, files map[string]map[string]string) (addr string) {
	t.Helper()
	path, err := exec.LookPath("redis-server")
	switch {
	case err != nil && os.Getenv("CI") != "":
		t.Fatal(err)
	case err != nil:
		t.Skip("redis-server is not in PATH")
	}
	dir := t.TempDir()
	for name, content := range files["redis-server"] {
		if err := os.WriteFile(filepath.Join(dir, name), []byte(content), 0o600); err != nil {
			t.Fatal(err)
		}
	}
	shipped, err := os.ReadFile("../k8s/base/redis/redis.conf")
	if err != nil {
		t.Fatal(err)
	}
	addr = free(t)
	_, port, _ := strings.Cut(addr, ":")
	text := strings.NewReplacer("/etc/redis/secret/", dir+"/", "dir /tmp", "dir "+dir, "tls-port 6379", "tls-port "+port,
		"bind * -::*", "bind 127.0.0.1").Replace(string(shipped))
	var out bytes.Buffer
	cmd := exec.Command(path, "-")
	cmd.Stdin, cmd.Stdout, cmd.Stderr = strings.NewReader(text), &out, &out
	if err := cmd.Start(); err != nil {
		t.Fatal(err)
	}
	ended := make(chan struct{})
	go func() { _ = cmd.Wait(); close(ended) }()
	t.Cleanup(func() { _ = cmd.Process.Kill(); <-ended })
	for {
		if conn, err := net.Dial("tcp", addr); err == nil {
			_ = conn.Close()
			return addr
		}
		select {
		case <-ended:
			t.Fatalf("Redis does not start: %s", &out)
		case <-time.After(20 * time.Millisecond):
		}
	}
}

func free(t *testing.T) string {
	t.Helper()
	l, err := net.Listen("tcp", "127.0.0.1:0")
	if err != nil {
		t.Fatal(err)
	}
	defer func() { _ = l.Close() }()
	return l.Addr().String()
}

// dial connects as the worker does, or as somebody else.
func dial(t *testing.T, files map[string]map[string]string, addr string, as func(*redis.Options)) *redis.Client {
	t.Helper()
	o, err := redis.ParseURL(files["redis-worker"]["url"])
	if err != nil {
		t.Fatal(err)
	}
	pool := x509.NewCertPool()
	pool.AppendCertsFromPEM([]byte(files["redis-worker"]["ca.crt"]))
	o.Addr, o.TLSConfig, o.MaxRetries = addr, &tls.Config{RootCAs: pool, ServerName: "redis"}, -1
	if as != nil {
		as(o)
	}
	client := redis.NewClient(o)
	t.Cleanup(func() { _ = client.Close() })
	return client
}

// HAZARDS §4, item 35: the worker may do what it needs, on its own keys, over TLS, and nothing else.
func TestItem35RedisLetsTheWorkerDoWhatItNeedsAndNoMore(t *testing.T) {
	files := made(t)
	addr := serveRedis(t, files)
	worker := dial(t, files, addr, nil)
	ctx := t.Context()
	if err := worker.Ping(ctx).Err(); err != nil {
		t.Fatal(err)
	}
	c := &payment.Command{Merchant: "default", ExtID: "order-1"}
	guard := idempotency.New(worker, "me", time.Now)
	if got := guard.Claim(ctx, c, payment.Fingerprint{Content: "c", Key: "k", Secret: "s"}); got != idempotency.Fresh {
		t.Errorf("the guard says %s", got)
	}
	refusal := regexp.MustCompile(`NOPERM|can't (access|run)`)
	turns := providers.RedisTurns{Client: worker}
	for range 2 {
		if _, err := turns.Take(ctx, "paysys", 100); err != nil {
			t.Errorf("turns: %v", err)
		}
	}
	for _, command := range []string{
		"FLUSHALL", "FLUSHDB", "CONFIG GET *", "CONFIG SET save x", "KEYS *", "SCAN 0", "SCRIPT FLUSH", "DEL tolov:ext:x",
		"GET other", "SET other x", "ACL LIST", "CLIENT LIST", "CLIENT KILL x", "SHUTDOWN", "MONITOR",
		"SAVE", "REPLICAOF NO ONE", "PUBLISH x y", "SUBSCRIBE x", "EVAL return(redis.call('GET','other')) 0",
		"EVAL return(redis.call('FLUSHALL')) 0", "INFO",
	} {
		var args []any
		for _, word := range strings.Fields(command) {
			args = append(args, word)
		}
		if err := worker.Do(ctx, args...).Err(); err == nil || !refusal.MatchString(err.Error()) {
			t.Errorf("%s: %v", command, err)
		}
	}
}

func TestItem35RedisLetsNobodyElseIn(t *testing.T) {
	files := made(t)
	addr := serveRedis(t, files)
	for name, as := range map[string]func(*redis.Options){
		"nobody":         func(o *redis.Options) { o.Username, o.Password = "", "" },
		"wrong password": func(o *redis.Options) { o.Password = "x" },
		"default":        func(o *redis.Options) { o.Username = "default" },
		"without TLS":    func(o *redis.Options) { o.TLSConfig = nil },
		"another server": func(o *redis.Options) { o.TLSConfig.ServerName = "elsewhere" },
	} {
		if err := dial(t, files, addr, as).Ping(t.Context()).Err(); err == nil {
			t.Errorf("%s is let in", name)
		}
	}
}

// Nothing of it is on a disk, and a full Redis refuses instead of forgetting (H40).
func TestItem35RedisForgetsNothingSilently(t *testing.T) {
	text, err := os.ReadFile("../k8s/base/redis/redis.conf")
	if err != nil {
		t.Fatal(err)
	}
	for _, line := range []string{"maxmemory-policy noeviction", "port 0", `save ""`, "appendonly no"} {
		if !strings.Contains(string(text), "\n"+line+"\n") {
			t.Errorf("no %q", line)
		}
	}
}
