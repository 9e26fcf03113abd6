package identities_test

import (
	"os"
	"path/filepath"
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
	patience = 20 * time.Second
)

// site is a NATS server with the configuration that is shipped, and the Secrets that `make secrets` makes.
type site struct {
	dir    string // Secrets as files, one folder each
	server *server.Server
}

// configured lays configuration and Secrets out as the StatefulSet mounts them, and reads them as the server does.
// Only the places change: folders, and ports that are free.
func configured(t *testing.T, cluster string) (dir string, options *server.Options) {
	t.Helper()
	dir = t.TempDir()
	made, err := secrets.Make("tolov", time.Now())
	if err != nil {
		t.Fatal(err)
	}
	for _, s := range made {
		for name, content := range s.Files {
			write(t, filepath.Join(dir, s.Name, name), content)
		}
	}
	home := filepath.Join(dir, "etc")
	for _, name := range []string{"nats.conf", "accounts.conf", "cluster.conf"} {
		text, err := os.ReadFile(filepath.Join(configs, name))
		if err != nil {
			t.Fatal(err)
		}
		if name == "cluster.conf" && cluster == "" {
			text = nil
		}
		moved := strings.NewReplacer("/etc/nats/", home+"/", `"/data"`, `"`+filepath.Join(dir, "data")+`"`)
		write(t, filepath.Join(home, name), moved.Replace(string(text)))
	}
	if err := os.Symlink(filepath.Join(dir, "nats-server"), filepath.Join(home, "secret")); err != nil {
		t.Fatal(err)
	}
	t.Setenv("POD_NAME", "nats-0")
	if options, err = server.ProcessConfigFile(filepath.Join(home, "nats.conf")); err != nil {
		t.Fatal(err)
	}
	options.Host, options.Port, options.HTTPHost, options.HTTPPort = "127.0.0.1", server.RANDOM_PORT, "127.0.0.1", -1
	options.NoSigs, options.NoLog = true, true
	return dir, options
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

// open starts the server.
func open(t *testing.T) *site {
	t.Helper()
	dir, options := configured(t, "")
	s, err := server.NewServer(options)
	if err != nil {
		t.Fatal(err)
	}
	s.Start()
	t.Cleanup(func() { s.Shutdown(); s.WaitForShutdown() })
	if !s.ReadyForConnections(patience) {
		t.Fatal("the server does not start")
	}
	return &site{dir: dir, server: s}
}

// url is the server's address under the name that its certificate has.
func (s *site) url() string {
	_, port, _ := strings.Cut(s.server.Addr().String(), ":")
	return "tls://localhost:" + port
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
