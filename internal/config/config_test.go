package config_test

import (
	"os"
	"path/filepath"
	"strings"
	"testing"
	"time"

	"tolov/internal/config"
)

// contract is the table "Settings" of the contract, as far as the programs have come: each name with its default.
// A default that depends on the mode is tested below.
const contract = `
	NATS_URL
	NATS_CREDS
	NATS_CA
	NATS_REPLICAS 1
	NATS_LISTEN 127.0.0.1:4222
	JOURNAL_SHARDS 4
	SYNC always
	REDIS_URL
	REDIS_CA
	DATA_DIR ./data
	KEYS_FILE
	CARD_DATA
	ADMIN_ADDR :8081
	LOG_LEVEL info
	LOG_FORMAT
	CONFIG_FILE
	WORKER_CONCURRENCY 256
	PROVIDER_TIMEOUT_S 15
	POLL_SCHEDULE 2s,3s,5s,10s,20s,30s,1m,2m,5m,10m,30m,1h
	REVIEW_AFTER 15m
	RECONCILE_SCHEDULE 30 4 * * *
	HTTP_ADDR :8080
	BILLING
	ATMOS_BASE_URL
	ATMOS_CONSUMER_KEY
	ATMOS_CONSUMER_SECRET
	ATMOS_STORE_ID
	ATMOS_TERMINAL_ID
	ATMOS_API_KEY
	ATMOS_CHECKOUT_URL
	ATMOS_OFD_CODE 10999001001000000
	ATMOS_TIMEZONE Asia/Tashkent
	ATMOS_IPS_STORE_ID
	ATMOS_IPS_API_KEY
	ATMOS_IPS_EXPIRY YYMM
	VIA_BASE_URL
	VIA_CLIENT_ID
	VIA_CLIENT_SECRET
	VIA_MERCHANT_ID
	PAYSYS_URL
	PAYSYS_SERVICE_ID
	PAYSYS_SECRET_KEY
	PAYSYS_BCV 41200000
	PAYSYS_CALLS_PER_MINUTE 100
	UZUM_LOGIN
	UZUM_PASSWORD
	UZUM_SERVICE_ID`

// load reads settings given as lines NAME=value.
func load(t *testing.T, lines ...string) *config.Config {
	t.Helper()
	c, err := config.Load(lines)
	if err != nil {
		t.Fatal(err)
	}
	return c
}

// faults gives the lines of the message, without its head.
func faults(t *testing.T, lines ...string) []string {
	t.Helper()
	_, err := config.Load(lines)
	if err == nil {
		return nil
	}
	head, list, _ := strings.Cut(err.Error(), "\n")
	if head != "settings:" {
		t.Errorf("the message begins with %q", head)
	}
	var found []string
	for line := range strings.SplitSeq(list, "\n") {
		found = append(found, strings.TrimSpace(line))
	}
	return found
}

func file(t *testing.T, content string) string {
	t.Helper()
	path := filepath.Join(t.TempDir(), "file")
	if err := os.WriteFile(path, []byte(content), 0o600); err != nil {
		t.Fatal(err)
	}
	return path
}

func account() []string {
	return []string{
		"ATMOS_BASE_URL=https://apigw.example", "ATMOS_CONSUMER_KEY=key", "ATMOS_CONSUMER_SECRET=secret", "ATMOS_STORE_ID=7",
	}
}

func TestNamesAndDefaultsAreThoseOfTheContract(t *testing.T) {
	var got []string
	for _, s := range config.Settings(&config.Config{}) {
		got = append(got, strings.TrimSpace(s.Name+" "+s.Default))
	}
	want := strings.Split(strings.TrimSpace(strings.ReplaceAll(contract, "\t", "")), "\n")
	if strings.Join(got, "\n") != strings.Join(want, "\n") {
		t.Errorf("settings\n%s\nwant\n%s", strings.Join(got, "\n"), strings.Join(want, "\n"))
	}
}

func TestEverySettingSaysWhatItMeans(t *testing.T) {
	for _, s := range config.Settings(&config.Config{}) {
		if s.Doc == "" || strings.ContainsAny(s.Doc, "|\n") {
			t.Errorf("%s means %q", s.Name, s.Doc)
		}
	}
}

