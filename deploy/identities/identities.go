// Package identities lists who connects to the NATS servers, and makes their keys.
//
// What each may do stands in k8s/base/nats/accounts.conf. A key is an nkey: the server knows the public half, so no
// secret of anybody's stands in its configuration.
package identities

import (
	"fmt"
	"strings"

	"github.com/nats-io/nkeys"
)

// Names lists the identities. Each has inboxes of its own, _INBOX.<name>.>, and a Secret of its own.
func Names() []string {
	return []string{"worker", "ingress", "operator", "publisher", "subscriber", "billing"}
}

// Key is a pair: Seed proves who connects, Public is what the server compares with.
type Key struct{ Seed, Public string }

// NewKey makes a pair.
func NewKey() (Key, error) {
	pair, err := nkeys.CreateUser()
	if err != nil {
		return Key{}, err
	}
	seed, err := pair.Seed()
	if err != nil {
		return Key{}, err
	}
	public, err := pair.PublicKey()
	return Key{Seed: string(seed), Public: public}, err
}

// Config writes the file identities.conf: each identity's public key, and beside it the one that may take its place.
// Where there is none yet, a key stands there whose seed nobody has.
func Config(current, next map[string]string) (string, error) {
	var text strings.Builder
	for _, name := range Names() {
		spare := next[name]
		if spare == "" {
			nobody, err := NewKey()
			if err != nil {
				return "", err
			}
			spare = nobody.Public
		}
		variable := strings.ToUpper(name) + "_KEY"
		fmt.Fprintf(&text, "%s: %q\n%s_NEXT: %q\n", variable, current[name], variable, spare)
	}
	return text.String(), nil
}
