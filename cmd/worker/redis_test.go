package main

import (
	"crypto/tls"
	"crypto/x509"
	"encoding/pem"
	"net/http/httptest"
	"os"
	"path/filepath"
	"strings"
	"testing"

	"github.com/alicebob/miniredis/v2"
)

// HAZARDS §4, item 35: Redis is reached over TLS, and only one whose certificate our CA signed.
func TestRedisIsTrustedByItsAuthorityAlone(t *testing.T) {
	site := httptest.NewTLSServer(nil) // for its certificate
	defer site.Close()
	box, err := miniredis.RunTLS(&tls.Config{Certificates: site.TLS.Certificates})
	if err != nil {
		t.Fatal(err)
	}
	defer box.Close()
	ca := filepath.Join(t.TempDir(), "ca.pem")
	if err := os.WriteFile(ca, pem.EncodeToMemory(&pem.Block{
		Type: "CERTIFICATE", Bytes: site.Certificate().Raw,
	}), 0o600); err != nil {
		t.Fatal(err)
	}
	for authority, trusted := range map[string]bool{ca: true, "": false} {
		client, err := dialRedis("rediss://"+box.Addr(), authority)
		if err != nil {
			t.Fatal(err)
		}
		err = client.Ping(t.Context()).Err()
		_ = client.Close()
		var unknown x509.UnknownAuthorityError
		if trusted != (err == nil) || !trusted && !strings.Contains(err.Error(), unknown.Error()) {
			t.Errorf("authority %q: %v", authority, err)
		}
	}
}

func TestRedisAuthorityThatIsNoneIsAFault(t *testing.T) {
	garbage := filepath.Join(t.TempDir(), "ca.pem")
	if err := os.WriteFile(garbage, []byte("x"), 0o600); err != nil {
		t.Fatal(err)
	}
	for _, path := range []string{garbage, "/nowhere"} {
		if _, err := dialRedis("rediss://127.0.0.1:1", path); err == nil {
			t.Errorf("%s is taken", path)
		}
	}
}
