package main

import (
	"fmt"
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
	client, err := dialRedis(b.cfg.RedisURL)
	if err != nil {
		return fmt.Errorf("REDIS_URL: %w", err)
	}
	b.parts.Redis = client
	b.leaving(client.Close)
	return nil
}

// dialRedis reads go-redis' address forms: one server, a cluster (?addr=…), or sentinels (?master_name=…). Nothing is
// tried twice, and no call outlives its context.
func dialRedis(url string) (redis.UniversalClient, error) {
	quiet := &maintnotifications.Config{Mode: maintnotifications.ModeDisabled}
	switch {
	case strings.Contains(url, "master_name="):
		o, err := redis.ParseFailoverURL(url)
		if err != nil {
			return nil, err
		}
		o.MaxRetries, o.ContextTimeoutEnabled, o.ReadTimeout = -1, true, redisTimeout
		return redis.NewFailoverClient(o), nil
	case strings.Contains(url, "addr="):
		o, err := redis.ParseClusterURL(url)
		if err != nil {
			return nil, err
		}
		o.MaxRetries, o.ContextTimeoutEnabled, o.ReadTimeout = -1, true, redisTimeout
		o.MaintNotificationsConfig = quiet
		return redis.NewClusterClient(o), nil
	default:
		o, err := redis.ParseURL(url)
		if err != nil {
			return nil, err
		}
		o.MaxRetries, o.ContextTimeoutEnabled, o.ReadTimeout = -1, true, redisTimeout
		o.MaintNotificationsConfig = quiet
		return redis.NewClient(o), nil
	}
}
