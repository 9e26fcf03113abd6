package main

import (
	"crypto/tls"
	"crypto/x509"
	"errors"
	"fmt"
	"os"
	"strings"
	"time"

	"github.com/redis/go-redis/v9"
	"github.com/redis/go-redis/v9/maintnotifications"

	"tolov/internal/embedded"
)

// redisTimeout bounds every exchange with Redis: an answer that takes longer is worth less than the journal's (H41).
const redisTimeout = 50 * time.Millisecond

func (b *base) redis() error {
	redis.SetLogger(redisLog{b.log})
	if b.cfg.RedisURL == "" {
		client, stop := embedded.StartRedis()
		b.parts.Redis = client
		b.leaving(stop)
		return nil
	}
	client, err := dialRedis(b.cfg.RedisURL, b.cfg.RedisCA)
	if err != nil {
		return fmt.Errorf("REDIS_URL: %w", err)
	}
	b.parts.Redis = client
	b.leaving(client.Close)
	return nil
}

// dialRedis reads go-redis' address forms: one server, a cluster (?addr=…), or sentinels (?master_name=…). Nothing is
// tried twice, and no call outlives its context.
func dialRedis(url, ca string) (redis.UniversalClient, error) {
	trusted, err := authority(ca)
	if err != nil {
		return nil, err
	}
	quiet := &maintnotifications.Config{Mode: maintnotifications.ModeDisabled}
	switch {
	case strings.Contains(url, "master_name="):
		o, err := redis.ParseFailoverURL(url)
		if err != nil {
			return nil, err
		}
		o.MaxRetries, o.ContextTimeoutEnabled, o.ReadTimeout = -1, true, redisTimeout
		trust(o.TLSConfig, trusted)
		return redis.NewFailoverClient(o), nil
	case strings.Contains(url, "addr="):
		o, err := redis.ParseClusterURL(url)
		if err != nil {
			return nil, err
		}
		o.MaxRetries, o.ContextTimeoutEnabled, o.ReadTimeout = -1, true, redisTimeout
		o.MaintNotificationsConfig = quiet
		trust(o.TLSConfig, trusted)
		return redis.NewClusterClient(o), nil
	default:
		o, err := redis.ParseURL(url)
		if err != nil {
			return nil, err
		}
		o.MaxRetries, o.ContextTimeoutEnabled, o.ReadTimeout = -1, true, redisTimeout
		o.MaintNotificationsConfig = quiet
		trust(o.TLSConfig, trusted)
		return redis.NewClient(o), nil
	}
}

// authority reads the CA that signed the servers' certificates; without one the system's are trusted.
func authority(path string) (*x509.CertPool, error) {
	if path == "" {
		return nil, nil
	}
	text, err := os.ReadFile(path)
	if err != nil {
		return nil, err
	}
	pool := x509.NewCertPool()
	if !pool.AppendCertsFromPEM(text) {
		return nil, errors.New("REDIS_CA holds no certificate")
	}
	return pool, nil
}

// trust applies to connections with TLS, which is what an address that begins with rediss:// asks for.
func trust(c *tls.Config, authority *x509.CertPool) {
	if c != nil {
		c.RootCAs = authority
	}
}
