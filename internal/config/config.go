package config

import (
	"strings"
	"time"

	"tolov/internal/keyfile"
	"tolov/internal/payment"
)

// Config holds all settings of a program.
type Config struct {
	NATSURL      string   `env:"NATS_URL" doc:"NATS servers, a comma list; empty: an embedded server"`
	NATSCreds    string   `env:"NATS_CREDS" doc:"path of a NATS credentials file, or of an nkey seed"`
	NATSCA       string   `env:"NATS_CA" doc:"path of the CA that signed the NATS servers' certificates"`
	NATSReplicas int      `env:"NATS_REPLICAS" default:"1" doc:"replicas of every stream"`
	NATSListen   string   `env:"NATS_LISTEN" default:"127.0.0.1:4222" doc:"where the embedded server listens: host:port"`
	Shards       int      `env:"JOURNAL_SHARDS" default:"4" doc:"shards of the journal, fixed when first created"`
	Sync         string   `env:"SYNC" default:"always" doc:"always; or default: fsync every 2 minutes (embedded)"`
	RedisURL     string   `env:"REDIS_URL" doc:"redis://, rediss://, or a cluster's or sentinel's; empty: embedded"`
	RedisCA      string   `env:"REDIS_CA" doc:"path of the CA that signed the Redis servers' certificates"`
	DataDir      string   `env:"DATA_DIR" default:"./data" doc:"files of the embedded parts"`
	KeysFile     string   `env:"KEYS_FILE" doc:"keys of sealed cards and withdrawals; embedded: made under DATA_DIR"`
	CardData     string   `env:"CARD_DATA" doc:"clear or sealed; default clear when embedded, else sealed"`
	AdminAddr    string   `env:"ADMIN_ADDR" default:":8081" doc:"health, readiness, metrics; with a host: sandbox too"`
	LogLevel     string   `env:"LOG_LEVEL" default:"info" doc:"debug, info, warn or error"`
	LogFormat    string   `env:"LOG_FORMAT" doc:"text or json; default text on a terminal, else json"`
	ConfigFile   string   `env:"CONFIG_FILE" doc:"YAML file with several merchants"`
	Worker       Worker   `doc:"Worker"`
	Ingress      Ingress  `doc:"Webhook ingress (its ADMIN_ADDR is by default :8082)"`
	Single       Merchant `doc:"The default merchant's providers"`

	// Merchants holds every merchant by name: the default one from the environment, the others from CONFIG_FILE.
	Merchants map[string]Merchant
	Keys      *keyfile.Keys // the worker's own; nil: none
}

// Worker holds what only the worker needs.
type Worker struct {
	Concurrency     int     `env:"WORKER_CONCURRENCY" default:"256" doc:"payments in hand at once, in one process"`
	ProviderTimeout Seconds `env:"PROVIDER_TIMEOUT_S" default:"15" doc:"longest provider call, seconds; fractions allowed"`

	PollSchedule Schedule `env:"POLL_SCHEDULE" default:"2s,3s,5s,10s,20s,30s,1m,2m,5m,10m,30m,1h" doc:"pauses in asking"`

	ReviewAfter Duration `env:"REVIEW_AFTER" default:"15m" doc:"in doubt for so long, a payment needs review"`

	Reconcile Cron `env:"RECONCILE_SCHEDULE" default:"30 4 * * *" doc:"crontab in ATMOS_TIMEZONE: compare books; or off"`
}

// Ingress holds what only the webhook ingress needs.
type Ingress struct {
	HTTPAddr string `env:"HTTP_ADDR" default:":8080" doc:"where providers call us"`
	Billing  string `env:"BILLING" doc:"who answers billing.check: nats or accept; default accept when embedded"`
}

// Merchant holds one merchant's accounts.
type Merchant struct {
	Atmos    Atmos    `doc:"ATMOS"`
	AtmosIPS AtmosIPS `doc:"ATMOS, Visa and Mastercard acquiring"`
	Via      Via      `doc:"VIA"`
	Paysys   Paysys   `doc:"PaySys"`
	Uzum     Uzum     `doc:"Uzum Bank, Merchant API"`
}

// Atmos is an account at ATMOS.
type Atmos struct {
	BaseURL        string         `env:"ATMOS_BASE_URL" doc:"all ATMOS APIs hang under it; embedded: the sandbox"`
	ConsumerKey    payment.Secret `env:"ATMOS_CONSUMER_KEY" doc:"the account's key"`
	ConsumerSecret payment.Secret `env:"ATMOS_CONSUMER_SECRET" doc:"the account's secret"`
	StoreID        string         `env:"ATMOS_STORE_ID" doc:"the merchant's store"`
	TerminalID     string         `env:"ATMOS_TERMINAL_ID" doc:"used when a command names none; may be empty"`
	APIKey         payment.Secret `env:"ATMOS_API_KEY" doc:"signs the Callback API"`
	CheckoutURL    string         `env:"ATMOS_CHECKOUT_URL" doc:"the payment page; default: production's"`
	OFDCode        string         `env:"ATMOS_OFD_CODE" default:"10999001001000000" doc:"product code on refund receipts"`
	Timezone       string         `env:"ATMOS_TIMEZONE" default:"Asia/Tashkent" doc:"zone of the times in its answers"`
}

// Configured tells whether the merchant has an account at ATMOS.
func (a Atmos) Configured() bool { return a.BaseURL != "" }

// begun tells whether anything of the account is set, beside what has a default.
func (a Atmos) begun() bool {
	a.CheckoutURL, a.OFDCode, a.Timezone = "", "", ""
	return a != Atmos{}
}

// Uzum is an account at Uzum Bank, which calls us.
type Uzum struct {
	Login     payment.Secret `env:"UZUM_LOGIN" doc:"the name that Uzum Bank calls us with"`
	Password  payment.Secret `env:"UZUM_PASSWORD" doc:"its password; a comma list during a rotation: each lets it in"`
	ServiceID string         `env:"UZUM_SERVICE_ID" doc:"the merchant's service at Uzum Bank, a number of its own"`
}

// Configured tells whether the merchant has an account at Uzum Bank.
func (u Uzum) Configured() bool { return u != Uzum{} }

// Passwords gives every password that lets the caller in. None can hold a comma.
func (u Uzum) Passwords() []payment.Secret {
	var all []payment.Secret
	for one := range strings.SplitSeq(u.Password.Reveal(), ",") {
		if one = strings.TrimSpace(one); one != "" {
			all = append(all, payment.NewSecret(one))
		}
	}
	return all
}

// BillingAccepts tells whether everything that billing.check would be asked is accepted without asking.
func (c *Config) BillingAccepts() bool { return c.Ingress.Billing == "accept" }

// NATSAddress is where a program that runs no server of its own connects: in embedded mode to the worker's server.
func (c *Config) NATSAddress() string {
	if c.Embedded() {
		return "nats://" + c.NATSListen
	}
	return c.NATSURL
}

// Embedded tells whether the NATS server runs in this process.
func (c *Config) Embedded() bool { return c.NATSURL == "" }

// SealedOnly tells whether card numbers in clear are refused.
func (c *Config) SealedOnly() bool { return c.CardData == "sealed" }

// SyncAlways tells whether the embedded server waits for the disk before it acknowledges.
func (c *Config) SyncAlways() bool { return c.Sync == "always" }

// Durations gives a schedule's pauses.
func (s Schedule) Durations() []time.Duration { return s }
