package natsconn_test

import (
	"log/slog"
	"os"
	"path/filepath"
	"strings"
	"testing"
	"time"

	"github.com/nats-io/nats-server/v2/server"
	"github.com/nats-io/nats.go"
	"github.com/nats-io/nkeys"

	"tolov/internal/natsconn"
)

// seed writes an nkey's seed into a file, and gives its public key.
func seed(t *testing.T) (path, public string) {
	t.Helper()
	pair, err := nkeys.CreateUser()
	if err != nil {
		t.Fatal(err)
	}
	text, err := pair.Seed()
	if err != nil {
		t.Fatal(err)
	}
	if public, err = pair.PublicKey(); err != nil {
		t.Fatal(err)
	}
	path = filepath.Join(t.TempDir(), "seed")
	if err := os.WriteFile(path, text, 0o600); err != nil {
		t.Fatal(err)
	}
	return path, public
}

// guarded is a server that lets one key in, which may read nothing but its own inboxes.
func guarded(t *testing.T, public string) string {
	t.Helper()
	s, err := server.NewServer(&server.Options{
		Host: "127.0.0.1", Port: server.RANDOM_PORT, NoSigs: true, NoLog: true,
		Nkeys: []*server.NkeyUser{{Nkey: public, Permissions: &server.Permissions{
			Subscribe: &server.SubjectPermission{Allow: []string{"_INBOX.worker.>", "question"}},
		}}},
	})
	if err != nil {
		t.Fatal(err)
	}
	s.Start()
	t.Cleanup(s.Shutdown)
	if !s.ReadyForConnections(patience) {
		t.Fatal("the server does not start")
	}
	return s.ClientURL()
}

const patience = 10 * time.Second

// HAZARDS §4, items 25 and 27: an nkey's seed in a file lets in, and answers arrive in the identity's inbox.
func TestAnswersArriveInTheIdentitysOwnInbox(t *testing.T) {
	path, public := seed(t)
	url := guarded(t, public)
	options, err := natsconn.Options(natsconn.Who{Program: "worker", Inbox: "worker", Creds: path}, slog.Default())
	if err != nil {
		t.Fatal(err)
	}
	nc, err := nats.Connect(url, options...)
	if err != nil {
		t.Fatal(err)
	}
	defer nc.Close()
	if _, err := nc.Subscribe("question", func(m *nats.Msg) { _ = m.Respond([]byte(m.Reply)) }); err != nil {
		t.Fatal(err)
	}
	reply, err := nc.Request("question", nil, patience)
	if err != nil || !strings.HasPrefix(string(reply.Data), "_INBOX.worker.") {
		t.Errorf("%v, %v", reply, err)
	}
}

func TestKeyThatTheServerDoesNotKnowIsRefused(t *testing.T) {
	_, public := seed(t)
	stranger, _ := seed(t)
	options, err := natsconn.Options(natsconn.Who{Program: "worker", Inbox: "worker", Creds: stranger}, slog.Default())
	if err != nil {
		t.Fatal(err)
	}
	if nc, err := nats.Connect(guarded(t, public), options...); err == nil {
		nc.Close()
		t.Error("let in")
	}
}

func TestWrongCredentialsAreToldByTheirSetting(t *testing.T) {
	garbage := filepath.Join(t.TempDir(), "garbage")
	if err := os.WriteFile(garbage, []byte("SUNOTASEED"), 0o600); err != nil {
		t.Fatal(err)
	}
	for _, path := range []string{garbage, "/nowhere"} {
		if _, err := natsconn.Proof(path, ""); err == nil || !strings.HasPrefix(err.Error(), "NATS_CREDS: ") ||
			strings.Contains(err.Error(), "SUNOTASEED") {
			t.Errorf("%s: %v", path, err)
		}
	}
}
