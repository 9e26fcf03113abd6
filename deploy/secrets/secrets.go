// Package secrets makes what a cluster keeps secret: keys of the identities, certificates of the servers, passwords,
// and the keys that cards are sealed to. Nothing of it is ever written into the project's files.
//
// The accounts at the providers are not made here: they come from the providers (docs/deploying.md).
package secrets

import (
	"crypto/ecdh"
	"crypto/rand"
	"encoding/base64"
	"encoding/json"
	"fmt"
	"strings"
	"time"

	"tolov/deploy/identities"
)

// Secret is one Secret of Kubernetes: what a program finds as files.
type Secret struct {
	Name  string
	Files map[string]string
}

// servers are the names that a certificate must carry.
func servers() map[string][]string {
	return map[string][]string{
		"nats":  {"nats", "nats-nodes", "*.nats-nodes"},
		"redis": {"redis"},
	}
}

// Sandbox gives the accounts that the sandbox knows, in place of those that providers give.
func Sandbox() Secret {
	return Secret{Name: "providers", Files: map[string]string{
		"atmos_consumer_key": "sandbox", "atmos_consumer_secret": "sandbox", "atmos_store_id": "1",
		"atmos_api_key": "sandbox",
		"uzum_login":    "uzum", "uzum_password": "bank", "uzum_service_id": "101202",
	}}
}

// maker makes Secrets until the first fault.
type maker struct {
	now       time.Time
	namespace string
	authority *authority
	made      []Secret
}

// Make gives all Secrets of a namespace, keys and certificates new.
func Make(namespace string, now time.Time) ([]Secret, error) {
	ca, err := newAuthority("Tolov "+namespace, now)
	if err != nil {
		return nil, err
	}
	m := &maker{now: now, namespace: namespace, authority: ca}
	for _, step := range []func() error{m.nats, m.redis, m.cardKeys} {
		if err := step(); err != nil {
			return nil, err
		}
	}
	return m.made, nil
}

func (m *maker) add(name string, files map[string]string) {
	m.made = append(m.made, Secret{Name: name, Files: files})
}

// hosts completes a server's names with the namespace, as the cluster's DNS does.
func (m *maker) hosts(server string) []string {
	hosts := []string{"localhost"}
	for _, name := range servers()[server] {
		full := name + "." + m.namespace
		hosts = append(hosts, name, full, full+".svc", full+".svc.cluster.local")
	}
	return hosts
}

// server gives the certificate of a server, its key, and the CA.
func (m *maker) server(name string) (map[string]string, error) {
	cert, key, err := m.authority.leaf(name, m.hosts(name)...)
	return map[string]string{
		"ca.crt": string(m.authority.pem), "tls.crt": string(cert), "tls.key": string(key),
	}, err
}

// nats makes a key for every identity, and tells the servers the public halves.
func (m *maker) nats() error {
	current := map[string]string{}
	for _, name := range identities.Names() {
		key, err := identities.NewKey()
		if err != nil {
			return err
		}
		current[name] = key.Public
		m.add("nats-"+name, map[string]string{"nats.seed": key.Seed, "ca.crt": string(m.authority.pem)})
	}
	files, err := m.server("nats")
	if err != nil {
		return err
	}
	if files["identities.conf"], err = identities.Config(current, nil); err != nil {
		return err
	}
	files["storage.conf"] = fmt.Sprintf("STORAGE_KEY: %q\n", rand.Text())
	m.add("nats-server", files)
	return nil
}

// redis lets the worker in, with what it needs (HAZARDS §4, item 35).
func (m *maker) redis() error {
	files, err := m.server("redis")
	if err != nil {
		return err
	}
	password := rand.Text()
	files["users.acl"] = strings.Join([]string{
		"user default off nopass resetkeys resetchannels -@all",
		"user worker on >" + password + " resetkeys ~tolov:* resetchannels -@all +hello +ping +auth +get +set " +
			"+time +eval +evalsha",
	}, "\n") + "\n"
	m.add("redis-server", files)
	m.add("redis-worker", map[string]string{
		"url": "rediss://worker:" + password + "@redis:6379/0", "ca.crt": string(m.authority.pem),
	})
	return nil
}

// cardKeys makes the first key that cards are sealed to, in the form of KEYS_FILE.
func (m *maker) cardKeys() error {
	private, err := ecdh.X25519().GenerateKey(rand.Reader)
	if err != nil {
		return err
	}
	text, err := json.MarshalIndent(map[string][]map[string]string{"keys": {{
		"id": "k" + m.now.UTC().Format("20060102"), "private_key": base64.RawURLEncoding.EncodeToString(private.Bytes()),
	}}}, "", "  ")
	m.add("card-keys", map[string]string{"keys.json": string(text) + "\n"})
	return err
}
