package config

import (
	"net"
	"net/url"
	"os"
	"slices"
	"strconv"
	"strings"
	"time"
	_ "time/tzdata" // the image that we run in may have no time zones

	"tolov/internal/payment"
)

// check applies the rules of each setting and those between settings.
func (f *faults) check(c *Config) {
	f.oneOf("SYNC", c.Sync, "always", "default")
	f.oneOf("CARD_DATA", c.CardData, "", "clear", "sealed")
	f.oneOf("LOG_FORMAT", c.LogFormat, "", "text", "json")
	f.oneOf("LOG_LEVEL", strings.ToLower(c.LogLevel), "debug", "info", "warn", "error")
	f.within("NATS_REPLICAS", c.NATSReplicas, 1, 5)
	f.within("JOURNAL_SHARDS", c.Shards, 1, 64)
	f.within("WORKER_CONCURRENCY", c.Worker.Concurrency, 1, 10_000)
	f.listens("ADMIN_ADDR", c.AdminAddr)
	f.checkIngress(c)
	f.servers("REDIS_URL", c.RedisURL, "redis", "rediss", "unix")
	for server := range strings.SplitSeq(c.NATSURL, ",") {
		f.servers("NATS_URL", withScheme(server), "nats", "tls", "ws", "wss")
	}
	f.readable("NATS_CREDS", c.NATSCreds)
	f.readable("NATS_CA", c.NATSCA)
	f.readable("REDIS_CA", c.RedisCA)
	if c.KeysFile != "" {
		f.take(c.LoadKeys())
	}
	if c.CardData == "" {
		c.CardData = "sealed"
		if c.Embedded() {
			c.CardData = "clear"
		}
	}
	if c.Embedded() {
		f.listens("NATS_LISTEN", c.NATSListen)
		if c.NATSReplicas > 1 {
			f.add("NATS_REPLICAS: the embedded server is alone, so it must be 1")
		}
	} else if len(c.Merchants) == 0 {
		f.add("ATMOS_BASE_URL: is required when NATS_URL is set: no merchant has an account at any provider")
	}
	for name, m := range c.Merchants {
		if m.Atmos.begun() || !m.Uzum.Configured() && !m.Via.Configured() && !m.Paysys.Configured() {
			f.checkAtmos(c, name, m.Atmos)
		}
		f.checkAtmosIPS(c, name, m)
		f.checkVia(c, name, m.Via)
		f.checkPaysys(c, name, m.Paysys)
	}
}

// checkAtmos wants an account to be whole. In embedded mode the sandbox fills in what is missing.
func (f *faults) checkAtmos(c *Config, merchant string, a Atmos) {
	where := ""
	if merchant != payment.DefaultMerchant {
		where = "merchants." + merchant + "."
	}
	if _, err := time.LoadLocation(a.Timezone); err != nil {
		f.add("%sATMOS_TIMEZONE: must be a zone such as Asia/Tashkent", where)
	}
	if a.CheckoutURL != "" {
		f.address(where+"ATMOS_CHECKOUT_URL", a.CheckoutURL)
	}
	if a.BaseURL == "" && c.Embedded() {
		return
	}
	f.address(where+"ATMOS_BASE_URL", a.BaseURL)
	f.required(where+"ATMOS_CONSUMER_KEY", a.ConsumerKey.IsZero())
	f.required(where+"ATMOS_CONSUMER_SECRET", a.ConsumerSecret.IsZero())
	f.required(where+"ATMOS_STORE_ID", a.StoreID == "")
}

func (f *faults) take(err error) {
	if err != nil {
		f.add("%s", err)
	}
}

func (f *faults) oneOf(name, value string, allowed ...string) {
	if !slices.Contains(allowed, value) {
		words := slices.DeleteFunc(allowed, func(word string) bool { return word == "" })
		f.add("%s: must be %s", name, strings.Join(words, " or "))
	}
}

func (f *faults) within(name string, value, least, most int) {
	if value < least || value > most {
		f.add("%s: must be from %d to %d", name, least, most)
	}
}

func (f *faults) required(name string, missing bool) {
	if missing {
		f.add("%s: is required", name)
	}
}

// address wants where a provider stands. A password in it would show wherever addresses do.
func (f *faults) address(name, value string) {
	u, err := url.Parse(value)
	if err != nil || u.Host == "" || u.User != nil || (u.Scheme != "http" && u.Scheme != "https") {
		f.add("%s: must be an http or https address without user and password", name)
	}
}

// servers wants the address of a server of ours. It may hold a password, so it is not repeated.
func (f *faults) servers(name, value string, schemes ...string) {
	if value == "" {
		return
	}
	u, err := url.Parse(value)
	if err != nil || u.Host+u.Path == "" || !slices.Contains(schemes, u.Scheme) {
		f.add("%s: must be an address that begins with %s://", name, strings.Join(schemes, ":// or "))
	}
}

// withScheme completes the short form of a NATS address, host:port.
func withScheme(server string) string {
	server = strings.TrimSpace(server)
	if server == "" || strings.Contains(server, "://") {
		return server
	}
	return "nats://" + server
}

// listens wants an address to listen on.
func (f *faults) listens(name, value string) {
	_, port, err := net.SplitHostPort(value)
	if n, wrong := strconv.Atoi(port); err != nil || wrong != nil || n < 0 || n > 65535 {
		f.add("%s: must be host:port or :port", name)
	}
}

func (f *faults) readable(name, path string) {
	if path == "" {
		return
	}
	file, err := os.Open(path)
	if err != nil {
		f.add("%s: cannot be read: %v", name, err)
		return
	}
	_ = file.Close()
}
