package secrets_test

import (
	"crypto/x509"
	"encoding/pem"
	"os"
	"path/filepath"
	"strings"
	"testing"
	"time"

	"tolov/deploy/secrets"
	"tolov/internal/config"
)

// made gives the files of all Secrets, by Secret and name.
func made(t *testing.T) map[string]map[string]string {
	t.Helper()
	all, err := secrets.Make("tolov", time.Now())
	if err != nil {
		t.Fatal(err)
	}
	files := map[string]map[string]string{}
	for _, s := range all {
		files[s.Name] = s.Files
	}
	return files
}

// The servers' certificates carry every name that the manifests call them by, and no server has another's key.
func TestCertificatesCarryTheNamesThatProgramsCall(t *testing.T) {
	files := made(t)
	for secret, hosts := range map[string][]string{
		"nats-server":  {"nats", "nats.tolov.svc", "nats-0.nats-nodes", "nats-2.nats-nodes.tolov.svc.cluster.local"},
		"redis-server": {"redis", "redis.tolov.svc"},
	} {
		pool := x509.NewCertPool()
		if !pool.AppendCertsFromPEM([]byte(files[secret]["ca.crt"])) {
			t.Fatal("no authority")
		}
		block, _ := pem.Decode([]byte(files[secret]["tls.crt"]))
		cert, err := x509.ParseCertificate(block.Bytes)
		if err != nil {
			t.Fatal(err)
		}
		for _, host := range hosts {
			if _, err := cert.Verify(x509.VerifyOptions{DNSName: host, Roots: pool}); err != nil {
				t.Errorf("%s: %v", secret, err)
			}
		}
		if _, err := cert.Verify(x509.VerifyOptions{DNSName: "elsewhere", Roots: pool}); err == nil {
			t.Errorf("%s answers to any name", secret)
		}
	}
	if files["nats-server"]["tls.key"] == files["redis-server"]["tls.key"] {
		t.Error("two servers have one key")
	}
}

// The CA's key is nowhere, and no seed stands with the servers: who breaks into one finds nobody's proof.
func TestServersHoldNobodysProof(t *testing.T) {
	for name, content := range made(t)["nats-server"] {
		if strings.Contains(content, "SUA") || strings.Contains(content, "SEED") {
			t.Errorf("%s holds a seed", name)
		}
	}
}

func TestEverythingIsNewEachTime(t *testing.T) {
	one, two := made(t), made(t)
	for secret, files := range one {
		for name, content := range files {
			if content == two[secret][name] {
				t.Errorf("%s: %s is always the same", secret, name)
			}
		}
	}
}

// What is made is what the worker reads.
func TestWorkerReadsTheSecretsThatAreMade(t *testing.T) {
	dir, files := t.TempDir(), made(t)
	path := func(secret, name string) string {
		at := filepath.Join(dir, secret+"-"+name)
		if err := os.WriteFile(at, []byte(files[secret][name]), 0o600); err != nil {
			t.Fatal(err)
		}
		return at
	}
	c, err := config.Load([]string{
		"NATS_URL=tls://nats:4222",
		"NATS_CREDS=" + path("nats-worker", "nats.seed"), "NATS_CA=" + path("nats-worker", "ca.crt"),
		"REDIS_URL_FILE=" + path("redis-worker", "url"), "REDIS_CA=" + path("redis-worker", "ca.crt"),
		"KEYS_FILE=" + path("card-keys", "keys.json"),
		"ATMOS_BASE_URL=https://apigw.atmos.uz", "ATMOS_CONSUMER_KEY=k", "ATMOS_CONSUMER_SECRET=s", "ATMOS_STORE_ID=1",
	})
	if err != nil || !c.SealedOnly() || len(c.Keys.Ring()) != 1 || !strings.HasPrefix(c.RedisURL, "rediss://worker:") {
		t.Errorf("%v", err)
	}
}