func TestWithoutSettingsEverythingIsEmbedded(t *testing.T) {
	c := load(t)
	if !c.Embedded() || c.SealedOnly() || !c.SyncAlways() || c.NATSListen != "127.0.0.1:4222" || len(c.Merchants) != 0 {
		t.Errorf("%+v", c)
	}
	w := c.Worker
	switch {
	case time.Duration(w.ProviderTimeout) != 15*time.Second || time.Duration(w.ReviewAfter) != 15*time.Minute:
		t.Errorf("timeout %v, review after %v", w.ProviderTimeout, w.ReviewAfter)
	case len(w.PollSchedule.Durations()) != 12 || w.PollSchedule[11] != time.Hour || w.Concurrency != 256:
		t.Errorf("schedule %v, concurrency %d", w.PollSchedule, w.Concurrency)
	}
}

func TestWithANATSServerCardsMustBeSealed(t *testing.T) {
	c := load(t, append(account(), "NATS_URL=nats://a:4222, b:4222,tls://user:p%40ss@c:4222")...)
	if c.Embedded() || !c.SealedOnly() {
		t.Errorf("embedded %v, cards %s", c.Embedded(), c.CardData)
	}
	c = load(t, append(account(), "NATS_URL=localhost:4222", "CARD_DATA=clear", "SYNC=default")...)
	if c.SealedOnly() || c.SyncAlways() {
		t.Errorf("cards %s, sync %s", c.CardData, c.Sync)
	}
	if got := faults(t, "NATS_URL=nats://a"); len(got) != 1 || !strings.HasPrefix(got[0], "ATMOS_BASE_URL: is required") {
		t.Errorf("no account at any provider: %q", got)
	}
}

func TestAllFaultsAreToldAtOnceEachByItsName(t *testing.T) {
	wrong := []string{
		"ADMIN_ADDR=8081", "ATMOS_BASE_URL=apigw.example", "ATMOS_CHECKOUT_URL=ftp://x/y", "ATMOS_TIMEZONE=Mars/Olympus",
		"CARD_DATA=open", "CONFIG_FILE=/nowhere/config", "JOURNAL_SHARDS=0", "KEYS_FILE=/nowhere/keys", "LOG_FORMAT=xml",
		"LOG_LEVEL=loud", "NATS_CA=/nowhere/ca", "NATS_CREDS=/nowhere/creds", "NATS_LISTEN=4222", "NATS_REPLICAS=three",
		"POLL_SCHEDULE=2s,,3s", "PROVIDER_TIMEOUT_S=0", "REDIS_URL=localhost:6379", "REVIEW_AFTER=-1m", "SYNC=sometimes",
		"WORKER_CONCURRENCY=1e3", "ATMOS_API_KEY_FILE=/nowhere/key",
	}
	names := append([]string{"ATMOS_CONSUMER_KEY", "ATMOS_CONSUMER_SECRET", "ATMOS_STORE_ID"}, wrong...)
	told := strings.Join(faults(t, wrong...), "\n") + "\n"
	for _, line := range names {
		name, value, _ := strings.Cut(line, "=")
		if strings.Count(told, "\n"+name+":")+strings.Count("\n"+told[:len(name)+1], "\n"+name+":") == 0 {
			t.Errorf("%s=%s is not among\n%s", name, value, told)
		}
	}
}

func TestEveryRuleNamesWhatIsAllowed(t *testing.T) {
	for line, want := range map[string]string{
		"LOG_LEVEL=x":            "LOG_LEVEL: must be debug or info or warn or error",
		"LOG_FORMAT=x":           "LOG_FORMAT: must be text or json",
		"SYNC=x":                 "SYNC: must be always or default",
		"CARD_DATA=x":            "CARD_DATA: must be clear or sealed",
		"JOURNAL_SHARDS=65":      "JOURNAL_SHARDS: must be from 1 to 64",
		"NATS_REPLICAS=3":        "NATS_REPLICAS: the embedded server is alone, so it must be 1",
		"WORKER_CONCURRENCY=-1":  "WORKER_CONCURRENCY: must be from 1 to 10000",
		"PROVIDER_TIMEOUT_S=4e3": "PROVIDER_TIMEOUT_S: must be a number of seconds, more than 0 and at most 3600",
		"PROVIDER_TIMEOUT_S=NaN": "PROVIDER_TIMEOUT_S: must be a number of seconds, more than 0 and at most 3600",
		"REDIS_URL=http://x":     "REDIS_URL: must be an address that begins with redis:// or rediss:// or unix://",
	} {
		if got := faults(t, line); len(got) != 1 || got[0] != want {
			t.Errorf("%s: %q, want %q", line, got, want)
		}
	}
}

