package identities_test

import (
	"fmt"
	"net"
	"os"
	"path/filepath"
	"slices"
	"strings"
	"testing"
	"time"

	"github.com/nats-io/nats-server/v2/server"
	"github.com/nats-io/nats.go"

	"tolov/deploy/identities"
	"tolov/deploy/secrets"
)

const (
	configs  = "../k8s/base/nats"
	patience = time.Minute
)

// site is NATS with the configuration that is shipped, and the Secrets that `make secrets` makes.
type site struct {
	dir     string // Secrets as files, one folder each
	servers []*server.Server
}

// made writes the Secrets as files.
func made(t *testing.T) (dir string) {
	t.Helper()
	dir = t.TempDir()
	all, err := secrets.Make("tolov", time.Now())
	if err != nil {
		t.Fatal(err)
	}
	for _, s := range all {
		for name, content := range s.Files {
			write(t, filepath.Join(dir, s.Name, name), content)
		}
	}
	return dir
}

// configured lays configuration and Secrets out as the StatefulSet mounts them, and reads them as the server of that
// name does. Only the places change: folders, and ports that are free. Without ports for routes it is a server alone,
// as in the overlay dev.
func configured(t *testing.T, dir, pod string, routes []string) *server.Options {
	t.Helper()
	home := filepath.Join(dir, pod)
	moved := []string{"/etc/nats/", home + "/", `"/data"`, `"` + filepath.Join(home, "data") + `"`}
	for i, port := range routes {
		moved = append(moved, fmt.Sprintf("tls://nats-%d.nats-nodes:6222", i), "tls://localhost:"+port)
		if pod == fmt.Sprintf("nats-%d", i) {
			moved = append(moved, "0.0.0.0:6222", "127.0.0.1:"+port)
		}
	}
	for _, name := range []string{"nats.conf", "accounts.conf", "cluster.conf"} {
		text, err := os.ReadFile(filepath.Join(configs, name))
		if err != nil {
			t.Fatal(err)
		}
		if name == "cluster.conf" && routes == nil {
			text = nil
		}
		write(t, filepath.Join(home, name), strings.NewReplacer(moved...).Replace(string(text)))
	}
	if err := os.Symlink(filepath.Join(dir, "nats-server"), filepath.Join(home, "secret")); err != nil {
		t.Fatal(err)
	}
	t.Setenv("POD_NAME", pod)
	options, err := server.ProcessConfigFile(filepath.Join(home, "nats.conf"))
	if err != nil {
		t.Fatal(err)
	}
	options.Host, options.Port, options.HTTPHost, options.HTTPPort = "127.0.0.1", server.RANDOM_PORT, "127.0.0.1", -1
	options.NoSigs, options.NoLog = true, true
	return options
}

func write(t *testing.T, path, content string) {
	t.Helper()
	if err := os.MkdirAll(filepath.Dir(path), 0o700); err != nil {
		t.Fatal(err)
	}
	if err := os.WriteFile(path, []byte(content), 0o600); err != nil {
		t.Fatal(err)
	}
}

// open starts one server.
func open(t *testing.T) *site {
	t.Helper()
	s := &site{dir: made(t)}
	s.start(t, configured(t, s.dir, "nats-0", nil))
	return s
}

// openThree starts the three servers of production, and waits until they have a leader.
func openThree(t *testing.T) *site {
	t.Helper()
	s := &site{dir: made(t)}
	routes := free(t, 3)
	for i := range routes {
		s.start(t, configured(t, s.dir, fmt.Sprintf("nats-%d", i), routes))
	}
	late := time.After(patience)
	for !slices.ContainsFunc(s.servers, (*server.Server).JetStreamIsLeader) {
		select {
		case <-time.After(20 * time.Millisecond):
		case <-late:
			t.Fatal("no leader")
		}
	}
	return s
}

func (s *site) start(t *testing.T, options *server.Options) {
	t.Helper()
	one, err := server.NewServer(options)
	if err != nil {
		t.Fatal(err)
	}
	one.Start()
	t.Cleanup(func() { one.Shutdown(); one.WaitForShutdown() })
	if !one.ReadyForConnections(patience) {
		t.Fatal("the server does not start")
	}
	s.servers = append(s.servers, one)
}

// free finds ports that nobody listens on.
func free(t *testing.T, n int) (ports []string) {
	t.Helper()
	for range n {
		l, err := net.Listen("tcp", "127.0.0.1:0")
		if err != nil {
			t.Fatal(err)
		}
		defer func() { _ = l.Close() }()
		_, port, _ := strings.Cut(l.Addr().String(), ":")
		ports = append(ports, port)
	}
	return ports
}

// url lists the servers' addresses under the name that their certificate has.
func (s *site) url() string {
	var all []string
	for _, one := range s.servers {
		_, port, _ := strings.Cut(one.Addr().String(), ":")
		all = append(all, "tls://localhost:"+port)
	}
	return strings.Join(all, ",")
}

func (s *site) file(secret, name string) string { return filepath.Join(s.dir, secret, name) }

// options are those of an identity.
func (s *site) options(t *testing.T, identity string) []nats.Option {
	t.Helper()
	key, err := nats.NkeyOptionFromSeed(s.file("nats-"+identity, "nats.seed"))
	if err != nil {
		t.Fatal(err)
	}
	return []nats.Option{key, nats.RootCAs(s.file("nats-"+identity, "ca.crt")), nats.Name(identity),
		nats.CustomInboxPrefix("_INBOX." + identity)}
}

// as connects as an identity. faults gets what the server refuses.
func (s *site) as(t *testing.T, identity string) (nc *nats.Conn, faults chan error) {
	t.Helper()
	faults = make(chan error, 1000)
	nc, err := nats.Connect(s.url(), append(s.options(t, identity),
		nats.ErrorHandler(func(_ *nats.Conn, _ *nats.Subscription, err error) { faults <- err }))...)
	if err != nil {
		t.Fatalf("%s: %v", identity, err)
	}
	t.Cleanup(nc.Close)
	return nc, faults
}

func TestEveryIdentityHasASecretAndIsLetIn(t *testing.T) {
	s := open(t)
	for _, name := range identities.Names() {
		s.as(t, name)
	}
}

// Without a key, with a password, or with one that the servers do not know, nobody comes in (item 25).
func TestNobodyElseIsLetIn(t *testing.T) {
	s := open(t)
	ca := nats.RootCAs(s.file("nats-worker", "ca.crt"))
	stranger, err := identities.NewKey()
	if err != nil {
		t.Fatal(err)
	}
	seed := filepath.Join(t.TempDir(), "seed")
	write(t, seed, stranger.Seed)
	unknown, err := nats.NkeyOptionFromSeed(seed)
	if err != nil {
		t.Fatal(err)
	}
	for name, option := range map[string]nats.Option{
		"no key": nats.Name("x"), "a password": nats.UserInfo("worker", "worker"), "a token": nats.Token("t"),
		"a stranger": unknown,
	} {
		if nc, err := nats.Connect(s.url(), ca, option); err == nil {
			nc.Close()
			t.Errorf("%s is let in", name)
		}
	}
	known, err := nats.NkeyOptionFromSeed(s.file("nats-worker", "nats.seed"))
	if err != nil {
		t.Fatal(err)
	}
	if nc, err := nats.Connect(s.url(), known); err == nil { // the system's authorities did not sign it
		nc.Close()
		t.Error("a client that trusts the system's authorities connects")
	}
}
