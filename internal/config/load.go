package config

import (
	"errors"
	"fmt"
	"net/url"
	"os"
	"slices"
	"strings"

	"go.yaml.in/yaml/v3"

	"tolov/internal/payment"
)

// fileSuffix marks a variable whose value is the path of a file that holds the setting (for mounted secrets).
const fileSuffix = "_FILE"

// Load reads the settings. The error lists all faults.
func Load(environ []string) (*Config, error) {
	var faults faults
	vars := faults.environment(environ)
	c := &Config{Merchants: map[string]Merchant{}}
	faults.parse(c, vars, "")
	faults.merchants(c)
	faults.check(c)
	return c, faults.err()
}

// faults gathers everything that is wrong.
type faults []string

func (f *faults) add(format string, args ...any) { *f = append(*f, fmt.Sprintf(format, args...)) }

func (f faults) err() error {
	if len(f) == 0 {
		return nil
	}
	slices.Sort(f)
	return errors.New("settings:\n  " + strings.Join(slices.Compact(f), "\n  "))
}

// names lists every variable, so that a _FILE is only taken for one of ours.
func names() map[string]bool {
	all := map[string]bool{}
	for _, s := range Settings(&Config{}) {
		all[s.Name] = true
	}
	return all
}

// environment makes a map of the environment, with settings read from files where a _FILE variable says so.
func (f *faults) environment(environ []string) map[string]string {
	known, vars := names(), map[string]string{}
	for _, entry := range environ {
		name, value, _ := strings.Cut(entry, "=")
		base := strings.TrimSuffix(name, fileSuffix)
		if base == name || !known[base] || known[name] || value == "" {
			if value != "" {
				vars[name] = value
			}
			continue
		}
		content, err := os.ReadFile(value)
		if err != nil {
			f.add("%s: cannot be read: %v", name, err)
			continue
		}
		vars[base] = strings.TrimSpace(string(content))
	}
	return vars
}

// parse fills the struct from the map. where names the place, for the message.
func (f *faults) parse(into any, vars map[string]string, where string) {
	for _, s := range Settings(into) {
		text, ok := vars[s.Name]
		if !ok {
			text = s.Default
		}
		if text == "" {
			continue
		}
		if err := s.set(text); err != nil {
			f.add("%s%s: %v", where, s.Name, err)
		}
	}
}

// merchants reads the merchants of CONFIG_FILE: their settings are the variables of the same names in lower case.
func (f *faults) merchants(c *Config) {
	if c.Single != (Merchant{Atmos: Atmos{Timezone: c.Single.Atmos.Timezone}}) {
		c.Merchants[payment.DefaultMerchant] = c.Single
	}
	if c.ConfigFile == "" {
		return
	}
	content, err := os.ReadFile(c.ConfigFile)
	if err != nil {
		f.add("CONFIG_FILE: cannot be read: %v", err)
		return
	}
	var file struct {
		Merchants map[string]map[string]map[string]string `yaml:"merchants"`
	}
	dec := yaml.NewDecoder(strings.NewReader(string(content)))
	dec.KnownFields(true)
	if err := dec.Decode(&file); err != nil {
		f.add("CONFIG_FILE: %v", err)
		return
	}
	for name, providers := range file.Merchants {
		f.merchant(c, name, providers)
	}
}

func (f *faults) merchant(c *Config, name string, providers map[string]map[string]string) {
	where := "merchants." + name + "."
	if !payment.IsMerchant(name) {
		f.add("%s: the name must match [a-z0-9-]{1,32}", strings.TrimSuffix(where, "."))
	}
	known := names()
	var entries []string
	for provider, settings := range providers {
		for setting, value := range settings {
			key := strings.ToUpper(strings.ReplaceAll(provider, "-", "_") + "_" + setting)
			if !known[strings.TrimSuffix(key, fileSuffix)] {
				f.add("%s%s.%s: is no setting", where, provider, setting)
			}
			entries = append(entries, key+"="+value)
		}
	}
	var m Merchant
	f.parse(&m, f.environment(entries), where)
	c.Merchants[name] = m
}

// check applies the rules between settings.
func (f *faults) check(c *Config) {
	f.oneOf("SYNC", c.Sync, "always", "default")
	f.oneOf("CARD_DATA", c.CardData, "", "clear", "sealed")
	f.oneOf("LOG_FORMAT", c.LogFormat, "", "text", "json")
	f.oneOf("LOG_LEVEL", strings.ToLower(c.LogLevel), "debug", "info", "warn", "error")
	f.within("NATS_REPLICAS", c.NATSReplicas, 1, 5)
	f.within("JOURNAL_SHARDS", c.Shards, 1, 64)
	f.within("WORKER_CONCURRENCY", c.Worker.Concurrency, 1, 10_000)
	if c.Embedded() && c.NATSReplicas > 1 {
		f.add("NATS_REPLICAS: the embedded server is alone, so it must be 1")
	}
	if c.CardData == "" {
		c.CardData = "sealed"
		if c.Embedded() {
			c.CardData = "clear"
		}
	}
	if !c.Embedded() && len(c.Merchants) == 0 {
		f.add("ATMOS_BASE_URL: is required when NATS_URL is set: no merchant has an account at any provider")
	}
	for name, m := range c.Merchants {
		f.checkAtmos(c, name, m.Atmos)
	}
}

// checkAtmos wants an account to be whole. In embedded mode the sandbox fills in what is missing.
func (f *faults) checkAtmos(c *Config, merchant string, a Atmos) {
	where := ""
	if merchant != payment.DefaultMerchant {
		where = "merchants." + merchant + "."
	}
	if a.BaseURL == "" && c.Embedded() {
		return
	}
	f.address(where+"ATMOS_BASE_URL", a.BaseURL)
	f.required(where+"ATMOS_CONSUMER_KEY", a.ConsumerKey.IsZero())
	f.required(where+"ATMOS_CONSUMER_SECRET", a.ConsumerSecret.IsZero())
	f.required(where+"ATMOS_STORE_ID", a.StoreID == "")
	if a.CheckoutURL != "" {
		f.address(where+"ATMOS_CHECKOUT_URL", a.CheckoutURL)
	}
}

func (f *faults) oneOf(name, value string, allowed ...string) {
	if !slices.Contains(allowed, value) {
		f.add("%s: must be %s", name, strings.Trim(strings.Join(allowed, " or "), " or"))
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

func (f *faults) address(name, value string) {
	u, err := url.Parse(value)
	if err != nil || u.Host == "" || (u.Scheme != "http" && u.Scheme != "https") {
		f.add("%s: must be an http or https address", name)
	}
}
