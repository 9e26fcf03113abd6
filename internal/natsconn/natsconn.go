// Package natsconn tells how our programs reach NATS: who they are, whom they trust, and what they do when it is away.
//
// Read next: deploy/k8s/base/nats/nats.conf, which says what each identity may do there.
package natsconn

import (
	"bytes"
	"fmt"
	"log/slog"
	"os"
	"time"

	"github.com/nats-io/nats.go"
)

const (
	connectWait   = 10 * time.Second
	reconnectWait = 250 * time.Millisecond
)

// Who names a program to the server, and its proof.
type Who struct {
	Program string // worker, webhook-ingress: shown in the server's lists
	Inbox   string // the identity's own part of _INBOX, where answers to it arrive, and nobody else reads
	Creds   string // path of a credentials file or of an nkey seed; empty: none
	CA      string // path of the CA that signed the servers' certificates; empty: the system's
}

// Options are a program's connection options. A publish that cannot leave fails at once: none waits unseen (H39).
func Options(w Who, log *slog.Logger) ([]nats.Option, error) {
	options := []nats.Option{
		nats.Name("tolov-" + w.Program), nats.CustomInboxPrefix(InboxOf(w.Inbox)),
		nats.MaxReconnects(-1), nats.ReconnectWait(reconnectWait), nats.ReconnectBufSize(-1), nats.Timeout(connectWait),
		nats.DisconnectErrHandler(func(_ *nats.Conn, err error) {
			if err != nil {
				log.Warn("NATS is gone, reconnecting", "err", err)
			}
		}),
		nats.ReconnectHandler(func(*nats.Conn) { log.Info("NATS is back") }),
		nats.ErrorHandler(func(_ *nats.Conn, _ *nats.Subscription, err error) { log.Warn("NATS", "err", err) }),
	}
	proof, err := Proof(w.Creds, w.CA)
	return append(options, proof...), err
}

// InboxOf is the prefix of an identity's inboxes. With one prefix for all, whoever may read his own answers reads
// everybody's (HAZARDS §4, item 27).
func InboxOf(identity string) string { return "_INBOX." + identity }

// Proof are the options that prove who connects, and that check whom he reached. creds names a credentials file (a JWT
// and its seed), or a file that holds an nkey's seed alone.
func Proof(creds, ca string) ([]nats.Option, error) {
	var options []nats.Option
	if creds != "" {
		option, err := credentials(creds)
		if err != nil {
			return nil, fmt.Errorf("NATS_CREDS: %w", err)
		}
		options = append(options, option)
	}
	if ca != "" {
		options = append(options, nats.RootCAs(ca))
	}
	return options, nil
}

func credentials(path string) (nats.Option, error) {
	content, err := os.ReadFile(path)
	if err != nil {
		return nil, err
	}
	if bytes.Contains(content, []byte("BEGIN NATS USER JWT")) {
		return nats.UserCredentials(path), nil // read again at every connect
	}
	return nats.NkeyOptionFromSeed(path)
}