// H73: the message goes to the log; a mistyped secret stays out of it.
func TestFaultsRepeatNoValue(t *testing.T) {
	const secret = "s3cr3t"
	lines := []string{
		"REDIS_URL=redis://:" + secret + "%zz@host", "NATS_URL=nats://u:" + secret + "%zz@host",
		"ATMOS_BASE_URL=https://u:" + secret + "@host", "POLL_SCHEDULE=" + secret, "NATS_REPLICAS=" + secret,
		"KEYS_FILE=" + file(t, secret), "CONFIG_FILE=" + file(t, "merchants: {default: {atmos: "+secret+"}}"),
	}
	told := strings.Join(faults(t, lines...), "\n")
	if strings.Contains(told, secret) || !strings.Contains(told, "CONFIG_FILE") || !strings.Contains(told, "KEYS_FILE") {
		t.Error(told)
	}
}

func TestSettingMayComeFromAFile(t *testing.T) {
	c := load(t, "ATMOS_BASE_URL=http://x", "ATMOS_CONSUMER_KEY=key", "ATMOS_STORE_ID_FILE="+file(t, " 7\n"),
		"ATMOS_CONSUMER_SECRET_FILE="+file(t, "from a file\n"), "NATS_CREDS_FILE=", "EDITOR_FILE=/nowhere")
	m := c.Merchants["default"].Atmos
	if m.ConsumerSecret.Reveal() != "from a file" || m.StoreID != "7" {
		t.Errorf("secret %q, store %q", m.ConsumerSecret.Reveal(), m.StoreID)
	}
	for want, lines := range map[string][]string{
		"LOG_LEVEL_FILE: cannot be read":              {"LOG_LEVEL_FILE=/nowhere"},
		"LOG_LEVEL_FILE: the file is empty":           {"LOG_LEVEL_FILE=" + file(t, " \n")},
		"LOG_LEVEL: is set, and so is LOG_LEVEL_FILE": {"LOG_LEVEL_FILE=" + file(t, "info"), "LOG_LEVEL=info"},
		"CONFIG_FILE_FILE: cannot be read":            {"CONFIG_FILE_FILE=/nowhere"},
	} {
		if got := strings.Join(faults(t, lines...), "\n"); !strings.Contains(got, want) {
			t.Errorf("%q: %q", lines, got)
		}
	}
}

// The comparison with the books is planned as a crontab plans, in the zone of the moment that is asked about.
func TestCronComesDueInItsZone(t *testing.T) {
	tashkent, err := time.LoadLocation("Asia/Tashkent")
	if err != nil {
		t.Fatal(err)
	}
	for expr, want := range map[string]string{
		"30 4 * * *":   "2026-11-21 04:30",
		"30 17 * * *":  "2026-11-20 17:30",
		"0 3 * * 1":    "2026-11-23 03:00",
		"0 3 1 * *":    "2026-12-01 03:00",
		"*/15 * * * *": "2026-11-20 17:30",
	} {
		c := load(t, "RECONCILE_SCHEDULE="+expr)
		next, ok := c.Worker.Reconcile.Next(time.Date(2026, 11, 20, 17, 15, 42, 7, tashkent))
		if got := next.Format("2006-01-02 15:04"); !ok || got != want || next.Location() != tashkent || next.Second() != 0 {
			t.Errorf("%s comes due at %s, want %s", expr, next, want)
		}
	}
	if _, ok := load(t, "RECONCILE_SCHEDULE=off").Worker.Reconcile.Next(time.Now()); ok {
		t.Error("off comes due")
	}
	for _, wrong := range []string{"daily", "@daily", "4 * * *", "30 4 * * * *", "61 4 * * *", "a b c d e"} {
		if got := faults(t, "RECONCILE_SCHEDULE="+wrong); len(got) != 1 {
			t.Errorf("%q: %v", wrong, got)
		}
	}
}
